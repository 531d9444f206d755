// `postmaster.pid`, in which a PostgreSQL server says that it runs and how far it is.

import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "./data-folder.ts";

export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping`; empty while the file is being written. */
  readonly status: string;
}

/** `postmaster.pid`: the lines are pid, folder, start, port, socket folder, address, shared memory, status. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | null> {
  try {
    const lines = (await readFile(join(clusterDir, "postmaster.pid"), "utf8")).split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return null;
    return { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? "" };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

/**
 * Makes the file of a dead server name a pid that no system has. PostgreSQL refuses to start while the pid in
 * it is alive, also if that is now something else, as is common in containers. The file is not removed: with
 * the shared memory that it names PostgreSQL sees whether children of the dead server are still writing.
 */
export async function disownPostmasterFile(clusterDir: string): Promise<void> {
  const path = join(clusterDir, "postmaster.pid");
  // The folder belongs to the server's account, so a link planted there must not lead root elsewhere.
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  });
  if (file === null) return;
  try {
    const lines = (await file.readFile("utf8")).split("\n");
    lines[0] = String(impossiblePid);
    await file.truncate();
    await file.write(lines.join("\n"), 0);
  } finally {
    await file.close();
  }
}

/** Beyond the largest pid of Linux (2^22) and macOS (99998). */
const impossiblePid = 9_999_999;
