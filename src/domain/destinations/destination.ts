// A destination: where leads are delivered to, and how patiently.

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

export interface HttpDestination {
  readonly name: string;
  readonly kind: "http";
  readonly url: string;
  /** Signs every delivery (Standard Webhooks 1.0); null: no `webhook-signature`. */
  readonly secret: string | null;
  /** Absent: none. */
  readonly retiring?: readonly RetiringSecret[];
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Deliveries under way at once, per node. */
  readonly concurrency: number;
  /** Deliveries wait, nothing is sent. */
  readonly paused: boolean;
  /** May reach loopback and private addresses. */
  readonly allowPrivate: boolean;
  readonly retry: RetrySchedule;
  /** Path of a PEM file with the certificate authorities that are trusted instead of the public ones; absent: those. */
  readonly caFile?: string;
}

/** Nothing is sent: a worker of the user's own settles the runs with SQL. */
export interface ExternalDestination {
  readonly name: string;
  readonly kind: "external";
  readonly paused: boolean;
}

export type Destination = HttpDestination | ExternalDestination;

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
