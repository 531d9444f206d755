// The database and the keys that a process works with: DATABASE_URL, or the embedded server of the data folder.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Log, LogFields } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { claimKeyFingerprint } from "../ledger/settings/settings.ts";
import { demandCommit } from "../ledger/connection/commit-check.ts";
import type { Database } from "../ledger/connection/database.ts";
import { openDatabase } from "../ledger/connection/database.ts";
import { migrate, MigrationError, readNameOfBuild } from "../ledger/migrate.ts";
import { DatabaseObstacle, lookInto } from "../ledger/connection/database-obstacle.ts";
import { checkDatabaseUrl } from "../ledger/connection/database-url.ts";
import { databaseTrouble } from "../ledger/connection/postgres-error.ts";
import { alignSqlRoles } from "../ledger/accounts/sql-roles.ts";
import { UnsuitableSettingsError } from "../ledger/connection/session.ts";
import type { ConfigurationCopy } from "./configuration-copy.ts";
import { readConfigurationCopy } from "./configuration-copy.ts";
import { connectionUri, findRunningEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import type { RunningEmbeddedPostgres } from "./embedded-postgres.ts";
import { decryptBytes, decryptSecret, encryptBytes, encryptSecret, KeyError, loadKeys } from "./keys.ts";
import type { Keys } from "./keys.ts";

/** Of a node: what stands still with a dead line is a lease, and that is taken over sooner. */
const answerTimeoutMs = 15_000;

export interface InstallationOptions {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly rootKeyHex: string | null;
  /**
   * `serve`: this process is the server of the data folder, and no other may be. `command`: works beside a running
   * server, or starts the embedded one for as long as the command takes.
   */
  readonly purpose: "serve" | "command";
  readonly connectionsMax: number;
  readonly log: Log;
  /** The process was told to stop before it had started: whatever is waited for ends, and opening rejects. */
  readonly signal?: AbortSignal;
}

export interface Installation {
  readonly database: Database;
  readonly databaseUrl: string;
  /** null with DATABASE_URL. */
  readonly embedded: RunningEmbeddedPostgres | null;
  readonly keys: Keys;
  readonly secretBox: SecretBox;
  readonly contentBox: ContentBox;
  readonly dataDir: string;
  /** Names of the migrations that were run just now; null: the database has not been reached yet. */
  readonly migrated: readonly string[] | null;
  /** What was known at the last contact; only where the database has not been reached yet. */
  readonly copy: ConfigurationCopy | null;
  /**
   * Migrates, and checks the root key against the database: done already, unless it could not be reached. Throws as
   * `openInstallation` does.
   */
  prepare(): Promise<void>;
  /** Tells this process from all others that use the database. */
  readonly node: string;
  close(): Promise<void>;
}

/** Of the quarantine. */
export interface ContentBox {
  encrypt(associated: string, content: Buffer): Buffer;
  decrypt(associated: string, stored: Buffer): Buffer;
}

export interface SecretBox {
  readonly key: Buffer;
  encrypt(associated: string, secret: string): Buffer;
  decrypt(associated: string, stored: Buffer): string;
}

/**
 * Starts or finds the server, migrates, and checks the root key against the database. `serve` also starts while the
 * database is out of reach, if this data folder knows it from before.
 * Throws KeyError (`key_differs` too), DatabaseUrlError, DatabaseObstacle, DataFolderError, EmbeddedPostgresError, MigrationError, or what the database says.
 */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { databaseUrl, dataDir, log, signal } = options;
  if (databaseUrl !== null) checkDatabaseUrl(databaseUrl);
  const server = await findOrStartServer(options);
  try {
    const keys = await loadKeys(options.rootKeyHex ?? undefined, databaseUrl === null ? dataDir : null);
    const database = openDatabase({
      url: server.url,
      connectionsMax: options.connectionsMax,
      applicationName: await readNameOfBuild(),
      ...(options.purpose === "serve" ? { answerTimeoutMs } : {}),
      onIdleError: (error) => log("warn", "database_connection_lost", { error: error.message }),
    });
    const prepare = async (): Promise<readonly string[]> => {
      // A command may only want to look.
      if (options.purpose === "serve") await demandCommit(database);
      const migrated = await migrate(server.url, { log, ...(signal === undefined ? {} : { signal }) });
      if (migrated.length > 0) log("info", "database_migrated", { migrations: migrated.join(", ") });
      await checkFingerprint(database, keys);
      if (options.purpose === "serve" || migrated.length > 0) await alignRoles(database, log);
      return migrated;
    };
    const first = await prepare()
      .then((migrated) => ({ migrated, copy: null }))
      .catch(async (error: unknown) => {
        const copy = await copyForOutage(options, keys, error);
        if (copy !== null) return { migrated: null, copy };
        await database.close();
        throw await lookInto(error, server.url);
      });
    return {
      database,
      databaseUrl: server.url,
      embedded: server.embedded,
      dataDir,
      keys,
      ...first,
      secretBox: secretBox(keys),
      contentBox: contentBox(keys),
      node: `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`,
      async prepare() {
        await prepare();
      },
      async close() {
        await database.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What a person has to decide or to mend, however long one waits. */
const isNoOutage = [KeyError, MigrationError, UnsuitableSettingsError];

/** What a node can go by while the database is out of reach; null: it cannot start, because of `error`. */
async function copyForOutage(
  { purpose, databaseUrl, dataDir, log, signal }: InstallationOptions,
  keys: Keys,
  error: unknown,
): Promise<ConfigurationCopy | null> {
  const isOutage =
    !isNoOutage.some((kind) => error instanceof kind) &&
    !isMissingRight(error) &&
    signal?.aborted !== true &&
    ["unreachable", "locked"].includes(databaseTrouble(error));
  if (purpose !== "serve" || databaseUrl === null || !isOutage) return null;
  const copy = await readConfigurationCopy(dataDir, keys);
  if (copy !== null)
    log("error", "database_lost", { error: errorText(error), knows_revision: copy.revision });
  return copy;
}

/** A right that is missing does not come back by itself, as a server does. */
function isMissingRight(error: unknown): boolean {
  return (
    error instanceof DatabaseObstacle && !["database_standby", "database_read_only"].includes(error.code)
  );
}

interface Server {
  readonly url: string;
  readonly embedded: RunningEmbeddedPostgres | null;
  stop(): Promise<void>;
}

async function findOrStartServer({
  databaseUrl,
  dataDir,
  purpose,
  log,
}: InstallationOptions): Promise<Server> {
  const nothingToStop = (): Promise<void> => Promise.resolve();
  if (databaseUrl !== null) return { url: databaseUrl, embedded: null, stop: nothingToStop };
  if (purpose === "command") {
    const running = await findRunningEmbeddedPostgres(dataDir);
    if (running !== null)
      return { url: connectionUri(running.connection), embedded: running, stop: nothingToStop };
  }
  const started = await startEmbeddedPostgres({
    dataDir,
    log: ({ event, ...fields }) => {
      if (event === "postgres_exited" || event === "postgres_restart_failed")
        log("error", event, logFields(fields));
      else log("info", event, logFields(fields));
    },
  });
  return { url: connectionUri(started.connection), embedded: started, stop: () => started.stop() };
}

function logFields(fields: Readonly<Record<string, unknown>>): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === "number" || typeof value === "string" || value === null ? value : errorText(value),
  ]);
  return Object.fromEntries(entries) as LogFields;
}

/** Nothing that a node needs: `doctor` tells what stays undone. */
async function alignRoles(database: Database, log: Log): Promise<void> {
  try {
    await alignSqlRoles(database);
  } catch (error) {
    log("warn", "sql_roles_not_aligned", { error: errorText(error) });
  }
}

async function checkFingerprint(database: Database, keys: Keys): Promise<void> {
  const stored = await claimKeyFingerprint(database, keys.fingerprint);
  if (stored === keys.fingerprint) return;
  throw new KeyError(
    "key_differs",
    `This database belongs to another LEADLEDGER_KEY (fingerprint ${stored}, here ${keys.fingerprint}). ` +
      "Start with the key that made it: with a different one, stored secrets cannot be read and people cannot be found. Nothing was changed.",
  );
}

function contentBox(keys: Keys): ContentBox {
  const key = keys.subkey("quarantine");
  return {
    encrypt: (associated, content) => encryptBytes(key, associated, content),
    decrypt: (associated, stored) => decryptBytes(key, associated, stored),
  };
}

function secretBox(keys: Keys): SecretBox {
  const key = keys.subkey("stored-secrets");
  return {
    key,
    encrypt: (associated, secret) => encryptSecret(key, associated, secret),
    decrypt: (associated, stored) => decryptSecret(key, associated, stored),
  };
}
