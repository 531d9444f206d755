// Writes records at the end of the newest segment. A record counts once it is fsynced; after a write that failed the
// segment is cut back to what counts, and the next record begins another one.
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { isErrno, syncFolder } from "../runtime/data-folder.ts";
import { newSegmentHeader, sealRecord, segmentHeaderBytes } from "./segment.ts";
import type { SegmentHeader } from "./segment.ts";
import { segmentName } from "./spool-folder.ts";
import type { SegmentFile } from "./spool-folder.ts";

const segmentBytesMax = 4 * 1024 * 1024;

export interface Segment extends Omit<SegmentFile, "bytes"> {
  readonly header: SegmentHeader;
  /** Where the next record to be drained stands. */
  from: number;
  /** Where the last record that is on disk ends. */
  end: number;
  records: number;
  /** Damage in it could not be copied, so the whole file is set aside in the end. */
  isDamaged: boolean;
}

export interface SegmentWriterDeps {
  readonly folder: string;
  /** 32 bytes. */
  readonly key: Buffer;
  /** The root key's, 16 hex digits. */
  readonly fingerprint: string;
  readonly nextSequence: () => number;
  /** A file of that path is about to be there. */
  readonly onNamed: (path: string) => void;
  readonly onBegun: (segment: Segment) => void;
  /** Nothing was ever kept in it. */
  readonly onUseless: (segment: Segment) => Promise<void>;
  readonly log: Log;
}

export interface SegmentWriter {
  /** Resolves once the records are on disk, all of them; rejects with what the disk said, and then none is. One at a time. */
  append(contents: readonly Buffer[]): Promise<void>;
  /** Whether records are on their way into it. */
  isWriting(segment: Segment): boolean;
  /** The segment is about to be removed: nothing is written into it any more. */
  release(segment: Segment): Promise<void>;
  close(): Promise<void>;
}

interface Open {
  readonly segment: Segment;
  readonly file: FileHandle;
}

export function createSegmentWriter(deps: SegmentWriterDeps): SegmentWriter {
  const { folder, key, fingerprint, log } = deps;
  let current: Open | null = null;
  let isAppending = false;

  async function append(contents: readonly Buffer[]): Promise<void> {
    const { segment, file } = await segmentToWrite();
    const sealed: Buffer[] = [];
    let offset = segment.end;
    for (const content of contents) {
      const record = sealRecord(key, segment.header, offset, content);
      sealed.push(record);
      offset += record.length;
    }
    try {
      await writeAll(file, Buffer.concat(sealed), segment.end);
      await file.datasync();
      // Whoever took this process for dead while it was frozen has moved its segments, and may not see what comes later.
      await stat(segment.path);
    } catch (error) {
      await abandon(segment, file, error);
      throw error;
    }
    segment.end = offset;
    segment.records += contents.length;
  }

  async function segmentToWrite(): Promise<Open> {
    if (current !== null && current.segment.end < segmentBytesMax) return current;
    await current?.file.close();
    current = null;
    current = await begin();
    deps.onBegun(current.segment);
    return current;
  }

  async function begin(): Promise<Open> {
    const begunAtMs = Date.now();
    const sequence = deps.nextSequence();
    const path = join(folder, segmentName(sequence, begunAtMs, randomBytes(4).toString("hex")));
    deps.onNamed(path);
    const { header, bytes } = newSegmentHeader(fingerprint);
    const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      await writeAll(file, bytes, 0);
      await file.datasync();
      await syncFolder(folder);
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    const [from, end] = [bytes.length, bytes.length];
    return { segment: { path, sequence, begunAtMs, header, from, end, records: 0, isDamaged: false }, file };
  }

  /** After a write that failed nobody knows what is on disk. */
  async function abandon(segment: Segment, file: FileHandle, reason: unknown): Promise<void> {
    current = null;
    try {
      // What another has taken over it may have read.
      if (!isErrno(reason, "ENOENT")) {
        await file.truncate(segment.end);
        await file.datasync();
      }
    } catch (error) {
      log("error", "spool_not_truncated", { error: errorText(error) });
    }
    await file.close().catch(() => undefined);
    // On a disk that is nearly full every attempt would leave an empty file.
    if (segment.end === segmentHeaderBytes) await deps.onUseless(segment);
  }

  return {
    async append(contents) {
      isAppending = true;
      try {
        await append(contents);
      } finally {
        isAppending = false;
      }
    },
    isWriting: (segment) => current?.segment === segment && isAppending,
    async release(segment) {
      if (current?.segment !== segment) return;
      const { file } = current;
      current = null;
      await file.close();
    },
    async close() {
      await current?.file.close();
      current = null;
    },
  };
}

/** A disk that is nearly full may take a part. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw new Error("the disk took nothing");
    written += bytesWritten;
  }
}
