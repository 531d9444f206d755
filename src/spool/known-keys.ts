// The keys of what waits in the spool, and what an arrival means for the one it has: the same key twice during an outage
// is one run. The rules are those of the ledger (deduplicate-arrivals.ts), for as much as can be known without it.
import type { Arrival, IntakeResult, Lead, RefusedPayload } from "../domain/leads/lead.ts";
import { decideReuse, keyReusedCode } from "../domain/leads/key-reuse.ts";
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
  /** Bodies that changed it, with their numbers from 1. */
  readonly revisions: Map<string, number>;
  /** Bodies that were refused under this key, with the code and words of the answer. */
  readonly refusals: Map<string, Refusal>;
  waiting: number;
}

interface Refusal {
  readonly errorCode: string;
  readonly message: string;
}

const keyReused: Refusal = { errorCode: keyReusedCode, message: "" };

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
      revisions: new Map(),
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
    const { runId, refusals, revisions } = entry;
    const body = identityOf(arrival);
    entry.waiting += 1;
    const noted = (result: IntakeResult, revert: () => unknown = () => undefined): Noted => ({
      result,
      undo() {
        revert();
        remove(arrival);
      },
    });
    const revision = revisions.get(body);
    const duplicate: IntakeResult = {
      kind: "duplicate",
      runId,
      existingStatus: "accepted",
      ...(revision === undefined ? {} : { revision }),
    };
    const before = refusals.get(body);
    const keep = (refusal: Refusal, result = refusedAs(runId, refusal)): Noted => {
      refusals.set(body, refusal);
      return noted(result, () => refusals.delete(body));
    };
    const arriving = { isLead: arrival.kind === "lead", rule: arrival.onKeyReuse ?? "reject" };
    const decision = decideReuse(arriving, {
      isRefused: entry.leadBody === null,
      isSameBody: entry.leadBody === body || revision !== undefined,
      keptAs: before?.errorCode ?? null,
    });
    switch (decision) {
      case "duplicate":
      case "kept_before":
        return noted(duplicate);
      case "known_refusal":
        return noted(refusedAs(runId, before ?? keyReused));
      case "correction":
        entry.leadBody = body;
        return noted({ kind: "accepted", runId }, () => (entry.leadBody = null));
      case "refused":
        return keep(refusalOf(arrival as RefusedPayload));
      case "conflict":
        return keep(keyReused);
      case "kept":
        return keep(keyReused, duplicate);
      case "revision": {
        const next = revisions.size + 1;
        revisions.set(body, next);
        return noted({ kind: "revised", runId, revision: next }, () => revisions.delete(body));
      }
    }
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

function refusalOf({ errorCode, message }: RefusedPayload): Refusal {
  return { errorCode, message };
}

function refusedAs(runId: string, { errorCode, message }: Refusal): IntakeResult {
  return errorCode === keyReusedCode
    ? { kind: "key_reused", runId, dlqId: null }
    : { kind: "refused", runId, dlqId: null, errorCode, message };
}
