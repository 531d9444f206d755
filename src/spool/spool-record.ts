// What waits in the spool for the database: leads, refused payloads and health checks, as bytes and back.
import type { Lead, RefusedPayload } from "../domain/leads/lead.ts";

/** A `GET /health` that was answered while the database was away. */
export interface SpooledHealthCheck {
  readonly kind: "health_check";
  /** UUID; tells a check that is written twice from two checks. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

export type SpoolRecord = Lead | RefusedPayload | SpooledHealthCheck;

/** UTF-8 JSON. The body stands once, inside the payload. */
export function encodeRecord(record: SpoolRecord): Buffer {
  if (record.kind !== "lead") return Buffer.from(JSON.stringify(record), "utf8");
  const { kind, runId, source, recognisedBy, receivedAt, payload, test, emailHash, phoneHash, routes } =
    record;
  const stored: StoredLead = {
    ...{ kind, runId, source, recognisedBy, receivedAt, payload, test },
    emailHash: emailHash?.toString("hex") ?? null,
    phoneHash: phoneHash?.toString("hex") ?? null,
    to: routes.map(({ destination }) => destination),
  };
  return Buffer.from(JSON.stringify(stored), "utf8");
}

/** Throws when the bytes are not what `encodeRecord` makes. */
export function decodeRecord(bytes: Buffer): SpoolRecord {
  const stored = JSON.parse(bytes.toString("utf8")) as StoredLead | RefusedPayload | SpooledHealthCheck;
  switch (stored.kind) {
    case "health_check":
    case "refused":
      return stored;
    case "lead": {
      const { to, emailHash, phoneHash, ...rest } = stored;
      return {
        ...rest,
        leadJson: bodyIn(stored.payload),
        emailHash: emailHash === null ? null : Buffer.from(emailHash, "hex"),
        phoneHash: phoneHash === null ? null : Buffer.from(phoneHash, "hex"),
        // Whoever drains it does not send it: it is due for anybody.
        routes: to.map((destination) => ({ destination, leased: false })),
      };
    }
    default:
      throw new Error("a record of a kind that this version does not know");
  }
}

type StoredLead = Omit<Lead, "leadJson" | "emailHash" | "phoneHash" | "routes"> & {
  readonly emailHash: string | null;
  readonly phoneHash: string | null;
  readonly to: readonly string[];
};

const bodyMark = ',"body":';

// Everything before it is a JSON string or a number, in which a quotation mark is escaped.
function bodyIn(payload: string): string {
  return payload.slice(payload.indexOf(bodyMark) + bodyMark.length, -1);
}
