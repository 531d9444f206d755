// A destination: where leads are delivered to, and how patiently.
import type { Wanted } from "./delivery-content.ts";

/** Delays between attempts, in milliseconds. */
export interface RetrySchedule {
  /** After the first attempt, before the lead becomes a DLQ entry. */
  readonly fastMs: readonly number[];
  /** From the DLQ; when it is used up the entry is dead. */
  readonly slowMs: readonly number[];
}

/** A signing secret that was replaced: until it ends deliveries bear a signature of it, too. */
export interface RetiringSecret {
  readonly value: string;
  /** Up to and including this instant. */
  readonly notAfter: Date;
}

/** A destination as far as it is the same for every kind; what else it holds, its kind alone knows (src/kinds). */
export interface Destination {
  readonly name: string;
  readonly kind: string;
  /** Of an agency: whose it is; absent: no client's. */
  readonly client?: string;
  /** Deliveries wait, nothing is sent. */
  readonly paused: boolean;
  /** Absent: none. */
  readonly retiring?: readonly RetiringSecret[];
  /** Path of a PEM file with the certificate authorities that are trusted instead of the public ones; absent: those. */
  readonly caFile?: string;
}

/** Of a kind that we send to. */
export interface SendingDestination extends Destination, Wanted {
  readonly timeoutMs: number;
  /** Deliveries under way at once, per node. */
  readonly concurrency: number;
  readonly retry: RetrySchedule;
  /** As `readSendLimits` takes them; empty: none. */
  readonly limits: readonly string[];
  /** As `openingHours` takes them, in the reporting time zone; empty: always. */
  readonly openingHours: readonly string[];
  /** A code of `germanStates`, whose public holidays are kept; absent: nobody's. */
  readonly holidays?: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const defaultRetry: RetrySchedule = {
  fastMs: [1_000, 5_000],
  // More than seven days, whatever the jitter: a token that dies before Easter must not end in leads that were given up.
  slowMs: [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 12 * hourMs, ...Array<number>(8).fill(dayMs)],
};
export const defaultTimeoutMs = 10_000;
export const defaultConcurrency = 16;
