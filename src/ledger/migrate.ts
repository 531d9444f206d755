// Brings the database to the schema of this version: safe when several nodes start at once, refused when the
// database is newer than the code.
import { readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { refuseUnfitDatabase } from "./connection/database-obstacle.ts";
import type { Log } from "../domain/node/log.ts";
import { cancelStatement } from "./connection/cancel-statement.ts";
import { demandCommit } from "./connection/commit-check.ts";
import { CommitInDoubtError } from "./connection/commit-in-doubt.ts";
import { beginReadCommitted, openDatabase, queryableOf } from "./connection/database.ts";
import { findHolders, findUsers, LockHeldError, tryLock } from "./connection/held-lock.ts";
import { sqlState } from "./connection/postgres-error.ts";
import { noLimitSql } from "./connection/session-settings.ts";
import { prepareSession, sessionOf } from "./connection/session.ts";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));
const migrationsTable = "schema_migrations";
const connectTimeoutMs = 10_000;
/** As long as this somebody may use a table, or another node may work at a migration; an orchestrator starts us again. */
const defaultLockWaitMs = 60_000;
const tryAgainMs = 250;
const tellEveryMs = 10_000;
/**
 * A change of a table waits for all who use it, and everybody who comes after waits behind it: not for longer than
 * senders of leads do without noticing.
 */
const tableLockMs = 3_000;
// Whole tables are read here, once.
const inMigrationSql = `SET LOCAL lock_timeout = ${tableLockMs}; SET LOCAL enable_seqscan = on`;
/** The lock was not to be had in time, or only in a circle with somebody else's. */
const stoodInTheWay = new Set(["55P03", "40P01"]);
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

export interface MigrateOptions {
  /** For how long another session's lock is waited for. */
  readonly lockWaitMs?: number;
  /** Ends the wait, and what is under way. */
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

/**
 * Runs the migrations that are missing, all in one transaction, and returns their names. Where none is missing
 * nothing is locked. Works through a transaction pooler. Throws MigrationError, LockHeldError, CommitsHangError,
 * UnsuitableSettingsError, or what the database says.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<readonly string[]> {
  const { signal } = options;
  signal?.throwIfAborted();
  const client = new pg.Client({
    connectionString: url,
    application_name: "leadledger migrate",
    connectionTimeoutMillis: connectTimeoutMs,
  });
  // A line that breaks makes the next statement fail.
  client.on("error", () => undefined);
  const giveUp = (): void => void cancelStatement(client).then(() => client.end());
  signal?.addEventListener("abort", giveUp);
  try {
    await client.connect();
    await client.query(noLimitSql);
    await refuseUnsuitableServer(client);
    await prepareSession(client);
    return await runMissing(client, url, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
    await client.end();
  }
}

async function runMissing(
  client: pg.Client,
  url: string,
  { lockWaitMs = defaultLockWaitMs, signal, log }: MigrateOptions,
): Promise<readonly string[]> {
  const endsAtMs = performance.now() + lockWaitMs;
  let tellAtMs = 0;
  for (;;) {
    if ((await missingMigrations(client)).length === 0) {
      await refuseOtherSchema(client, []);
      return [];
    }
    await demandCommitAt(url);
    const step = await runTogether(client);
    if (step.kind === "done") return step.names;
    const nowMs = performance.now();
    if (nowMs >= endsAtMs) throw new LockHeldError(step.what, lockWaitMs, step.holders);
    if (nowMs >= tellAtMs) {
      log?.("warn", "migration_waits", { what: step.what, held_by: step.holders.join("; ") });
      tellAtMs = nowMs + tellEveryMs;
    }
    await delay(tryAgainMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** On connections of its own: one that waits for a commit can be asked nothing else. */
async function demandCommitAt(url: string): Promise<void> {
  const database = openDatabase({ url, connectionsMax: 2, applicationName: "leadledger migrate" });
  try {
    await demandCommit(database);
  } finally {
    await database.close();
  }
}

type Step =
  | { readonly kind: "done"; readonly names: readonly string[] }
  | { readonly kind: "waits"; readonly what: string; readonly holders: readonly string[] };

/** Of nodes that start together one does it; the others see under the lock that nothing is missing any more. */
async function runTogether(client: pg.Client): Promise<Step> {
  const queryable = queryableOf(client);
  await client.query(`${beginReadCommitted}; ${inMigrationSql}`);
  try {
    if (!(await tryLock(queryable, "migrations"))) {
      const holders = await findHolders(queryable, "migrations");
      return { kind: "waits", what: "The lock for changing LeadLedger's tables", holders };
    }
    const missing = await missingMigrations(client);
    if (missing.length === 0) return { kind: "done", names: [] };
    // Under the lock: another node may have been making that schema a moment ago.
    await refuseOtherSchema(client, missing);
    await refuseUnfitDatabase(client);
    return { kind: "done", names: await applyMissing(client) };
  } catch (error) {
    if (!stoodInTheWay.has(sqlState(error) ?? "")) throw error;
    await client.query("ROLLBACK");
    return { kind: "waits", what: "A table of LeadLedger", holders: await findUsers(queryable) };
  } finally {
    // Where it is over already this is but a warning of the server.
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

/** In the open transaction: the BEGIN of the library is a warning there, its COMMIT ends it, and the lock with it. */
async function applyMissing(client: pg.Client): Promise<string[]> {
  // Only where there is something to do: it and what it loads take a start longer than asking.
  const { runner } = await import("node-pg-migrate");
  const done = await runner({
    dbClient: client,
    dir: migrationsFolder,
    migrationsTable,
    direction: "up",
    count: Infinity,
    singleTransaction: true,
    noLock: true,
    log: () => undefined,
  });
  if (sessionOf(client)?.doubts.take() === true) throw new CommitInDoubtError();
  return done.map((migration) => migration.name);
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
