// All rows of an installation, out in one snapshot and in again in one transaction, every value as PostgreSQL writes it.
import { appendAuditEvents } from "../log/audit-events.ts";
import { beginReadCommitted, queryableOf } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { movedTables, qualifiedTable, settingsBegunAnew, settingsLeftBehind } from "./moved-tables.ts";
import { sqlState } from "../connection/postgres-error.ts";
import { raiseConfigurationRevision } from "../settings/settings.ts";

export interface ArchivedTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export type ArchivePiece =
  | {
      readonly kind: "head";
      readonly migrations: readonly string[];
      /** The value that each sequence gave last, and whether it did so; no row of the archive has a higher one. */
      readonly sequences: Readonly<Record<string, readonly [string, boolean]>>;
    }
  | { readonly kind: "table"; readonly table: ArchivedTable }
  /** Each is a JSON array of texts and nulls, in the order of the columns. */
  | { readonly kind: "rows"; readonly rows: readonly string[] };

const pageRows = 200;
/** For whoever writes the archive, or reads it, over a slow line; a process that froze must not hold the database for ever. */
const pauseMaxMs = 3_600_000;
const exactTexts = `SET LOCAL timezone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
  SET LOCAL idle_in_transaction_session_timeout = ${pauseMaxMs}`;

/** Reads as fast as it is asked, and holds one connection until it is finished or given up (`return`). */
export async function* readInstallation(database: Database): AsyncGenerator<ArchivePiece, void> {
  const client = await database.pool.connect();
  let broken = false;
  const onError = (): void => void (broken = true);
  client.on("error", onError);
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${exactTexts}`);
    yield { kind: "head", migrations: await readMigrations(client), sequences: await readSequences(client) };
    for (const table of await describeTables(client)) {
      yield { kind: "table", table: { name: table.name, columns: table.columns.map(({ name }) => name) } };
      yield* readRows(client, table);
    }
  } finally {
    await client.query("ROLLBACK").catch(() => (broken = true));
    client.off("error", onError);
    client.release(broken);
  }
}

async function* readRows(
  client: Queryable,
  { name, columns, key }: Table,
): AsyncGenerator<ArchivePiece, void> {
  const texts = columns.map(({ name: column }) => `${quoted(column)}::text`).join(", ");
  const which =
    name === "settings"
      ? `WHERE name <> ALL ('{${[...settingsLeftBehind, ...settingsBegunAnew].join(",")}}')`
      : "";
  const order = key.length === 0 ? "" : `ORDER BY ${key.map(quoted).join(", ")}`;
  await client.query(
    `DECLARE archive NO SCROLL CURSOR FOR
     SELECT json_build_array(${texts})::text AS row FROM ${qualifiedTable(name)} ${which} ${order}`,
  );
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${pageRows} FROM archive`);
    if (rows.length === 0) break;
    yield { kind: "rows", rows: rows.map(({ row }) => row) };
  }
  await client.query("CLOSE archive");
}

interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Of the primary key. */
  readonly key: readonly string[];
}

/** Without the names that this version's schema has no table for. */
async function describeTables(client: Queryable): Promise<Table[]> {
  const { rows } = await client.query<Table & { columns: Table["columns"] }>(
    `SELECT c.relname AS name, k.key,
       (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
     FROM unnest($1::text[]) WITH ORDINALITY AS moved (name, place)
     JOIN pg_class c ON c.oid = to_regclass(moved.name)
     CROSS JOIN LATERAL (SELECT ARRAY(
       SELECT a.attname::text FROM pg_index i CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY AS part (attnum, place)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
       WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY part.place) AS key) AS k
     ORDER BY moved.place`,
    [movedTables.map(qualifiedTable)],
  );
  return rows;
}

async function readMigrations(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM internal.schema_migrations ORDER BY id",
  );
  return rows.map(({ name }) => name);
}

/** Of the moved tables: none of those left behind gives its rows numbers that anybody was told. */
const movedSequenceSql = `schemaname IN ('public', 'internal')
  AND sequencename NOT LIKE 'schema_migrations%' AND sequencename NOT LIKE 'setbacks%'`;

async function readSequences(client: Queryable): Promise<Record<string, readonly [string, boolean]>> {
  const { rows } = await client.query<{ name: string; sequence: string }>(
    `SELECT sequencename::text AS name, format('%I.%I', schemaname, sequencename) AS sequence FROM pg_sequences
     WHERE ${movedSequenceSql} ORDER BY 1`,
  );
  const sequences: Record<string, readonly [string, boolean]> = {};
  for (const { name, sequence } of rows) {
    const { rows: values } = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${sequence}`,
    );
    sequences[name] = [values[0]?.last ?? "1", values[0]?.called ?? false];
  }
  return sequences;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Why an archive was not read in; nothing was changed. */
export type ArchiveFault =
  | { readonly kind: "not_empty"; readonly table: string }
  | {
      readonly kind: "other_schema";
      readonly missing: readonly string[];
      readonly unknown: readonly string[];
    }
  | { readonly kind: "digests_differ"; readonly events: number; readonly firstEventId: number }
  /** What was read is not what the archive's last line says. */
  | { readonly kind: "damaged"; readonly what: string };

export class ArchiveError extends Error {
  readonly fault: ArchiveFault;
  constructor(fault: ArchiveFault) {
    super(`the archive cannot be read in: ${fault.kind}`);
    this.fault = fault;
  }
}

/**
 * Writes what `readInstallation` gave into an empty database: the same ids, salts, digests, times and figures, and no
 * event about any of it but one. All or nothing. `pieces` throws where the archive is not whole, before it ends.
 * Throws ArchiveError. Returns the rows per table.
 */
export async function writeInstallation(
  database: Database,
  actor: Actor,
  pieces: AsyncIterable<ArchivePiece>,
): Promise<Record<string, number>> {
  const client = await database.pool.connect();
  const queryable = queryableOf(client);
  let broken = false;
  const onError = (): void => void (broken = true);
  client.on("error", onError);
  try {
    await client.query(`${beginReadCommitted}; ${exactTexts}`);
    await client.query("SELECT set_config('leadledger.actor', $1, true)", [actor]);
    const rows = await writePieces(queryable, pieces);
    await refuseBrokenDigests(queryable);
    await refuseRoutesAcrossClients(queryable);
    await raiseConfigurationRevision(queryable);
    await appendAuditEvents(queryable, actor, [{ type: "installation_imported", payload: { rows } }]);
    const { command } = await queryable.query("COMMIT");
    if (command !== "COMMIT") throw new Error("the transaction was rolled back instead of committed");
    return rows;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

async function writePieces(
  client: Queryable,
  pieces: AsyncIterable<ArchivePiece>,
): Promise<Record<string, number>> {
  const tables = await describeTables(client);
  // What the rows tell was told and counted where they come from. Foreign keys stay in force.
  for (const { name } of tables)
    await client.query(`ALTER TABLE ${qualifiedTable(name)} DISABLE TRIGGER USER`);
  await refuseFilled(client, tables);
  const counts: Record<string, number> = {};
  const archivedColumns = new Map<string, readonly string[]>();
  let sequences: Readonly<Record<string, readonly [string, boolean]>> = {};
  let insert = "";
  let name = "";
  for await (const piece of pieces) {
    switch (piece.kind) {
      case "head":
        await refuseOtherSchema(client, piece.migrations);
        sequences = piece.sequences;
        break;
      case "table": {
        const table = tables.find((each) => each.name === piece.table.name);
        if (table === undefined) throw damaged(`there is no table ${piece.table.name}`);
        name = table.name;
        counts[name] = 0;
        archivedColumns.set(name, piece.table.columns);
        insert = insertSql(table, piece.table.columns);
        break;
      }
      case "rows": {
        await insertRows(client, insert, piece.rows, name);
        counts[name] = (counts[name] ?? 0) + piece.rows.length;
        break;
      }
    }
  }
  if (archivedColumns.get("destinations")?.includes("sends") === false) await fillSends(client);
  for (const table of tables)
    await client.query(`ALTER TABLE ${qualifiedTable(table.name)} ENABLE TRIGGER USER`);
  for (const [sequence, [last, called]] of Object.entries(sequences)) {
    await client.query(
      `SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, $2::bigint, $3) FROM pg_sequences
       WHERE ${movedSequenceSql} AND sequencename = $1`,
      [sequence, last, called],
    );
  }
  return counts;
}

/** Archives from before 0028 do not say whether the program sends to a destination: its kind does. */
async function fillSends(client: Queryable): Promise<void> {
  await client.query("UPDATE internal.destinations SET sends = false WHERE kind = 'external'");
}

async function insertRows(
  client: Queryable,
  insert: string,
  rows: readonly string[],
  table: string,
): Promise<void> {
  try {
    const { rowCount } = await client.query(insert, [`[${rows.join(",")}]`]);
    if (rowCount !== rows.length) throw damaged(`rows of ${table}`);
  } catch (error) {
    // Values that are none of their type, or break a rule of the tables: no installation wrote these.
    throw /^2[23]/.test(sqlState(error) ?? "") ? damaged(`rows of ${table}`) : error;
  }
}

function insertSql({ name, columns }: Table, archived: readonly string[]): string {
  const typeOf = new Map(columns.map((column) => [column.name, column.type]));
  const values = archived.map((column, index) => {
    const type = typeOf.get(column);
    if (type === undefined) throw damaged(`${name} has no column ${column}`);
    return `(line ->> ${index})::${type}`;
  });
  return `INSERT INTO ${qualifiedTable(name)} (${archived.map(quoted).join(", ")}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join(", ")} FROM json_array_elements($1::json) WITH ORDINALITY AS lines (line, place) ORDER BY place`;
}

/** Only what an installation has from its very first moment may be there. */
async function refuseFilled(client: Queryable, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    if (name === "settings") continue;
    const { rows } = await client.query(`SELECT 1 FROM ${qualifiedTable(name)} LIMIT 1`);
    if (rows.length > 0) throw new ArchiveError({ kind: "not_empty", table: name });
  }
  await client.query("DELETE FROM internal.settings WHERE name <> ALL ($1)", [settingsLeftBehind]);
}

/** What came after it has only added tables and columns that may be empty: archives from then on are read as they are. */
const readableSince = "0011_kept_plans";

async function refuseOtherSchema(client: Queryable, archived: readonly string[]): Promise<void> {
  const here = await readMigrations(client);
  const missing = archived.filter((migration) => !here.includes(migration));
  const unknown = here.filter((migration) => !archived.includes(migration) && migration <= readableSince);
  if (missing.length + unknown.length > 0) throw new ArchiveError({ kind: "other_schema", missing, unknown });
}

async function refuseBrokenDigests(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ events: number; first: number | null }>(
    `SELECT count(*) AS events, min(event_id) AS first FROM public.audit_events
     WHERE digest <> internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
       OR payload IS NOT NULL AND salt IS NOT NULL AND payload_digest <> internal.audit_payload_digest(salt, payload)`,
  );
  const [broken] = rows;
  if (broken !== undefined && broken.events > 0)
    throw new ArchiveError({
      kind: "digests_differ",
      events: broken.events,
      firstEventId: broken.first ?? 0,
    });
}

/** The triggers that refuse them did not see the archive's rows. */
async function refuseRoutesAcrossClients(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ destination: string }>(
    `SELECT destination FROM internal.deliveries_across_clients UNION ALL SELECT destination FROM internal.routes_across_clients LIMIT 1`,
  );
  if (rows[0] !== undefined) throw damaged(`${rows[0].destination} would get leads of another client`);
}

function damaged(what: string): ArchiveError {
  return new ArchiveError({ kind: "damaged", what });
}
