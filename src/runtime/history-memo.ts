// What this data folder remembers of the database: its newest event and which server it was. Written every few seconds
// and synced, not for each lead.
import { randomBytes, randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { HistoryPoint, ServerIdentity } from "../ledger/log/history.ts";
import { ensureDataFolder, isErrno, writeDurably } from "./data-folder.ts";

const fileName = "history.json";

export interface HistoryMemo {
  /** Of this folder; made once. */
  readonly folder: string;
  /** Of the root key: databases of another key are another installation. */
  readonly fingerprint: string;
  readonly server: ServerIdentity;
  readonly newest: HistoryPoint;
}

/** null: nothing is remembered, or nothing of this key. A file that cannot be read is taken for none. */
export async function readHistoryMemo(dataDir: string, fingerprint: string): Promise<HistoryMemo | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, fileName), "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
  try {
    const memo = JSON.parse(text) as HistoryMemo;
    return memo.fingerprint === fingerprint && Number.isSafeInteger(memo.newest.eventId) ? memo : null;
  } catch {
    return null;
  }
}

export async function writeHistoryMemo(dataDir: string, memo: HistoryMemo): Promise<void> {
  const path = join(await ensureDataFolder(dataDir), fileName);
  const writer = randomBytes(4).toString("hex");
  try {
    await writeDurably(path, `${JSON.stringify(memo)}\n`, writer);
  } catch (error) {
    await rm(`${path}.${writer}`, { force: true });
    throw error;
  }
}

export function newFolderId(): string {
  return randomUUID();
}
