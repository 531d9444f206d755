// Group commit without a database: what shares a batch, what is turned away, and whom a failure reaches.
import fc from "fast-check";
import pg from "pg";
import { describe, expect, it } from "vitest";
import {
  CommitOverdueError,
  createGroupCommit,
  QueueFullError,
} from "../../../src/ledger/connection/group-commit.ts";

const roomy = { queueItemsMax: 1_000, batchItemsMax: 100, batchesInFlightMax: 2 };

function sqlError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError(code, 0, "error");
  error.code = code;
  return error;
}

/** Batches wait until `go` is called. */
function gated() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const commit = async (items: number[]): Promise<number[]> => {
    batches.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => item * 10);
  };
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  const go = async () => {
    while (gates.length > 0) {
      for (const open of gates.splice(0)) open();
      await nextTurn();
      await nextTurn();
    }
  };
  return { batches, commit, go, nextTurn };
}

describe("group commit", () => {
  it("puts what one turn brings into one batch, and each item gets its own result", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const group = createGroupCommit(roomy, commit);
    const results = [1, 2, 3].map((item) => group.submit(item));
    await nextTurn();
    await go();
    expect(await Promise.all(results)).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it("never has more batches under way, nor larger ones, than its limits say", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const group = createGroupCommit({ queueItemsMax: 10, batchItemsMax: 2, batchesInFlightMax: 2 }, commit);
    const results = [1, 2, 3, 4, 5].map((item) => group.submit(item));
    await nextTurn();
    await nextTurn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(group.queueLength).toBe(1);
    await go();
    await Promise.all(results);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("lets a batch grow while another is under way, and starts it beside that one when it is full", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const group = createGroupCommit({ ...roomy, batchItemsMax: 3 }, commit);
    const results = [1, 2].map((item) => group.submit(item));
    await nextTurn();
    results.push(group.submit(3), group.submit(4));
    await nextTurn();
    expect(batches).toEqual([[1, 2]]);
    results.push(group.submit(5));
    await nextTurn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    await go();
    await Promise.all(results);
  });

  it("takes half of a crowd at a time, so that one half is written while the other is answered", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const group = createGroupCommit(roomy, commit);
    const crowd = Array.from({ length: 60 }, (_, item) => item);
    const results = crowd.map((item) => group.submit(item));
    await nextTurn();
    expect(batches.map(({ length }) => length)).toEqual([30]);
    await go();
    expect(await Promise.all(results)).toEqual(crowd.map((item) => item * 10));
    expect(batches.flat()).toEqual(crowd);
  });

  it("starts a small batch as soon as nothing is under way any more", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const group = createGroupCommit(roomy, commit);
    const results = [1, 2, 3].map((item) => group.submit(item));
    await nextTurn();
    results.push(group.submit(4));
    await go();
    await Promise.all(results);
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it("does not wait for long beside a batch that hangs", async () => {
    let free: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (free = resolve));
    const group = createGroupCommit<number, number>(roomy, async (items) => {
      if (items.includes(1)) await hanging;
      return items;
    });
    const stuck = [1, 2, 3].map((item) => group.submit(item));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await group.submit(4)).toBe(4);
    free();
    expect(await Promise.all(stuck)).toEqual([1, 2, 3]);
  });

  it("keeps a batch below its bytes; a single item that is larger goes alone", async () => {
    const { batches, commit, go, nextTurn } = gated();
    const limits = { ...roomy, batchesInFlightMax: 1, batchBytesMax: 10 };
    const group = createGroupCommit(limits, commit, { bytesOf: (item) => item });
    const results = [4, 6, 1, 50, 2].map((item) => group.submit(item));
    await nextTurn();
    await go();
    await Promise.all(results);
    expect(batches).toEqual([[4, 6], [1], [50], [2]]);
  });

  it("turns away what its queue has no room for, by items and by bytes, and has room again later", async () => {
    const { commit, go, nextTurn } = gated();
    const limits = { ...roomy, queueItemsMax: 3, queueBytesMax: 10 };
    const group = createGroupCommit(limits, commit, { bytesOf: (item) => item });
    const kept = [group.submit(4), group.submit(5)];
    await expect(group.submit(2)).rejects.toBeInstanceOf(QueueFullError);
    kept.push(group.submit(1));
    await expect(group.submit(0)).rejects.toBeInstanceOf(QueueFullError);
    await nextTurn();
    const later = group.submit(10);
    await nextTurn();
    await go();
    expect(await Promise.all([...kept, later])).toEqual([40, 50, 10, 100]);
  });

  it("a bad item among any others fails alone, and the others are committed once", async () => {
    const items = fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(items, fc.func(fc.boolean()), async (all, isBad) => {
        const committed: number[] = [];
        const group = createGroupCommit<number, number>(roomy, (batch) => {
          if (batch.some((item) => isBad(item))) return Promise.reject(sqlError("22P05"));
          committed.push(...batch);
          return Promise.resolve(batch);
        });
        const settled = await Promise.allSettled(all.map((item) => group.submit(item)));
        expect(settled.map(({ status }) => status === "rejected")).toEqual(all.map((item) => isBad(item)));
        expect(committed.toSorted()).toEqual(all.filter((item) => !isBad(item)).toSorted());
      }),
    );
  });

  it("when the database is out of reach everyone is told, and nothing is tried piece by piece", async () => {
    let tries = 0;
    const group = createGroupCommit<number, number>(roomy, () => {
      tries += 1;
      return Promise.reject(sqlError("57P01"));
    });
    const settled = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
    expect(settled.every(({ status }) => status === "rejected")).toBe(true);
    expect(tries).toBe(1);
  });

  it("is drained when nothing waits and nothing is under way", async () => {
    const { commit, go, nextTurn } = gated();
    const group = createGroupCommit(roomy, commit);
    await group.drained();
    const result = group.submit(1);
    let drained = false;
    const end = group.drained().then(() => (drained = true));
    await nextTurn();
    expect(drained).toBe(false);
    await go();
    await Promise.all([result, end]);
    expect(drained).toBe(true);
  });

  it("gives up a commit that is not answered in time, and what waits behind it, and goes on with what comes then", async () => {
    const seen: number[][] = [];
    let hang = true;
    const group = createGroupCommit<number, number>({ ...roomy, answerMsMax: 30 }, (items) => {
      seen.push(items);
      return hang ? new Promise<number[]>(() => undefined) : Promise.resolve(items);
    });
    const first = group.submit(1);
    await new Promise((resolve) => setImmediate(resolve));
    const outcomes = await Promise.allSettled([first, group.submit(2), group.submit(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(CommitOverdueError);
    }
    hang = false;
    expect(await group.submit(4)).toBe(4);
    expect(seen.at(-1)).toEqual([4]);
    await group.drained();
  });
});
