// Takes back the DLQ entries of nodes that are gone, whatever one of them has against it.
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import {
  findExpiredEntries,
  recoverExpiredEntries,
  recoverTheseEntries,
} from "../ledger/delivery/dlq-attempts.ts";
import { createBisectedBatch } from "../ledger/connection/refused-rows.ts";

export interface Recovery {
  run(): Promise<void>;
  /** How many could not be taken back lately. */
  readonly refused: number;
}

export interface RecoveryDeps {
  readonly database: Database;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Looked at one by one when one of them is refused; the next time comes soon. */
const isolatedEntriesMax = 500;

export function createRecovery({ database, monotonicMs, log }: RecoveryDeps): Recovery {
  const batch = createBisectedBatch<number, never>(
    {
      async doFirst(_limit, except) {
        await recoverExpiredEntries(database, except);
        return [];
      },
      findFirst: (limit, except) => findExpiredEntries(database, limit, except),
      async doThese(dlqIds) {
        await recoverTheseEntries(database, dlqIds);
        return [];
      },
      // It stays `retrying`, where people see it; nothing is sent, because nobody can claim it.
      onRefused(dlqId, times, error) {
        log("error", "recovery_refused", { dlq_id: dlqId, times, error: errorText(error) });
        return Promise.resolve();
      },
    },
    monotonicMs,
  );
  return {
    async run() {
      await batch.run(isolatedEntriesMax, () => undefined);
    },
    get refused() {
      return batch.refused;
    },
  };
}
