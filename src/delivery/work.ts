// One attempt that this node is to make: it holds the lease, and knows where its outcome goes.
import type { ClaimedEntry } from "../ledger/dlq-attempts.ts";
import type { ClaimedDelivery } from "../ledger/deliveries.ts";

interface AnyWork {
  readonly runId: string;
  readonly destination: string;
  /** JSON text that the destination receives; null: the run has no body, so there is nothing to send. */
  readonly body: string | null;
  readonly test: boolean;
  /** Monotonic milliseconds until which this node alone may send; moved on by renewals. */
  leaseUntilMs: number;
}

export interface FastWork extends AnyWork {
  readonly lane: "fast";
  /** Which attempt of the fast lane, from 1. */
  readonly attempt: number;
}

export interface DlqWork extends AnyWork {
  readonly lane: "dlq";
  readonly dlqId: number;
  /** Which attempt from the DLQ, from 1. */
  readonly attempt: number;
}

export type Work = FastWork | DlqWork;

export function workOfDelivery(
  claimed: ClaimedDelivery,
  body: string | null,
  leaseUntilMs: number,
): FastWork {
  const { runId, destination, attempt, test } = claimed;
  return { lane: "fast", runId, destination, attempt, test, body, leaseUntilMs };
}

export function workOfEntry(claimed: ClaimedEntry, body: string | null, leaseUntilMs: number): DlqWork {
  const { dlqId, runId, destination, retryCount, test } = claimed;
  return { lane: "dlq", dlqId, runId, destination, attempt: retryCount, test, body, leaseUntilMs };
}
