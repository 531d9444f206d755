// Group commit: what arrives while the database is busy is written together in the next batch. Bounded in every
// direction: the queue, the batch, and the batches under way. A bad item never harms its neighbours.
import { databaseTrouble } from "./postgres-error.ts";

export interface GroupCommitLimits {
  /** Items that wait; one more is refused. */
  readonly queueItemsMax: number;
  readonly batchItemsMax: number;
  /** Batches that the database works on at the same time. */
  readonly batchesInFlightMax: number;
}

export class QueueFullError extends Error {
  constructor() {
    super("the queue in front of the database is full");
  }
}

export interface GroupCommit<Item, Result> {
  /**
   * Resolves once the item is committed. Rejects with QueueFullError, or with the database's error: one that
   * blames this very item, or one that says that the database is out of reach.
   */
  submit(item: Item): Promise<Result>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
  readonly queueLength: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** `commit` writes a batch in one transaction and returns a result per item, in the items' order. */
export function createGroupCommit<Item, Result>(
  limits: GroupCommitLimits,
  commit: (items: Item[]) => Promise<Result[]>,
): GroupCommit<Item, Result> {
  const queue: Waiting<Item, Result>[] = [];
  const idle: (() => void)[] = [];
  let inFlight = 0;
  let scheduled = false;

  function submit(item: Item): Promise<Result> {
    if (queue.length >= limits.queueItemsMax) return Promise.reject(new QueueFullError());
    return new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      schedule();
    });
  }

  // Everything that one turn of the event loop brings in goes into the same batch.
  function schedule(): void {
    if (scheduled || inFlight >= limits.batchesInFlightMax) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      start();
    });
  }

  function start(): void {
    while (queue.length > 0 && inFlight < limits.batchesInFlightMax) {
      inFlight += 1;
      void write(queue.splice(0, limits.batchItemsMax)).then(ended);
    }
  }

  function ended(): void {
    inFlight -= 1;
    if (queue.length > 0) schedule();
    else if (inFlight === 0) for (const resolve of idle.splice(0)) resolve();
  }

  // Never rejects: every error reaches the items it belongs to.
  async function write(batch: Waiting<Item, Result>[]): Promise<void> {
    let results: Result[];
    try {
      results = await commit(batch.map((waiting) => waiting.item));
    } catch (error) {
      if (batch.length > 1 && databaseTrouble(error) === "refused") {
        const half = batch.length >> 1;
        await write(batch.slice(0, half));
        await write(batch.slice(half));
        return;
      }
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    batch.forEach((waiting, index) => {
      const result = results[index];
      if (result === undefined) waiting.reject(new Error("the batch answered too few results"));
      else waiting.resolve(result);
    });
  }

  return {
    submit,
    drained: () =>
      queue.length === 0 && inFlight === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve)),
    get queueLength() {
      return queue.length;
    },
  };
}
