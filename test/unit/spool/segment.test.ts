// Segments of the spool: what was written is read, whatever became of what stood before, between or behind it.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  newSegmentHeader,
  openRecord,
  readSegmentHeader,
  recordBytes,
  sealRecord,
  segmentHeaderBytes,
  stretches,
} from "../../../src/spool/segment.ts";

const key = randomBytes(32);
const fingerprint = "00112233aabbccdd";

function segmentOf(contents: readonly Uint8Array[]): Buffer {
  const { header, bytes } = newSegmentHeader(fingerprint);
  let segment = bytes;
  for (const content of contents) {
    segment = Buffer.concat([segment, sealRecord(key, header, segment.length, Buffer.from(content))]);
  }
  return segment;
}

/** The contents that can be read, and where they stood. */
function readable(segment: Buffer): { content: string; offset: number }[] {
  const header = readSegmentHeader(segment);
  if (header === null) return [];
  return [...stretches(segment)].flatMap((stretch) => {
    if (stretch.kind !== "record") return [];
    const content = openRecord(key, header, stretch.offset, stretch.sealed);
    return content === null ? [] : [{ content: content.toString("hex"), offset: stretch.offset }];
  });
}

const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 12 });

describe("a segment", () => {
  it("gives back what was written, in order", () => {
    fc.assert(
      fc.property(contents, (written) => {
        const segment = segmentOf(written);
        expect(readable(segment).map(({ content }) => content)).toEqual(
          written.map((content) => Buffer.from(content).toString("hex")),
        );
        expect(segment.length).toBe(
          segmentHeaderBytes + written.reduce((sum, { length }) => sum + recordBytes(length), 0),
        );
        expect(readSegmentHeader(segment)?.fingerprint).toBe(fingerprint);
      }),
    );
  });

  it("that was cut anywhere behind its header gives back every record before the cut, and the rest as one damage", () => {
    fc.assert(
      fc.property(contents, fc.double({ min: 0, max: 1, noNaN: true }), (written, where) => {
        const segment = segmentOf(written);
        const whole = readable(segment);
        const cut = segmentHeaderBytes + Math.floor((segment.length - segmentHeaderBytes) * where);
        const torn = segment.subarray(0, cut);
        const ends = [...whole.slice(1).map(({ offset }) => offset), segment.length];
        expect(readable(torn)).toEqual(whole.filter((_record, index) => (ends[index] ?? 0) <= cut));
        expect([...stretches(torn)].filter(({ kind }) => kind === "damage").length).toBeLessThanOrEqual(1);
        expect(covered(torn)).toBe(true);
      }),
    );
  });

  it("in which bytes were altered loses the records that they belong to, and no other", () => {
    fc.assert(
      fc.property(
        contents,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        (written, where, noise) => {
          const segment = segmentOf(written);
          const whole = readable(segment);
          const from = segmentHeaderBytes + Math.floor((segment.length - segmentHeaderBytes) * where);
          const damaged = Buffer.from(segment);
          damaged.set(noise.subarray(0, damaged.length - from), from);
          const to = Math.min(damaged.length, from + noise.length);
          const ends = [...whole.slice(1).map(({ offset }) => offset), segment.length];
          const untouched = whole.filter(({ offset }, index) => (ends[index] ?? 0) <= from || offset >= to);
          expect(readable(damaged)).toEqual(expect.arrayContaining(untouched));
          expect(covered(damaged)).toBe(true);
        },
      ),
    );
  });

  it("opens a record neither under a different key nor at a different place", () => {
    const { header, bytes } = newSegmentHeader(fingerprint);
    const record = sealRecord(key, header, bytes.length, Buffer.from("lead"));
    const [stretch] = stretches(Buffer.concat([bytes, record]));
    if (stretch?.kind !== "record") throw new Error("there is no record");
    expect(openRecord(key, header, stretch.offset, stretch.sealed)?.toString()).toBe("lead");
    expect(openRecord(randomBytes(32), header, stretch.offset, stretch.sealed)).toBeNull();
    expect(openRecord(key, header, stretch.offset + 1, stretch.sealed)).toBeNull();
    expect(openRecord(key, newSegmentHeader(fingerprint).header, stretch.offset, stretch.sealed)).toBeNull();
    expect(record.includes("lead")).toBe(false);
  });
});

/** Every byte behind the header belongs to exactly one stretch. */
function covered(segment: Buffer): boolean {
  let at = segmentHeaderBytes;
  for (const { offset, end } of stretches(segment)) {
    if (offset !== at || end <= offset) return false;
    at = end;
  }
  return at === Math.max(segment.length, segmentHeaderBytes);
}
