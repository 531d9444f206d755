// A lead recognised by its content: a keyed hash of what says something of it, so that nobody can tell from the key of a
// lead whether a person they think of is behind it.
import { hash } from "node:crypto";
import { isLosslessNumber, parse as parseLossless } from "lossless-json";
import { canonicalJson } from "../domain/values/canonical-json.ts";
import { hmacSha256 } from "../domain/values/hmac-sha256.ts";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { canonical, isTechnicalName } from "../domain/persons/technical-field-names.ts";
import type { PersonIndex } from "./person-index.ts";

/** Lowercase hex; null: no person was recognised in the body, so the same content may be somebody else's. */
export type ContentHash = (read: LeadBody | Refusal, rawBody: Buffer, reading: LeadReading) => string | null;

/** `key`: the subkey `body-hash`, 32 bytes. */
export function createContentHash(key: Buffer, persons: PersonIndex): ContentHash {
  const hmac = hmacSha256(key);
  return (read, rawBody, reading) => {
    // The very same bytes are the same mistake, sent again.
    if (read.kind === "unreadable") return hmac(`bytes:${hash("sha256", rawBody, "hex")}`);
    const { emailHash, phoneHash } = persons.hashesOf(read.value, reading);
    if (emailHash === null && phoneHash === null) return null;
    const person = [emailHash, phoneHash].map((each) => each?.toString("hex") ?? "").join(":");
    return hmac(`person:${person}:${canonicalJson(withoutTechnical(parseLossless(read.json), ""))}`);
  };
}

/** `within`: the name of the member that the value stands in. */
function withoutTechnical(value: unknown, within: string): unknown {
  if (isLosslessNumber(value) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value
      .filter((item) => !isTechnicalAnswer(item, within))
      .map((item: unknown) => withoutTechnical(item, within));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isTechnicalName(name, within))
      .map(([name, member]) => [name, withoutTechnical(member, canonical(name))]),
  );
}

/** Form builders send lists of labelled answers: `{"name":"timestamp","value":"…"}`. */
function isTechnicalAnswer(item: unknown, within: string): boolean {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return false;
  return labelNames.some((labelName) => {
    const label: unknown = Object.hasOwn(item, labelName)
      ? (item as Record<string, unknown>)[labelName]
      : null;
    return typeof label === "string" && isTechnicalName(label, within);
  });
}

const labelNames = ["column_id", "name", "label", "key", "field", "title"];
