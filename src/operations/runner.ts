// Does the operations that people have ordered, batch by batch, whichever process is free: a node in the background, or a
// command where no node runs. A batch and the operation's new cursor are one transaction, so wherever a process is killed,
// another goes on behind the last batch that was committed.
import { pace } from "../domain/attention/operation.ts";
import { obstacleOfDestination } from "../domain/attention/replay.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { readDestinationState } from "../ledger/configuration/configuration.ts";
import type { Database, Queryable } from "../ledger/connection/database.ts";
import { limitTransaction, transaction } from "../ledger/connection/database.ts";
import type { ReadConflict } from "../ledger/attention/conflict-entries.ts";
import type { OnLocks } from "../ledger/attention/entry-actions.ts";
import {
  countItems,
  failOperation,
  findOperationsAtWork,
  finishOperation,
  lockOperation,
  nameOperation,
  nextItems,
  recordBatch,
} from "../ledger/operations/operation-batches.ts";
import type { DueOperation, Item, OperationAtWork } from "../ledger/operations/operation-batches.ts";
import { databaseTrouble, sqlState } from "../ledger/connection/postgres-error.ts";
import { createTally, treatItems } from "./treat-items.ts";

export interface OperationRunnerDeps {
  readonly database: Database;
  /** Tells this process from others. */
  readonly node: string;
  readonly log: Log;
  readonly readConflict: ReadConflict;
}

export interface OperationRunner {
  /** Does what there is to do now; resolves when nothing is left, or only what has to wait for longer than a moment. */
  run(): Promise<void>;
  /** No further batch is begun. */
  stop(): void;
}

/** A pause that is shorter is waited for; a longer one is left to the next run. */
const shortPauseMs = 1_000;

export function createOperationRunner(deps: OperationRunnerDeps): OperationRunner {
  const { database, log } = deps;
  let stopped = false;
  const isStopped = (): boolean => stopped;

  /** false: nothing was to be done. */
  async function batchOf(due: DueOperation): Promise<boolean> {
    try {
      return await doBatch(deps, due, "skip_entries");
    } catch (error) {
      const trouble = databaseTrouble(error);
      // Somebody keeps a run locked: the others go on without it.
      if (trouble === "locked") return doBatch(deps, due, "skip_all");
      if (trouble !== "refused") throw error;
      log("error", "operation_failed", { operation_id: due.operation_id, error: errorText(error) });
      const reason = `the database refused to go on (SQLSTATE ${sqlState(error) ?? "unknown"}); the log says why`;
      await transaction(database, due.actor, (client) => failOperation(client, due.operation_id, reason));
      return true;
    }
  }

  return {
    async run() {
      while (!isStopped()) {
        const atWork = await findOperationsAtWork(database);
        let did = false;
        for (const due of atWork) {
          if (isStopped()) return;
          if (due.wait_ms === 0) did = (await batchOf(due)) || did;
        }
        if (did) continue;
        const waitMs = Math.min(...atWork.map(({ wait_ms }) => wait_ms).filter((ms) => ms > 0));
        if (waitMs > shortPauseMs) return;
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, waitMs)));
      }
    },
    stop() {
      stopped = true;
    },
  };
}

/** One transaction. Returns false where somebody else is at it, or it has been paused or ended meanwhile. */
async function doBatch(
  { database, node, readConflict }: OperationRunnerDeps,
  { operation_id: operationId, actor }: DueOperation,
  onLocks: OnLocks,
): Promise<boolean> {
  return transaction(database, actor, async (client) => {
    const operation = await lockOperation(client, operationId);
    if (operation === null) return false;
    await nameOperation(client, operationId);
    const seen = operation.clients === null ? client : await limitTransaction(client, operation.clients);
    const total = operation.total ?? (await countItems(seen, operation));
    const { items: limit, msPerItem } = pace(operation.rate_per_second);
    const items = await nextItems(seen, operation, limit);
    const last = items.at(-1);
    if (last === undefined) {
      await finishOperation(client, operation, { total, node });
      return true;
    }
    const counts = await treated(seen, operation, items, onLocks, readConflict);
    const pauseMs = items.length * msPerItem;
    await recordBatch(client, operationId, { ...counts, cursor: last.cursor, total, pauseMs, node });
    return true;
  });
}

async function treated(
  client: Queryable,
  operation: OperationAtWork,
  items: readonly Item[],
  onLocks: OnLocks,
  readConflict: ReadConflict,
): ReturnType<typeof treatItems> {
  const ids = items.map(({ id }) => id);
  if (operation.destination !== null) {
    // It may have been removed while the operation was under way.
    const obstacle = obstacleOfDestination(await readDestinationState(client, operation.destination));
    if (obstacle !== null) {
      const tally = createTally();
      tally.skip(obstacle, ids.length);
      return tally.counts();
    }
  }
  return treatItems(client, operation, ids, onLocks, readConflict);
}
