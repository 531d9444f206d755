// Brings the database to the schema of this version: the migrations that are missing, then the functions, triggers and
// views of sql/. Safe when several nodes start at once, refused when the database is newer than the code.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
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
import { noteMigrationDone, prepareMigrationsTable, readMigrationsDone } from "./migrations-done.ts";
import type { MigrationsDone } from "./migrations-done.ts";
import { findOlderNodes, keepLeadershipFree, nameOfBuild } from "./older-nodes.ts";
import { applySqlFiles, readSqlFiles, readSqlInForce, sqlFolder as ownSqlFolder } from "./sql-in-force.ts";
import type { SqlFiles, SqlInForce } from "./sql-in-force.ts";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));
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
/** How a migration begins that moves tables, or alters what the program of before calls. */
const waitsMark = "-- waits for older nodes";

export type MigrationTrouble =
  | "database_newer_than_code"
  | "database_too_old"
  | "database_not_utf8"
  | "schema_internal_foreign"
  | "schema_internal_missing"
  | "schema_bi_foreign"
  | "older_node_running";

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
  /** In place of the program's own, for tests of how they are applied. */
  readonly sqlFolder?: string;
}

/**
 * Runs the migrations that are missing and applies sql/ where it has changed, all in one transaction, and returns their
 * names. Where nothing is missing nothing is locked. Works through a transaction pooler. Throws MigrationError,
 * LockHeldError, CommitsHangError, UnsuitableSettingsError, or what the database says.
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
  { lockWaitMs = defaultLockWaitMs, signal, log, sqlFolder = ownSqlFolder }: MigrateOptions,
): Promise<readonly string[]> {
  const sql = await readSqlFiles(sqlFolder);
  const endsAtMs = performance.now() + lockWaitMs;
  let tellAtMs = 0;
  for (;;) {
    if (isUpToDate(await readState(client, sql))) return [];
    await demandCommitAt(url);
    const step = await runTogether(client, sql);
    if (step.kind === "done") return step.names;
    const nowMs = performance.now();
    if (nowMs >= endsAtMs) throw gaveUp(step, lockWaitMs);
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
  | {
      readonly kind: "waits" | "waits_for_nodes";
      readonly what: string;
      readonly holders: readonly string[];
    };

function gaveUp({ kind, what, holders }: Exclude<Step, { kind: "done" }>, waitedMs: number): Error {
  if (kind === "waits") return new LockHeldError(what, waitedMs, holders);
  return new MigrationError(
    "older_node_running",
    `An older LeadLedger is at work on this database (${holders.join(", ")}), and this version changes what it needs. ` +
      "Stop all older nodes first; this one goes on by itself within 15 s. Nothing was changed.",
  );
}

/** Of nodes that start together one does it; the others see under the lock that nothing is missing any more. */
async function runTogether(client: pg.Client, sql: SqlFiles): Promise<Step> {
  const queryable = queryableOf(client);
  await client.query(`${beginReadCommitted}; ${inMigrationSql}`);
  try {
    if (!(await tryLock(queryable, "migrations"))) {
      const holders = await findHolders(queryable, "migrations");
      return { kind: "waits", what: "The lock for changing LeadLedger's tables", holders };
    }
    const state = await readState(client, sql);
    if (isUpToDate(state)) return { kind: "done", names: [] };
    // Under the lock: another node may have been making that schema a moment ago.
    await refuseOtherSchema(client, state);
    await refuseForeignBiSchema(client);
    await refuseUnfitDatabase(client);
    const missing = await readMigrations(state.missing);
    if (waitsForOlderNodes(missing, state.inForce, sql)) {
      const ownName = await readNameOfBuild();
      let nodes = await findOlderNodes(queryable, ownName);
      if (nodes.length === 0) {
        await keepLeadershipFree(queryable);
        nodes = await findOlderNodes(queryable, ownName);
      }
      if (nodes.length > 0) return { kind: "waits_for_nodes", what: "This version's tables", holders: nodes };
    }
    await applyMissing(client, state, missing, sql);
    return { kind: "done", names: missing.length > 0 ? state.missing : [`sql version ${sql.version}`] };
  } catch (error) {
    if (!stoodInTheWay.has(sqlState(error) ?? "")) throw error;
    await client.query("ROLLBACK");
    return { kind: "waits", what: "A table of LeadLedger", holders: await findUsers(queryable) };
  } finally {
    // Where it is over already this is but a warning of the server.
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

interface Migration {
  readonly name: string;
  readonly text: string;
}

function readMigrations(names: readonly string[]): Promise<Migration[]> {
  return Promise.all(
    names.map(async (name) => ({
      name,
      text: await readFile(join(migrationsFolder, `${name}.sql`), "utf8"),
    })),
  );
}

function waitsForOlderNodes(
  missing: readonly Migration[],
  inForce: SqlInForce | null,
  sql: SqlFiles,
): boolean {
  if (missing.some(({ text }) => text.startsWith(waitsMark))) return true;
  return inForce !== null && inForce.version < sql.olderNodesGoOnSince;
}

/** In the open transaction, which it commits. */
async function applyMissing(
  client: pg.Client,
  { done }: State,
  missing: readonly Migration[],
  sql: SqlFiles,
): Promise<void> {
  await prepareMigrationsTable(client, done);
  for (const { name, text } of missing) {
    await client.query(text);
    await noteMigrationDone(client, name);
  }
  await applySqlFiles(client, sql);
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new Error("the transaction was rolled back instead of committed");
  if (sessionOf(client)?.doubts.take() === true) throw new CommitInDoubtError();
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

interface State {
  readonly done: MigrationsDone;
  /** Names, in the order in which they are run. */
  readonly missing: readonly string[];
  readonly inForce: SqlInForce | null;
  readonly isSqlInForce: boolean;
}

function isUpToDate({ missing, isSqlInForce }: State): boolean {
  return missing.length === 0 && isSqlInForce;
}

/** What this build's connections are called: by it an other build knows them (older-nodes.ts). */
export async function readNameOfBuild(): Promise<string> {
  const [newest = ""] = (await knownMigrations()).toReversed();
  return nameOfBuild(newest, (await readSqlFiles(ownSqlFolder)).version);
}

async function knownMigrations(): Promise<string[]> {
  return (await readdir(migrationsFolder)).map((file) => file.replace(/\.sql$/, "")).toSorted();
}

/** Refuses a database that knows migrations, or functions, which this version does not. */
async function readState(client: pg.Client, sql: SqlFiles): Promise<State> {
  const known = await knownMigrations();
  const done = await readMigrationsDone(client);
  const inForce = await readSqlInForce(client);
  const unknown = done.names.filter((name) => !known.includes(name));
  if (inForce !== null && inForce.version > sql.version) unknown.push(`sql version ${inForce.version}`);
  if (unknown.length > 0) {
    throw new MigrationError(
      "database_newer_than_code",
      `This database was made by a newer LeadLedger (it has ${unknown.join(", ")}). ` +
        "Start that version or a later one; nothing was changed.",
    );
  }
  const missing = known.filter((name) => !done.names.includes(name));
  return {
    done,
    missing,
    inForce,
    isSqlInForce: inForce?.digest === sql.digest && inForce.version === sql.version,
  };
}

/** The program's own schema is there from the migration on that makes it, and not before. */
async function refuseOtherSchema(client: pg.Client, { missing, done }: State): Promise<void> {
  const { rows } = await client.query<{ owner: string; relations: number }>(
    `SELECT pg_get_userbyid(n.nspowner) AS owner,
       (SELECT count(*)::int FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS relations
     FROM pg_namespace n WHERE n.nspname = 'internal'`,
  );
  const [schema] = rows;
  // What says which migrations were run lies in that schema, or did so before there was one.
  const isMadeByUs =
    done.schema === null
      ? schema === undefined && (await hasRuns(client))
      : !missing.includes(schemaMigration);
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

/** Somebody may have made one for views of their own; ours stand beside them, if we may make them there. */
async function refuseForeignBiSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; owner: string; us: string }>(
    `SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner, quote_ident(current_user) AS us FROM pg_namespace n
     WHERE n.nspname IN ('bi', 'bi_client') AND NOT (has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE'))`,
  );
  const [schema] = rows;
  if (schema === undefined) return;
  throw new MigrationError(
    "schema_bi_foreign",
    `LeadLedger makes views in a schema named ${schema.name}. This database has one already (owner ${schema.owner}), and LeadLedger's role may not create in it. ` +
      `An administrator has to run: GRANT USAGE, CREATE ON SCHEMA ${schema.name} TO ${schema.us} WITH GRANT OPTION; or to rename it: ALTER SCHEMA ${schema.name} RENAME TO …; nothing was changed.`,
  );
}

async function hasRuns(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.runs') AND attname = 'idempotency_key'`,
  );
  return rows.length > 0;
}
