// Where the spool lies: <data folder>/spool/<n>, one numbered folder for each node that uses the data folder at the same
// time. What a dead node left in its folder is taken over by the next one that looks.
import { readdir, rename, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  DataFolderError,
  ensureDataFolder,
  isErrno,
  lockDataFolder,
  syncFolder,
} from "../runtime/data-folder.ts";
import type { DataFolderLock } from "../runtime/data-folder.ts";

const foldersMax = 64;
const segmentPattern = /^(\d{12})-(\d{1,15})-[0-9a-f]{8}\.seg$/;

export interface SegmentFile {
  readonly path: string;
  /** Segments are read in this order. */
  readonly sequence: number;
  /** When it was begun, by the machine's clock. */
  readonly begunAtMs: number;
  readonly bytes: number;
}

export function segmentName(sequence: number, begunAtMs: number, randomHex: string): string {
  return `${String(sequence).padStart(12, "0")}-${Math.max(0, Math.round(begunAtMs))}-${randomHex}.seg`;
}

/**
 * Claims the first folder that no living process uses; its lock is held until `release` or death.
 * @throws {DataFolderError}
 */
export async function claimSpoolFolder(dataDir: string): Promise<DataFolderLock> {
  const parent = await spoolParent(dataDir);
  for (let number = 1; number <= foldersMax; number += 1) {
    const claimed = await lockDataFolder(join(parent, String(number))).catch((error: unknown) => {
      if (error instanceof DataFolderError && error.code === "data_folder_in_use") return null;
      throw error;
    });
    if (claimed !== null) return claimed;
  }
  throw new DataFolderError(
    "data_folder_in_use",
    `${foldersMax} processes use the spool of ${dataDir} already.`,
  );
}

/** Moves the segments of folders that nobody uses any more into `own`. Returns how many came. */
export async function takeOverForsaken(dataDir: string, own: string): Promise<number> {
  const parent = await spoolParent(dataDir);
  let taken = 0;
  for (const name of (await readdir(parent)).filter((entry) => /^\d+$/.test(entry))) {
    const folder = join(parent, name);
    if (folder === own || (await listSegments(folder)).length === 0) continue;
    const lock = await lockDataFolder(folder).catch(() => null);
    if (lock === null) continue;
    try {
      for (const { path } of await listSegments(folder)) {
        await rename(path, join(own, path.slice(folder.length + 1)));
        taken += 1;
      }
      await syncFolder(own);
    } finally {
      await lock.release();
    }
  }
  return taken;
}

/** In the order in which they were begun. */
export async function listSegments(folder: string): Promise<SegmentFile[]> {
  const files: SegmentFile[] = [];
  for (const name of await namesIn(folder)) {
    const match = segmentPattern.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    const seen = await stat(path).catch(() => null);
    if (seen === null) continue;
    files.push({ path, sequence: Number(match[1]), begunAtMs: Number(match[2]), bytes: seen.size });
  }
  return files.sort((a, b) => a.sequence - b.sequence || a.begunAtMs - b.begunAtMs);
}

/** All segments of a data folder, whoever uses them; none where there is no spool. */
export async function listAllSegments(dataDir: string): Promise<SegmentFile[]> {
  const parent = join(dataDir, "spool");
  const folders = (await namesIn(parent)).filter((entry) => /^\d+$/.test(entry));
  return (await Promise.all(folders.map((name) => listSegments(join(parent, name))))).flat();
}

/** Files that were set aside because they could not be read. */
export async function listSetAside(dataDir: string): Promise<string[]> {
  const folder = setAsideFolder(dataDir);
  return (await namesIn(folder)).map((name) => join(folder, name));
}

export function setAsideFolder(dataDir: string): string {
  return join(dataDir, "spool", "set-aside");
}

async function spoolParent(dataDir: string): Promise<string> {
  const parent = join(await ensureDataFolder(dataDir), "spool");
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return parent;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  });
}
