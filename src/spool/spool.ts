// The spool: leads on local disk while the database cannot take them. Append-only segments; a record is kept once it is
// fsynced, read in the order in which it came, and gone when the ledger has it.
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { createFairShares } from "../domain/sources/fair-shares.ts";
import { createGroupCommit } from "../ledger/connection/group-commit.ts";
import { isErrno } from "../runtime/data-folder.ts";
import {
  newSegmentHeader,
  openRecord,
  readSegmentHeader,
  recordBytes,
  sealRecord,
  segmentHeaderBytes,
  stretches,
} from "./segment.ts";
import { createSegmentWriter } from "./segment-writer.ts";
import type { Segment } from "./segment-writer.ts";
import { createSetAsideFiles } from "./set-aside-files.ts";
import { listSegments, segmentName } from "./spool-folder.ts";
import type { SegmentFile } from "./spool-folder.ts";
import { arrivalsOf, decodeRecord, encodeRecord } from "./spool-record.ts";
import type { SpoolRecord } from "./spool-record.ts";

export interface SpoolDepth {
  readonly records: number;
  readonly bytes: number;
  /** When the oldest segment was begun, in milliseconds since 1970 by the machine's clock; null: nothing waits. */
  readonly oldestAtMs: number | null;
}

/** For people and Prometheus. */
export interface SpoolFigures {
  readonly records: number;
  readonly bytes: number;
  readonly oldest_seconds: number;
}

export function spoolFigures({ records, bytes, oldestAtMs }: SpoolDepth): SpoolFigures {
  const ageMs = oldestAtMs === null ? 0 : Date.now() - oldestAtMs;
  return { records, bytes, oldest_seconds: Math.max(0, Math.round(ageMs / 1_000)) };
}

export interface Spool {
  /** Resolves once the record is on disk. Rejects with SpoolFullError, QueueFullError, or what the disk said. */
  keep(record: SpoolRecord): Promise<void>;
  /** The oldest records, up to so many; always the same ones until they are dropped. */
  oldest(recordsMax: number): Promise<SpoolRecord[]>;
  /** The first so many of what `oldest` returned are in the ledger. */
  drop(records: number): Promise<void>;
  /** Writes the record into a segment of its own among what was set aside. */
  setAside(record: SpoolRecord): Promise<void>;
  /** Reads segments that appeared in the folder. `onRecord` gets what waits in them, in order. */
  adopt(onRecord: (record: SpoolRecord) => void): Promise<void>;
  readonly depth: SpoolDepth;
  /** Whether it would take another record, as far as its limits are concerned. */
  readonly hasRoom: boolean;
  close(): Promise<void>;
}

export interface SpoolOptions {
  /** Claimed for this process. */
  readonly folder: string;
  /** Where what cannot be read is put. */
  readonly setAside: string;
  /** 32 bytes. */
  readonly key: Buffer;
  /** The root key's, 16 hex digits. */
  readonly fingerprint: string;
  readonly limits?: SpoolLimits;
  readonly log: Log;
}

export interface SpoolLimits {
  readonly bytesMax: number;
  /** Each costs memory, too: its key is known. */
  readonly recordsMax: number;
}

const mebibyte = 1024 * 1024;
const defaultLimits: SpoolLimits = { bytesMax: 1_024 * mebibyte, recordsMax: 500_000 };
const writeLimits = {
  queueItemsMax: 10_000,
  batchItemsMax: 500,
  batchesInFlightMax: 1,
  queueBytesMax: 64 * mebibyte,
  batchBytesMax: 4 * mebibyte,
};

export class SpoolFullError extends Error {
  constructor() {
    super("the spool is full");
  }
}

/** A record that `oldest` returned. */
interface Returned {
  readonly owner: string;
  readonly count: number;
  readonly bytes: number;
  /** Where it ends. */
  readonly end: number;
}

interface Waiting {
  /** Whose it is: sources share the way to the disk fairly. */
  readonly owner: string;
  readonly content: Buffer;
  readonly generation: number;
}

export function createSpool(options: SpoolOptions): Spool {
  const { folder, key, fingerprint, log, limits = defaultLimits } = options;
  const segments: Segment[] = [];
  const seen = new Set<string>();
  /** Names of files that have been removed: a look at the folder that began before may still find them. */
  const gone: string[] = [];
  /** Where the records that `oldest` returned end. */
  let returned: { readonly segment: Segment; readonly records: readonly Returned[] } | null = null;
  let sequence = 0;
  // Also of what is on its way to the disk. Sources share the room fairly.
  const byteShares = createFairShares(limits.bytesMax);
  const recordShares = createFairShares(limits.recordsMax);
  // What waited behind a write that failed was answered with regard to it, so it fails, too.
  let generation = 0;

  const aside = createSetAsideFiles(options.setAside, log);
  const writer = createSegmentWriter({
    folder,
    key,
    fingerprint,
    log,
    nextSequence: () => (sequence += 1),
    // Before it is there: it must not be taken for what somebody left behind.
    onNamed: (path) => void seen.add(basename(path)),
    onBegun: (segment) => void segments.push(segment),
    onUseless: remove,
  });
  const appends = createGroupCommit<Waiting, true>(
    writeLimits,
    async (items) => {
      try {
        if (items.some((item) => item.generation !== generation)) throw new Error("an earlier write failed");
        await writer.append(items.map(({ content }) => content));
        return items.map(() => true);
      } catch (error) {
        generation += 1;
        throw error;
      }
    },
    { bytesOf: ({ content }) => content.length, ownerOf: ({ owner }) => owner },
  );

  function enter(owner: string, count: number, bytes: number): void {
    byteShares.take(owner, bytes);
    recordShares.take(owner, count);
  }

  function leave(owner: string, count: number, bytes: number): void {
    byteShares.giveBack(owner, bytes);
    recordShares.giveBack(owner, count);
  }

  async function oldest(recordsMax: number): Promise<SpoolRecord[]> {
    for (;;) {
      const segment = segments[0];
      if (segment === undefined) return [];
      const records = await read(segment, recordsMax);
      if (records.length > 0) return records;
      // Its last records were damaged, or dropped while another one was being written.
      if (writer.isWriting(segment)) return [];
      await remove(segment);
    }
  }

  async function read(segment: Segment, recordsMax: number): Promise<SpoolRecord[]> {
    const records: SpoolRecord[] = [];
    const found: Returned[] = [];
    if (segment.from >= segment.end) return records;
    const content = await contentOf(segment);
    if (content === null) return records;
    const bytes = content.subarray(0, segment.end);
    for (const stretch of stretches(bytes, segment.from)) {
      if (records.length === recordsMax) break;
      const record = stretch.kind === "record" ? decoded(segment, stretch.offset, stretch.sealed) : null;
      if (record !== null) {
        records.push(record);
        found.push({
          owner: ownerOf(record),
          count: countOf(record),
          bytes: stretch.end - stretch.offset,
          end: stretch.end,
        });
        continue;
      }
      // Those before it are drained first, so that the segment is read on from behind the damage.
      if (records.length > 0) break;
      await putAsideIfPossible(segment, bytes.subarray(stretch.offset, stretch.end), stretch.offset);
      if (stretch.kind === "record") segment.records -= 1;
      segment.from = stretch.end;
    }
    returned = { segment, records: found };
    return records;
  }

  /** null: another process has taken it over. What is known of its keys stays known, which does no harm. */
  async function contentOf(segment: Segment): Promise<Buffer | null> {
    try {
      return await readFile(segment.path);
    } catch (error) {
      if (!isErrno(error, "ENOENT")) throw error;
      log("error", "spool_segment_gone", { file: segment.path, records: segment.records });
      segment.from = segment.end;
      segment.records = 0;
      return null;
    }
  }

  function decoded(segment: Segment, offset: number, sealed: Buffer): SpoolRecord | null {
    const content = openRecord(key, segment.header, offset, sealed);
    if (content === null) return null;
    try {
      return decodeRecord(content);
    } catch {
      return null;
    }
  }

  /** A full disk has no room for a copy, and only draining makes some. */
  async function putAsideIfPossible(segment: Segment, bytes: Buffer, offset: number): Promise<void> {
    try {
      await aside.write(segment.path, offset, bytes);
    } catch (error) {
      segment.isDamaged = true;
      log("error", "spool_record_not_set_aside", { file: segment.path, offset, error: errorText(error) });
    }
  }

  async function setAside(record: SpoolRecord): Promise<void> {
    const { header, bytes } = newSegmentHeader(fingerprint);
    const content = sealRecord(key, header, bytes.length, encodeRecord(record));
    const name = segmentName(0, Date.now(), randomBytes(4).toString("hex"));
    await aside.write(name, 0, Buffer.concat([bytes, content]));
  }

  async function drop(records: number): Promise<void> {
    const last = returned?.records[records - 1];
    if (returned === null || last === undefined) return;
    const { segment, records: found } = returned;
    returned = null;
    for (const { owner, count, bytes } of found.slice(0, records)) leave(owner, count, bytes);
    segment.from = last.end;
    segment.records -= records;
    if (segment.from >= segment.end && !writer.isWriting(segment)) await remove(segment);
  }

  async function remove(segment: Segment): Promise<void> {
    const index = segments.indexOf(segment);
    if (index < 0) return;
    segments.splice(index, 1);
    await writer.release(segment);
    if (segment.isDamaged) await aside.move(segment.path);
    else await rm(segment.path, { force: true });
    gone.push(basename(segment.path));
  }

  async function adopt(onRecord: (record: SpoolRecord) => void): Promise<void> {
    for (const name of gone.splice(0)) seen.delete(name);
    for (const file of await listSegments(folder)) {
      sequence = Math.max(sequence, file.sequence);
      const name = basename(file.path);
      if (seen.has(name)) continue;
      seen.add(name);
      try {
        const segment = await load(file, onRecord);
        if (segment !== null) segments.push(segment);
      } catch (error) {
        // The others do not wait for it; it is tried again with the next look.
        seen.delete(name);
        log("error", "spool_segment_unreadable", { file: file.path, error: errorText(error) });
      }
    }
    segments.sort((a, b) => a.sequence - b.sequence || a.begunAtMs - b.begunAtMs);
  }

  async function load(file: SegmentFile, onRecord: (record: SpoolRecord) => void): Promise<Segment | null> {
    const bytes = await readFile(file.path);
    const header = readSegmentHeader(bytes);
    if (bytes.length === 0) {
      // Its process died before it wrote anything.
      await rm(file.path, { force: true });
      return null;
    }
    if (header === null) {
      // Not even its header got to the disk, so nobody was told that anything in it is safe.
      await aside.write(file.path, 0, bytes);
      await rm(file.path, { force: true });
      return null;
    }
    if (header.fingerprint !== fingerprint) {
      log("error", "spool_of_another_key", { file: file.path, fingerprint: header.fingerprint });
      return null;
    }
    const segment: Segment = {
      ...file,
      header,
      from: segmentHeaderBytes,
      end: bytes.length,
      records: 0,
      isDamaged: false,
    };
    for (const stretch of stretches(bytes)) {
      if (stretch.kind !== "record") continue;
      segment.records += 1;
      const record = decoded(segment, stretch.offset, stretch.sealed);
      if (record === null) continue;
      enter(ownerOf(record), countOf(record), stretch.end - stretch.offset);
      onRecord(record);
    }
    return segment;
  }

  function depth(): SpoolDepth {
    let [records, bytes] = [0, 0];
    let oldestAtMs: number | null = null;
    for (const segment of segments) {
      records += segment.records;
      bytes += segment.end - segment.from;
      if (segment.records > 0) oldestAtMs = Math.min(oldestAtMs ?? Infinity, segment.begunAtMs);
    }
    return { records, bytes, oldestAtMs };
  }

  return {
    async keep(record) {
      const [owner, count, content] = [ownerOf(record), countOf(record), encodeRecord(record)];
      const bytes = recordBytes(content.length);
      if (!byteShares.mayTake(owner, bytes) || !recordShares.mayTake(owner, count))
        throw new SpoolFullError();
      enter(owner, count, bytes);
      try {
        await appends.submit({ owner, content, generation });
      } catch (error) {
        leave(owner, count, bytes);
        throw error;
      }
    },
    oldest,
    drop,
    setAside,
    adopt,
    get depth() {
      return depth();
    },
    get hasRoom() {
      return recordShares.taken < limits.recordsMax && byteShares.taken < limits.bytesMax;
    },
    async close() {
      await appends.drained();
      await writer.close();
    },
  };
}

function ownerOf(record: SpoolRecord): string {
  const [first] = arrivalsOf(record);
  return first === undefined ? "" : `source ${first.source}`;
}

/** As many as it has keys: each costs memory. */
function countOf(record: SpoolRecord): number {
  return Math.max(1, arrivalsOf(record).length);
}
