// What waits in the spools of a data folder, seen from outside: without their locks and without the key.
import { readFile } from "node:fs/promises";
import { isErrno } from "../runtime/data-folder.ts";
import { readSegmentHeader, stretches } from "./segment.ts";
import { spoolFigures } from "./spool.ts";
import type { SpoolFigures } from "./spool.ts";
import { listAllSegments, listSetAside } from "./spool-folder.ts";

export interface SpoolInspection extends SpoolFigures {
  /** Files with what could not be read or written. */
  readonly setAside: readonly string[];
}

/** Of a segment that is being drained all records are counted. */
export async function inspectSpool(dataDir: string): Promise<SpoolInspection> {
  let [records, bytes] = [0, 0];
  let oldestAtMs: number | null = null;
  for (const segment of await listAllSegments(dataDir)) {
    const content = await readSegment(segment.path);
    if (content === null || readSegmentHeader(content) === null) continue;
    const whole = [...stretches(content)].filter(({ kind }) => kind === "record").length;
    if (whole === 0) continue;
    records += whole;
    bytes += content.length;
    oldestAtMs = Math.min(oldestAtMs ?? Infinity, segment.begunAtMs);
  }
  return { ...spoolFigures({ records, bytes, oldestAtMs }), setAside: await listSetAside(dataDir) };
}

/** null: it has been drained meanwhile. */
async function readSegment(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}
