// Percentiles of a histogram: within the width of a bucket, whatever took how long.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  durationBoundsMs,
  longestMs,
  summarizeDurations,
} from "../../../src/domain/figures/duration-histogram.ts";

function bucketsOf(durations: readonly number[]) {
  return durations.map((ms) => ({
    upperMs: durationBoundsMs.find((bound) => ms <= bound) ?? longestMs,
    count: 1,
  }));
}

it("Percentiles are at most a quarter off, or two milliseconds where all is quick", () => {
  const duration = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 90 * 86_400_000 }));
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), (durations) => {
      const sorted = durations.toSorted((a, b) => a - b);
      const summary = summarizeDurations(bucketsOf(durations));
      expect(summary.count).toBe(durations.length);
      for (const [share, told] of [
        [0.5, summary.p50_ms],
        [0.95, summary.p95_ms],
        [0.99, summary.p99_ms],
      ] as const) {
        const truth = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        expect(Math.abs((told ?? NaN) - truth)).toBeLessThanOrEqual(Math.max(2, truth / 4 + 1));
      }
    }),
  );
});

it("What took longer than the last bound counts as having taken that long", () => {
  expect(summarizeDurations([{ upperMs: longestMs, count: 3 }])).toMatchObject({
    count: 3,
    p50_ms: 7_776_000_000,
  });
});

it("Without leads there is nothing to tell", () => {
  expect(summarizeDurations([])).toEqual({ count: 0, p50_ms: null, p95_ms: null, p99_ms: null });
});

it("Bounds are at most a quarter above the one before, from 8 ms on, and hold the times people agree on", () => {
  durationBoundsMs.forEach((bound, index) => {
    const before = durationBoundsMs[index - 1];
    if (before !== undefined && before >= 8) expect(bound / before).toBeLessThanOrEqual(1.25);
  });
  const second = 1_000;
  const agreed = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800,
    259_200,
  ];
  for (const each of agreed) expect(durationBoundsMs).toContain(each * second);
});
