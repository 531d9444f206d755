// Does an operation's action to the entries or runs of one batch, as a set; what the database refuses is found by halving
// and counted, and the others go on without it.
import type { OperationObstacle } from "../domain/attention/operation-obstacle.ts";
import type { Queryable } from "../ledger/connection/database.ts";
import { settleConflicts } from "../ledger/attention/conflict-entries.ts";
import type { ConflictOutcome, ReadConflict } from "../ledger/attention/conflict-entries.ts";
import { closeEntries, retryEntries } from "../ledger/attention/entry-actions.ts";
import type { EntryOutcome, OnLocks } from "../ledger/attention/entry-actions.ts";
import { bisectBatch } from "../ledger/connection/refused-rows.ts";
import type { OperationAtWork } from "../ledger/operations/operation-batches.ts";
import { isLedgerRule } from "../ledger/connection/postgres-error.ts";
import { replayRuns } from "../ledger/leads/replay-runs.ts";
import type { ReplayOutcome } from "../ledger/leads/replay-runs.ts";

export interface Counts {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly obstacles: Readonly<Record<string, number>>;
}

export interface Tally {
  done(count: number): void;
  skip(obstacle: string, count: number): void;
  fail(): void;
  counts(): Counts;
}

/** The ledger's own rules forbid it, in this state. */
const notAllowed = "not_allowed";
/** Something of somebody else's, a trigger or a constraint. */
const databaseRefused: OperationObstacle = "database_refused";

export async function treatItems(
  client: Queryable,
  operation: OperationAtWork,
  ids: readonly string[],
  onLocks: OnLocks,
  readConflict: ReadConflict,
): Promise<Counts> {
  const tally = createTally();
  await bisectBatch(
    ids,
    async (part) => {
      await client.query("SAVEPOINT part");
      let outcomes: readonly Outcome[];
      try {
        outcomes = await act(client, operation, part, onLocks, readConflict);
      } catch (error) {
        // Nothing of it stays; what cannot even be rolled back ends the transaction.
        await client.query("ROLLBACK TO SAVEPOINT part").catch(() => undefined);
        throw error;
      }
      await client.query("RELEASE SAVEPOINT part");
      for (const outcome of outcomes) {
        if (outcome.kind === "obstacle") tally.skip(outcome.obstacle, 1);
        else tally.done(1);
      }
    },
    (_id, error) => {
      if (isLedgerRule(error)) tally.skip(notAllowed, 1);
      else tally.fail();
    },
  );
  return tally.counts();
}

type Outcome = EntryOutcome | ReplayOutcome | ConflictOutcome;

function act(
  client: Queryable,
  { action, actor, reason, at, destination, operation_id: operationId }: OperationAtWork,
  ids: readonly string[],
  onLocks: OnLocks,
  readConflict: ReadConflict,
): Promise<readonly Outcome[]> {
  switch (action) {
    case "dlq.take_in":
    case "dlq.deliver_change": {
      const terms = { action: conflictActionOf[action], actor, reason, operationId };
      return settleConflicts(client, ids.map(Number), terms, readConflict, onLocks);
    }
    case "dlq.retry":
      return retryEntries(client, ids.map(Number), { at, note: reason }, onLocks);
    case "dlq.resolve":
      return closeEntries(client, ids.map(Number), "resolved", reason, onLocks);
    case "dlq.dead":
      return closeEntries(client, ids.map(Number), "dead", reason, onLocks);
    case "runs.replay":
      return replayRuns(client, ids, { destination: destination ?? "", reason, operationId }, onLocks);
  }
}

const conflictActionOf = { "dlq.take_in": "take_in", "dlq.deliver_change": "deliver_change" } as const;

export function createTally(): Tally {
  let done = 0;
  let skipped = 0;
  let failed = 0;
  const obstacles: Record<string, number> = {};
  const note = (obstacle: string, count: number): void => {
    obstacles[obstacle] = (obstacles[obstacle] ?? 0) + count;
  };
  return {
    done(count) {
      done += count;
    },
    skip(obstacle, count) {
      skipped += count;
      note(obstacle, count);
    },
    fail() {
      failed += 1;
      note(databaseRefused, 1);
    },
    counts: () => ({ done, skipped, failed, obstacles }),
  };
}
