// Under which account the embedded server runs, and what that account can reach.

import { readFile, stat } from "node:fs/promises";
import { platform } from "node:os";
import { dirname } from "node:path";
import { EmbeddedPostgresError, useOwnServer } from "./embedded-postgres-error.ts";

/** The user and group that the server gets when LeadLedger is root, which PostgreSQL refuses to run as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const preferredUsers = ["postgres", "nobody"];

/**
 * The account for the server; null: the one that LeadLedger itself runs under.
 * A cluster that exists keeps the account that owns it.
 * @throws {EmbeddedPostgresError} `unsupported_platform`, `no_server_account`
 */
export async function chooseServerAccount(clusterDir: string): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  if (platform() !== "linux") {
    // The way around folders that the server's account cannot enter (`-D /proc/self/cwd`) is Linux's.
    throw new EmbeddedPostgresError(
      "unsupported_platform",
      `On this system the embedded PostgreSQL runs only for an ordinary user, not for root. ${useOwnServer}`,
    );
  }
  const owner = await stat(clusterDir).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const found = findAccount(await readFile("/etc/passwd", "utf8").catch(() => ""));
  if (found !== null) return found;
  throw new EmbeddedPostgresError(
    "no_server_account",
    "PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor `nobody`. " +
      `Make one of them, or start LeadLedger as an ordinary user. ${useOwnServer}`,
  );
}

/** The first of `postgres` and `nobody` in a passwd(5) file. */
export function findAccount(passwd: string): ServerAccount | null {
  const entries = passwd.split("\n").map((line) => line.split(":"));
  for (const user of preferredUsers) {
    const entry = entries.find(([name]) => name === user);
    const uid = Number(entry?.[2]);
    const gid = Number(entry?.[3]);
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid };
  }
  return null;
}

/** Whether the account may read the file or folder: its own mode, and passage through every folder above. */
export async function canReach(account: ServerAccount, path: string): Promise<boolean> {
  const target = await stat(path);
  const wanted = target.isDirectory() || (target.mode & 0o111) !== 0 ? 0o5 : 0o4;
  if (!allows(target, account, wanted)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!allows(await stat(folder), account, 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

interface Permissions {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The kernel's rule without access control lists: where those would allow more, we copy once too often. */
function allows(file: Permissions, account: ServerAccount, wanted: number): boolean {
  const shift = file.uid === account.uid ? 6 : file.gid === account.gid ? 3 : 0;
  return ((file.mode >> shift) & wanted) === wanted;
}
