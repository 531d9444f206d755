// What intake hands to the recorder: a lead, or a payload that was refused and is kept.
import { payloadMember } from "../domain/log/payload-text.ts";
import { hash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Arrival, Lead, RecognisedBy, RefusedPayload } from "../domain/leads/lead.ts";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import type { Source } from "../domain/sources/source.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { PersonIndex } from "./person-index.ts";
import type { KnownSource } from "./source-directory.ts";

export type UsableKey = Exclude<IdempotencyKey, { kind: "missing" | "invalid" }>;

export type NewArrival = Omit<Arrival, "payload">;

const contentTypeCharactersMax = 255;

export function arrivalOf(source: Source, key: UsableKey, receivedAtMs: number): NewArrival {
  const runId = uuidv7();
  return {
    runId,
    source: source.name,
    recognisedBy: recognisedBy(key, runId),
    ...(source.onKeyReuse === "reject" ? {} : { onKeyReuse: source.onKeyReuse }),
    receivedAt: new Date(receivedAtMs).toISOString(),
  };
}

function recognisedBy(key: UsableKey, runId: string): RecognisedBy {
  switch (key.kind) {
    case "key":
    case "body_hash":
      return key;
    case "key_pointer_missing":
      return { kind: "key", key: key.key };
    case "nothing":
      return { kind: "key", key: `request:${runId}` };
  }
}

/** What of how it was sent its event keeps. */
export interface SentAs {
  /** Content codings that were undone; null: none. */
  readonly coding: string | null;
  /** In which the text was read, where that was not UTF-8, with the bytes that it was read from: it may be a wrong one. */
  readonly charset: { readonly name: string; readonly bytes: Buffer } | null;
}

const sentPlainly: SentAs = { coding: null, charset: null };

/** In hexadecimal. */
export function sha256Of(bytes: Buffer): string {
  return hash("sha256", bytes, "hex");
}

/** `sha256`: of the body in which it came, as it was sent. */
export function leadOf(
  {
    source,
    destinations,
    groups,
    reading,
  }: Pick<KnownSource, "source" | "destinations" | "groups" | "reading">,
  arrival: NewArrival,
  body: LeadBody,
  sha256: string,
  persons: PersonIndex,
  sentAs = sentPlainly,
): Lead {
  return {
    kind: "lead",
    ...arrival,
    ...persons.hashesOf(body.value, reading),
    payload: `${payloadHead(arrival, sha256)}${sentMembers(sentAs)},${payloadMember("body", body.json)}}`,
    leadJson: body.json,
    test: false,
    ...(isDecidedInLedger(source) ? { isHeld: true } : {}),
    routes: destinations.map((destination) => ({ destination, leased: false })),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

/** Whether, or with what, its deliveries are sent is known where the other leads are. */
function isDecidedInLedger({
  paused,
  completes,
  samePerson,
}: Pick<Source, "paused" | "completes" | "samePerson">): boolean {
  return paused === true || completes === true || (samePerson !== null && samePerson.then !== "deliver");
}

/** A lead that somebody sends to see whether it arrives: delivered, never counted; its event says who it was. */
export function testLeadOf(lead: Lead, triggeredBy: string): Lead {
  const marks = `{${payloadMember("test", "true")},${payloadMember("triggered_by", JSON.stringify(triggeredBy))},`;
  return { ...lead, test: true, payload: marks + lead.payload.slice(1) };
}

/** Why a body that could be read is refused nevertheless; null: it is a lead. */
export function faultOf(
  { source, validate }: Pick<KnownSource, "source" | "validate">,
  key: IdempotencyKey,
  body: LeadBody,
): Refusal | null {
  if (key.kind === "key_pointer_missing") {
    const pointer = source.key.kind === "pointer" ? source.key.pointer : "";
    return refusal(
      "key_pointer_missing",
      `the body has no usable value at ${pointer}, where this source's key is`,
      pointer,
    );
  }
  const violation = validate?.(body.value) ?? null;
  return violation === null ? null : refusal(violation.code, violation.message, violation.pointer);
}

/** The payload is kept as a value where it could be read, as bytes where not. `sha256`: of the request's body. */
export function refusedOf(
  arrival: NewArrival,
  fault: { readonly code: string; readonly message: string },
  read: LeadBody | Refusal | null,
  bytes: Buffer,
  contentType: string | undefined,
  sha256 = sha256Of(bytes),
  sentAs = sentPlainly,
): RefusedPayload {
  const type = JSON.stringify((contentType ?? "").slice(0, contentTypeCharactersMax));
  const isRead = read?.kind === "lead";
  const body = isRead ? payloadMember("body", read.json) : payloadMember("body_base64", base64Text(bytes));
  const sent = sentMembers(isRead ? sentAs : { ...sentAs, charset: null });
  return {
    kind: "refused",
    ...arrival,
    errorCode: fault.code,
    message: fault.message,
    payload: `${payloadHead(arrival, sha256)}${sent},${payloadMember("content_type", type)},${body}}`,
  };
}

/** Nearly always none. */
function sentMembers({ coding, charset }: SentAs): string {
  const ofCoding = coding === null ? "" : `,${payloadMember("content_coding", JSON.stringify(coding))}`;
  if (charset === null) return ofCoding;
  const { name, bytes } = charset;
  return `${ofCoding},${payloadMember("charset", JSON.stringify(name))},${payloadMember("body_base64", base64Text(bytes))}`;
}

function payloadHead({ receivedAt, source }: NewArrival, sha256: string): string {
  return `{${payloadMember("at", `"${receivedAt}"`)},${payloadMember("source", JSON.stringify(source))},${payloadMember("sha256", `"${sha256}"`)}`;
}

function base64Text(bytes: Buffer): string {
  return `"${bytes.toString("base64")}"`;
}
