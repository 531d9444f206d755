// Who collects metrics is never kept waiting by the database, and many who do ask it once.
import { expect, it } from "vitest";
import { createFreshFigures } from "../../../src/runtime/fresh-figures.ts";

const limits = { keepMs: 5_000, waitMs: 20, staleMs: 60_000 };

it("asks once for all who come within five seconds", async () => {
  let [asked, now] = [0, 0];
  const fresh = createFreshFigures(
    () => Promise.resolve(++asked),
    () => now,
    limits,
  );
  expect(await Promise.all([fresh.read(), fresh.read(), fresh.read()])).toEqual([1, 1, 1]);
  now = 4_999;
  expect(await fresh.read()).toBe(1);
  now = 5_000;
  expect(await fresh.read()).toBe(2);
});

it("waits for a limited time, gives what was known before, and asks nothing more while a question is open", async () => {
  let [asked, now] = [0, 0];
  let answer: (figure: number) => void = () => undefined;
  const fresh = createFreshFigures(
    () => (++asked === 1 ? Promise.resolve(1) : new Promise<number>((resolve) => (answer = resolve))),
    () => now,
    limits,
  );
  expect(await fresh.read()).toBe(1);
  now = 10_000;
  expect([await fresh.read(), await fresh.read()]).toEqual([1, 1]);
  now = 60_000;
  expect(await fresh.read()).toBeNull();
  expect(asked).toBe(2);
  answer(7);
  expect(await fresh.read()).toBe(7);
});

it("gives nothing while nothing could ever be read, and what there is as soon as it can", async () => {
  let fails = true;
  const fresh = createFreshFigures(
    () => (fails ? Promise.reject(new Error("away")) : Promise.resolve(1)),
    () => 0,
    limits,
  );
  expect(await fresh.read()).toBeNull();
  fails = false;
  expect(await fresh.read()).toBe(1);
});
