// A body that its sender packed (Content-Encoding, RFC 9110 section 8.4), unpacked up to a limit.
import { isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

export type Unpacked =
  /** `coding`: those that were undone, as the header names them. */
  | { readonly kind: "unpacked"; readonly body: Buffer; readonly coding: string }
  /** Nobody here knows that coding, or there are more than `codingsMax`. */
  | { readonly kind: "unsupported"; readonly coding: string }
  | { readonly kind: "broken"; readonly coding: string }
  | { readonly kind: "too_large" };

/** Nobody means more of them. */
export const codingsMax = 3;
/** Of the header `Accept-Encoding` in an answer to other ones (RFC 9110 section 15.5.16). */
export const knownCodings = "gzip, deflate, br, identity";

/** null: there is nothing to unpack. `limitBytes`: of each step; what would be more is never made. */
export function unpackBody(
  rawBody: Buffer,
  contentEncoding: string | undefined,
  limitBytes: number,
): Unpacked | null {
  if (contentEncoding === undefined) return null;
  const codings = codingsIn(contentEncoding);
  if (codings.length === 0) return null;
  const unknown = codings.find((coding) => !Object.hasOwn(unpackers, coding));
  if (unknown !== undefined || codings.length > codingsMax)
    return { kind: "unsupported", coding: unknown ?? codings.join(", ") };
  let body = rawBody;
  for (const coding of codings.toReversed()) {
    const step = unpackStep(body, coding, limitBytes);
    if (!Buffer.isBuffer(step)) return step === "broken" ? { kind: step, coding } : { kind: step };
    body = step;
  }
  return { kind: "unpacked", body, coding: codings.join(", ") };
}

/** Some senders name a charset or a transfer encoding there, which is nothing that would have to be unpacked. */
function codingsIn(contentEncoding: string): string[] {
  return contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim().replaceAll('"', ""))
    .filter((coding) => coding !== "" && !asItIs.test(coding));
}

type Step = Buffer | "broken" | "too_large";

/**
 * At once: a body is small, and what is unpacked in the background would wait in memory. A proxy that unpacks and leaves
 * the header as it was is met so often that a text which is not packed at all is taken as it is.
 */
function unpackStep(body: Buffer, coding: string, limitBytes: number): Step {
  for (const unpack of unpackers[coding] ?? []) {
    try {
      // Node takes no limit of 0.
      return unpack(body, { maxOutputLength: Math.max(limitBytes, 1) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return "too_large";
    }
  }
  return isPlainText(body) ? body : "broken";
}

/** No packed body is: gzip's second byte is no UTF-8, and others are as good as random. */
function isPlainText(body: Buffer): boolean {
  return isUtf8(body) && !/[\x00-\x08\x0e-\x1f]/.test(body.toString("latin1", 0, plainTextBytesMax));
}

const plainTextBytesMax = 1_024;

type Unpack = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

/** `deflate` means zlib, but there are senders that leave its frame out (RFC 9110 section 8.4.1.2). */
const unpackers: Readonly<Record<string, readonly Unpack[]>> = {
  gzip: [gunzipSync],
  "x-gzip": [gunzipSync],
  deflate: [inflateSync, inflateRawSync],
  "x-deflate": [inflateSync, inflateRawSync],
  br: [brotliDecompressSync],
};

const asItIs =
  /^(?:identity|none|null|utf-?8|us-ascii|ascii|iso-?8859-1|latin-?1|windows-125[0-9]|charset=utf-?8|7bit|8bit|binary|plain|text|text\/[a-z]+|json|application\/(?:json|x-www-form-urlencoded))$/;
