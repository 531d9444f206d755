// leadledger db url: one connection URI for psql, BI tools and workers of one's own, or what it is made of
import type { Command } from "commander";
import { Option } from "commander";
import type { Environment } from "../../config/environment.ts";
import type { Database } from "../../ledger/connection/database.ts";
import { libpqConnection } from "../../ledger/connection/database-url.ts";
import type { LibpqConnection } from "../../ledger/connection/database-url.ts";
import { ensureBiRole, ensureSqlRoles } from "../../ledger/accounts/sql-roles.ts";
import { readServerVersion } from "../../ledger/connection/server-version.ts";
import { listClients } from "../../ledger/configuration/clients.ts";
import { connectionUri, findRunningEmbeddedPostgres } from "../../runtime/embedded-postgres.ts";
import type { Installation } from "../../runtime/installation.ts";
import type { Keys } from "../../runtime/keys.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf, withInstallation } from "../frame/command-installation.ts";
import { jdbcUrl, odbcLines } from "./connection-forms.ts";
import type { ConnectionForms } from "./connection-forms.ts";
import { registerSetbacks } from "./db-setbacks.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";

interface UrlOptions extends CommonOptions {
  readonly readOnly?: boolean;
  readonly superuser?: boolean;
  readonly bi?: boolean;
  readonly client?: string;
  readonly fields?: boolean;
  readonly odbc?: boolean;
  readonly jdbc?: boolean;
}

export function registerDb(program: Command, context: CommandContext): void {
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
      en: "The role may read the four tables and kpi_daily_sources, insert and update runs, dlq and kpi_daily, and insert audit_events; no more. With --bi it sees the views of the schema bi and nothing else: figures and states, without personal data. The URI contains its password.",
      de: "Die Rolle darf die vier Tabellen und kpi_daily_sources lesen, in runs, dlq und kpi_daily einfügen und ändern, in audit_events einfügen; mehr nicht. Mit --bi sieht sie die Sichten des Schemas bi und sonst nichts: Zahlen und Zustände, ohne personenbezogene Daten. Die URI enthält ihr Passwort.",
    },
    examples: [
      'psql "$(leadledger db url)"',
      'psql "$(leadledger db url --read-only)" -c "SELECT * FROM kpi_daily"',
      "leadledger db url --bi --fields",
      "leadledger db url --bi --client moebel-koeln --odbc",
    ],
  });
  addRoleOptions(url, context);
  addFormOptions(url, context);
  registerSetbacks(db, context);
  act<UrlOptions>(url, context, (options) => printUrl(context, options));
}

function addRoleOptions(url: Command, { say }: CommandContext): void {
  url
    .addOption(
      new Option(
        "--read-only",
        say({ en: "of a role that can only read", de: "einer Rolle, die nur lesen kann" }),
      ).conflicts("superuser"),
    )
    .addOption(
      new Option(
        "--bi",
        say({
          en: "of a role for BI tools, without personal data",
          de: "einer Rolle für BI-Werkzeuge, ohne personenbezogene Daten",
        }),
      ).conflicts(["superuser", "readOnly"]),
    )
    .addOption(
      new Option(
        "--client <name>",
        say({
          en: "with --bi: sees this client of an agency alone ('': what names none)",
          de: "mit --bi: sieht nur diesen Kunden einer Agentur ('': was keinen nennt)",
        }),
      ).conflicts(["superuser", "readOnly"]),
    )
    .option(
      "--superuser",
      say({ en: "of the embedded server's superuser", de: "des Superusers der mitgelieferten Datenbank" }),
    );
}

function addFormOptions(url: Command, { say }: CommandContext): void {
  url
    .addOption(
      new Option(
        "--fields",
        say({
          en: "host, port, database, user and password one by one",
          de: "Rechner, Port, Datenbank, Benutzer und Passwort einzeln",
        }),
      ).conflicts(["odbc", "jdbc", "json"]),
    )
    .addOption(
      new Option(
        "--odbc",
        say({ en: "as a section of odbc.ini", de: "als Abschnitt für odbc.ini" }),
      ).conflicts(["jdbc", "json"]),
    )
    .addOption(new Option("--jdbc", say({ en: "as a jdbc: URL", de: "als jdbc:-URL" })).conflicts("json"));
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
  if (options.client !== undefined && options.bi !== true) {
    terminal.note(
      say({
        en: "--client goes with --bi: the other roles show everything.",
        de: "--client gehört zu --bi: Die anderen Rollen zeigen alles.",
      }),
    );
    return exitCodes.usage;
  }
  const running = await isServerRunning(environment);
  return withInstallation(context, async ({ installation }) => {
    if (!(await isClientKnown(context, installation, options.client))) return exitCodes.failed;
    const connection = await connectionOf(installation, options);
    const serverVersion = Math.floor((await readServerVersion(installation.database)) / 10_000);
    const isBi = options.bi === true;
    const readsOnly = options.readOnly === true || isBi;
    if (!print(context, options, { connection, readsOnly, isBi, serverVersion })) return exitCodes.failed;
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

/** A role for a name that was mistyped would see nothing, for ever. */
async function isClientKnown(
  { say, terminal }: CommandContext,
  { database }: Installation,
  client: string | undefined,
): Promise<boolean> {
  if (client === undefined || client === "") return true;
  const clients = await listClients(database);
  if (clients.some(({ name }) => name === client)) return true;
  const names = clients.map(({ name }) => name).filter((name) => name !== "");
  terminal.note(
    say({
      en: `No source and no destination names a client ${client}. There are: ${names.join(", ") || "none"}.`,
      de: `Keine Quelle und kein Ziel nennt einen Kunden ${client}. Es gibt: ${names.join(", ") || "keinen"}.`,
    }),
  );
  return false;
}

/** Returns false where there is no such form of it. */
function print(context: CommandContext, options: UrlOptions, forms: ConnectionForms): boolean {
  const { say, terminal } = context;
  const { uri, ...apart } = forms.connection;
  const jdbc = jdbcUrl(forms);
  if (options.json === true)
    printJson(context, { url: uri, ...apart, jdbc, odbc: odbcLines(forms).join("\n") });
  else if (options.odbc === true) for (const line of odbcLines(forms)) terminal.out(line);
  else if (options.fields === true) printFields(context, options, forms);
  else if (options.jdbc !== true) terminal.out(uri);
  else if (jdbc !== null) terminal.out(jdbc);
  else {
    terminal.note(
      say({
        en: "The server is reached by a socket of the file system, which JDBC cannot. Name a host in DATABASE_URL.",
        de: "Der Server ist über einen Socket im Dateisystem erreichbar, was JDBC nicht kann. Nennen Sie in DATABASE_URL einen Rechner.",
      }),
    );
    return false;
  }
  return true;
}

function printFields(
  { say, terminal }: CommandContext,
  { client }: UrlOptions,
  { connection, isBi }: ConnectionForms,
): void {
  const { host, port, database, user, password, sslmode } = connection;
  const schema = !isBi ? "public" : client === undefined ? "bi" : "bi_client";
  const fields = [
    [say({ en: "Host", de: "Rechner" }), host],
    ["Port", String(port)],
    [say({ en: "Database", de: "Datenbank" }), database],
    [say({ en: "User", de: "Benutzer" }), user],
    [say({ en: "Password", de: "Passwort" }), password],
    [say({ en: "Schema", de: "Schema" }), schema],
    ...(sslmode === null ? [] : [["SSL", sslmode]]),
  ] as const;
  const width = Math.max(...fields.map(([name]) => name.length));
  for (const [name, value] of fields) terminal.out(`${name.padEnd(width)}  ${value}`);
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
  const role = await ensureRole(database, keys, options);
  return libpqConnection(databaseUrl, role, keys.sqlRolePassword(role));
}

async function ensureRole(database: Database, keys: Keys, options: UrlOptions): Promise<string> {
  const password = (role: string): string => keys.sqlRolePassword(role);
  if (options.bi === true) return ensureBiRole(database, options.client ?? null, { password });
  const names = await ensureSqlRoles(database, { password });
  return options.readOnly === true ? names.read : names.sql;
}
