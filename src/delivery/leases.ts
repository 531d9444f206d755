// What this node holds a lease on: renewed while it works, given back when it stops, not trusted once it has ended.
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import { releaseDeliveries, renewDeliveryLeases } from "../ledger/delivery/deliveries.ts";
import { releaseEntries, renewEntryLeases } from "../ledger/delivery/dlq-attempts.ts";
import { bisectBatch, createBackoff } from "../ledger/connection/refused-rows.ts";
import type { DlqWork, FastWork, Work } from "./work.ts";

export interface Leases {
  add(work: Work): void;
  /** Its outcome is written, or nobody wants it any more. */
  drop(work: Work): void;
  /** False once the lease has ended, or nearly: then it may already be somebody else's. */
  mayStillSend(work: Work): boolean;
  /** Extends all leases; what is no longer ours is not sent any more. */
  renew(): Promise<void>;
  /** Gives work back that was not attempted, so that anyone may take it at once. */
  giveBack(unsent: readonly Work[]): Promise<void>;
  /** How many leases could not be extended lately. */
  readonly refused: number;
}

export interface LeasesDeps {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** A lease that ends sooner is not trusted for sending any more. */
const leaseMarginMs = 500;

export function createLeases({ database, node, leaseMs, monotonicMs, log }: LeasesDeps): Leases {
  const held = new Set<Work>();
  const backoff = createBackoff<Work>(monotonicMs);

  /** Its lease ends by itself, and until then it may be sent. */
  function refused(work: Work, error: unknown): void {
    const { runId, destination } = work;
    const times = backoff.refused(work);
    log("error", "renewal_refused", { run_id: runId, destination, times, error: errorText(error) });
  }

  /** So does this one's. */
  function notReturned({ runId, destination }: Work, error: unknown): void {
    log("warn", "leases_not_returned", { run_id: runId, destination, error: errorText(error) });
  }

  return {
    add: (work) => held.add(work),
    drop(work) {
      held.delete(work);
      backoff.forget(work);
    },
    mayStillSend: (work) => monotonicMs() < work.leaseUntilMs - leaseMarginMs,
    async renew() {
      // Before the database is asked: its lease is never shorter than what we believe.
      const until = monotonicMs() + leaseMs;
      const leftAlone = new Set(backoff.leftAlone());
      const { fast, entries } = byLane([...held].filter((work) => !leftAlone.has(work)));
      const renewFast = async (part: readonly FastWork[]): Promise<void> => {
        const kept = await renewDeliveryLeases(database, part, { node, leaseMs });
        for (const work of part) extend(work, kept.get(`${work.runId}:${work.destination}`), until);
      };
      const renewEntries = async (part: readonly DlqWork[]): Promise<void> => {
        const kept = await renewEntryLeases(database, part.map(entryAttempt), { node, leaseMs });
        for (const work of part) extend(work, kept.get(work.dlqId), until);
      };
      await bisectBatch(fast, renewFast, refused);
      await bisectBatch(entries, renewEntries, refused);
    },
    async giveBack(unsent) {
      for (const work of unsent) held.delete(work);
      const { fast, entries } = byLane(unsent);
      await bisectBatch(fast, (part) => releaseDeliveries(database, part, node), notReturned);
      await bisectBatch(
        entries,
        (part) => releaseEntries(database, part.map(entryAttempt), node),
        notReturned,
      );
    },
    get refused() {
      return backoff.count;
    },
  };
}

/** `extended`: whether the lease was; undefined: it is not ours any more. One that was locked stays as long as it was. */
function extend(work: Work, extended: boolean | undefined, untilMs: number): void {
  if (extended === undefined) work.leaseUntilMs = 0;
  else if (extended) work.leaseUntilMs = untilMs;
}

function byLane(works: Iterable<Work>): { fast: FastWork[]; entries: DlqWork[] } {
  const fast: FastWork[] = [];
  const entries: DlqWork[] = [];
  for (const work of works) {
    if (work.lane === "fast") fast.push(work);
    else entries.push(work);
  }
  return { fast, entries };
}

function entryAttempt({ dlqId, runId, attempt }: DlqWork): {
  dlqId: number;
  runId: string;
  retryCount: number;
} {
  return { dlqId, runId, retryCount: attempt };
}
