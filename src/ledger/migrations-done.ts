// Which migrations a database has: the table that says so, wherever this database's age has it.
import type { Queryable } from "./connection/database.ts";

export interface MigrationsDone {
  /** null: there is no such table, so the database is empty, or none of ours. */
  readonly schema: "internal" | "public" | null;
  /** Names, in the order in which they were run. */
  readonly names: readonly string[];
}

/**
 * Somebody else's table of that name is none: frameworks call theirs the same, with other columns. Rejects (42501) where
 * it is ours and this role may not look into it.
 */
export async function readMigrationsDone(client: Queryable): Promise<MigrationsDone> {
  const { rows: tables } = await client.query<{ schema: "internal" | "public" }>(
    `SELECT n.nspname AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'schema_migrations' AND n.nspname IN ('internal', 'public') AND c.relkind = 'r'
       AND (pg_catalog.has_schema_privilege(n.oid, 'USAGE') OR pg_catalog.to_regclass('public.runs') IS NOT NULL)
       AND 3 = (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('id', 'name', 'run_on'))
     ORDER BY n.nspname`,
  );
  const schema = tables[0]?.schema ?? null;
  if (schema === null) return { schema, names: [] };
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM ${schema}.schema_migrations ORDER BY id`,
  );
  return { schema, names: rows.map(({ name }) => name) };
}

/**
 * Before the first migration that is run: the table is made, or comes to where it is now. A view stays where it was, by
 * which programs from before the move know that the database is newer than they are; else they would take its schema
 * `internal` for somebody else's.
 */
export async function prepareMigrationsTable(client: Queryable, { schema }: MigrationsDone): Promise<void> {
  if (schema === "internal") return;
  await client.query("CREATE SCHEMA IF NOT EXISTS internal");
  await client.query(
    schema === null
      ? `CREATE TABLE internal.schema_migrations (
           id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`
      : `ALTER TABLE public.schema_migrations SET SCHEMA internal;
         CREATE VIEW public.schema_migrations AS SELECT id, name, run_on FROM internal.schema_migrations;
         COMMENT ON VIEW public.schema_migrations IS 'For LeadLedger''s earlier versions alone.'`,
  );
}

export async function noteMigrationDone(client: Queryable, name: string): Promise<void> {
  await client.query(
    "INSERT INTO internal.schema_migrations (name, run_on) VALUES ($1, clock_timestamp() AT TIME ZONE 'UTC')",
    [name],
  );
}
