// Since when this node has been without the database, in a file of the data folder: whoever is told of it afterwards is
// told, too, when the process died meanwhile.
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureDataFolder, writeDurably } from "./data-folder.ts";

/** Several nodes may have one data folder: each has its own file. */
function pathIn(dataDir: string, port: number): string {
  return join(dataDir, `outage-${port}.json`);
}

/** null: none was noted, or it cannot be read. */
export async function readOutageMemo(dataDir: string, port: number): Promise<Date | null> {
  try {
    const { since } = JSON.parse(await readFile(pathIn(dataDir, port), "utf8")) as { since: string };
    const at = new Date(since);
    return Number.isNaN(at.getTime()) ? null : at;
  } catch {
    return null;
  }
}

export async function writeOutageMemo(dataDir: string, port: number, since: Date): Promise<void> {
  await ensureDataFolder(dataDir);
  const writer = randomBytes(4).toString("hex");
  const path = pathIn(dataDir, port);
  try {
    await writeDurably(path, `${JSON.stringify({ since: since.toISOString() })}\n`, writer);
  } catch (error) {
    await rm(`${path}.${writer}`, { force: true });
    throw error;
  }
}

export async function removeOutageMemo(dataDir: string, port: number): Promise<void> {
  await rm(pathIn(dataDir, port), { force: true });
}
