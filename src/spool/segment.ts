// One file of the spool, to the byte (integers big-endian):
//   header  8 bytes "LLSPOOL1" · 8 bytes fingerprint of the root key · 16 random bytes, the segment's id
//   record  4 bytes "LLR1" · 4 bytes length of what follows the checksum · 4 bytes CRC-32 of it ·
//           12 bytes nonce · 16 bytes tag · AES-256-GCM ciphertext
// The segment's id and the record's place are authenticated with it, so a record opens only where it was written.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { CipherGCMTypes } from "node:crypto";
import { crc32 } from "node:zlib";

const cipherName: CipherGCMTypes = "aes-256-gcm";
const segmentMark = Buffer.from("LLSPOOL1", "latin1");
const recordMark = Buffer.from("LLR1", "latin1");
const fingerprintBytes = 8;
const idBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const frameBytes = recordMark.length + 4 + 4;

export const segmentHeaderBytes = segmentMark.length + fingerprintBytes + idBytes;
/** A length beyond this is damage: no body and no batch is as long. */
const sealedBytesMax = 256 * 1024 * 1024;

export interface SegmentHeader {
  /** 16 hex digits: the root key's, so that records of a different key are told from damaged ones. */
  readonly fingerprint: string;
  readonly id: Buffer;
}

export function newSegmentHeader(fingerprint: string): {
  readonly header: SegmentHeader;
  readonly bytes: Buffer;
} {
  const id = randomBytes(idBytes);
  return {
    header: { fingerprint, id },
    bytes: Buffer.concat([segmentMark, Buffer.from(fingerprint, "hex"), id]),
  };
}

/** null: this is no segment, or its header was torn. */
export function readSegmentHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < segmentHeaderBytes || !bytes.subarray(0, segmentMark.length).equals(segmentMark))
    return null;
  const idAt = segmentMark.length + fingerprintBytes;
  return {
    fingerprint: bytes.subarray(segmentMark.length, idAt).toString("hex"),
    id: Buffer.from(bytes.subarray(idAt, segmentHeaderBytes)),
  };
}

/** The bytes of a record that will stand at `offset` of its segment. */
export function sealRecord(key: Buffer, { id }: SegmentHeader, offset: number, content: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(placeOf(id, offset));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
  const frame = Buffer.allocUnsafe(frameBytes);
  recordMark.copy(frame, 0);
  frame.writeUInt32BE(sealed.length, recordMark.length);
  frame.writeUInt32BE(crc32(sealed), recordMark.length + 4);
  return Buffer.concat([frame, sealed]);
}

/** How long a record with so many bytes of content is. */
export function recordBytes(contentBytes: number): number {
  return frameBytes + nonceBytes + tagBytes + contentBytes;
}

/** null: it was written under a different key or at a different place, or has been altered. */
export function openRecord(
  key: Buffer,
  { id }: SegmentHeader,
  offset: number,
  sealed: Buffer,
): Buffer | null {
  const decipher = createDecipheriv(cipherName, key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(placeOf(id, offset));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

export type Stretch =
  | { readonly kind: "record"; readonly offset: number; readonly end: number; readonly sealed: Buffer }
  /** Torn or altered: from here to the next record that is whole, or to the end. */
  | { readonly kind: "damage"; readonly offset: number; readonly end: number };

/** What stands in a segment from `from` on, without a gap. Needs no key. */
export function* stretches(bytes: Buffer, from: number = segmentHeaderBytes): Generator<Stretch> {
  let offset = from;
  while (offset < bytes.length) {
    const sealed = sealedAt(bytes, offset);
    if (sealed !== null) {
      const end = offset + frameBytes + sealed.length;
      yield { kind: "record", offset, end, sealed };
      offset = end;
      continue;
    }
    const next = nextRecord(bytes, offset + 1);
    yield { kind: "damage", offset, end: next };
    offset = next;
  }
}

function sealedAt(bytes: Buffer, offset: number): Buffer | null {
  const start = offset + frameBytes;
  if (
    start > bytes.length ||
    bytes.compare(recordMark, 0, recordMark.length, offset, offset + recordMark.length) !== 0
  )
    return null;
  const length = bytes.readUInt32BE(offset + recordMark.length);
  if (length < nonceBytes + tagBytes || length > sealedBytesMax || start + length > bytes.length) return null;
  const sealed = bytes.subarray(start, start + length);
  return crc32(sealed) === bytes.readUInt32BE(offset + recordMark.length + 4) ? sealed : null;
}

function nextRecord(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(recordMark, from); at >= 0; at = bytes.indexOf(recordMark, at + 1)) {
    if (sealedAt(bytes, at) !== null) return at;
  }
  return bytes.length;
}

function placeOf(id: Buffer, offset: number): Buffer {
  const place = Buffer.allocUnsafe(idBytes + 8);
  id.copy(place, 0);
  place.writeBigUInt64BE(BigInt(offset), idBytes);
  return place;
}
