// What the quarantine keeps of a request, as the bytes that are stored: encrypted, and bound to where it belongs.
import type { QuarantinedContent, QuarantinedRequest } from "../domain/attention/quarantine.ts";

/** Encrypts and decrypts with the subkey `quarantine`; `associated` binds a ciphertext to its place. */
export interface ContentBox {
  encrypt(associated: string, content: Buffer): Buffer;
  /** Throws when it does not open: a different key, a different place, or damaged. */
  decrypt(associated: string, stored: Buffer): Buffer;
}

type Place = Pick<QuarantinedRequest, "quarantineId" | "source" | "receivedAtMs">;

export function sealContent(box: ContentBox, place: Place, { headers, body }: QuarantinedContent): Buffer {
  const head = Buffer.from(JSON.stringify(headers), "utf8");
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(head.length);
  return box.encrypt(associatedOf(place), Buffer.concat([length, head, body]));
}

/** Throws as `ContentBox.decrypt`. */
export function openContent(box: ContentBox, place: Place, stored: Buffer): QuarantinedContent {
  const content = box.decrypt(associatedOf(place), stored);
  const bodyAt = lengthBytes + content.readUInt32BE();
  const headers = JSON.parse(content.toString("utf8", lengthBytes, bodyAt)) as QuarantinedContent["headers"];
  return { headers, body: content.subarray(bodyAt) };
}

const lengthBytes = 4;

function associatedOf({ quarantineId, source, receivedAtMs }: Place): string {
  return `quarantine:${quarantineId}:${receivedAtMs}:${source}`;
}
