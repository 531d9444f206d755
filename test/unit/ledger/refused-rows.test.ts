// The one policy for rows that the database refuses, without a database: halved, left alone for ever longer, handed over.
import pg from "pg";
import { describe, expect, it } from "vitest";
import {
  backoffMs,
  bisectBatch,
  createBackoff,
  createBisectedBatch,
  firstTaken,
} from "../../../src/ledger/connection/refused-rows.ts";

function sqlError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError(code, 0, "error");
  error.code = code;
  return error;
}

/** A database that takes everything but those. */
function refusing(bad: readonly number[], code = "23514") {
  const taken: number[] = [];
  let statements = 0;
  const write = (part: readonly number[]): Promise<void> => {
    statements += 1;
    if (part.some((item) => bad.includes(item))) return Promise.reject(sqlError(code));
    taken.push(...part);
    return Promise.resolve();
  };
  return { taken, write, statements: () => statements };
}

const hundred = Array.from({ length: 100 }, (_, index) => index);

describe("a batch with rows that the database refuses", () => {
  it("is written without them, each found by halving, and in order", async () => {
    const database = refusing([7, 64]);
    const refused: number[] = [];
    await bisectBatch(hundred, database.write, (item) => void refused.push(item));
    expect(refused).toEqual([7, 64]);
    expect(database.taken).toEqual(hundred.filter((item) => !refused.includes(item)));
    expect(database.statements()).toBeLessThan(32);
  });

  it.each(["08006", "40001", "55P03"])("is not halved for an error about none of them (%s)", async (code) => {
    const database = refusing([7], code);
    await expect(bisectBatch(hundred, database.write, () => undefined)).rejects.toMatchObject({ code });
    expect(database.statements()).toBe(1);
  });

  it("leaves the refused one alone for ever longer, a minute at most, until it is forgotten", () => {
    let nowMs = 0;
    const backoff = createBackoff<string>(() => nowMs);
    const pausesMs = Array.from({ length: 9 }, () => {
      backoff.refused("row");
      const startedMs = nowMs;
      while (backoff.leftAlone().length > 0) nowMs += 500;
      return nowMs - startedMs;
    });
    expect(pausesMs).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(backoff.count).toBe(1);
    nowMs += 15_001;
    expect(backoff.count).toBe(0);
    expect(backoff.refused("row")).toBe(1);
    expect(backoffMs(10_000, { firstMs: 1, maxMs: 7 })).toBe(7);
  });

  it.each(["23514", "55P03"])(
    "goes on in the database without it at once, and without trying it (%s)",
    async (code) => {
      const database = refusing([2], code);
      const counts: number[] = [];
      const done: number[] = [];
      const waiting = (except: readonly number[]): number[] =>
        [1, 2, 3].filter((row) => !except.includes(row) && !database.taken.includes(row));
      const write = async (rows: readonly number[]): Promise<readonly number[]> => {
        await database.write(rows);
        return rows;
      };
      const batch = createBisectedBatch<number, number>(
        {
          doFirst: (_limit, except) => write(waiting(except)),
          findFirst: (_limit, except) => Promise.resolve(waiting(except)),
          // One that is locked is passed over.
          doThese: (rows) => write(code === "55P03" ? rows.filter((row) => row !== 2) : rows),
          onRefused: (_row, times) => Promise.resolve(void counts.push(times)),
        },
        () => 0,
      );
      const take = (row: number): void => void done.push(row);
      expect(await batch.run(10, take)).toBe(2);
      expect(done).toEqual([1, 3]);
      const isRefused = code === "23514";
      expect(counts).toEqual(isRefused ? [1] : []);
      expect(batch.refused).toBe(isRefused ? 1 : 0);
      if (isRefused) expect(await batch.run(10, take)).toBe(0);
    },
  );

  it("is handed to a person in the first way that the database takes", async () => {
    const tried: string[] = [];
    const ways = ["whole", "plain", "bare"].map((way) => () => {
      tried.push(way);
      return way === "plain" ? Promise.resolve() : Promise.reject(sqlError("23514"));
    });
    await firstTaken(ways);
    expect(tried).toEqual(["whole", "plain"]);
    await expect(firstTaken(ways.slice(2))).rejects.toMatchObject({ code: "23514" });
    const away = () => Promise.reject(sqlError("08006"));
    await expect(firstTaken([away, ...ways])).rejects.toMatchObject({ code: "08006" });
    expect(tried).toEqual(["whole", "plain", "bare"]);
  });
});
