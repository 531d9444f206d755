// What nobody can read or take is put beside the spool, as it was, for a person to look at.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Log } from "../domain/node/log.ts";

export interface SetAsideFiles {
  /** Writes bytes that stood at `offset` of a segment into a file of their own. Rejects with what the disk said. */
  write(segmentPath: string, offset: number, bytes: Buffer): Promise<void>;
  /** Moves a whole segment. */
  move(segmentPath: string): Promise<void>;
}

export function createSetAsideFiles(folder: string, log: Log): SetAsideFiles {
  const make = (): Promise<unknown> => mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    async write(segmentPath, offset, bytes) {
      const path = join(folder, `${basename(segmentPath)}.${offset}`);
      await make();
      await writeFile(path, bytes, { mode: 0o600 });
      log("error", "spool_record_set_aside", { file: path, bytes: bytes.length });
    },
    async move(segmentPath) {
      await make();
      await rename(segmentPath, join(folder, basename(segmentPath)));
    },
  };
}
