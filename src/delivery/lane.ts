// The way to one destination: so many attempts at once, so many more in memory, no others. A destination that is slow
// or down fills its own lane and nobody else's.

export interface Lane<Item> {
  /** Places that nothing takes: what may be claimed or handed over now. */
  readonly free: number;
  /** Items that wait and could be started at once, were it not for `mayStart`. */
  readonly startable: number;
  /** Takes a place for an item that may come; false when there is none. */
  reserve(): boolean;
  /** Gives a reserved place back. */
  cancel(): void;
  /** Puts an item into a place that was reserved; false when the lane has stopped, and the item is the caller's. */
  push(item: Item): boolean;
  /** Starts what may be started by now. */
  start(): void;
  /** Hands back what has not been started; the lane goes on. */
  takeBack(): Item[];
  /** Starts nothing more and hands back what has not been started. */
  stop(): Item[];
  /** Resolves when no attempt is under way. */
  idle(): Promise<void>;
}

export interface LaneLimits {
  /** Attempts under way at once. */
  readonly concurrency: number;
  /** Places in all, where so many are under way: these, waiting ones and reserved ones; asked each time. */
  readonly placesMax: (underWay: number) => number;
  /** Asked before each start, and counts it; false: not now, and somebody calls `start` later. Absent: always. */
  readonly mayStart?: () => boolean;
}

/**
 * `attempt` must not reject. It calls `sent` when the destination has answered, so that the next item can go out
 * while the outcome is written; the place is free again when it resolves.
 */
export function createLane<Item>(
  limits: LaneLimits,
  attempt: (item: Item, sent: () => void) => Promise<void>,
  onFree: () => void,
): Lane<Item> {
  const waiting: Item[] = [];
  const idle: (() => void)[] = [];
  let taken = 0;
  let sending = 0;
  let underWay = 0;
  let stopped = false;

  function startNext(): void {
    while (!stopped && sending < limits.concurrency && waiting.length > 0) {
      if (limits.mayStart?.() === false) return;
      const item = waiting.shift();
      if (item !== undefined) void run(item);
    }
  }

  function takeBack(): Item[] {
    const left = waiting.splice(0);
    taken -= left.length;
    return left;
  }

  async function run(item: Item): Promise<void> {
    sending += 1;
    underWay += 1;
    let isSending = true;
    const sent = (): void => {
      if (!isSending) return;
      isSending = false;
      sending -= 1;
      startNext();
    };
    await attempt(item, sent);
    sent();
    underWay -= 1;
    taken -= 1;
    if (underWay === 0) for (const resolve of idle.splice(0)) resolve();
    if (!stopped) onFree();
  }

  return {
    get free() {
      return stopped ? 0 : Math.max(0, limits.placesMax(underWay) - taken);
    },
    get startable() {
      return stopped ? 0 : Math.min(waiting.length, limits.concurrency - sending);
    },
    reserve() {
      if (stopped || taken >= limits.placesMax(underWay)) return false;
      taken += 1;
      return true;
    },
    cancel() {
      taken -= 1;
    },
    push(item) {
      if (stopped) return false;
      waiting.push(item);
      startNext();
      return true;
    },
    start: startNext,
    takeBack,
    stop() {
      stopped = true;
      return takeBack();
    },
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
  };
}
