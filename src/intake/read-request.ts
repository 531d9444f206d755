// What one request brings: leads, and payloads that cannot be leads and are kept, each under its key and ready to be
// recorded.
import { hash } from "node:crypto";
import type { LeadBody, ReadAs } from "../domain/leads/lead-body.ts";
import { leadsPerRequestMax, refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { singleHeader } from "../domain/sources/request-headers.ts";
import type { LeadsRead, SourceLead, SourceRequest } from "../kinds/sources/source-kind.ts";
import { arrivalOf, faultOf, leadOf, refusedOf, sha256Of } from "./arrival.ts";
import type { UsableKey } from "./arrival.ts";
import type { ContentHash } from "./content-hash.ts";
import { idempotencyKey, keyBytesMax } from "./idempotency-key.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { PersonIndex } from "./person-index.ts";
import { readBody } from "../bodies/read-body.ts";
import type { RecordableArrival } from "./record-lead.ts";
import type { KnownSource } from "./source-directory.ts";

export type RequestRead =
  | {
      readonly kind: "arrivals";
      /** In the order of the body; empty: a sign of life. */
      readonly arrivals: readonly RecordableArrival[];
      readonly readAs?: ReadAs;
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

/** At once unless the body has several parts. */
export function readRequest(
  known: KnownSource,
  request: SourceRequest,
  receivedAtMs: number,
  reader: RequestReader,
): RequestRead | Promise<RequestRead> {
  const reading = readLeads(known, request);
  return reading instanceof Promise
    ? reading.then((read) => arrivalsIn(known, request, read, receivedAtMs, reader))
    : arrivalsIn(known, request, reading, receivedAtMs, reader);
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
  read: Reading,
  receivedAtMs: number,
  reader: RequestReader,
): RequestRead {
  if (read.kind === "media_type_unsupported") return read;
  const leads = leadsIn(read, request.rawBody);
  // Once, however many leads are in it.
  const sha256 = sha256Of(request.rawBody);
  const arrivals: RecordableArrival[] = [];
  for (const [place, lead] of leads.entries()) {
    const found = keyOf(known, request, lead, leads.length > 1 ? place : null, reader.contentHash);
    const key = hasKey(found) ? found : (reader.keyOtherwise?.(place) ?? found);
    if (key.kind === "missing") return { kind: "key_missing" };
    if (key.kind === "invalid") return { kind: "key_invalid", message: key.message };
    arrivals.push(recordable(known, request, sha256, lead, key, receivedAtMs, reader.persons));
  }
  return read.kind !== "leads" && read.readAs !== undefined
    ? { kind: "arrivals", arrivals, readAs: read.readAs }
    : { kind: "arrivals", arrivals };
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
  { source }: KnownSource,
  { headers }: SourceRequest,
  lead: SourceLead,
  place: number | null,
  contentHash: ContentHash,
): IdempotencyKey {
  const rule = source.key.kind;
  if (lead.key !== null && rule === "header_preferred") return { kind: "key", key: shortKey(lead.key) };
  const key = idempotencyKey(source, headers, lead.body, lead.bytes, contentHash);
  // One header for all of them.
  const isOfRequest = key.kind === "key" && (rule === "header" || rule === "header_preferred");
  return isOfRequest && place !== null ? { kind: "key", key: shortKey(`${key.key}#${place + 1}`) } : key;
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
  { body, bytes }: SourceLead,
  key: UsableKey,
  receivedAtMs: number,
  persons: PersonIndex,
): RecordableArrival {
  const arrival = arrivalOf(known.source, key, receivedAtMs);
  const contentType = singleHeader(headers["content-type"]);
  const fault = body.kind === "unreadable" ? body : faultOf(known, key, body);
  return {
    arrival:
      fault === null && body.kind === "lead"
        ? leadOf(known, arrival, body, sha256, persons)
        : refusedOf(
            arrival,
            fault ?? (body as Refusal),
            body,
            bytes,
            contentType,
            body.kind === "lead" ? sha256 : undefined,
          ),
    // What the ledger cannot store after all is kept as bytes.
    keepInstead: (code, message) => refusedOf(arrival, refusal(code, message), null, bytes, contentType),
  };
}
