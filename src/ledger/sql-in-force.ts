// The functions, triggers and views of the database: they stand once each in sql/, and are made anew, all of them, when a
// file's content has changed.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Queryable } from "./connection/database.ts";

export const sqlFolder = fileURLToPath(new URL("../../sql", import.meta.url));

/** `sql/manifest.json`. */
interface Manifest {
  /** Rises with every change of the files: a program that knows a lower one is older than the database. */
  readonly version: number;
  /** Since which version nodes of an older build can go on: what they call has not changed. */
  readonly olderNodesGoOnSince: number;
  /** Of the files as they stand; by it a test knows that somebody changed them and forgot `version`. */
  readonly digest: string;
  /** In the order in which they are applied: functions with parsed bodies need to find what they call. */
  readonly files: readonly string[];
}

export interface SqlFiles {
  readonly version: number;
  readonly olderNodesGoOnSince: number;
  /** SHA-256 of names and texts, in hexadecimal. */
  readonly digest: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export interface SqlInForce {
  readonly version: number;
  readonly digest: string;
}

export async function readSqlFiles(folder: string): Promise<SqlFiles> {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Manifest;
  const files = await Promise.all(
    manifest.files.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
  const sum = createHash("sha256");
  for (const { name, text } of files) sum.update(`${name}\0${text}\0`);
  const { version, olderNodesGoOnSince } = manifest;
  return { version, olderNodesGoOnSince, digest: sum.digest("hex"), files };
}

/** null: none yet, the database is empty or from before there was sql/. */
export async function readSqlInForce(client: Queryable): Promise<SqlInForce | null> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    // From the catalogue: to_regclass() fails where the schema is somebody else's.
    `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'internal' AND c.relname = 'sql_in_force'
         AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')) AS there`,
  );
  if (tables[0]?.there !== true) return null;
  const { rows } = await client.query<SqlInForce>("SELECT version, digest FROM internal.sql_in_force");
  return rows[0] ?? null;
}

/** In the open transaction, after the migrations. What was made by earlier files and stands in none any more is dropped. */
export async function applySqlFiles(client: Queryable, { version, digest, files }: SqlFiles): Promise<void> {
  for (const { text } of files) await client.query(text);
  await dropLeftovers(client, files.map(({ text }) => text).join("\n"));
  await client.query("REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA internal FROM PUBLIC");
  await client.query(
    `INSERT INTO internal.sql_in_force AS s (version, digest) VALUES ($1, $2)
     ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, digest = excluded.digest, applied_at = clock_timestamp()`,
    [version, digest],
  );
}

/** `name` of functions, `name on schema.table` of triggers. */
export function definedIn(text: string): {
  readonly functions: readonly string[];
  readonly triggers: readonly string[];
  readonly views: readonly string[];
} {
  const found = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, ...groups]) => groups.join(" on "));
  return {
    functions: found(/^CREATE OR REPLACE FUNCTION internal\.(\w+)/gm),
    triggers: [
      ...found(/^CREATE OR REPLACE TRIGGER (\w+) [A-Z ]+(?:OF \w+ )?ON (\w+\.\w+)/gm),
      ...found(/^ +CREATE CONSTRAINT TRIGGER (\w+) [A-Z ]+ON (\w+\.\w+)/gm),
    ],
    views: found(/^CREATE OR REPLACE VIEW (\w+\.\w+)/gm),
  };
}

/** Triggers first: functions that they call cannot be dropped before. */
async function dropLeftovers(client: Queryable, text: string): Promise<void> {
  const { functions, triggers } = definedIn(text);
  const { rows: oldTriggers } = await client.query<{ drop: string }>(
    `SELECT format('DROP TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname) AS drop
     FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
     JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND p.pronamespace = 'internal'::regnamespace
       AND NOT t.tgname || ' on ' || n.nspname || '.' || c.relname = ANY ($1)`,
    [triggers],
  );
  for (const { drop } of oldTriggers) await client.query(drop);
  // As one statement: they may call each other.
  const { rows: oldFunctions } = await client.query<{ drop: string | null }>(
    `SELECT 'DROP ROUTINE ' || string_agg(p.oid::regprocedure::text, ', ') AS drop FROM pg_catalog.pg_proc p
     WHERE p.pronamespace = 'internal'::regnamespace AND NOT p.proname = ANY ($1)`,
    [functions],
  );
  const drop = oldFunctions[0]?.drop ?? null;
  if (drop !== null) await client.query(drop);
}
