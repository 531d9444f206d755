import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimiter } from "../../../src/domain/sources/rate-limiter.ts";

const twoPerSecond = { requests: 2, perMs: 1000 };

describe("a source may send as much as its limit says", () => {
  it("a whole period's requests at once, then as many as trickle in", () => {
    let nowMs = 5_000;
    const limiter = createRateLimiter(() => nowMs);
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: true });
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: true });
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: false, retryAfterMs: 500 });
    nowMs += 499;
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: false, retryAfterMs: 1 });
    nowMs += 1;
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: true });
    expect(limiter.take("a", twoPerSecond).ok).toBe(false);
    nowMs += 3_600_000;
    const afterALongPause = [1, 2, 3].map(() => limiter.take("a", twoPerSecond).ok);
    expect(afterALongPause).toEqual([true, true, false]);
  });

  it("whatever other sources do", () => {
    const limiter = createRateLimiter(() => 0);
    for (let request = 0; request < 10; request++) limiter.take("loud", twoPerSecond);
    expect(limiter.take("quiet", twoPerSecond).ok).toBe(true);
  });

  it("and what a changed limit says from then on, without old debts", () => {
    let nowMs = 0;
    const limiter = createRateLimiter(() => nowMs);
    limiter.take("a", { requests: 1, perMs: 86_400_000 });
    expect(limiter.take("a", { requests: 1, perMs: 86_400_000 }).ok).toBe(false);
    expect(limiter.take("a", twoPerSecond)).toEqual({ ok: false, retryAfterMs: 500 });
    nowMs += 500;
    expect(limiter.take("a", twoPerSecond).ok).toBe(true);
  });

  it("never more than a burst plus what trickled in, and the wait it names is enough", () => {
    const limit = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      perMs: fc.integer({ min: 1, max: 60_000 }),
    });
    fc.assert(
      fc.property(
        limit,
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }),
        (given, pausesMs) => {
          let nowMs = 0;
          let taken = 0;
          const limiter = createRateLimiter(() => nowMs);
          for (const pauseMs of pausesMs) {
            nowMs += pauseMs;
            const answer = limiter.take("a", given);
            if (answer.ok) taken++;
            else {
              nowMs += answer.retryAfterMs;
              expect(limiter.take("a", given).ok).toBe(true);
              taken++;
            }
          }
          expect(taken).toBeLessThanOrEqual(given.requests + (nowMs * given.requests) / given.perMs + 1e-6);
        },
      ),
    );
  });

  it("with bounded memory: the source that was quiet longest is forgotten first", () => {
    const limiter = createRateLimiter(() => 0, 2);
    const one = { requests: 1, perMs: 1000 };
    limiter.take("a", one);
    limiter.take("b", one);
    limiter.take("a", one);
    limiter.take("c", one);
    expect(limiter.take("a", one).ok).toBe(false);
    expect(limiter.take("b", one).ok).toBe(true);
  });
});
