// By which key a lead is recognised when it is sent again: a header, a place in the body, or the body itself.
import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { isLosslessNumber, parse as parseLossless } from "lossless-json";
import { canonicalJson } from "../domain/values/canonical-json.ts";
import { valueAtPointer } from "../domain/values/json-pointer.ts";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { plainReading } from "../domain/leads/lead-reading.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import type { Source } from "../domain/sources/source.ts";
import type { ContentHash } from "./content-hash.ts";
import { headerValue } from "../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../domain/sources/request-headers.ts";

export const keyBytesMax = 255;

export type IdempotencyKey =
  | { readonly kind: "key"; readonly key: string }
  /** Lowercase hex; the same hash within the window is the same lead. `keyed`: see `RecognisedBy`. */
  | { readonly kind: "body_hash"; readonly hashHex: string; readonly windowMs: number; readonly keyed?: true }
  /** There is nothing to recognise it by: a lead of its own. */
  | { readonly kind: "nothing" }
  | { readonly kind: "missing" }
  | { readonly kind: "invalid"; readonly message: string }
  /** The body is readable but has no usable value at the pointer: kept as refused, under `unreadableKey`. */
  | { readonly kind: "key_pointer_missing"; readonly key: string };

/** Finds the key under the source's rule. `read` is what `readBody` made of `rawBody`, a refusal included. */
export function idempotencyKey(
  source: Pick<Source, "key">,
  headers: RequestHeaders,
  read: LeadBody | Refusal,
  rawBody: Buffer,
  contentHash: ContentHash = () => null,
  reading: LeadReading = plainReading,
): IdempotencyKey {
  const rule = source.key;
  switch (rule.kind) {
    case "header":
      return keyFromHeaders(headers);
    case "pointer":
      if (read.kind === "unreadable") return { kind: "key", key: unreadableKey(rawBody) };
      return keyFromBody(read, rule.pointer, rawBody);
    case "body_hash":
      return { kind: "body_hash", hashHex: bodyHash(read, rawBody), windowMs: rule.windowMs };
    case "header_preferred": {
      // Form plugins send the header without a value where their field is empty.
      if (hasKeyHeader(headers)) return keyFromHeaders(headers);
      const hashHex = contentHash(read, rawBody, reading);
      return hashHex === null
        ? { kind: "nothing" }
        : { kind: "body_hash", hashHex, windowMs: rule.windowMs, keyed: true };
    }
  }
}

/** The key of a body in which no key can be found: the same bytes sent again have the same one. */
export function unreadableKey(rawBody: Buffer): string {
  return `sha256:${hash("sha256", rawBody, "hex")}`;
}

function keyFromHeaders(headers: RequestHeaders): IdempotencyKey {
  if (isRepeated(headers["idempotency-key"]) || isRepeated(headers["x-idempotency-key"])) {
    return invalid("there are several idempotency keys");
  }
  const standard = headerValue(headers, "idempotency-key");
  const customary = headerValue(headers, "x-idempotency-key");
  if (standard === undefined && customary === undefined) return { kind: "missing" };
  const key = keyFromHeader(standard ?? customary ?? "");
  if (standard === undefined || customary === undefined || key.kind === "invalid") return key;
  const other = keyFromHeader(customary);
  if (other.kind === "key" && key.kind === "key" && other.key === key.key) return key;
  return invalid("Idempotency-Key and X-Idempotency-Key are both present and differ");
}

/** With something in it. */
export function hasKeyHeader(headers: RequestHeaders): boolean {
  const values = [headerValue(headers, "idempotency-key"), headerValue(headers, "x-idempotency-key")];
  return values.some((value) => value !== undefined && value.trim() !== "");
}

function isRepeated(value: RequestHeaders[string]): boolean {
  return typeof value === "object" && value.length > 1;
}

/** Quoted as in draft-ietf-httpapi-idempotency-key-header (a String of RFC 9651 section 3.3.3), or bare. */
function keyFromHeader(header: string): IdempotencyKey {
  if (/^[a-zA-Z0-9._:-]{1,255}$/.test(header)) return { kind: "key", key: header };
  const bytes = Buffer.from(header.trim(), "latin1");
  // Structured fields are ASCII, but keys with umlauts are sent; as UTF-8 they have one meaning.
  if (!isUtf8(bytes)) return invalid("the idempotency key is neither ASCII nor UTF-8");
  const text = bytes.toString("utf8");
  const key = text.startsWith('"') ? unquoted(text) : text;
  if (key === null) return invalid('a quoted idempotency key must be one text in double quotes: "…"');
  if (key === "") return invalid("the idempotency key is empty");
  if (Buffer.byteLength(key) > keyBytesMax) {
    return invalid(`the idempotency key is longer than ${keyBytesMax} bytes`);
  }
  if (/\p{Cc}/u.test(key)) return invalid("the idempotency key has a control character");
  return { kind: "key", key };
}

/** null if the text is not exactly one quoted String; only `\"` and `\\` are escapes. */
function unquoted(text: string): string | null {
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1];
  return inner?.replaceAll(/\\(.)/g, "$1") ?? null;
}

function keyFromBody(lead: LeadBody, pointer: string, rawBody: Buffer): IdempotencyKey {
  const text = scalarText(lead, pointer);
  if (text === null || text.trim() === "") {
    return { kind: "key_pointer_missing", key: unreadableKey(rawBody) };
  }
  if (Buffer.byteLength(text) <= keyBytesMax) return { kind: "key", key: text };
  return { kind: "key", key: `sha256:${hash("sha256", text, "hex")}` };
}

function scalarText(lead: LeadBody, pointer: string): string | null {
  const value = valueAtPointer(lead.value, pointer);
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return String(value);
    case "number":
      return exactNumber(lead.json, pointer);
    default:
      return null;
  }
}

/** Ids of advertising networks exceed 2^53: two of them may be one JavaScript number. */
function exactNumber(json: string, pointer: string): string | null {
  const number = valueAtPointer(parseLossless(json), pointer);
  return isLosslessNumber(number) ? number.value : null;
}

/** Bodies that are one jsonb value have one hash, as a form or as JSON, in whatever order its members stand. */
function bodyHash(read: LeadBody | Refusal, rawBody: Buffer): string {
  if (read.kind === "unreadable") return hash("sha256", rawBody, "hex");
  return hash("sha256", canonicalJson(parseLossless(read.json)), "hex");
}

function invalid(message: string): IdempotencyKey {
  return { kind: "invalid", message };
}
