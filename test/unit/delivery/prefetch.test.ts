import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { movingAverage, prefetchFor } from "../../../src/delivery/prefetch.ts";

describe("what waits in memory for a destination", () => {
  it("is a second's work of a quick one, so that leads are handed over without a detour", () => {
    expect(prefetchFor(16, 20)).toBe(800);
    expect(prefetchFor(16, 1)).toBe(1_024);
  });

  it("is little for a slow one, or one that has not answered yet", () => {
    expect(prefetchFor(16, 10_000)).toBe(64);
    expect(prefetchFor(16, null)).toBe(64);
  });

  it("always leaves room for what may be sent at once, and is bounded", () => {
    const anyMs = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), anyMs, (concurrency, attemptMs) => {
        const places = prefetchFor(concurrency, attemptMs);
        expect(places).toBeGreaterThanOrEqual(concurrency * 4);
        expect(places).toBeLessThanOrEqual(concurrency * 64);
      }),
    );
  });

  it("follows a destination that becomes slow", () => {
    let average = movingAverage(null, 10);
    for (let attempts = 0; attempts < 100; attempts += 1) average = movingAverage(average, 5_000);
    expect(prefetchFor(16, average)).toBe(64);
  });
});
