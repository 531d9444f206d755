// HMAC-SHA256 (RFC 2104) from one-shot digests: for short messages half the cost of an Hmac object, which has to be made
// and collected for every message.
import { hash } from "node:crypto";

const blockBytes = 64;
const digestBytes = 32;
/** Of messages that need no memory of their own, which somebody would have to collect. */
const shortMessageBytesMax = 2_048;

/** Computes the digest over the concatenation of both parts; in lower-case hex unless told otherwise. */
export type HmacSha256 = (
  head: string,
  body?: Buffer | null,
  encoding?: "hex" | "base64" | "binary",
) => string;

/** `key` may have any length, as RFC 2104 section 2 has it. */
export function hmacSha256(key: Buffer): HmacSha256 {
  const shortKey = key.length > blockBytes ? hash("sha256", key, "buffer") : key;
  const inner = padded(shortKey, 0x36);
  const outer = Buffer.concat([padded(shortKey, 0x5c), Buffer.alloc(digestBytes)]);
  const short = Buffer.concat([inner, Buffer.alloc(shortMessageBytesMax)]);
  return (head, body = null, encoding = "hex") => {
    const headBytes = Buffer.byteLength(head);
    const messageBytes = headBytes + (body?.length ?? 0);
    const message =
      messageBytes <= shortMessageBytesMax
        ? short.subarray(0, blockBytes + messageBytes)
        : Buffer.concat([inner], blockBytes + messageBytes);
    message.write(head, blockBytes, "utf8");
    body?.copy(message, blockBytes + headBytes);
    outer.write(hash("sha256", message, "binary"), blockBytes, "latin1");
    return hash("sha256", outer, encoding);
  };
}

function padded(key: Buffer, mask: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  key.copy(block);
  for (let index = 0; index < blockBytes; index++) block.writeUInt8((block[index] ?? 0) ^ mask, index);
  return block;
}
