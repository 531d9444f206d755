// leadledger db url: one connection URI for psql, BI tools and workers of one's own
import type { Command } from "commander";
import { Option } from "commander";
import type { Environment } from "../../config/environment.ts";
import { libpqConnection } from "../../ledger/connection/database-url.ts";
import type { LibpqConnection } from "../../ledger/connection/database-url.ts";
import { ensureSqlRoles } from "../../ledger/accounts/sql-roles.ts";
import { connectionUri, findRunningEmbeddedPostgres } from "../../runtime/embedded-postgres.ts";
import type { Installation } from "../../runtime/installation.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf, withInstallation } from "../frame/command-installation.ts";
import { registerSetbacks } from "./db-setbacks.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";

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
      en: "The role may read the four tables and kpi_daily_sources, insert and update runs, dlq and kpi_daily, and insert audit_events; no more. The URI contains its password.",
      de: "Die Rolle darf die vier Tabellen und kpi_daily_sources lesen, in runs, dlq und kpi_daily einfügen und ändern, in audit_events einfügen; mehr nicht. Die URI enthält ihr Passwort.",
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
  registerSetbacks(db, context);
  act<UrlOptions>(url, context, (options) => printUrl(context, options));
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
    const { uri, ...apart } = await connectionOf(installation, options);
    if (options.json === true) printJson(context, { url: uri, ...apart });
    else terminal.out(uri);
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

async function connectionOf(
  { database, databaseUrl, embedded, keys }: Installation,
  options: UrlOptions,
): Promise<LibpqConnection> {
  if (options.superuser === true && embedded !== null) {
    const { user, password } = embedded.superuser;
    return libpqConnection(connectionUri(embedded.superuser), user, password);
  }
  const names = await ensureSqlRoles(database, { password: (role) => keys.sqlRolePassword(role) });
  const role = options.readOnly === true ? names.read : names.sql;
  return libpqConnection(databaseUrl, role, keys.sqlRolePassword(role));
}
