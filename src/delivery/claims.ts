// What is due for one destination, leased to this node. A row that the database refuses to lease is left alone and tried
// again ever more seldom; after several times a person decides about it, and until then nothing of it is sent.
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { ClaimedDelivery, LeaseHolder } from "../ledger/delivery/deliveries.ts";
import {
  claimDeliveries,
  claimTheseDeliveries,
  findDueDeliveries,
  giveUpDelivery,
} from "../ledger/delivery/deliveries.ts";
import { findDueTests } from "../ledger/delivery/sending-limits.ts";
import type { ClaimedEntry } from "../ledger/delivery/dlq-attempts.ts";
import {
  claimDueEntries,
  claimTheseEntries,
  findDueEntries,
  giveUpEntry,
} from "../ledger/delivery/dlq-attempts.ts";
import { createBisectedBatch, firstTaken } from "../ledger/connection/refused-rows.ts";

export interface Claims {
  /** Leases up to `limit` and gives each to `take` at once; returns how many. */
  entries(limit: number, take: (entry: ClaimedEntry) => void): Promise<number>;
  deliveries(limit: number, take: (delivery: ClaimedDelivery) => void): Promise<number>;
  /** Leases test leads that are due, whatever else waits. */
  tests(limit: number): Promise<ClaimedDelivery[]>;
  /** How many could not be leased lately. */
  readonly refused: number;
}

export interface ClaimsDeps {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** In a row, before a person is asked. */
const refusalsMax = 5;

export function createClaims(destination: string, deps: ClaimsDeps): Claims {
  const { database, monotonicMs, log } = deps;
  const holder: LeaseHolder = { node: deps.node, leaseMs: deps.leaseMs };
  const reason = `the database refused again and again to let the delivery to ${destination} begin; the log says why`;

  const entries = createBisectedBatch<number, ClaimedEntry>(
    {
      doFirst: (limit, except) => claimDueEntries(database, destination, limit, holder, except),
      findFirst: (limit, except) => findDueEntries(database, destination, limit, except),
      doThese: (dlqIds) => claimTheseEntries(database, destination, dlqIds, holder),
      onRefused: (dlqId, times, error) =>
        refused({ dlq_id: dlqId }, times, error, [() => giveUpEntry(database, dlqId, reason)]),
    },
    monotonicMs,
  );
  const deliveries = createBisectedBatch<string, ClaimedDelivery>(
    {
      doFirst: (limit, except) => claimDeliveries(database, destination, limit, holder, except),
      findFirst: (limit, except) => findDueDeliveries(database, destination, limit, except),
      doThese: (runIds) => claimTheseDeliveries(database, destination, runIds, holder),
      onRefused: (runId, times, error) =>
        refused(
          { run_id: runId },
          times,
          error,
          // An entry without the event that should come before it is better than none.
          [true, false].map((told) => () => giveUpDelivery(database, { runId, destination, reason, told })),
        ),
    },
    monotonicMs,
  );

  async function refused(
    which: { readonly run_id: string } | { readonly dlq_id: number },
    times: number,
    error: unknown,
    waysToGiveUp: readonly (() => Promise<void>)[],
  ): Promise<void> {
    log("error", "claim_refused", { ...which, destination, times, error: errorText(error) });
    if (times < refusalsMax) return;
    // If the database takes none of them, the next refusal comes back to it.
    const later = (): Promise<void> => Promise.resolve();
    await firstTaken([...waysToGiveUp, later], (obstacle) =>
      log("error", "delivery_not_given_up", { ...which, destination, error: errorText(obstacle) }),
    );
  }

  return {
    entries: (limit, take) => entries.run(limit, take),
    deliveries: (limit, take) => deliveries.run(limit, take),
    async tests(limit) {
      const runIds = await findDueTests(database, destination, limit);
      return runIds.length === 0 ? [] : claimTheseDeliveries(database, destination, runIds, holder);
    },
    get refused() {
      return entries.refused + deliveries.refused;
    },
  };
}
