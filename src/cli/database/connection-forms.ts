// A connection in the forms that programs ask for: the lines of an ODBC data source, a JDBC URL, fields one by one.
import type { LibpqConnection } from "../../ledger/connection/database-url.ts";

export interface ConnectionForms {
  readonly connection: LibpqConnection;
  /** Whether the role changes nothing. */
  readonly readsOnly: boolean;
  /** Whether it sees the views for BI tools, whose texts are short. */
  readonly isBi: boolean;
  /** Of PostgreSQL: 18. */
  readonly serverVersion: number;
}

/**
 * A section of odbc.ini for psqlodbc, line by line. The driver reads a password as it is written in a URL; everything else
 * it takes as it stands. `AB=0x10` makes it list what may be read, and nothing else: without it, it lists every table.
 */
export function odbcLines({ connection, readsOnly, isBi }: ConnectionForms): string[] {
  const { host, port, database, user, password } = connection;
  const parameters = parametersOf(connection);
  const sslmode = parameters.get("sslmode");
  parameters.delete("sslmode");
  const forLibpq = [...parameters].map(([name, value]) => `${name}=${quotedForLibpq(value)}`).join(" ");
  return [
    "[LeadLedger]",
    "Driver=PostgreSQL Unicode",
    `Servername=${host}`,
    `Port=${port}`,
    `Database=${database}`,
    `Username=${user}`,
    `Password=${encodeURIComponent(password)}`,
    ...(sslmode === null ? [] : [`SSLmode=${sslmode}`]),
    ...(forLibpq === "" ? [] : [`pqopt={${forLibpq}}`]),
    `ReadOnly=${readsOnly ? 1 : 0}`,
    "AB=0x10",
    "BoolsAsChar=0",
    // Long texts are cut off, not grouped, or not sorted by tools.
    ...(isBi ? ["TextAsLongVarchar=0", "MaxVarcharSize=1024"] : payloadWidths),
    "UseDeclareFetch=1",
  ];
}

/** As wide as the largest body that a source takes unless it says otherwise. */
const payloadWidths = ["UnknownsAsLongVarchar=1", "MaxVarcharSize=8190", "MaxLongVarcharSize=262144"];

/** For pgJDBC, which reads it as a form: null for a server that listens on a socket of the file system alone. */
export function jdbcUrl({ connection, readsOnly, serverVersion }: ConnectionForms): string | null {
  const { host, port, database, user, password } = connection;
  if (host.startsWith("/")) return null;
  const parameters = new URLSearchParams({ user, password });
  for (const [name, value] of parametersOf(connection)) if (jdbcKnows.has(name)) parameters.set(name, value);
  if (readsOnly) parameters.set("readOnly", "true");
  // Without it tables are listed that may not be read; with it, drivers from before June 2026 ask PostgreSQL 18 for a
  // privilege that it no longer has, and list nothing (pgjdbc/pgjdbc #3378).
  if (serverVersion < 18) parameters.set("hideUnprivilegedObjects", "true");
  const place = `${host.includes(":") ? `[${host}]` : encodeURIComponent(host)}:${port}`;
  return `jdbc:postgresql://${place}/${encodeURIComponent(database)}?${parameters.toString()}`;
}

const jdbcKnows = new Set(["sslmode", "sslrootcert", "sslcert", "sslkey", "options"]);

/** Those of libpq that its URI has besides place and person. */
function parametersOf({ uri }: LibpqConnection): URLSearchParams {
  const at = uri.indexOf("?");
  const parameters = new URLSearchParams(at === -1 ? "" : uri.slice(at + 1));
  parameters.delete("host");
  parameters.delete("port");
  return parameters;
}

/** https://www.postgresql.org/docs/15/libpq-connect.html, "Keyword/Value Connection Strings". */
function quotedForLibpq(value: string): string {
  return /^[\w/.,:-]+$/.test(value) ? value : `'${value.replaceAll(/[\\']/g, "\\$&")}'`;
}
