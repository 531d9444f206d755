// When a destination fails so often that it is left alone as a whole, although no single answer asks for that: after
// several failures in a row, or when most of the last attempts failed.
import type { Outcome } from "./outcome.ts";

export interface FailureRateLimits {
  /** So many failures one after the other are enough; not more than are looked at. */
  readonly inRow: number;
  /** So many attempts are looked at. */
  readonly attempts: number;
  /** And so many of them must have failed; in between some may have arrived. */
  readonly failed: number;
  /** What is older says nothing about now. */
  readonly windowMs: number;
}

export const failureRateLimits: FailureRateLimits = {
  inRow: 10,
  attempts: 20,
  failed: 14,
  windowMs: 2 * 60_000,
};

export interface FailureCount {
  readonly failed: number;
  /** Of so many attempts, the last ones. */
  readonly of: number;
}

interface Attempt {
  readonly isFailure: boolean;
  readonly atMs: number;
}

/** The newest last, at most as many as are looked at. */
export type Attempts = readonly Attempt[];

export interface Noted {
  readonly attempts: Attempts;
  /** Why it is to be left alone; null: it is not. */
  readonly tooMany: FailureCount | null;
}

/**
 * `nowMs`: of any clock that does not jump. What was not sent, or broken off by us, is no attempt. A lead that is refused
 * for what is in it did reach a destination that works.
 */
export function noteAttempt(
  before: Attempts,
  outcome: Outcome,
  nowMs: number,
  limits: FailureRateLimits = failureRateLimits,
): Noted {
  if (
    outcome.kind === "failed" &&
    (outcome.code === "delivery_interrupted" || outcome.code === "nothing_to_send")
  )
    return { attempts: before, tooMany: null };
  const isFailure = outcome.kind === "failed" && outcome.class !== "permanent";
  const attempts = [...before, { isFailure, atMs: nowMs }]
    .filter(({ atMs }) => nowMs - atMs < limits.windowMs)
    .slice(-limits.attempts);
  // A success is no reason to leave it alone, whatever was before.
  return { attempts, tooMany: isFailure ? tooManyOf(attempts, limits) : null };
}

function tooManyOf(attempts: Attempts, limits: FailureRateLimits): FailureCount | null {
  const failuresIn = (last: number): FailureCount => {
    const looked = attempts.slice(-last);
    return { failed: looked.filter(({ isFailure }) => isFailure).length, of: looked.length };
  };
  const row = failuresIn(limits.inRow);
  if (row.failed >= limits.inRow) return row;
  const rate = failuresIn(limits.attempts);
  return rate.of >= limits.attempts && rate.failed >= limits.failed ? rate : null;
}
