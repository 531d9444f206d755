// Following the log misses no event, in whatever order they are committed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsToldMax, followLog } from "../../../src/http/live/live-log.ts";
import type { LiveEventSource } from "../../../src/http/live/live-log.ts";
import type { LiveEvent } from "../../../src/ledger/log/live-events.ts";

function logOf(committed: Set<number>): LiveEventSource {
  const sorted = (): number[] => [...committed].sort((one, other) => one - other);
  const event = (event_id: number): LiveEvent => ({ event_id }) as LiveEvent;
  return {
    after: (id, limit) =>
      Promise.resolve(
        sorted()
          .filter((one) => one > id)
          .slice(0, limit)
          .map(event),
      ),
    withIds: (ids) => Promise.resolve(ids.filter((id) => committed.has(id)).map(event)),
    latestId: () => Promise.resolve(Math.max(0, ...committed)),
    missing: (after, until) =>
      Promise.resolve(
        Array.from({ length: until - after }, (_none, index) => after + 1 + index).filter(
          (id) => !committed.has(id),
        ),
      ),
  };
}

describe("Following the log", () => {
  it("tells every event once, and its position is never beyond one that is still to come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          Array.from({ length: 40 }, (_none, index) => index + 1),
          { minLength: 40 },
        ),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 40, maxLength: 40 }),
        async (order, steps) => {
          const waiting = [...order];
          const committed = new Set(waiting.splice(0, steps[0]));
          const already = new Set(committed);
          const log = await followLog(logOf(committed), () => 0);
          const told: number[] = [];
          for (const step of steps) {
            for (const id of waiting.splice(0, step)) committed.add(id);
            const news = await log.next();
            if (news.kind === "events") told.push(...news.events.map(({ event_id }) => event_id));
            const first = Math.min(...waiting, Infinity);
            if (first < Math.max(...committed)) expect(log.position).toBeLessThan(first);
          }
          expect(told.toSorted((one, other) => one - other)).toEqual(
            order.filter((id) => !already.has(id)).toSorted((one, other) => one - other),
          );
        },
      ),
    );
  });

  it("stops waiting for an id that never comes", async () => {
    const committed = new Set([1, 3]);
    let now = 0;
    const log = await followLog(logOf(committed), () => now);
    expect(log.position).toBe(1);
    now += 61_000;
    await log.next();
    expect(log.position).toBe(3);
  });

  it("jumps over more than can be told", async () => {
    const committed = new Set([1]);
    const log = await followLog(logOf(committed), () => 0);
    for (let id = 2; id <= eventsToldMax + 3; id += 1) committed.add(id);
    expect(await log.next()).toEqual({ kind: "many" });
    committed.add(eventsToldMax + 4);
    expect(await log.next()).toMatchObject({ events: [{ event_id: eventsToldMax + 4 }] });
  });
});
