// Opening hours as one node keeps them.
import { expect, it } from "vitest";
import { createLimiter } from "../../../src/delivery/limiter.ts";
import { defaultRetry } from "../../../src/domain/destinations/destination.ts";
import type { Database } from "../../../src/ledger/connection/database.ts";

const crm = {
  name: "crm",
  kind: "http",
  paused: false,
  timeoutMs: 1_000,
  concurrency: 1,
  retry: defaultRetry,
  limits: [],
  openingHours: ["mon 08:00-09:00"],
};

/** 2026-11-30 is a Monday. */
function limiterAt(time: string) {
  const logged: string[] = [];
  const database = { query: () => Promise.resolve({ rows: [] }) } as unknown as Database;
  const limiter = createLimiter(
    crm,
    { wanted: () => 1, onChange: () => undefined },
    {
      database,
      nowMs: () => Date.parse(`2026-11-30T${time}Z`),
      monotonicMs: () => 0,
      log: (_level, event) => void logged.push(event),
    },
  );
  return { limiter, logged };
}

it("nothing is sent before the zone is known, and by it afterwards", async () => {
  const { limiter, logged } = limiterAt("07:30");
  expect([limiter.isClosed, limiter.pass()]).toEqual([true, false]);
  await limiter.follow("Europe/Berlin");
  expect([limiter.isClosed, limiter.pass()]).toEqual([false, true]);
  expect(logged).toEqual([]);
});

it("hours are kept in UTC, and that is said once, where this process does not know the zone", async () => {
  const { limiter, logged } = limiterAt("08:30");
  await limiter.follow("Nowhere/Else");
  await limiter.follow("Nowhere/Else");
  expect(limiter.pass()).toBe(true);
  expect(logged).toEqual(["opening_hours_in_utc"]);
});
