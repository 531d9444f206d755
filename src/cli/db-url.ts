// leadledger db url: one connection URI for psql, BI tools and workers of one's own
import type { Command } from "commander";
import { Option } from "commander";
import type { Environment } from "../config/environment.ts";
import { ensureSqlRoles } from "../ledger/sql-roles.ts";
import { connectionUri, findRunningEmbeddedPostgres } from "../runtime/embedded-postgres.ts";
import type { Installation } from "../runtime/installation.ts";
import { act, addCommand, addGroup, printJson } from "./command.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { environmentOf, withInstallation } from "./command-installation.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";

interface UrlOptions extends CommonOptions {
  readonly readOnly?: boolean;
  readonly superuser?: boolean;
}

export function registerDb(program: Command, context: CommandContext): void {
  const { say } = context;
  const db = addGroup(program, context, "db", { en: "the database itself", de: "die Datenbank selbst" }, [
    'psql "$(leadledger db url)"',
  ]);
  const url = addCommand(db, context, {
    usage: "url",
    summary: {
      en: "a connection URI for psql and BI tools",
      de: "eine Verbindungs-URI für psql und BI-Werkzeuge",
    },
    details: {
      en: "The role may read the four tables, insert and update runs, dlq and kpi_daily, and insert audit_events; no more. The URI contains its password.",
      de: "Die Rolle darf die vier Tabellen lesen, in runs, dlq und kpi_daily einfügen und ändern, in audit_events einfügen; mehr nicht. Die URI enthält ihr Passwort.",
    },
    examples: [
      'psql "$(leadledger db url)"',
      'psql "$(leadledger db url --read-only)" -c "SELECT * FROM kpi_daily"',
    ],
  })
    .addOption(
      new Option(
        "--read-only",
        say({ en: "of a role that can only read", de: "einer Rolle, die nur lesen kann" }),
      ).conflicts("superuser"),
    )
    .option(
      "--superuser",
      say({ en: "of the embedded server's superuser", de: "des Superusers der mitgelieferten Datenbank" }),
    );
  act<UrlOptions>(url, context, (options) => printUrl(context, options));
}

/** The connection URI of another role: as part of the authority where there is one, else (a socket) as parameters. */
export function uriAsRole(uri: string, role: string, password: string): string {
  const changed = new URL(uri);
  if (changed.hostname === "") {
    changed.searchParams.set("user", role);
    changed.searchParams.set("password", password);
    return changed.href;
  }
  changed.username = encodeURIComponent(role);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

async function printUrl(context: CommandContext, options: UrlOptions): Promise<ExitCode> {
  const environment = environmentOf(context);
  if (environment === null) return exitCodes.usage;
  const { say, terminal } = context;
  if (options.superuser === true && environment.databaseUrl !== null) {
    terminal.note(
      say({
        en: "--superuser is for the embedded server. With DATABASE_URL, you have its administrator's credentials yourself.",
        de: "--superuser gibt es nur für die mitgelieferte Datenbank. Bei DATABASE_URL haben Sie die Zugangsdaten ihres Administrators selbst.",
      }),
    );
    return exitCodes.usage;
  }
  const running = await isServerRunning(environment);
  return withInstallation(context, async ({ installation }) => {
    const url = await urlOf(installation, options);
    if (options.json === true) printJson(context, { url });
    else terminal.out(url);
    if (!running) {
      terminal.note(
        say({
          en: "The embedded database runs while LeadLedger runs: this URI works once `leadledger serve` is started.",
          de: "Die mitgelieferte Datenbank läuft, solange LeadLedger läuft: Diese URI gilt, sobald `leadledger serve` gestartet ist.",
        }),
      );
    }
    return exitCodes.ok;
  });
}

async function isServerRunning({ databaseUrl, dataDir }: Environment): Promise<boolean> {
  return databaseUrl !== null || (await findRunningEmbeddedPostgres(dataDir)) !== null;
}

async function urlOf(
  { database, databaseUrl, embedded, keys }: Installation,
  options: UrlOptions,
): Promise<string> {
  if (options.superuser === true && embedded !== null) return connectionUri(embedded.superuser);
  const names = await ensureSqlRoles(database, { password: (role) => keys.sqlRolePassword(role) });
  const role = options.readOnly === true ? names.read : names.sql;
  return uriAsRole(databaseUrl, role, keys.sqlRolePassword(role));
}
