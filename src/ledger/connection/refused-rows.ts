// Rows that the database refuses, wherever that happens: new leads, claims, renewals, outcomes, recovery, the spool, imports
// and bulk actions. One policy: the batch is halved until what is refused stands alone, so that it costs no other row
// anything (bisectBatch); it is left alone for a while, longer each time (createBackoff, backoffMs); and in the end it is
// handed to a person, in whichever way the database does take (firstTaken). createBisectedBatch is all of it for rows that
// wait in the database.
import { databaseTrouble } from "./postgres-error.ts";

/**
 * Does `work` for all items in one go; where that fails with an error that may be about one of them, for each half by
 * itself, until what fails stands alone and goes to `onRefused`. Rejects with any other error, at once: then no item is
 * to blame, and those whose turn had not come were not tried.
 */
export async function bisectBatch<Item>(
  items: readonly Item[],
  work: (part: readonly Item[]) => Promise<void>,
  onRefused: (item: Item, error: unknown) => Promise<void> | void,
  mayBeAboutOne: (error: unknown) => boolean = isRefused,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await work(items);
  } catch (error) {
    if (!mayBeAboutOne(error)) throw error;
    if (items.length === 1) {
      for (const item of items) await onRefused(item, error);
      return;
    }
    const half = items.length >> 1;
    await bisectBatch(items.slice(0, half), work, onRefused, mayBeAboutOne);
    await bisectBatch(items.slice(half), work, onRefused, mayBeAboutOne);
  }
}

export function isRefused(error: unknown): boolean {
  return databaseTrouble(error) === "refused";
}

/** One row of the batch may be at fault: its data, or a lock that somebody holds on it. */
export function mayBlameOne(error: unknown): boolean {
  return isRefused(error) || databaseTrouble(error) === "locked";
}

/**
 * Goes the ways one after the other, each of which asks less of the database, until it takes one. Rejects with what it
 * says about the last; `onRefused` hears what it says about those before, and throws what no other way would mend.
 */
export async function firstTaken(
  ways: readonly (() => Promise<unknown>)[],
  onRefused: (error: unknown) => void = throwUnlessRefused,
): Promise<void> {
  for (const [index, way] of ways.entries()) {
    try {
      await way();
      return;
    } catch (error) {
      if (index === ways.length - 1) throw error;
      onRefused(error);
    }
  }
}

function throwUnlessRefused(error: unknown): void {
  if (!isRefused(error)) throw error;
}

interface BackoffPauses {
  /** After the first time. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How long to wait after the `times`th refusal in a row, from 1: twice as long each time. */
export function backoffMs(times: number, { firstMs, maxMs }: BackoffPauses): number {
  return Math.min(maxMs, firstMs * 2 ** (times - 1));
}

/** Rows that were refused, left alone for a while so that they neither hold up others nor keep the database busy. */
export interface Backoff<Key> {
  /** What is to be left alone at this moment. */
  leftAlone(): Key[];
  /** It was refused once more; returns how often by now. */
  refused(key: Key): number;
  forget(key: Key): void;
  /** How many were refused lately. */
  readonly count: number;
}

const rowPauses: BackoffPauses = { firstMs: 500, maxMs: 60_000 };
/** What has not been refused for so long after its pause is settled, gone, or mended. */
const rememberedMs = 15_000;

export function createBackoff<Key>(monotonicMs: () => number): Backoff<Key> {
  const refusals = new Map<Key, { readonly times: number; readonly untilMs: number }>();

  function forgetOld(): void {
    const nowMs = monotonicMs();
    for (const [key, { untilMs }] of refusals) if (nowMs > untilMs + rememberedMs) refusals.delete(key);
  }

  return {
    leftAlone() {
      forgetOld();
      const nowMs = monotonicMs();
      return [...refusals].filter(([, { untilMs }]) => untilMs > nowMs).map(([key]) => key);
    },
    refused(key) {
      const times = (refusals.get(key)?.times ?? 0) + 1;
      refusals.set(key, { times, untilMs: monotonicMs() + backoffMs(times, rowPauses) });
      return times;
    },
    forget: (key) => void refusals.delete(key),
    get count() {
      forgetOld();
      return refusals.size;
    },
  };
}

/** Rows that wait in the database for something to be done to them, and the statements that do it. */
export interface WaitingRows<Key, Row> {
  /** To the first of those that wait, but not to those in `except`; may wait for a lock that others hold. */
  doFirst(limit: number, except: readonly Key[]): Promise<readonly Row[]>;
  /** Which those are, without touching them. */
  findFirst(limit: number, except: readonly Key[]): Promise<readonly Key[]>;
  /** To those of them that still wait and that nobody has locked. */
  doThese(keys: readonly Key[]): Promise<readonly Row[]>;
  /** One was refused for the `times`th time in a row. */
  onRefused(key: Key, times: number, error: unknown): Promise<void>;
}

export interface BisectedBatch<Row> {
  /** Gives every row to `take` as soon as it is done; returns how many. */
  run(limit: number, take: (row: Row) => void): Promise<number>;
  /** Rows that were refused lately. */
  readonly refused: number;
}

/**
 * One statement as long as all is well; a row that is refused is found, left alone, and tried again ever more seldom, and
 * one that somebody has locked holds up no other.
 */
export function createBisectedBatch<Key, Row>(
  rows: WaitingRows<Key, Row>,
  monotonicMs: () => number,
): BisectedBatch<Row> {
  const backoff = createBackoff<Key>(monotonicMs);
  return {
    async run(limit, take) {
      if (limit === 0) return 0;
      const except = backoff.leftAlone();
      try {
        const done = await rows.doFirst(limit, except);
        done.forEach(take);
        return done.length;
      } catch (error) {
        if (!mayBlameOne(error)) throw error;
      }
      let count = 0;
      await bisectBatch(
        await rows.findFirst(limit, except),
        async (keys) => {
          for (const row of await rows.doThese(keys)) {
            count += 1;
            take(row);
          }
        },
        (key, error) => rows.onRefused(key, backoff.refused(key), error),
      );
      return count;
    },
    get refused() {
      return backoff.count;
    },
  };
}
