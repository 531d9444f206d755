// Writes how attempts ended: many outcomes together, one group commit per way of ending. While the database is away
// they wait; an outcome that it refuses is written in ever plainer words, and last as an entry for a person.
import type { Decision } from "../domain/destinations/retry-policy.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { failure } from "../domain/destinations/outcome.ts";
import type { Delivered, Outcome } from "../domain/destinations/outcome.ts";
import { storableReceipt } from "../domain/destinations/receipt.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { FailedAttempt, MovedAttempt, SettledAttempt } from "../ledger/delivery/deliveries.ts";
import {
  settleDelivered,
  settleForFastRetry,
  settleSkipped,
  settleToDlq,
} from "../ledger/delivery/deliveries.ts";
import type { EntryEnd, SettledEntry } from "../ledger/delivery/dlq-attempts.ts";
import { settleEntries } from "../ledger/delivery/dlq-attempts.ts";
import { createGroupCommit } from "../ledger/connection/group-commit.ts";
import type { GroupCommit } from "../ledger/connection/group-commit.ts";
import { backoffMs, firstTaken, isRefused } from "../ledger/connection/refused-rows.ts";
import type { AttemptResult, ResponseExcerpt } from "../kinds/destinations/sender.ts";
import { pause } from "./pause.ts";
import type { UnrecordedOutcomes } from "./unrecorded-outcomes.ts";
import type { Work } from "./work.ts";
import type { EventPayload } from "../domain/log/event-types.ts";

/** What becomes of a delivery after an attempt. */
export type Ending =
  | Decision
  /** We cut the attempt off: due at once for whoever is free, and no step of the schedule is used up. */
  | { readonly kind: "hand_back" }
  /** It is not meant for this destination. */
  | { readonly kind: "skipped" };

export interface Settlement {
  /**
   * Resolves to `ended` once the outcome is in the ledger, or is no longer wanted there: the lease went to another node.
   * To `kept` when the database refuses it in every form: then the work goes on being held. Never rejects: while the
   * database is out of reach it is tried again until `giveUp` is aborted.
   */
  settle(work: Work, result: AttemptResult, ending: Ending, giveUp: AbortSignal): Promise<"ended" | "kept">;
  /** The same where the destination's condition is not met: nothing was sent. `place`: of the part that is not. */
  skip(work: Work, place: string, giveUp: AbortSignal): Promise<"ended" | "kept">;
}

export interface SettlementDeps {
  readonly database: Database;
  readonly node: string;
  readonly unrecorded: UnrecordedOutcomes;
  readonly log: Log;
}

const limits = { queueItemsMax: 20_000, batchItemsMax: 400, batchesInFlightMax: 2 };
const retryPauses = { firstMs: 100, maxMs: 2_000 };
/** Of each way to write an outcome, before a plainer one is taken. */
const refusalsMax = 2;

export function createSettlement({ database, node, unrecorded, log }: SettlementDeps): Settlement {
  const commits: Commits = {
    delivered: createGroupCommit(
      limits,
      allOf<SettledAttempt>((items) => settleDelivered(database, items, node)),
    ),
    fastRetry: createGroupCommit(
      limits,
      allOf<FailedAttempt>((items) => settleForFastRetry(database, items, node)),
    ),
    skipped: createGroupCommit(
      limits,
      allOf<SettledAttempt>((items) => settleSkipped(database, items, node)),
    ),
    toDlq: createGroupCommit(
      limits,
      allOf<MovedAttempt>((items) => settleToDlq(database, items, node)),
    ),
    entries: createGroupCommit(
      limits,
      allOf<SettledEntry>((items) => settleEntries(database, items, node)),
    ),
  };

  async function write(
    work: Work,
    writings: readonly Worded[],
    giveUp: AbortSignal,
  ): Promise<"ended" | "kept"> {
    let refusals = 0;
    for (let tries = 1; !giveUp.aborted; tries += 1) {
      const wording = writings[Math.floor(refusals / refusalsMax)];
      if (wording === undefined) return unrecorded.keep(work, anyOf(commits, writings)) ? "kept" : "ended";
      try {
        await submit(commits, work, wording());
        return "ended";
      } catch (error) {
        log("error", "settlement_failed", {
          run_id: work.runId,
          destination: work.destination,
          tries,
          error: errorText(error),
        });
        if (isRefused(error)) refusals += 1;
        await pause(backoffMs(tries, retryPauses), giveUp);
      }
    }
    return "ended";
  }

  return {
    settle: (work, result, ending, giveUp) => write(work, plainerAndPlainer(work, result, ending), giveUp),
    skip: (work, place, giveUp) => write(work, skippings(work, place), giveUp),
  };
}

function anyOf(commits: Commits, writings: readonly Worded[]): (work: Work) => Promise<void> {
  return (work) => firstTaken(writings.map((wording) => () => submit(commits, work, wording())));
}

/** One way to write down how an attempt ended. */
interface Writing {
  /** JSON text: the event's payload; null: only an entry for a person is made. */
  readonly event: string | null;
  /** null: there was no attempt. */
  readonly outcome: Outcome | null;
  readonly ending: Ending;
}

/** Worded when it is needed, because the first one nearly always is enough. */
type Worded = () => Writing;

/**
 * As it was; without the words that came from outside; as an entry that only says that somebody must look; and as such an
 * entry without the event that tells of the attempt, because it may be the event that the database refuses.
 */
function plainerAndPlainer(work: Work, result: AttemptResult, ending: Ending): Worded[] {
  const { outcome, durationMs } = result;
  const plain = { durationMs, response: null };
  const person = endForPerson(work);
  const unsettled = (): Outcome => {
    const arrived = outcome.kind === "delivered" ? ", which has received it" : "";
    return failure(
      "delivery_unsettled",
      `the database refused to record how the attempt at ${work.destination}${arrived} ended; the log says why`,
    );
  };
  return [
    () => ({ event: eventOf(work, result), outcome, ending }),
    () => ({ event: eventOf(work, { ...plain, outcome: withoutWords(outcome) }), outcome, ending }),
    () => ({
      event: eventOf(work, { ...plain, outcome: unsettled() }),
      outcome: unsettled(),
      ending: person,
    }),
    () => ({ event: null, outcome: unsettled(), ending: person }),
  ];
}

function endForPerson({ lane }: Work): Ending {
  return lane === "fast"
    ? { kind: "to_dlq", nextRetryDelayMs: null }
    : { kind: "reschedule", nextRetryDelayMs: null };
}

/** With the place; without it; and as an entry that says that somebody must look. */
function skippings(work: Work, place: string): Worded[] {
  const skipped = (at: string): Writing => ({
    event: skippedEventOf(work, at),
    outcome: null,
    ending: { kind: "skipped" },
  });
  const unsettled = failure(
    "delivery_unsettled",
    `the database refused to record that ${work.destination} does not get this lead, because its condition is not met; the log says why`,
  );
  const person: Writing = { event: null, outcome: unsettled, ending: endForPerson(work) };
  return [() => skipped(place), () => skipped("when"), () => person];
}

function withoutWords(outcome: Outcome): Outcome {
  if (outcome.kind === "failed") return { ...outcome, message: outcome.code };
  if (outcome.receipt === undefined) return outcome;
  const { proven, maybeTwice, duplicate } = outcome.receipt;
  return {
    ...outcome,
    receipt: {
      ...(proven === undefined ? {} : { proven }),
      ...(maybeTwice === undefined ? {} : { maybeTwice }),
      ...(duplicate === undefined ? {} : { duplicate }),
    },
  };
}

interface Commits {
  readonly delivered: GroupCommit<SettledAttempt, true>;
  readonly fastRetry: GroupCommit<FailedAttempt, true>;
  readonly skipped: GroupCommit<SettledAttempt, true>;
  readonly toDlq: GroupCommit<MovedAttempt, true>;
  readonly entries: GroupCommit<SettledEntry, true>;
}

function submit(commits: Commits, work: Work, { event, outcome, ending }: Writing): Promise<true> {
  if (work.lane === "dlq") {
    const { dlqId, runId, attempt } = work;
    return commits.entries.submit({
      dlqId,
      runId,
      event,
      retryCount: attempt,
      hasReceipt: hasReceipt(outcome),
      end: entryEnd(outcome, ending),
    });
  }
  const { runId, destination, attempt } = work;
  const moved = { runId, destination, attempt, event, ...failureOf(outcome) };
  if (event === null) return commits.toDlq.submit({ ...moved, nextRetryDelayMs: null });
  const attempted = { runId, destination, attempt, event };
  switch (ending.kind) {
    case "delivered":
      return commits.delivered.submit({ ...attempted, hasReceipt: hasReceipt(outcome) });
    case "retry_fast":
      return commits.fastRetry.submit({ ...attempted, delayMs: ending.delayMs, counts: true });
    case "skipped":
      return commits.skipped.submit(attempted);
    case "hand_back":
      return commits.fastRetry.submit({ ...attempted, delayMs: 0, counts: false });
    case "to_dlq":
    case "reschedule":
      return commits.toDlq.submit({ ...moved, nextRetryDelayMs: ending.nextRetryDelayMs });
    case "dead":
      return commits.toDlq.submit({ ...moved, nextRetryDelayMs: null });
  }
}

function hasReceipt(outcome: Outcome | null): boolean {
  return outcome?.kind === "delivered" && outcome.receipt !== undefined;
}

function entryEnd(outcome: Outcome | null, ending: Ending): EntryEnd {
  switch (ending.kind) {
    case "delivered":
      return { status: "resolved" };
    case "skipped":
      return { status: "resolved", skipped: true };
    case "retry_fast":
      return { status: "open", ...failureOf(outcome), nextRetryDelayMs: ending.delayMs };
    case "hand_back":
      return { status: "open", errorCode: null, reason: null, nextRetryDelayMs: 0 };
    case "to_dlq":
      return { status: "open", ...failureOf(outcome), nextRetryDelayMs: ending.nextRetryDelayMs };
    case "reschedule":
      return {
        status: "open",
        ...failureOf(outcome),
        nextRetryDelayMs: ending.nextRetryDelayMs,
        waits: ending.waits === true,
      };
    case "dead":
      return { status: "dead", ...failureOf(outcome) };
  }
}

function failureOf(outcome: Outcome | null): { errorCode: string; reason: string } {
  return outcome?.kind === "failed"
    ? { errorCode: outcome.code, reason: outcome.message }
    : { errorCode: "", reason: "" };
}

function skippedEventOf(work: Work, place: string): string {
  const skipped: EventPayload<"delivery_skipped"> = {
    destination: work.destination,
    lane: work.lane,
    ...(work.lane === "dlq" ? { dlq_id: work.dlqId } : {}),
    ...(work.revision === null ? {} : { revision: work.revision }),
    reason: "condition_not_met",
    place,
  };
  return JSON.stringify(skipped);
}

/** The payload of lead_delivered or delivery_failed. */
function eventOf(work: Work, { outcome, durationMs, response }: AttemptResult): string {
  const attempt: EventPayload<"lead_delivered"> = {
    destination: work.destination,
    lane: work.lane,
    attempt: work.attempt,
    ...(work.lane === "dlq" ? { dlq_id: work.dlqId } : {}),
    ...(work.revision === null ? {} : { revision: work.revision }),
    outcome: outcome.kind === "delivered" ? "delivered" : outcome.code,
    http_status: outcome.httpStatus,
    duration_ms: durationMs,
    ...(response === null ? {} : { response: responseEvent(response) }),
  };
  if (outcome.kind === "delivered") return JSON.stringify({ ...attempt, ...receiptEvent(outcome) });
  const failed: EventPayload<"delivery_failed"> = {
    ...attempt,
    message: outcome.message,
    ...(outcome.perhapsArrived === undefined ? {} : { perhaps_arrived: true }),
  };
  return JSON.stringify(failed);
}

function receiptEvent({ receipt }: Delivered): Partial<EventPayload<"lead_delivered">> {
  const stored = receipt === undefined ? null : storableReceipt(receipt);
  if (stored === null) return {};
  return {
    ...(stored.remoteId === undefined ? {} : { remote_id: stored.remoteId }),
    ...(stored.remoteUrl === undefined ? {} : { remote_url: stored.remoteUrl }),
    ...(stored.proven === undefined ? {} : { proven: stored.proven }),
    ...(stored.maybeTwice === undefined ? {} : { maybe_twice: stored.maybeTwice }),
    ...(stored.duplicate === undefined ? {} : { duplicate: stored.duplicate }),
    ...(stored.warning === undefined ? {} : { warning: stored.warning }),
  };
}

function responseEvent({ status, headers, bodyExcerpt }: ResponseExcerpt): Readonly<Record<string, unknown>> {
  return { status, headers, body_excerpt: bodyExcerpt };
}

function allOf<Item>(write: (items: Item[]) => Promise<unknown>): (items: Item[]) => Promise<true[]> {
  return async (items) => {
    await write(items);
    return items.map(() => true);
  };
}
