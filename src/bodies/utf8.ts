// UTF-8 as senders write it. Bytes that are not UTF-8 are refused and kept, because replacing them would change what the sender said.
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";

/** For bytes that are known not to be UTF-8. */
export function notUtf8(bytes: Buffer): Refusal {
  const at = `byte ${firstInvalidByte(bytes) + 1}`;
  return refusal("body_not_utf8", `The body is not valid UTF-8 (from ${at} on).`, at);
}

/** The mark that Windows programs and spreadsheets put before a text is no part of it. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Decoding replaces what is invalid, so the first difference to the encoded text is the place. */
function firstInvalidByte(bytes: Buffer): number {
  const replaced = Buffer.from(bytes.toString("utf8"), "utf8");
  const index = bytes.findIndex((byte, at) => replaced[at] !== byte);
  return Math.max(index, 0);
}
