// Brings the database to the schema of this version: safe when several nodes start at once, refused when the
// database is newer than the code.
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));
const migrationsTable = "schema_migrations";
/** Nodes that start together take turns under this advisory lock. */
const migrationLock = 5_323_237_011;
const connectTimeoutMs = 10_000;
const oldestServerVersion = 150_000;
const schemaMigration = "0012_internal_schema";

export type MigrationTrouble =
  | "database_newer_than_code"
  | "database_too_old"
  | "database_not_utf8"
  | "schema_internal_foreign"
  | "schema_internal_missing";

export class MigrationError extends Error {
  readonly code: MigrationTrouble;

  constructor(code: MigrationTrouble, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Runs the migrations that are missing and returns their names.
 * Needs a connection of its own (not one through a transaction pooler). Throws MigrationError.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "leadledger migrate",
    connectionTimeoutMillis: connectTimeoutMs,
  });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    await refuseUnsuitableServer(client);
    const missing = await missingMigrations(client);
    await refuseOtherSchema(client, missing);
    if (missing.length === 0) return [];
    // Only where there is something to do: it and what it loads take a start longer than asking.
    const { runner } = await import("node-pg-migrate");
    const done = await runner({
      dbClient: client,
      dir: migrationsFolder,
      migrationsTable,
      direction: "up",
      count: Infinity,
      noLock: true,
      log: () => undefined,
    });
    return done.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

async function refuseUnsuitableServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
  );
  const server = rows[0];
  if (server === undefined || server.version < oldestServerVersion) {
    throw new MigrationError(
      "database_too_old",
      `LeadLedger needs PostgreSQL 15 or newer; this server is version ${Math.floor((server?.version ?? 0) / 10_000)}. Nothing was changed.`,
    );
  }
  if (server.encoding !== "UTF8") {
    throw new MigrationError(
      "database_not_utf8",
      `LeadLedger needs a database with encoding UTF8; this one has ${server.encoding}. Nothing was changed.`,
    );
  }
}

/** Refuses a database that knows migrations which this version does not. */
async function missingMigrations(client: pg.Client): Promise<string[]> {
  const known = (await readdir(migrationsFolder)).map((file) => file.replace(/\.sql$/, ""));
  const { rows: tables } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.${migrationsTable}') IS NOT NULL AS there`,
  );
  if (tables[0]?.there !== true) return known;
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM public.${migrationsTable} ORDER BY id`,
  );
  const done = rows.map((row) => row.name);
  const unknown = done.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      "database_newer_than_code",
      `This database was made by a newer LeadLedger (it has ${unknown.join(", ")}). ` +
        "Start that version or a later one; nothing was changed.",
    );
  }
  return known.filter((name) => !done.includes(name));
}

/** The program's own schema is there from the migration on that makes it, and not before. */
async function refuseOtherSchema(client: pg.Client, missing: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ owner: string; relations: number }>(
    `SELECT pg_get_userbyid(n.nspowner) AS owner,
       (SELECT count(*)::int FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS relations
     FROM pg_namespace n WHERE n.nspname = 'internal'`,
  );
  const isMadeByUs = !missing.includes(schemaMigration);
  const [schema] = rows;
  if (schema !== undefined && !isMadeByUs) {
    throw new MigrationError(
      "schema_internal_foreign",
      `This database already has a schema named internal that LeadLedger did not make (owner ${schema.owner}, tables and views: ${schema.relations}). ` +
        "LeadLedger keeps its own tables in a schema of that name. Give it a database of its own, or rename the other one: ALTER SCHEMA internal RENAME TO …; nothing was changed.",
    );
  }
  if (schema === undefined && isMadeByUs) {
    throw new MigrationError(
      "schema_internal_missing",
      "This database has LeadLedger's tables in the schema public, but its schema internal is missing: mostly because a dump was made of one schema only. " +
        "Restore a dump of the whole database; nothing was changed.",
    );
  }
}
