// How much room there is where this node keeps things.
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Disk } from "../domain/node/node-condition.ts";

/** The data folder, and the spool in it where that is another disk. What cannot be asked is left out. */
export async function readDisks(dataDir: string): Promise<Disk[]> {
  const data = await device(dataDir);
  const spoolFolder = join(dataDir, "spool");
  const spool = await device(spoolFolder);
  const disks = [
    await room("data", dataDir),
    spool === null || spool === data ? null : await room("spool", spoolFolder),
  ];
  return disks.filter((disk) => disk !== null);
}

async function device(path: string): Promise<number | null> {
  return stat(path).then(
    ({ dev }) => dev,
    () => null,
  );
}

async function room(place: Disk["place"], path: string): Promise<Disk | null> {
  return statfs(path).then(
    ({ bavail, blocks, bsize }) =>
      // Some network file systems say nothing.
      blocks === 0 ? null : { place, free_bytes: bavail * bsize, total_bytes: blocks * bsize },
    () => null,
  );
}
