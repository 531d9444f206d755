// What one request brings: leads, and payloads that cannot be leads and are kept, each under its key and ready to be
// recorded.
import { hash } from "node:crypto";
import type { LeadBody, ReadAs } from "../domain/leads/lead-body.ts";
import type { Lead } from "../domain/leads/lead.ts";
import { leadsPerRequestMax, refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import type { Source } from "../domain/sources/source.ts";
import { singleHeader } from "../domain/sources/request-headers.ts";
import type { LeadsRead, SetAside, SourceLead, SourceRequest } from "../kinds/sources/source-kind.ts";
import { arrivalOf, faultOf, leadOf, refusedOf, sha256Of, testLeadOf } from "./arrival.ts";
import type { SentAs, UsableKey } from "./arrival.ts";
import type { ContentHash } from "./content-hash.ts";
import { hasKeyHeader, idempotencyKey, keyBytesMax } from "./idempotency-key.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { PersonIndex } from "./person-index.ts";
import { readBody } from "../bodies/read-body.ts";
import { textBody } from "../bodies/text-body.ts";
import type { RecordableArrival } from "./record-lead.ts";
import { ownerOf } from "./shared-address.ts";
import type { KnownSource } from "./source-directory.ts";

export type RequestRead =
  | {
      readonly kind: "arrivals";
      /** In the order of the body; empty: a sign of life. */
      readonly arrivals: readonly RecordableArrival[];
      readonly readAs?: ReadAs;
      readonly setAside?: readonly SetAside[];
    }
  | { readonly kind: "media_type_unsupported" }
  | { readonly kind: "key_missing" }
  | { readonly kind: "key_invalid"; readonly message: string };

export interface RequestReader {
  readonly persons: PersonIndex;
  readonly contentHash: ContentHash;
  /** The key of a lead that has no usable one; `place`: among the leads of its request, from 0. Absent: it is turned away. */
  readonly keyOtherwise?: (place: number) => UsableKey;
}

export interface ReadableRequest extends SourceRequest {
  /** How it came where `rawBody` was unpacked. */
  readonly packed?: { readonly bytes: Buffer; readonly coding: string };
}

/** At once unless the body has several parts. */
export function readRequest(
  known: KnownSource,
  request: ReadableRequest,
  receivedAtMs: number,
  reader: RequestReader,
): RequestRead | Promise<RequestRead> {
  const { source, kind } = known;
  // Once, however many leads are in it.
  const sha256 = sha256Of(request.packed?.bytes ?? request.rawBody);
  const rawBody = kind?.withoutSecrets?.(source.auth, request) ?? request.rawBody;
  const text = textBody(rawBody, singleHeader(request.headers["content-type"]));
  const sent = { sha256, rawBody, coding: request.packed?.coding ?? null, charset: charsetOf(text) };
  if (text?.kind === "unreadable") return arrivalsIn(known, request, sent, text, receivedAtMs, reader);
  const readable =
    text === null && rawBody === request.rawBody ? request : { ...request, rawBody: text?.body ?? rawBody };
  const reading = readLeads(known, readable);
  return reading instanceof Promise
    ? reading.then((read) => arrivalsIn(known, request, sent, read, receivedAtMs, reader))
    : arrivalsIn(known, request, sent, reading, receivedAtMs, reader);
}

/** The request as it was sent. */
interface Sent {
  readonly sha256: string;
  /** Unpacked. */
  readonly rawBody: Buffer;
  readonly coding: string | null;
  /** Of the text as a whole; null: UTF-8, or it is in parts. */
  readonly charset: string | null;
}

function charsetOf(text: ReturnType<typeof textBody>): string | null {
  return text?.kind === "text" ? text.charset : null;
}

type Reading = LeadsRead | LeadBody;

function readLeads({ source, kind }: KnownSource, request: SourceRequest): Reading | Promise<Reading> {
  return kind?.read === undefined
    ? readBody(request.rawBody, singleHeader(request.headers["content-type"]))
    : kind.read(source.auth, request);
}

function arrivalsIn(
  known: KnownSource,
  request: SourceRequest,
  sent: Sent,
  read: Reading,
  receivedAtMs: number,
  reader: RequestReader,
): RequestRead {
  if (read.kind === "media_type_unsupported") return read;
  const leads = leadsIn(read, sent.rawBody);
  const arrivals: RecordableArrival[] = [];
  for (const [place, each] of leads.entries()) {
    const { owner, lead } = ownedBy(known, each);
    const found = keyOf(owner, request, lead, leads.length > 1 ? place : null, reader.contentHash);
    const key = hasKey(found) ? found : (reader.keyOtherwise?.(place) ?? found);
    if (key.kind === "missing") return { kind: "key_missing" };
    if (key.kind === "invalid") return { kind: "key_invalid", message: key.message };
    // The first one keeps the request's bytes for all of them.
    const sentAs = sentAsOf(sent, lead, place === 0 ? sent.rawBody : lead.bytes);
    arrivals.push(recordable(owner, request, sent.sha256, sentAs, lead, key, receivedAtMs, reader.persons));
  }
  if (read.kind === "leads")
    return read.setAside === undefined
      ? { kind: "arrivals", arrivals }
      : { kind: "arrivals", arrivals, setAside: read.setAside };
  return read.readAs === undefined
    ? { kind: "arrivals", arrivals }
    : { kind: "arrivals", arrivals, readAs: read.readAs };
}

type OwnedLead = SourceLead & {
  /** Why it belongs to nobody. */
  readonly fault?: Refusal;
};

/** Whose a lead is that came to the address of `known`. */
function ownedBy(
  known: KnownSource,
  lead: SourceLead,
): { readonly owner: KnownSource; readonly lead: OwnedLead } {
  if (known.sharing === null || lead.body.kind !== "lead") return { owner: known, lead };
  const owned = ownerOf(known, known.sharing, lead.body.json);
  return "owner" in owned
    ? { owner: owned.owner, lead }
    : { owner: known, lead: { ...lead, fault: owned.fault } };
}

const plainly: SentAs = { coding: null, charset: null };

function sentAsOf({ coding, charset }: Sent, { body }: SourceLead, bytes: Buffer): SentAs {
  const name = (body.kind === "lead" ? body.charset : undefined) ?? charset;
  if (name === null) return coding === null ? plainly : { coding, charset: null };
  return { coding, charset: { name, bytes } };
}

function leadsIn(
  read: Exclude<Reading, { kind: "media_type_unsupported" }>,
  rawBody: Buffer,
): readonly SourceLead[] {
  if (read.kind !== "leads") return [{ body: read, bytes: rawBody, key: null }];
  if (read.leads.length <= leadsPerRequestMax) return read.leads;
  const body = refusal(
    "leads_too_many",
    `The body has ${read.leads.length} leads; at most ${leadsPerRequestMax} are taken in one request.`,
  );
  return [{ body, bytes: rawBody, key: null }];
}

/** `place`: among several; null: it is the only one. */
function keyOf(
  { source, kind, reading }: KnownSource,
  request: SourceRequest,
  lead: SourceLead,
  place: number | null,
  contentHash: ContentHash,
): IdempotencyKey {
  const rule = source.key.kind;
  if (lead.key !== null && rule === "header_preferred") return { kind: "key", key: shortKey(lead.key) };
  const { headers } = request;
  const key =
    idOf(kind, source, request) ??
    idempotencyKey(source, headers, lead.body, lead.bytes, contentHash, reading);
  // One header for all of them.
  const isOfRequest = key.kind === "key" && (rule === "header" || rule === "header_preferred");
  return isOfRequest && place !== null ? { kind: "key", key: shortKey(`${key.key}#${place + 1}`) } : key;
}

/** null: the sender has none, or another place is where its key stands. */
function idOf(
  kind: KnownSource["kind"],
  { auth, key }: Source,
  request: SourceRequest,
): IdempotencyKey | null {
  if (kind?.idOfRequest === undefined || hasKeyHeader(request.headers)) return null;
  const id =
    key.kind === "header" || key.kind === "header_preferred" ? kind.idOfRequest(auth, request) : null;
  return id === null ? null : { kind: "key", key: shortKey(id) };
}

function shortKey(key: string): string {
  return Buffer.byteLength(key) <= keyBytesMax && !/\p{Cc}/u.test(key)
    ? key
    : `sha256:${hash("sha256", key, "hex")}`;
}

function hasKey({ kind }: IdempotencyKey): boolean {
  return kind !== "missing" && kind !== "invalid" && kind !== "nothing";
}

function recordable(
  known: KnownSource,
  { headers }: SourceRequest,
  sha256: string,
  sentAs: SentAs,
  { body, bytes, test, fault: unowned }: OwnedLead,
  key: UsableKey,
  receivedAtMs: number,
  persons: PersonIndex,
): RecordableArrival {
  const arrival = arrivalOf(known.source, key, receivedAtMs);
  const contentType = singleHeader(headers["content-type"]);
  const fault = body.kind === "unreadable" ? body : (unowned ?? faultOf(known, key, body));
  return {
    arrival:
      fault === null && body.kind === "lead"
        ? marked(leadOf(known, arrival, body, sha256, persons, sentAs), test ?? saysTest(headers))
        : refusedOf(
            arrival,
            fault ?? (body as Refusal),
            body,
            bytes,
            contentType,
            body.kind === "lead" ? sha256 : undefined,
            sentAs,
          ),
    // What the ledger cannot store after all is kept as bytes.
    keepInstead: (code, message) => refusedOf(arrival, refusal(code, message), null, bytes, contentType),
  };
}

/** Whoever has the credentials may send test leads: from a scheduled program, to see that the way is open. */
function saysTest(headers: SourceRequest["headers"]): true | undefined {
  return headers["x-leadledger-test"] === "true" ? true : undefined;
}

/** As a test that its sender's system sent. */
function marked(lead: Lead, test: true | undefined): Lead {
  return test === true ? testLeadOf(lead, "sender") : lead;
}
