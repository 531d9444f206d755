// Brings leads into the ledger in groups: new ones by the one statement of intake, everything else by the slower way
// that looks at what is there: several leads of one request, too, because they stand or fall together. Leads that were
// accepted go to delivery at once. What the database cannot take now goes to the spool.
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
import { blamesTheData, databaseTrouble, sqlState } from "../ledger/connection/postgres-error.ts";
import { deduplicateArrivals, deduplicateRefused } from "../ledger/intake/deduplicate-arrivals.ts";
import type { ArrivedPayload } from "../ledger/intake/deduplicate-arrivals.ts";
import type { StoreAndForward } from "../spool/store-and-forward.ts";

export type NotRecorded =
  /** The queue in front of the database is full, and so is the spool. */
  | { readonly kind: "overloaded"; readonly retryAfterMs: number }
  /** The database is out of reach or refused, and the spool could not take it. */
  | { readonly kind: "unavailable"; readonly retryAfterMs: number };

export type Recorded =
  | {
      readonly kind: "recorded";
      /** One for each arrival, in their order. */
      readonly results: readonly IntakeResult[];
      readonly stored: "ledger" | "spool";
    }
  | NotRecorded;

/** Makes the refused payload that keeps a lead which the database could not store. */
export type KeepInstead = (errorCode: "json_malformed", message: string) => RefusedPayload;

/** What one request brought, and how it is kept where the database cannot store it as it is. */
export interface RecordableArrival {
  readonly arrival: ArrivedPayload;
  readonly keepInstead: KeepInstead;
}

export interface LeadRecorder {
  record(arrival: ArrivedPayload, keepInstead: KeepInstead): Promise<Recorded>;
  /** Several leads of one request: all of them in one transaction, or in one record of the spool. */
  recordSeveral(arrivals: readonly RecordableArrival[]): Promise<Recorded>;
  /** Leads, and health checks among them, that wait for the database. */
  readonly queueLength: number;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

export interface LeadRecorderDeps {
  readonly database: Database;
  readonly databaseCircuit: DatabaseCircuit;
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
  readonly deduplicateLimits?: GroupCommitLimits;
}

/** What came in one request. */
interface Request {
  readonly source: string;
  readonly arrivals: readonly ArrivedPayload[];
  readonly instead: (arrival: ArrivedPayload) => ArrivedPayload;
}

const mebibyte = 1024 * 1024;
const defaultDeduplicateLimits: GroupCommitLimits = {
  queueItemsMax: 5_000,
  batchItemsMax: 200,
  batchesInFlightMax: 2,
  answerMsMax: intakeAnswerMsMax,
  queueBytesMax: 64 * mebibyte,
  batchBytesMax: 4 * mebibyte,
};

const retryAfterMinMs = 1_000;
const retryAfterOutageMs = 15_000;

export function createLeadRecorder(deps: LeadRecorderDeps): LeadRecorder {
  const { database, databaseCircuit, newLeads, spool, lease, reserve, monotonicMs, log } = deps;
  const { deduplicateLimits = defaultDeduplicateLimits } = deps;
  const deduplicating = createGroupCommit<Request, IntakeResult[]>(deduplicateLimits, deduplicateRequests, {
    countOf: ({ arrivals }) => arrivals.length,
    bytesOf: ({ arrivals }) => arrivals.reduce((bytes, { payload }) => bytes + payload.length, 0),
    ownerOf: ({ source }) => source,
  });

  async function record(arrival: ArrivedPayload, keepInstead: KeepInstead): Promise<Recorded> {
    // Without a database nothing is tried; what waits in the spool comes before what has the same key.
    if (!databaseCircuit.isThere || spool?.holds(arrival) === true) return forward([arrival], "unavailable");
    try {
      const result = await write(arrival);
      if (result.kind === "accepted") deps.onWritten?.(result.runId);
      return { kind: "recorded", results: [result], stored: "ledger" };
    } catch (error) {
      if (arrival.kind === "lead" && blamesTheData(error)) {
        logNotRecorded(arrival.source, error);
        const kept = keepInstead("json_malformed", notStorable);
        return record(kept, keepInstead);
      }
      return notWritten([arrival], error);
    }
  }

  async function recordSeveral(recordable: readonly RecordableArrival[]): Promise<Recorded> {
    const arrivals = recordable.map(({ arrival }) => arrival);
    // They stay together: what one of them has to wait behind, all of them wait behind.
    if (!databaseCircuit.isThere || arrivals.some((arrival) => spool?.holds(arrival) === true))
      return forward(arrivals, "unavailable");
    try {
      const results = await settle(arrivals, insteadOf(recordable));
      for (const { kind, runId } of results) if (kind === "accepted") deps.onWritten?.(runId);
      return { kind: "recorded", results, stored: "ledger" };
    } catch (error) {
      return notWritten(arrivals, error);
    }
  }

  async function notWritten(arrivals: readonly ArrivedPayload[], error: unknown): Promise<Recorded> {
    if (error instanceof QueueFullError) return forward(arrivals, "overloaded");
    logNotRecorded(arrivals[0]?.source ?? "", error);
    if (databaseTrouble(error) === "unreachable") databaseCircuit.lost(error);
    // It may have been committed all the same: then it drains onto itself.
    return forward(arrivals, "unavailable");
  }

  function logNotRecorded(source: string, error: unknown): void {
    log("error", "lead_not_recorded", { source, sqlstate: sqlState(error), error: errorText(error) });
  }

  /** `otherwise`: why the database did not take it. */
  async function forward(
    arrivals: readonly ArrivedPayload[],
    otherwise: NotRecorded["kind"],
  ): Promise<Recorded> {
    const kept = spool === null ? "failed" : await spool.keep(arrivals);
    if (typeof kept === "object") return { kind: "recorded", results: kept, stored: "spool" };
    // With a database the backlog tells when there will be room; without one nobody knows.
    const backlogMs = newLeads.backlogMs + deduplicating.backlogMs;
    return {
      kind: kept === "full" ? "overloaded" : otherwise,
      retryAfterMs: databaseCircuit.isThere ? Math.max(backlogMs, retryAfterMinMs) : retryAfterOutageMs,
    };
  }

  function write(arrival: ArrivedPayload): Promise<IntakeResult> {
    const isNewPerhaps = arrival.kind === "lead" && arrival.recognisedBy.kind === "key";
    return isNewPerhaps ? accept(arrival, arrival.recognisedBy.key) : deduplicateOne(arrival);
  }

  async function deduplicateOne(arrival: ArrivedPayload): Promise<IntakeResult> {
    const [result] = await settle([arrival], (refused) => refused);
    if (result === undefined) throw new Error("nothing is known about what was settled");
    return result;
  }

  async function settle(
    arrivals: readonly ArrivedPayload[],
    instead: Request["instead"],
  ): Promise<IntakeResult[]> {
    const results = await deduplicating.submit({ source: arrivals[0]?.source ?? "", arrivals, instead });
    if (results.some(isDelivered)) deps.onWaiting();
    return results;
  }

  async function deduplicateRequests(requests: readonly Request[]): Promise<IntakeResult[][]> {
    try {
      const results = await deduplicateArrivals(
        database,
        requests.flatMap(({ arrivals }) => arrivals),
        lease,
      );
      return requests.map(({ arrivals }) => results.splice(0, arrivals.length));
    } catch (error) {
      const [only, ...others] = requests;
      // Alone by now, because batches are halved: one of its leads is at fault, and the others go on without it.
      if (only === undefined || others.length > 0 || only.arrivals.length === 1 || !blamesTheData(error))
        throw error;
      return [await deduplicateRefused(database, only.arrivals, lease, only.instead)];
    }
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
    if (accepted && arrived.groups !== undefined) deps.onWaiting();
    return accepted ? { kind: "accepted", runId: arrived.runId } : deduplicateOne(arrived);
  }

  return {
    record,
    recordSeveral,
    get queueLength() {
      return newLeads.queueLength + deduplicating.queueLength;
    },
    async drained() {
      await newLeads.drained();
      await deduplicating.drained();
    },
  };
}

/** Something is due now. */
export function isDelivered({ kind }: IntakeResult): boolean {
  return kind === "accepted" || kind === "revised";
}

function acceptedLead({ runId, source, receivedAt, leadJson, test }: Lead): AcceptedLead {
  return { runId, source, receivedAt: new Date(receivedAt), leadJson, test };
}

const notStorable = "the database could not store this body as JSON";

/** For `deduplicateRefused`. */
export function insteadOf(
  recordable: readonly RecordableArrival[],
): (arrival: ArrivedPayload) => ArrivedPayload {
  const byRunId = new Map(recordable.map(({ arrival, keepInstead }) => [arrival.runId, keepInstead]));
  return (arrival) => byRunId.get(arrival.runId)?.("json_malformed", notStorable) ?? arrival;
}
