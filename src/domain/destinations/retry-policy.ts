// Decides what happens to a delivery after an attempt: done, tried again, handed to the DLQ, or given up.
import type { RetrySchedule } from "./destination.ts";
import { isThrottled } from "./outcome.ts";
import type { Failed, Outcome } from "./outcome.ts";

/** Where the delivery lives while it is attempted: `deliveries` (fast) or `dlq`. */
export type Lane = "fast" | "dlq";

export interface AttemptEnd {
  readonly lane: Lane;
  /** Attempts in this lane, the one that just ended included: 1 or more; 0 where waiting has used up no step yet. */
  readonly attemptsMade: number;
  readonly outcome: Outcome;
  /** The credentials were refused to this lead alone: it may be what is in it, so the schedule goes on. */
  readonly refusedAlone?: boolean;
  readonly schedule: RetrySchedule;
  /** At least 0 and below 1, as `Math.random`. */
  readonly random: () => number;
}

export type Decision =
  /** It arrived. */
  | { readonly kind: "delivered" }
  /** Once more in the fast lane. */
  | { readonly kind: "retry_fast"; readonly delayMs: number }
  /** A DLQ entry is made, `open`; with null it waits for a person. */
  | { readonly kind: "to_dlq"; readonly nextRetryDelayMs: number | null }
  /** The DLQ entry is `open` again; with null it waits for a person. `waits`: no step of the schedule is used up. */
  | { readonly kind: "reschedule"; readonly nextRetryDelayMs: number | null; readonly waits?: true }
  /** The long schedule is used up. */
  | { readonly kind: "dead" };

/** Slow retries are spread by this share either way, so that an outage's leads do not come back as one wave. */
export const slowJitterRatio = 0.1;

/** A wait of at most this long is sat out in the fast lane, even if the schedule's own steps are shorter. */
export const fastWaitMaxMs = 5_000;

/** Where the destination as a whole is waited for, nobody says how long, and the schedule has no step. */
const askedToWaitMs = 60_000;

/** What follows an attempt (docs/contract.md, Schedules); pure. A `Retry-After` only ever lengthens a wait. */
export function decide(end: AttemptEnd): Decision {
  if (end.outcome.kind === "delivered") return { kind: "delivered" };
  switch (end.lane) {
    case "fast":
      return afterFastFailure(end, end.outcome);
    case "dlq":
      return afterDlqFailure(end, end.outcome);
  }
}

function afterFastFailure(end: AttemptEnd, failed: Failed): Decision {
  switch (failed.class) {
    case "permanent":
      return { kind: "to_dlq", nextRetryDelayMs: null };
    case "needs_credentials":
    case "needs_configuration":
      return { kind: "to_dlq", nextRetryDelayMs: slowDelayMs(end, failed, 0) ?? waitMs(failed) };
    case "transient": {
      const stepMs = end.schedule.fastMs[end.attemptsMade - 1];
      if (stepMs === undefined) return { kind: "to_dlq", nextRetryDelayMs: slowDelayMs(end, failed, 0) };
      // No jitter: the steps are short, and what comes back together arrived together.
      const delayMs = Math.max(stepMs, failed.retryAfterMs ?? 0);
      return delayMs > longestFastWaitMs(end.schedule)
        ? { kind: "to_dlq", nextRetryDelayMs: delayMs }
        : { kind: "retry_fast", delayMs };
    }
  }
}

/** Making the entry used up the first slow delay, so attempt n from the DLQ is followed by the delay n. */
function afterDlqFailure(end: AttemptEnd, failed: Failed): Decision {
  if (failed.class === "permanent") return { kind: "reschedule", nextRetryDelayMs: null };
  if (isWaitedFor(failed) && end.refusedAlone !== true) {
    const delayMs = slowDelayMs(end, failed, Math.max(end.attemptsMade - 1, 0));
    return {
      kind: "reschedule",
      nextRetryDelayMs: delayMs ?? waitMs(failed),
      waits: true,
    };
  }
  const delayMs = slowDelayMs(end, failed, end.attemptsMade);
  return delayMs === null ? { kind: "dead" } : { kind: "reschedule", nextRetryDelayMs: delayMs };
}

/** null: the schedule has no such step. What the destination asked for is kept exactly, without jitter. */
function slowDelayMs(end: AttemptEnd, failed: Failed, step: number): number | null {
  const slowMs = end.schedule.slowMs[step];
  if (slowMs === undefined) return null;
  const spread = 1 + slowJitterRatio * (2 * end.random() - 1);
  return Math.max(Math.round(slowMs * spread), failed.retryAfterMs ?? 0);
}

function waitMs({ retryAfterMs }: Failed): number {
  return retryAfterMs !== null && retryAfterMs > 0 ? retryAfterMs : askedToWaitMs;
}

/** The destination has not judged the lead, so waiting for it gives no lead up. */
function isWaitedFor(failed: Failed): boolean {
  switch (failed.class) {
    case "needs_credentials":
    case "needs_configuration":
      return true;
    case "transient":
      return isThrottled(failed) || (failed.retryAfterMs ?? 0) > 0;
    case "permanent":
      return false;
  }
}

function longestFastWaitMs(schedule: RetrySchedule): number {
  return Math.max(fastWaitMaxMs, ...schedule.fastMs);
}
