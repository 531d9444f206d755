// Group commit: what arrives while the database is busy is written together in the next batch. Bounded in every
// direction: the queue, the batch, and the batches under way. A bad item never harms its neighbours.
import { databaseTrouble } from "./postgres-error.ts";

export interface GroupCommitLimits {
  /** Items that wait; one more is refused. */
  readonly queueItemsMax: number;
  readonly batchItemsMax: number;
  /** What may wait in memory, and what one statement may carry; a single larger item is still written, alone. */
  readonly queueBytesMax?: number;
  readonly batchBytesMax?: number;
  /** Batches that the database works on at the same time. */
  readonly batchesInFlightMax: number;
  /** For what is in no hurry: how long the first item waits for others to share its batch with. */
  readonly gatherMs?: number;
}

/** So few are not worth two batches. */
const undividedItemsMax = 16;

/** A batch that hangs, on a lock for example, holds up those after it for no longer than this. */
const patienceMs = 20;

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
  readonly bytes: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `commit` writes a batch in one transaction and returns a result per item, in the items' order; `bytesOf` weighs an
 * item where the limits speak of bytes.
 */
export function createGroupCommit<Item, Result>(
  limits: GroupCommitLimits,
  commit: (items: Item[]) => Promise<Result[]>,
  bytesOf: (item: Item) => number = () => 0,
): GroupCommit<Item, Result> {
  const { queueBytesMax = Infinity, batchBytesMax = Infinity, gatherMs = 0 } = limits;
  const queue: Waiting<Item, Result>[] = [];
  const idle: (() => void)[] = [];
  const underWay = new Set<readonly Waiting<Item, Result>[]>();
  let lastBatchItems = 0;
  let queuedBytes = 0;
  let scheduled = false;
  let patience: NodeJS.Timeout | undefined;

  function submit(item: Item): Promise<Result> {
    const bytes = bytesOf(item);
    const isFull =
      queue.length >= limits.queueItemsMax || (queue.length > 0 && queuedBytes + bytes > queueBytesMax);
    if (isFull) return Promise.reject(new QueueFullError());
    return new Promise((resolve, reject) => {
      queue.push({ item, bytes, resolve, reject });
      queuedBytes += bytes;
      schedule();
    });
  }

  // Everything that one turn of the event loop brings in goes into the same batch.
  function schedule(): void {
    if (scheduled || !hasPlace()) return;
    if (!isGrown()) {
      patience ??= setTimeout(startNext, gatherMs > 0 ? gatherMs : patienceMs);
      return;
    }
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      while (hasPlace() && isGrown()) startNext();
    });
  }

  function hasPlace(): boolean {
    return queue.length > 0 && underWay.size < limits.batchesInFlightMax;
  }

  // While a batch is under way the next one grows; another starts beside it only when it is full, or the one under way
  // takes long. A handful that went out at once would cost nearly as much as a batch, and the two would contend.
  function isGrown(): boolean {
    if (queue.length >= limits.batchItemsMax || queuedBytes >= batchBytesMax) return true;
    return gatherMs === 0 && underWay.size === 0;
  }

  function startNext(): void {
    clearTimeout(patience);
    patience = undefined;
    if (!hasPlace()) return;
    const batch = takeBatch();
    underWay.add(batch);
    void write(batch).then(() => ended(batch));
  }

  // Senders that wait for the last batch's answers send their next items when they have them. Half of both together is
  // taken at a time, so that the database works on one half while the other half is answered and read; whoever takes
  // all that waits lets database and process wait for each other in turn.
  function takeBatch(): Waiting<Item, Result>[] {
    const half = Math.ceil((queue.length + lastBatchItems) / 2);
    const itemsMax = gatherMs > 0 ? limits.batchItemsMax : Math.max(half, undividedItemsMax);
    let items = 0;
    let bytes = 0;
    for (const waiting of queue) {
      const isFull =
        items === itemsMax ||
        items === limits.batchItemsMax ||
        (items > 0 && bytes + waiting.bytes > batchBytesMax);
      if (isFull) break;
      items += 1;
      bytes += waiting.bytes;
    }
    queuedBytes -= bytes;
    lastBatchItems = items;
    return queue.splice(0, items);
  }

  function ended(batch: readonly Waiting<Item, Result>[]): void {
    underWay.delete(batch);
    // Before the answers go out: the database need not wait for that.
    if (underWay.size === 0 && queue.length > 0 && gatherMs === 0) startNext();
    if (queue.length > 0) schedule();
    else if (underWay.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  // Never rejects: every error reaches the items it belongs to.
  async function write(batch: Waiting<Item, Result>[]): Promise<void> {
    let results: Result[];
    try {
      results = await commit(batch.map((waiting) => waiting.item));
    } catch (error) {
      if (batch.length > 1 && blamesOne(error)) {
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
      queue.length === 0 && underWay.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => idle.push(resolve)),
    get queueLength() {
      return queue.length;
    },
  };
}

/** One item of the batch may be at fault: its data, or a lock on its run. */
function blamesOne(error: unknown): boolean {
  const trouble = databaseTrouble(error);
  return trouble === "refused" || trouble === "locked";
}
