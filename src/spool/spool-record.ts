// What waits in the spool for the database: leads, refused payloads, requests with several of both, and health checks, as
// bytes and back.
import type { ContactKind } from "../domain/leads/field-names.ts";
import type { Lead, RefusedPayload } from "../domain/leads/lead.ts";

export type SpooledArrival = Lead | RefusedPayload;

/** What one request brought, where that is not one lead: on disk it is whole or not there, like everything. */
export interface SpooledRequest {
  readonly kind: "request";
  readonly arrivals: readonly SpooledArrival[];
}

/** A `GET /health` that was answered while the database was away. */
export interface SpooledHealthCheck {
  readonly kind: "health_check";
  /** UUID; tells a check that is written twice from two checks. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

export type SpoolRecord = SpooledArrival | SpooledRequest | SpooledHealthCheck;

/** Empty: a health check. */
export function arrivalsOf(record: SpoolRecord): readonly SpooledArrival[] {
  switch (record.kind) {
    case "lead":
    case "refused":
      return [record];
    case "request":
      return record.arrivals;
    case "health_check":
      return [];
  }
}

/** UTF-8 JSON. The body of a lead stands once, inside the payload. */
export function encodeRecord(record: SpoolRecord): Buffer {
  return Buffer.from(JSON.stringify(storedOf(record)), "utf8");
}

function storedOf(record: SpoolRecord): StoredRecord {
  switch (record.kind) {
    case "lead":
    case "refused":
      return storedArrival(record);
    case "request":
      return { kind: "request", arrivals: record.arrivals.map(storedArrival) };
    case "health_check":
      return record;
  }
}

function storedArrival(arrival: SpooledArrival): StoredArrival {
  if (arrival.kind === "refused") return arrival;
  const {
    kind,
    runId,
    source,
    recognisedBy,
    receivedAt,
    payload,
    test,
    emailHash,
    phoneHash,
    furtherHashes,
    routes,
    onKeyReuse,
    groups,
  } = arrival;
  return {
    kind,
    runId,
    source,
    recognisedBy,
    receivedAt,
    payload,
    test,
    ...(onKeyReuse === undefined ? {} : { onKeyReuse }),
    emailHash: emailHash?.toString("hex") ?? null,
    phoneHash: phoneHash?.toString("hex") ?? null,
    ...(furtherHashes === undefined
      ? {}
      : { further: furtherHashes.map(({ kind, hash }) => [kind, hash.toString("hex")] as const) }),
    to: routes.map(({ destination }) => destination),
    ...(groups === undefined ? {} : { groups }),
  };
}

/** Throws when the bytes are not what `encodeRecord` makes. */
export function decodeRecord(bytes: Buffer): SpoolRecord {
  const stored = JSON.parse(bytes.toString("utf8")) as StoredRecord;
  switch (stored.kind) {
    case "health_check":
      return stored;
    case "request":
      return { kind: "request", arrivals: stored.arrivals.map(arrivalIn) };
    default:
      return arrivalIn(stored);
  }
}

function arrivalIn(stored: StoredArrival): SpooledArrival {
  switch (stored.kind) {
    case "refused":
      return stored;
    case "lead": {
      const { to, emailHash, phoneHash, further, ...rest } = stored;
      return {
        ...rest,
        leadJson: bodyIn(stored.payload),
        emailHash: emailHash === null ? null : Buffer.from(emailHash, "hex"),
        phoneHash: phoneHash === null ? null : Buffer.from(phoneHash, "hex"),
        ...(further === undefined
          ? {}
          : { furtherHashes: further.map(([kind, hex]) => ({ kind, hash: Buffer.from(hex, "hex") })) }),
        // Whoever drains it does not send it: it is due for anybody.
        routes: to.map((destination) => ({ destination, leased: false })),
      };
    }
    default:
      throw new Error("a record of a kind that this version does not know");
  }
}

type StoredArrival = StoredLead | RefusedPayload;

type StoredRecord =
  | StoredArrival
  | { readonly kind: "request"; readonly arrivals: readonly StoredArrival[] }
  | SpooledHealthCheck;

type StoredLead = Omit<Lead, "leadJson" | "emailHash" | "phoneHash" | "furtherHashes" | "routes"> & {
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
  /** Absent: none, as in what builds of before wrote. */
  readonly further?: readonly (readonly [kind: ContactKind, hex: string])[];
  readonly to: readonly string[];
};

const bodyMark = ',"body":';

// Everything before it is a JSON string or a number, in which a quotation mark is escaped.
function bodyIn(payload: string): string {
  return payload.slice(payload.indexOf(bodyMark) + bodyMark.length, -1);
}
