// The embedded PostgreSQL of a data folder: started, supervised and stopped by one LeadLedger at a time.

import { realpath } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type DataFolderLock, isErrno, lockDataFolder } from "./data-folder.ts";
import { chooseServerAccount } from "./embedded-postgres-account.ts";
import { findPostgresBinaries } from "./embedded-postgres-binaries.ts";
import {
  clusterDirOf,
  type ClusterPlace,
  prepareCluster,
  programDatabase,
  programRole,
  readServerFile,
  type ServerFile,
  superuserRole,
  writeServerFile,
} from "./embedded-postgres-cluster.ts";
import { EmbeddedPostgresError, explainFileError } from "./embedded-postgres-error.ts";
import {
  findPostmaster,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
} from "./embedded-postgres-process.ts";
import { type EmbeddedPostgresEvent, restartDelayMs, supervise } from "./embedded-postgres-supervisor.ts";
import { choosePort, isPortFree, loopbackHost } from "./loopback-port.ts";

export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface RunningEmbeddedPostgres {
  /** The program's role: owner of the database, may create roles, no superuser. */
  readonly connection: PostgresConnection;
  readonly superuser: PostgresConnection;
}

export interface EmbeddedPostgres extends RunningEmbeddedPostgres {
  /** Stops the server, leaves no process behind and frees the data folder. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log: (event: EmbeddedPostgresEvent) => void;
  /** PostgreSQL settings on top of the program's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Crash recovery after a long run without a checkpoint takes minutes. Default: 10 minutes. */
  readonly startTimeoutMs?: number;
}

/**
 * Starts the server of the data folder, making both if need be. A server that a killed LeadLedger left behind
 * is stopped first. If the server dies it is started again on the same port until `stop` is called.
 * @throws {DataFolderError} `data_folder_in_use`, …
 * @throws {EmbeddedPostgresError}
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = await lockDataFolder(options.dataDir);
  try {
    return await startInFolder(lock, options);
  } catch (error) {
    await lock.release();
    throw explainFileError(error, lock.path);
  }
}

/**
 * The server of the data folder if one runs and accepts connections, null otherwise. Takes no lock:
 * it is for commands that work beside a running LeadLedger.
 * @throws {EmbeddedPostgresError} `permission_denied`
 */
export async function findRunningEmbeddedPostgres(dataDir: string): Promise<RunningEmbeddedPostgres | null> {
  try {
    const folder = await realpath(dataDir);
    const running = await findPostmaster(folder);
    const server = await readServerFile(folder);
    if (running?.isReady !== true || server === null) return null;
    return connectionsOf({ ...server, port: running.port });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw explainFileError(error, dataDir);
  }
}

/** A URI that libpq and pg read. */
export function connectionUri(connection: PostgresConnection): string {
  const { host, port, user, password, database } = connection;
  const [name, secret, path] = [user, password, database].map(encodeURIComponent);
  return `postgresql://${name}:${secret}@${host}:${port}/${path}`;
}

const defaultStartTimeoutMs = 600_000;
const startAttemptsMax = 7;

async function startInFolder(
  lock: DataFolderLock,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const account = await chooseServerAccount(clusterDirOf(lock.path));
  const place: ClusterPlace = { folder: lock.path, account, binaries: await findPostgresBinaries(account) };
  await stopLeftBehind(place.folder, options.log);
  const startedAt = performance.now();
  const prepared = await prepareCluster(place, await choosePort());
  if (prepared.isNew) options.log({ event: "postgres_initialised", durationMs: since(startedAt) });
  const { server, postmaster } = await startOnFreePort(place, prepared, options);
  const launch = (signal: AbortSignal) => launchOnce(place, server.port, options, signal);
  const supervised = supervise(postmaster, launch, options.log);
  let stopped: Promise<void> | null = null;
  return {
    ...connectionsOf(server),
    stop: () => (stopped ??= supervised.stop().finally(() => lock.release())),
  };
}

async function stopLeftBehind(folder: string, log: EmbeddedPostgresOptions["log"]): Promise<void> {
  const left = await findPostmaster(folder);
  if (left === null) return;
  log({ event: "postgres_left_behind", pid: left.pid });
  await stopPostmaster(left);
}

interface Started {
  readonly server: ServerFile;
  readonly postmaster: Postmaster;
}

async function startOnFreePort(
  place: ClusterPlace,
  remembered: ServerFile,
  options: EmbeddedPostgresOptions,
): Promise<Started> {
  let server: ServerFile = remembered;
  for (let attempt = 1; ; attempt += 1) {
    if (!(await isPortFree(server.port))) server = await moveToFreePort(place.folder, server, options.log);
    try {
      const never = new AbortController().signal;
      return { server, postmaster: await launchOnce(place, server.port, options, never) };
    } catch (error) {
      if (attempt === startAttemptsMax || !isPassing(error)) throw error;
      await delay(restartDelayMs(attempt));
    }
  }
}

/** The port was lost between our look and the start, or children of a killed server are about to notice. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof EmbeddedPostgresError &&
    (error.code === "port_taken" || error.code === "memory_still_in_use")
  );
}

async function moveToFreePort(
  folder: string,
  { superuserPassword, password, port: from }: ServerFile,
  log: EmbeddedPostgresOptions["log"],
): Promise<ServerFile> {
  const moved = { port: await choosePort(), superuserPassword, password };
  await writeServerFile(folder, moved);
  log({ event: "postgres_port_changed", from, to: moved.port });
  return moved;
}

async function launchOnce(
  place: ClusterPlace,
  port: number,
  { log, settings = {}, startTimeoutMs = defaultStartTimeoutMs }: EmbeddedPostgresOptions,
  signal: AbortSignal,
): Promise<Postmaster> {
  const startedAt = performance.now();
  const postmaster = await startPostmaster(place, { port, settings, startTimeoutMs, signal });
  log({ event: "postgres_started", pid: postmaster.pid, port, durationMs: since(startedAt) });
  return postmaster;
}

function connectionsOf({ port, password, superuserPassword }: ServerFile): RunningEmbeddedPostgres {
  const shared = { host: loopbackHost, port, database: programDatabase };
  return {
    connection: { ...shared, user: programRole, password },
    superuser: { ...shared, user: superuserRole, password: superuserPassword },
  };
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
