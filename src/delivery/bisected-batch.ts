// Rows that wait in the database, done as a batch of which it may refuse one or keep one locked.
import { bisectBatch } from "../ledger/connection/bisect-batch.ts";
import { databaseTrouble } from "../ledger/connection/postgres-error.ts";
import { createBackoff } from "./backoff.ts";

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

export interface BisectedBatch<Row> {
  /** Gives every row to `take` as soon as it is done; returns how many. */
  run(limit: number, take: (row: Row) => void): Promise<number>;
  /** Rows that were refused lately. */
  readonly refused: number;
}

/**
 * One statement as long as all is well; a row that is refused is found, set aside, and tried again ever more seldom, and
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
        const trouble = databaseTrouble(error);
        if (trouble !== "refused" && trouble !== "locked") throw error;
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
