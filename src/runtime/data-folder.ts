// The data folder: private to its owner, and used by one LeadLedger at a time.

import { chmod, mkdir, open, readdir, realpath, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { identifyProcess, pidSpace } from "./process-identity.ts";

export type DataFolderErrorCode = "data_folder_in_use" | "data_folder_unusable" | "disk_full";

export class DataFolderError extends Error {
  readonly code: DataFolderErrorCode;
  constructor(code: DataFolderErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DataFolderError";
    this.code = code;
  }
}

export interface DataFolderLock {
  /** The folder's real path. */
  readonly path: string;
  release(): Promise<void>;
}

/** Names that only LeadLedger makes; a folder holding one of them is ours. */
const ourNames = ["key", "lock", "postgres", "postgres.json", "spool", "configuration.copy", "history.json"];
const lockFolder = "lock";
const heartbeatMs = 2_000;
/** A claim whose pid means nothing here is believed for this long after its last heartbeat. */
const foreignClaimMs = 7_000;
/** A wall clock this far past the last heartbeat is believed without watching. */
const surelyStaleMs = 30_000;
/** Two that start at the same instant withdraw and try again for this long. */
const tieMs = 3_000;

/**
 * Makes the folder (0700) if need be and returns its real path.
 * The mode of a folder that holds other things is left alone: what we put inside is private by itself.
 * @throws {DataFolderError} `data_folder_unusable`, `disk_full`
 */
export async function ensureDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const path = await realpath(dataDir);
    const names = (await readdir(path)).filter((name) => name !== "lost+found");
    const ours = names.length === 0 || names.some((name) => ourNames.includes(name));
    if (ours && ((await stat(path)).mode & 0o077) !== 0) await makePrivate(path);
    return path;
  } catch (error) {
    throw asDataFolderError(error, dataDir);
  }
}

/**
 * Claims the folder for this process until `release` or death. A claim is a file named for its process,
 * so a dead one's can be removed by anybody without a race, and of two that come together at least one
 * sees the other: whoever sees a live claim beside its own after making it steps back.
 * @throws {DataFolderError} `data_folder_in_use` (says by which pid), `data_folder_unusable`, `disk_full`
 */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const path = await ensureDataFolder(dataDir);
  try {
    return await claim(path);
  } catch (error) {
    throw asDataFolderError(error, path);
  }
}

/**
 * Writes a file (0600) so that after a power cut either the old or the new content is there. Whoever may write it at the
 * same time needs another `writer`.
 */
export async function writeDurably(path: string, content: string, writer = "new"): Promise<void> {
  const temporary = `${path}.${writer}`;
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(join(path, ".."));
}

/** A rename survives a power cut only once its folder has been synced. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function claim(path: string): Promise<DataFolderLock> {
  const folder = join(path, lockFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const space = await pidSpace();
  const self = await identifyProcess(process.pid);
  const name = `${process.pid}.${self?.startedAt ?? "0"}.${space}`;
  const giveUpAt = performance.now() + tieMs;
  for (;;) {
    await makeClaim(folder, name, path);
    const other = await settleClaim(folder, name, space);
    if (other === null) return { path, release: startHeartbeat(join(folder, name)) };
    if (other.held || performance.now() > giveUpAt) throw inUse(path, other.pid);
    await delay(randomInt(20, 200));
  }
}

async function makeClaim(folder: string, name: string, path: string): Promise<void> {
  try {
    await (await open(join(folder, name), "wx", 0o600)).close();
  } catch (error) {
    if (isErrno(error, "EEXIST")) throw inUse(path, process.pid);
    throw error;
  }
}

/** Holds our claim and returns null, or withdraws it and returns the claim that stands in the way. */
async function settleClaim(folder: string, name: string, space: string): Promise<Claim | null> {
  const path = join(folder, name);
  try {
    const other = await findLiveClaim(folder, name, space);
    // A claim with content is held; an empty one is still being decided.
    if (other === null) await writeFile(path, "held\n");
    else await rm(path, { force: true });
    return other;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function startHeartbeat(claimPath: string): () => Promise<void> {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(claimPath, now, now).catch(() => {
      // Who cannot see our pid waits for `foreignClaimMs` only; a full or failing disk is reported elsewhere.
    });
  }, heartbeatMs);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(claimPath, { force: true });
  };
}

interface Claim {
  readonly pid: number;
  readonly held: boolean;
}

async function findLiveClaim(folder: string, own: string, space: string): Promise<Claim | null> {
  for (const name of await readdir(folder)) {
    if (name === own) continue;
    const [pid = "", startedAt, claimedIn] = name.split(".");
    const file = join(folder, name);
    const seen = await stat(file).catch(() => null);
    if (seen === null) continue;
    const alive =
      claimedIn === space
        ? (await identifyProcess(Number(pid)))?.startedAt === startedAt
        : await beats(file, seen.mtimeMs);
    if (alive) return { pid: Number(pid), held: seen.size > 0 };
    await rm(file, { force: true });
  }
  return null;
}

/** Whether the heartbeat of a claim made under another kernel or in another container goes on. */
async function beats(file: string, lastBeatMs: number): Promise<boolean> {
  if (Date.now() - lastBeatMs > surelyStaleMs) return false;
  const giveUpAt = performance.now() + foreignClaimMs;
  while (performance.now() < giveUpAt) {
    await delay(heartbeatMs / 4);
    const seen = await stat(file).catch(() => null);
    if (seen === null) return false;
    if (seen.mtimeMs !== lastBeatMs) return true;
  }
  return false;
}

async function makePrivate(path: string): Promise<void> {
  try {
    await chmod(path, 0o700);
  } catch (error) {
    // A volume that belongs to another user but that we may write to (Kubernetes fsGroup) stays as it is.
    if (!isErrno(error, "EPERM")) throw error;
  }
}

function inUse(path: string, pid: number): DataFolderError {
  const who = pid === process.pid ? "this process itself" : `another LeadLedger (process ${pid})`;
  return new DataFolderError(
    "data_folder_in_use",
    `The data folder ${path} is in use by ${who}. ` +
      "Stop that one first, or give this one its own folder with LEADLEDGER_DATA_DIR.",
  );
}

function asDataFolderError(error: unknown, path: string): unknown {
  if (error instanceof DataFolderError) return error;
  if (isErrno(error, "ENOSPC", "EDQUOT")) {
    return new DataFolderError("disk_full", `No space left for the data folder ${resolve(path)}.`, error);
  }
  if (isErrno(error, "EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ELOOP")) {
    return new DataFolderError(
      "data_folder_unusable",
      `The data folder ${resolve(path)} cannot be used (${error.message}). ` +
        "It must be a folder that the user running LeadLedger owns; LEADLEDGER_DATA_DIR names another one.",
      error,
    );
  }
  return error;
}

export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
