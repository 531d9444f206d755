// What this node holds a lease on: renewed while it works, given back when it stops, not trusted once it has ended.
import type { Database } from "../ledger/database.ts";
import { releaseDeliveries, renewDeliveryLeases } from "../ledger/deliveries.ts";
import { releaseEntries, renewEntryLeases } from "../ledger/dlq-attempts.ts";
import type { DlqWork, FastWork, Work } from "./work.ts";

export interface HeldWork {
  add(work: Work): void;
  /** Its outcome is written, or nobody wants it any more. */
  drop(work: Work): void;
  /** False once the lease has ended, or nearly: then it may already be somebody else's. */
  mayStillSend(work: Work): boolean;
  /** Extends all leases; what is no longer ours is not sent any more. */
  renew(): Promise<void>;
  /** Gives work back that was not attempted, so that anyone may take it at once. */
  giveBack(unsent: readonly Work[]): Promise<void>;
}

export interface HeldWorkParts {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly monotonicMs: () => number;
}

/** A lease that ends sooner is not trusted for sending any more. */
const leaseMarginMs = 500;

export function createHeldWork({ database, node, leaseMs, monotonicMs }: HeldWorkParts): HeldWork {
  const held = new Set<Work>();
  return {
    add: (work) => held.add(work),
    drop: (work) => held.delete(work),
    mayStillSend: (work) => monotonicMs() < work.leaseUntilMs - leaseMarginMs,
    async renew() {
      // Before the database is asked: its lease is never shorter than what we believe.
      const until = monotonicMs() + leaseMs;
      const { fast, entries } = byLane(held);
      if (fast.length > 0) {
        const kept = await renewDeliveryLeases(database, fast, { node, leaseMs });
        for (const work of fast)
          work.leaseUntilMs = kept.has(`${work.runId}:${work.destination}`) ? until : 0;
      }
      if (entries.length > 0) {
        const kept = await renewEntryLeases(database, entries.map(entryAttempt), { node, leaseMs });
        for (const work of entries) work.leaseUntilMs = kept.has(work.dlqId) ? until : 0;
      }
    },
    async giveBack(unsent) {
      for (const work of unsent) held.delete(work);
      const { fast, entries } = byLane(unsent);
      if (fast.length > 0) await releaseDeliveries(database, fast, node);
      if (entries.length > 0) await releaseEntries(database, entries.map(entryAttempt), node);
    },
  };
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
