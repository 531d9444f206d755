// The keys of what waits in the spool, and what an arrival means for the one it has: the same key twice during an outage
// is one run. The rules are those of the ledger (deduplicate-arrivals.ts), for as much as can be known without it.
import type { Arrival, IntakeResult, Lead, RefusedPayload } from "../domain/leads/lead.ts";
import { keyReusedCode } from "../domain/leads/lead.ts";
import { bodyIdentity } from "./body-identity.ts";

export interface KnownKeys {
  /** Whether something under the same key waits. */
  holds(arrival: Arrival): boolean;
  /** Notes that the arrival waits, and says how it is to be answered once it is safe. */
  add(arrival: Lead | RefusedPayload): Noted;
  /** It does not wait any more. */
  remove(arrival: Arrival): void;
}

export interface Noted {
  readonly result: IntakeResult;
  /** It could not be kept after all. */
  undo(): void;
}

interface Known {
  /** The run id that was told first. */
  readonly runId: string;
  readonly receivedAtMs: number;
  /** Of the lead that stands; null while all that came was refused. */
  leadBody: string | null;
  /** Bodies that were refused under this key, with the code and words of the answer. */
  readonly refusals: Map<string, { readonly errorCode: string; readonly message: string }>;
  waiting: number;
}

export function createKnownKeys(): KnownKeys {
  const known = new Map<string, Known>();

  function find(arrival: Arrival): Known | null {
    const found = known.get(keyOf(arrival));
    if (found === undefined) return null;
    const { recognisedBy } = arrival;
    const isPast =
      recognisedBy.kind === "body_hash" &&
      Date.parse(arrival.receivedAt) - found.receivedAtMs >= recognisedBy.windowMs;
    return isPast ? null : found;
  }

  function remove(arrival: Arrival): void {
    const name = keyOf(arrival);
    const entry = known.get(name);
    if (entry === undefined) return;
    entry.waiting -= 1;
    if (entry.waiting === 0) known.delete(name);
  }

  function addFirst(arrival: Lead | RefusedPayload): Noted {
    const { runId, receivedAt } = arrival;
    const body = identityOf(arrival);
    const before = known.get(keyOf(arrival));
    const entry: Known = {
      runId,
      receivedAtMs: Date.parse(receivedAt),
      leadBody: arrival.kind === "lead" ? body : null,
      refusals: new Map(arrival.kind === "lead" ? [] : [[body, refusalOf(arrival)]]),
      // Earlier ones outside of the body hash's window wait under the same name.
      waiting: (before?.waiting ?? 0) + 1,
    };
    known.set(keyOf(arrival), entry);
    return {
      result:
        arrival.kind === "lead"
          ? { kind: "accepted", runId }
          : { kind: "refused", runId, dlqId: null, ...refusalOf(arrival) },
      undo() {
        // Its run id was told to nobody, so nobody may be told it later.
        if (before !== undefined && known.get(keyOf(arrival)) === entry)
          known.set(keyOf(arrival), { ...before, waiting: entry.waiting });
        remove(arrival);
      },
    };
  }

  function addTo(entry: Known, arrival: Lead | RefusedPayload): Noted {
    const { runId, refusals } = entry;
    const body = identityOf(arrival);
    entry.waiting += 1;
    const noted = (result: IntakeResult, revert: () => unknown = () => undefined): Noted => ({
      result,
      undo() {
        revert();
        remove(arrival);
      },
    });
    if (entry.leadBody === body) return noted({ kind: "duplicate", runId, existingStatus: "accepted" });
    const isRefusedRun = entry.leadBody === null;
    if (arrival.kind === "lead" && isRefusedRun) {
      entry.leadBody = body;
      return noted({ kind: "accepted", runId }, () => (entry.leadBody = null));
    }
    const before = refusals.get(body);
    const refusal =
      before ??
      (arrival.kind === "refused" && isRefusedRun
        ? refusalOf(arrival)
        : { errorCode: keyReusedCode, message: "" });
    refusals.set(body, refusal);
    const result: IntakeResult =
      refusal.errorCode === keyReusedCode
        ? { kind: "key_reused", runId, dlqId: null }
        : { kind: "refused", runId, dlqId: null, ...refusal };
    return noted(result, () => before === undefined && refusals.delete(body));
  }

  return {
    holds: (arrival) => known.size > 0 && find(arrival) !== null,
    add(arrival) {
      const entry = find(arrival);
      return entry === null ? addFirst(arrival) : addTo(entry, arrival);
    },
    remove,
  };
}

/** Content that has the same keyed hash is the same, although technical fields may differ. */
function identityOf({ recognisedBy, payload }: Lead | RefusedPayload): string {
  return recognisedBy.kind === "body_hash" && recognisedBy.keyed === true
    ? `hmac:${recognisedBy.hashHex}`
    : bodyIdentity(payload);
}

function keyOf({ source, recognisedBy }: Arrival): string {
  return recognisedBy.kind === "key"
    ? `key ${source}\n${recognisedBy.key}`
    : `hash ${source}\n${recognisedBy.hashHex}`;
}

function refusalOf({ errorCode, message }: RefusedPayload): { errorCode: string; message: string } {
  return { errorCode, message };
}
