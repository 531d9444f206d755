// One run of the embedded server: started and awaited, found again, stopped with escalation.

import { spawn } from "node:child_process";
import { type FileHandle, open, realpath, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isErrno } from "./data-folder.ts";
import {
  clusterDirOf,
  type ClusterPlace,
  dataDirectoryArgument,
  serverEnvironment,
} from "./embedded-postgres-cluster.ts";
import { EmbeddedPostgresError, explainOutput, explainSpawnFailure } from "./embedded-postgres-error.ts";
import { machineMemoryBytes, sharedBuffersMb } from "./embedded-postgres-memory.ts";
import { disownPostmasterFile, readPostmasterFile } from "./postmaster-file.ts";
import { commandLine, identifyProcess, parentOf, type ProcessIdentity } from "./process-identity.ts";

export interface PostmasterExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Postmaster extends ProcessIdentity {
  readonly exited: Promise<PostmasterExit>;
  /** Asks for a fast shutdown without waiting, for the moment in which our own process ends. */
  askToStop(): void;
}

export interface PostmasterOptions {
  readonly port: number;
  /** Settings on top of the program's own, by PostgreSQL's names. */
  readonly settings: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Starts the server and returns when it accepts connections, after crash recovery if one is needed.
 * @throws {EmbeddedPostgresError} `port_taken`, `memory_still_in_use`, `start_failed`, `start_timeout`, …
 */
export async function startPostmaster(place: ClusterPlace, options: PostmasterOptions): Promise<Postmaster> {
  await disownPostmasterFile(clusterDirOf(place.folder));
  const log = await openServerLog(place.folder);
  try {
    const logStart = (await log.stat()).size;
    const postmaster = await spawnPostmaster(place, options, log);
    await awaitReady(postmaster, clusterDirOf(place.folder), options, () => readFrom(log, logStart));
    return postmaster;
  } finally {
    await log.close();
  }
}

export interface RunningPostmaster extends ProcessIdentity {
  readonly port: number;
  readonly isReady: boolean;
}

/** The live server of this data folder, whoever started it; null if there is none. */
export async function findPostmaster(folder: string): Promise<RunningPostmaster | null> {
  const file = await readPostmasterFile(clusterDirOf(folder));
  if (file === null) return null;
  const args = await commandLine(file.pid);
  const identity = await identifyProcess(file.pid);
  if (identity === null || args?.includes(folderSetting(folder)) !== true) return null;
  return { ...identity, port: file.port, isReady: file.status === "ready" };
}

/** Asks the server of this data folder for a fast shutdown, if it is a child of this process. Waits for nothing. */
export async function askChildToStop(dataDir: string): Promise<void> {
  const file = await readPostmasterFile(clusterDirOf(await realpath(dataDir)));
  if (file !== null && (await parentOf(file.pid)) === process.pid) signalPostmaster(file.pid, "SIGINT");
}

/** Signals of a shutdown that is asked for ever more firmly, each with the time it is given. */
const shutdownSteps: readonly { signal: NodeJS.Signals; waitMs: number }[] = [
  { signal: "SIGINT", waitMs: 30_000 }, // fast: ends sessions, writes a checkpoint
  { signal: "SIGQUIT", waitMs: 10_000 }, // immediate: recovers at the next start
  { signal: "SIGKILL", waitMs: 5_000 },
];

/** @throws {EmbeddedPostgresError} `database_not_stopped`, `permission_denied` */
export async function stopPostmaster(postmaster: ProcessIdentity): Promise<void> {
  for (const { signal, waitMs } of shutdownSteps) {
    if (await isGone(postmaster, 0)) return;
    signalPostmaster(postmaster.pid, signal);
    if (await isGone(postmaster, waitMs)) return;
  }
  throw new EmbeddedPostgresError(
    "database_not_stopped",
    `The PostgreSQL process ${postmaster.pid} cannot be stopped.`,
  );
}

const pollMs = 20;
const logLimitBytes = 5_000_000;

/** Says in the process list, and to us, which data folder a server belongs to. */
function folderSetting(folder: string): string {
  return `leadledger.data_folder=${folder}`;
}

function serverSettings(folder: string, port: number): Readonly<Record<string, string>> {
  return {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: `${sharedBuffersMb(machineMemoryBytes())}MB`,
    // "try" ends in a bus error in containers whose host offers huge pages that they may not use.
    huge_pages: "off",
    // Queries of ours are small; parallel workers would want more of /dev/shm than containers have.
    max_parallel_workers_per_gather: "0",
    max_parallel_maintenance_workers: "0",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    log_line_prefix: "%m [%p] ",
    // Failed statements and their details hold personal data; the client is told of them anyway.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
    logging_collector: "off",
    "leadledger.data_folder": folder,
  };
}

async function spawnPostmaster(
  place: ClusterPlace,
  { port, settings }: PostmasterOptions,
  log: FileHandle,
): Promise<Postmaster> {
  const cwd = clusterDirOf(place.folder);
  const args = ["-D", dataDirectoryArgument(cwd, place.account)];
  for (const [name, value] of Object.entries({ ...serverSettings(place.folder, port), ...settings })) {
    args.push("-c", `${name}=${value}`);
  }
  const child = spawn(place.binaries.postgres, args, {
    cwd,
    env: serverEnvironment,
    // Its own session: Ctrl-C reaches LeadLedger alone, which stops the server when its own work is done.
    detached: true,
    // A file, not a pipe: it takes the log when we are busy or dead, too.
    stdio: ["ignore", log.fd, log.fd],
    ...place.account,
  });
  const exited = new Promise<PostmasterExit>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      reject(explainSpawnFailure("postgres", error));
    });
  });
  const pid = child.pid ?? 0;
  const startedAt = (await identifyProcess(pid))?.startedAt ?? "gone";
  return { pid, startedAt, exited, askToStop: () => void child.kill("SIGINT") };
}

async function awaitReady(
  postmaster: Postmaster,
  clusterDir: string,
  { startTimeoutMs, signal }: PostmasterOptions,
  readLog: () => Promise<string>,
): Promise<void> {
  const giveUpAt = performance.now() + startTimeoutMs;
  for (;;) {
    const exit = await Promise.race([postmaster.exited, delay(pollMs, null)]);
    if (exit !== null) {
      const output = (await readLog()) || `exit status ${exit.exitCode ?? exit.signal}`;
      throw explainOutput("postgres", output, "start_failed");
    }
    const file = await readPostmasterFile(clusterDir);
    if (file?.pid === postmaster.pid && file.status === "ready") return;
    if (!signal.aborted && performance.now() < giveUpAt) continue;
    await stopPostmaster(postmaster);
    signal.throwIfAborted();
    const seconds = Math.round(startTimeoutMs / 1000);
    throw explainOutput(`postgres (not ready after ${seconds} s)`, await readLog(), "start_timeout");
  }
}

async function isGone(process: ProcessIdentity, waitMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    const now = await identifyProcess(process.pid);
    if (now?.startedAt !== process.startedAt) return true;
    if (performance.now() >= giveUpAt) return false;
    await delay(pollMs);
  }
}

function signalPostmaster(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (isErrno(error, "ESRCH")) return;
    throw new EmbeddedPostgresError(
      "permission_denied",
      `The PostgreSQL process ${pid} of this data folder belongs to another user and cannot be stopped.`,
      error,
    );
  }
}

async function openServerLog(folder: string): Promise<FileHandle> {
  const path = join(folder, "postgres.log");
  const file = await open(path, "a+", 0o600);
  if ((await file.stat()).size < logLimitBytes) return file;
  await file.close();
  await rename(path, `${path}.1`);
  return open(path, "a+", 0o600);
}

async function readFrom(file: FileHandle, position: number): Promise<string> {
  const lengthMax = 16_384;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(lengthMax), 0, lengthMax, position);
  return buffer.toString("utf8", 0, bytesRead);
}
