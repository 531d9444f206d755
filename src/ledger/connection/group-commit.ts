// Group commit: what arrives while the database is busy is written together in the next batch. Bounded in every
// direction: the queue, the batch, and the batches under way. A bad item never harms its neighbours.
import { createFairShares } from "../../domain/sources/fair-shares.ts";
import { bisectBatch, mayBlameOne } from "./refused-rows.ts";

export interface GroupCommitLimits {
  /** Items that wait; one more is refused. */
  readonly queueItemsMax: number;
  readonly batchItemsMax: number;
  /** What may wait in memory, and what one statement may carry; a single larger item is still written, alone. */
  readonly queueBytesMax?: number;
  readonly batchBytesMax?: number;
  /** Batches that the database works on at the same time. */
  readonly batchesInFlightMax: number;
  /** How long a commit may go without an answer before its items are told that their fate is unknown. */
  readonly answerMsMax?: number;
}

/** So few are not worth two batches. */
const undividedItemsMax = 16;

/** The share of the newest batch in what an item takes on average. */
const newestShare = 0.1;

/** A batch that hangs, on a lock for example, holds up those after it for no longer than this. */
const patienceMs = 20;

export class QueueFullError extends Error {
  constructor() {
    super("the queue in front of the database is full");
  }
}

/** The database has not answered in time; the items may have been committed, or may yet be. */
export class CommitOverdueError extends Error {
  constructor() {
    super("the database does not answer");
  }
}

export interface GroupCommit<Item, Result> {
  /**
   * Resolves once the item is committed. Rejects with QueueFullError, with CommitOverdueError, or with the database's
   * error: one that blames this very item, or one that says that the database is out of reach.
   */
  submit(item: Item): Promise<Result>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
  readonly queueLength: number;
  /** How long what waits now will take, going by the last batches, in milliseconds. */
  readonly backlogMs: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly count: number;
  readonly bytes: number;
  readonly owner: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How an item counts towards the limits. */
export interface ItemWeights<Item> {
  /** As how many it counts where the limits speak of items; absent: each as one. */
  readonly countOf?: (item: Item) => number;
  /** Where the limits speak of bytes. */
  readonly bytesOf?: (item: Item) => number;
  /** Those whose items fill the queue share it fairly. Absent: all are one's. */
  readonly ownerOf?: (item: Item) => string;
}

/** `commit` writes a batch in one transaction and returns a result per item, in the items' order. */
export function createGroupCommit<Item, Result>(
  limits: GroupCommitLimits,
  commit: (items: Item[]) => Promise<Result[]>,
  { countOf = () => 1, bytesOf = () => 0, ownerOf }: ItemWeights<Item> = {},
): GroupCommit<Item, Result> {
  const { queueBytesMax = Infinity, batchBytesMax = Infinity, answerMsMax = null } = limits;
  const queue: Waiting<Item, Result>[] = [];
  const idle: (() => void)[] = [];
  const underWay = new Set<readonly Waiting<Item, Result>[]>();
  const itemShares = createFairShares(limits.queueItemsMax);
  const byteShares = createFairShares(queueBytesMax);
  let lastBatchItems = 0;
  let itemMs = 0;
  let queuedItems = 0;
  let queuedBytes = 0;
  let scheduled = false;
  let patience: NodeJS.Timeout | undefined;

  function submit(item: Item): Promise<Result> {
    const count = countOf(item);
    const bytes = bytesOf(item);
    const owner = ownerOf?.(item) ?? "";
    if (isFull(owner, count, bytes)) return Promise.reject(new QueueFullError());
    return new Promise((resolve, reject) => {
      queue.push({ item, count, bytes, owner, resolve, reject });
      enter(owner, count, bytes);
      schedule();
    });
  }

  function isFull(owner: string, count: number, bytes: number): boolean {
    // A single larger one is still written, alone.
    if (queue.length === 0) return false;
    if (queuedItems + count > limits.queueItemsMax || queuedBytes + bytes > queueBytesMax) return true;
    return ownerOf !== undefined
      ? !itemShares.mayTake(owner, count) || !byteShares.mayTake(owner, bytes)
      : false;
  }

  function enter(owner: string, count: number, bytes: number): void {
    queuedItems += count;
    queuedBytes += bytes;
    if (ownerOf === undefined) return;
    itemShares.take(owner, count);
    byteShares.take(owner, bytes);
  }

  function leave(taken: readonly Waiting<Item, Result>[]): void {
    for (const { owner, count, bytes } of taken) {
      queuedItems -= count;
      queuedBytes -= bytes;
      if (ownerOf === undefined) continue;
      itemShares.giveBack(owner, count);
      byteShares.giveBack(owner, bytes);
    }
  }

  // Everything that one turn of the event loop brings in goes into the same batch.
  function schedule(): void {
    if (scheduled || !hasPlace()) return;
    if (!isGrown()) {
      patience ??= setTimeout(startNext, patienceMs);
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
    return underWay.size === 0 || queuedItems >= limits.batchItemsMax || queuedBytes >= batchBytesMax;
  }

  function startNext(): void {
    clearTimeout(patience);
    patience = undefined;
    if (!hasPlace()) return;
    const batch = takeBatch();
    const items = lastBatchItems;
    underWay.add(batch);
    const startedAt = performance.now();
    void write(batch).then(() => {
      itemMs += ((performance.now() - startedAt) / items - itemMs) * newestShare;
      ended(batch);
    });
  }

  // What stands behind a batch that is not answered would go the same way.
  function giveUpQueue(error: unknown): void {
    const behind = queue.splice(0);
    leave(behind);
    for (const waiting of behind) waiting.reject(error);
  }

  /** What `commit` says, unless that takes too long; then it goes on by itself, and nobody listens. */
  function answered(committing: Promise<Result[]>): Promise<Result[]> {
    if (answerMsMax === null) return committing;
    return new Promise((resolve, reject) => {
      const alarm = setTimeout(() => reject(new CommitOverdueError()), answerMsMax);
      committing.then(resolve, reject).finally(() => clearTimeout(alarm));
    });
  }

  // Senders that wait for the last batch's answers send their next items when they have them. Half of both together is
  // taken at a time, so that the database works on one half while the other half is answered and read; whoever takes
  // all that waits lets database and process wait for each other in turn.
  function takeBatch(): Waiting<Item, Result>[] {
    const half = Math.ceil((queuedItems + lastBatchItems) / 2);
    const itemsMax = Math.min(Math.max(half, undividedItemsMax), limits.batchItemsMax);
    let taken = 0;
    let items = 0;
    let bytes = 0;
    for (const waiting of queue) {
      if (taken > 0 && (items + waiting.count > itemsMax || bytes + waiting.bytes > batchBytesMax)) break;
      taken += 1;
      items += waiting.count;
      bytes += waiting.bytes;
    }
    lastBatchItems = items;
    const batch = queue.splice(0, taken);
    leave(batch);
    return batch;
  }

  function ended(batch: readonly Waiting<Item, Result>[]): void {
    underWay.delete(batch);
    // Before the answers go out: the database need not wait for that.
    if (underWay.size === 0 && queue.length > 0) startNext();
    if (queue.length > 0) schedule();
    else if (underWay.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  // Never rejects: every error reaches the items it belongs to.
  async function write(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      await bisectBatch(batch, writeTogether, (waiting, error) => waiting.reject(error), mayBlameOne);
    } catch (error) {
      // Those of its parts that have been answered take no notice.
      for (const waiting of batch) waiting.reject(error);
      if (error instanceof CommitOverdueError) giveUpQueue(error);
    }
  }

  async function writeTogether(part: readonly Waiting<Item, Result>[]): Promise<void> {
    const results = await answered(commit(part.map((waiting) => waiting.item)));
    part.forEach((waiting, index) => {
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
      return queuedItems;
    },
    get backlogMs() {
      return queuedItems * itemMs;
    },
  };
}
