// Writes how attempts ended: many outcomes together, one group commit per way of ending.
import type { Decision } from "../domain/retry-policy.ts";
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Database } from "../ledger/database.ts";
import type { FailedAttempt, MovedAttempt, SettledAttempt } from "../ledger/deliveries.ts";
import { settleDelivered, settleForFastRetry, settleToDlq } from "../ledger/deliveries.ts";
import type { EntryEnd, SettledEntry } from "../ledger/dlq-attempts.ts";
import { settleEntries } from "../ledger/dlq-attempts.ts";
import { createGroupCommit } from "../ledger/group-commit.ts";
import type { GroupCommit } from "../ledger/group-commit.ts";
import { databaseTrouble } from "../ledger/postgres-error.ts";
import type { AttemptResult } from "./destinations/sender.ts";
import type { Work } from "./work.ts";

export interface Settlement {
  /**
   * Resolves once the outcome is in the ledger, or is no longer wanted there: the lease went to another node. Never
   * rejects: while the database is out of reach it is tried again until `giveUp` is aborted.
   */
  settle(work: Work, result: AttemptResult, decision: Decision, giveUp: AbortSignal): Promise<void>;
}

const limits = { queueItemsMax: 20_000, batchItemsMax: 400, batchesInFlightMax: 2 };
const retryPauseMaxMs = 2_000;

export function createSettlement(database: Database, node: string, log: Log): Settlement {
  const commits = {
    delivered: createGroupCommit(
      limits,
      allOf<SettledAttempt>((items) => settleDelivered(database, items, node)),
    ),
    fastRetry: createGroupCommit(
      limits,
      allOf<FailedAttempt>((items) => settleForFastRetry(database, items, node)),
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

  return {
    async settle(work, result, decision, giveUp) {
      for (let tries = 1; !giveUp.aborted; tries += 1) {
        try {
          await submit(commits, work, result, decision);
          return;
        } catch (error) {
          log("error", "settlement_failed", {
            run_id: work.runId,
            destination: work.destination,
            tries,
            error: errorText(error),
          });
          if (databaseTrouble(error) === "refused") return;
          await pause(Math.min(retryPauseMaxMs, 50 * 2 ** tries), giveUp);
        }
      }
    },
  };
}

interface Commits {
  readonly delivered: GroupCommit<SettledAttempt, true>;
  readonly fastRetry: GroupCommit<FailedAttempt, true>;
  readonly toDlq: GroupCommit<MovedAttempt, true>;
  readonly entries: GroupCommit<SettledEntry, true>;
}

function submit(commits: Commits, work: Work, result: AttemptResult, decision: Decision): Promise<true> {
  const event = eventOf(work, result);
  if (work.lane === "dlq") {
    const { dlqId, runId, attempt } = work;
    return commits.entries.submit({
      dlqId,
      runId,
      retryCount: attempt,
      event,
      end: entryEnd(result.outcome, decision),
    });
  }
  const { runId, destination, attempt } = work;
  switch (decision.kind) {
    case "delivered":
      return commits.delivered.submit({ runId, destination, attempt, event });
    case "retry_fast":
      return commits.fastRetry.submit({ runId, destination, attempt, event, delayMs: decision.delayMs });
    case "to_dlq":
    case "reschedule":
      return commits.toDlq.submit({
        ...{ runId, destination, attempt, event },
        ...failureOf(result.outcome),
        nextRetryDelayMs: decision.nextRetryDelayMs,
      });
    case "dead":
      return commits.toDlq.submit({
        ...{ runId, destination, attempt, event },
        ...failureOf(result.outcome),
        nextRetryDelayMs: null,
      });
  }
}

function entryEnd(outcome: Outcome, decision: Decision): EntryEnd {
  switch (decision.kind) {
    case "delivered":
      return { status: "resolved" };
    case "retry_fast":
      return { status: "open", ...failureOf(outcome), nextRetryDelayMs: decision.delayMs };
    case "to_dlq":
    case "reschedule":
      return { status: "open", ...failureOf(outcome), nextRetryDelayMs: decision.nextRetryDelayMs };
    case "dead":
      return { status: "dead", ...failureOf(outcome) };
  }
}

function failureOf(outcome: Outcome): { errorCode: string; reason: string } {
  return outcome.kind === "failed"
    ? { errorCode: outcome.code, reason: outcome.message }
    : { errorCode: "", reason: "" };
}

/** The payload of lead_delivered and delivery_failed. */
function eventOf(work: Work, { outcome, durationMs, response }: AttemptResult): string {
  return JSON.stringify({
    destination: work.destination,
    lane: work.lane,
    attempt: work.attempt,
    ...(work.lane === "dlq" ? { dlq_id: work.dlqId } : {}),
    outcome: outcome.kind === "delivered" ? "delivered" : outcome.code,
    http_status: outcome.httpStatus,
    duration_ms: durationMs,
    ...(outcome.kind === "failed" ? { message: outcome.message } : {}),
    ...(response === null ? {} : { response }),
  });
}

function allOf<Item>(write: (items: Item[]) => Promise<unknown>): (items: Item[]) => Promise<true[]> {
  return async (items) => {
    await write(items);
    return items.map(() => true);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
