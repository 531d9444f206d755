// Statements for many rows of which the database may refuse one: the others go on without it.
import { databaseTrouble } from "../ledger/postgres-error.ts";
import { createSetAside } from "./set-aside.ts";

/**
 * Does `work` for all items in one go; where the database refuses that, for each half by itself, until what it refuses
 * stands alone and goes to `onRefused`. Rejects with any other error: then no item is to blame.
 */
export async function isolating<Item>(
  items: readonly Item[],
  work: (part: readonly Item[]) => Promise<void>,
  onRefused: (item: Item, error: unknown) => Promise<void> | void,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await work(items);
  } catch (error) {
    if (databaseTrouble(error) !== "refused") throw error;
    if (items.length === 1) {
      for (const item of items) await onRefused(item, error);
      return;
    }
    const half = items.length >> 1;
    await isolating(items.slice(0, half), work, onRefused);
    await isolating(items.slice(half), work, onRefused);
  }
}

/** Rows that wait for something to be done to them, and the statements that do it. */
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

export interface IsolatedBatch<Row> {
  /** Gives every row to `take` as soon as it is done; returns how many. */
  run(limit: number, take: (row: Row) => void): Promise<number>;
  /** Rows that were refused lately. */
  readonly refused: number;
}

/**
 * One statement as long as all is well; a row that is refused is found, set aside, and tried again ever more seldom, and
 * one that somebody has locked holds up no other.
 */
export function createIsolatedBatch<Key, Row>(
  rows: WaitingRows<Key, Row>,
  monotonicMs: () => number,
): IsolatedBatch<Row> {
  const setAside = createSetAside<Key>(monotonicMs);
  return {
    async run(limit, take) {
      if (limit === 0) return 0;
      const except = setAside.leftAlone();
      try {
        const done = await rows.doFirst(limit, except);
        done.forEach(take);
        return done.length;
      } catch (error) {
        const trouble = databaseTrouble(error);
        if (trouble !== "refused" && trouble !== "locked") throw error;
      }
      let count = 0;
      await isolating(
        await rows.findFirst(limit, except),
        async (keys) => {
          for (const row of await rows.doThese(keys)) {
            count += 1;
            take(row);
          }
        },
        (key, error) => rows.onRefused(key, setAside.refused(key), error),
      );
      return count;
    },
    get refused() {
      return setAside.count;
    },
  };
}
