// When a destination is left alone as a whole, for how long, and how it is approached again (docs/contract.md,
// Circuits).
import type { FailureCount } from "./failure-rate.ts";
import { isThrottled } from "./outcome.ts";
import type { Failed, FailureCode, Outcome } from "./outcome.ts";

/**
 * `closed`: leads are sent. `open`: nothing is sent until the time of the next probe. `half_open`: one lead tries.
 */
export type CircuitState = "closed" | "open" | "half_open";

/** Why it opens, and how long nothing is sent. */
export interface Rest {
  readonly reason: FailureCode;
  /** A sentence for people; it names the destination. */
  readonly message: string;
  readonly pauseMs: number;
  /** Where it was not one answer that asked for it, but too many failed attempts. */
  readonly failures?: FailureCount;
}

export interface RestTerms {
  /** In a row, since the circuit opened; 0 when it opens. */
  readonly failedProbes: number;
  /** At least 0 and below 1, as `Math.random`. */
  readonly random: () => number;
}

/** What a probe says about its destination. */
export type ProbeEnd =
  | { readonly kind: "closes" }
  | ({ readonly kind: "opens_again" } & Rest)
  /** Nothing was sent, or we cut it off: somebody else may try at once. */
  | { readonly kind: "untried" };

/** A destination that says "later" without saying when, and one that cannot be reached: doubled by each failed probe. */
const throttledPause = { firstMs: 1_000, maxMs: 5 * 60_000 };
const troublePause = { firstMs: 5_000, maxMs: 5 * 60_000 };
/** Credentials and settings do not mend themselves; whoever mends them makes the next probe come at once. */
const mendingPause = { firstMs: 60_000, maxMs: 60 * 60_000 };
/** Pauses are made longer by up to this share, so that installations do not come back together; never shorter. */
const jitterRatio = 0.1;
const jitterMaxMs = 2_000;

/**
 * Whether this outcome means that the destination is to be left alone, with all that waits for it; null: it speaks of
 * this one lead. A destination asks for it by 429 (RFC 6585 section 4) or what its rules know as that, or by any transient refusal with a Retry-After
 * (RFC 9110 section 10.2.3); one that refuses the credentials, or is set up wrongly, would refuse every lead.
 */
export function restAfter(outcome: Outcome, terms: RestTerms): Rest | null {
  if (outcome.kind === "delivered") return null;
  const { code: reason, message, class: failureClass, retryAfterMs } = outcome;
  const rest = (ms: number): Rest => ({ reason, message, pauseMs: withJitter(ms, terms.random) });
  switch (failureClass) {
    case "needs_credentials":
    case "needs_configuration":
      return rest(Math.max(doubled(mendingPause, terms.failedProbes), retryAfterMs ?? 0));
    case "transient":
      if (retryAfterMs !== null && retryAfterMs > 0) return rest(retryAfterMs);
      return isThrottled(outcome) ? rest(doubled(throttledPause, terms.failedProbes)) : null;
    case "permanent":
      return null;
  }
}

/** Because so many attempts failed, the last of them with this outcome. */
export function restAfterFailures(
  { code: reason, message }: Failed,
  failures: FailureCount,
  { failedProbes, random }: RestTerms,
): Rest {
  const pauseMs = withJitter(doubled(troublePause, failedProbes), random);
  return { reason, message, pauseMs, failures };
}

/** A destination that judges one lead is there again; one that cannot be reached is not. */
export function probeEnd(outcome: Outcome, terms: RestTerms): ProbeEnd {
  if (outcome.kind === "delivered") return { kind: "closes" };
  if (outcome.code === "delivery_interrupted" || outcome.code === "nothing_to_send")
    return { kind: "untried" };
  const rest = restAfter(outcome, { ...terms, failedProbes: terms.failedProbes + 1 });
  if (rest !== null) return { kind: "opens_again", ...rest };
  if (outcome.class === "permanent") return { kind: "closes" };
  const pauseMs = withJitter(doubled(troublePause, terms.failedProbes), terms.random);
  return { kind: "opens_again", reason: outcome.code, message: outcome.message, pauseMs };
}

function doubled(
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
  times: number,
): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(times, 30));
}

function withJitter(ms: number, random: () => number): number {
  return Math.ceil(ms + random() * Math.min(ms * jitterRatio, jitterMaxMs));
}

/** After the ramp nothing holds a destination's leads back but its concurrency. */
export const rampMs = 10_000;
const rampFirst = 4;

/**
 * How many leads may have been sent so long after a circuit closed: 1 at once, 5 within a second, 13 within two, then
 * ever more, about 4,000 within the ramp. Each node counts for itself.
 */
export function rampAllows(sinceMs: number): number {
  return Math.floor(rampFirst * (2 ** (Math.min(sinceMs, rampMs) / 1_000) - 1)) + 1;
}

/** When the ramp allows that many: the inverse of `rampAllows`, in milliseconds after the circuit closed. */
export function rampReaches(count: number): number {
  return Math.ceil(1_000 * Math.log2(Math.max(count - 1, 0) / rampFirst + 1));
}
