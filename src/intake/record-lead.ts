// Brings leads into the ledger in groups: new ones by the one statement of intake, everything else by the slower way
// that looks at what is there. Leads that were accepted go to delivery at once. What the database cannot take now goes
// to the spool.
import type { AcceptedLead, Reservation, Reserve } from "../domain/destinations/handover.ts";
import type { IntakeResult, Lead, RefusedPayload } from "../domain/leads/lead.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { LeaseTerms } from "../ledger/intake/accept-leads.ts";
import type { DatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import type { Database } from "../ledger/connection/database.ts";
import { createGroupCommit, QueueFullError } from "../ledger/connection/group-commit.ts";
import type { GroupCommitLimits } from "../ledger/connection/group-commit.ts";
import { intakeAnswerMsMax } from "../ledger/intake/intake-commit.ts";
import type { IntakeCommit } from "../ledger/intake/intake-commit.ts";
import { databaseTrouble, sqlState } from "../ledger/connection/postgres-error.ts";
import { settleArrivals } from "../ledger/intake/settle-arrivals.ts";
import type { ArrivedPayload } from "../ledger/intake/settle-arrivals.ts";
import type { StoreAndForward } from "../spool/store-and-forward.ts";

export type NotRecorded =
  /** The queue in front of the database is full, and so is the spool. */
  | { readonly kind: "overloaded"; readonly retryAfterMs: number }
  /** The database is out of reach or refused, and the spool could not take it. */
  | { readonly kind: "unavailable"; readonly retryAfterMs: number };

export type Recorded =
  | { readonly kind: "recorded"; readonly result: IntakeResult; readonly stored: "ledger" | "spool" }
  | NotRecorded;

/** Makes the refused payload that keeps a lead which the database could not store. */
export type KeepInstead = (errorCode: "json_malformed", message: string) => RefusedPayload;

export interface LeadRecorder {
  record(arrival: ArrivedPayload, keepInstead: KeepInstead): Promise<Recorded>;
  /** Leads, and health checks among them, that wait for the database. */
  readonly queueLength: number;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

export interface LeadRecorderDeps {
  readonly database: Database;
  readonly contact: DatabaseCircuit;
  /** Writes leads under keys that may be new. */
  readonly newLeads: IntakeCommit;
  /** null: there is none, and what the database cannot take is refused. */
  readonly spool: StoreAndForward | null;
  readonly lease: LeaseTerms;
  readonly reserve: Reserve;
  /** A lead was written, and its sender is about to be told so. */
  readonly onWritten?: (runId: string) => void;
  /** Leads were accepted that no place had been reserved for: somebody should look for them now. */
  readonly onWaiting: () => void;
  readonly monotonicMs: () => number;
  readonly log: Log;
  /** For everything but new leads: known keys, refused payloads, the body-hash rule. */
  readonly settleLimits?: GroupCommitLimits;
}

const mebibyte = 1024 * 1024;
const defaultSettleLimits: GroupCommitLimits = {
  ...{ queueItemsMax: 5_000, batchItemsMax: 200, batchesInFlightMax: 2, answerMsMax: intakeAnswerMsMax },
  ...{ queueBytesMax: 64 * mebibyte, batchBytesMax: 4 * mebibyte },
};

const retryAfterMinMs = 1_000;
const retryAfterOutageMs = 15_000;

export function createLeadRecorder(deps: LeadRecorderDeps): LeadRecorder {
  const { database, contact, newLeads, spool, lease, reserve, monotonicMs, log } = deps;
  const { settleLimits = defaultSettleLimits } = deps;
  const settling = createGroupCommit<ArrivedPayload, IntakeResult>(
    settleLimits,
    (arrivals) => settleArrivals(database, arrivals, lease),
    { bytesOf: (arrival) => arrival.payload.length, ownerOf: (arrival) => arrival.source },
  );

  async function record(arrival: ArrivedPayload, keepInstead: KeepInstead): Promise<Recorded> {
    // Without a database nothing is tried; what waits in the spool comes before what has the same key.
    if (!contact.isThere || spool?.holds(arrival) === true) return forward(arrival, "unavailable");
    try {
      const result = await write(arrival);
      if (result.kind === "accepted") deps.onWritten?.(result.runId);
      return { kind: "recorded", result, stored: "ledger" };
    } catch (error) {
      if (error instanceof QueueFullError) return forward(arrival, "overloaded");
      log("error", "lead_not_recorded", {
        source: arrival.source,
        sqlstate: sqlState(error),
        error: errorText(error),
      });
      if (arrival.kind === "lead" && blamesTheData(error)) {
        const kept = keepInstead("json_malformed", "the database could not store this body as JSON");
        return record(kept, keepInstead);
      }
      if (databaseTrouble(error) === "unreachable") contact.lost(error);
      // It may have been committed all the same: then it drains onto itself.
      return forward(arrival, "unavailable");
    }
  }

  /** `otherwise`: why the database did not take it. */
  async function forward(arrival: ArrivedPayload, otherwise: NotRecorded["kind"]): Promise<Recorded> {
    const kept = spool === null ? "failed" : await spool.keep(arrival);
    if (typeof kept === "object") return { kind: "recorded", result: kept, stored: "spool" };
    // With a database the backlog tells when there will be room; without one nobody knows.
    const backlogMs = newLeads.backlogMs + settling.backlogMs;
    return {
      kind: kept === "full" ? "overloaded" : otherwise,
      retryAfterMs: contact.isThere ? Math.max(backlogMs, retryAfterMinMs) : retryAfterOutageMs,
    };
  }

  function write(arrival: ArrivedPayload): Promise<IntakeResult> {
    const isNewPerhaps = arrival.kind === "lead" && arrival.recognisedBy.kind === "key";
    return isNewPerhaps ? accept(arrival, arrival.recognisedBy.key) : settle(arrival);
  }

  async function settle(arrival: ArrivedPayload): Promise<IntakeResult> {
    const result = await settling.submit(arrival);
    if (result.kind === "accepted") deps.onWaiting();
    return result;
  }

  async function accept(arrived: Lead, key: string): Promise<IntakeResult> {
    const leasedAtMs = monotonicMs();
    const reservations: Reservation[] = [];
    const routes = arrived.routes.map(({ destination }) => {
      const reservation = arrived.isHeld === true ? null : reserve(destination);
      if (reservation !== null) reservations.push(reservation);
      return { destination, leased: reservation !== null };
    });
    const lead = { ...arrived, routes };
    let accepted = false;
    try {
      accepted = await newLeads.accept({ key, lead });
    } finally {
      for (const reservation of reservations) {
        if (accepted) reservation.deliver(acceptedLead(lead), leasedAtMs);
        else reservation.cancel();
      }
    }
    return accepted ? { kind: "accepted", runId: arrived.runId } : settle(arrived);
  }

  return {
    record,
    get queueLength() {
      return newLeads.queueLength + settling.queueLength;
    },
    async drained() {
      await newLeads.drained();
      await settling.drained();
    },
  };
}

function acceptedLead({ runId, source, receivedAt, leadJson, test }: Lead): AcceptedLead {
  return { runId, source, receivedAt: new Date(receivedAt), leadJson, test };
}

/** Class 22: data exceptions; class 54: something is too large. */
function blamesTheData(error: unknown): boolean {
  const state = sqlState(error);
  return databaseTrouble(error) === "refused" && state !== null && /^(22|54)/.test(state);
}
