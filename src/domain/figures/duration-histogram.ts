// How long things took, as counts by upper bounds that never change, so that hours, sources and destinations can be added up.

/**
 * In milliseconds, those of `internal.duration_bounds()` in sql/count-hours.sql; what took longer than the last is counted
 * under `longestMs`. Each is at most a quarter above the one before it, from 8 ms on.
 */
export const durationBoundsMs: readonly number[] = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 70, 80, 100, 125, 150, 175, 200, 250, 300,
  350, 400, 500, 600, 700, 800, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500, 3_000, 3_500, 4_000, 5_000, 6_000,
  7_000, 8_000, 10_000, 12_000, 15_000, 18_000, 20_000, 25_000, 30_000, 35_000, 40_000, 50_000, 60_000,
  75_000, 90_000, 105_000, 120_000, 150_000, 180_000, 210_000, 240_000, 300_000, 360_000, 420_000, 480_000,
  600_000, 720_000, 900_000, 1_080_000, 1_200_000, 1_500_000, 1_800_000, 2_100_000, 2_400_000, 3_000_000,
  3_600_000, 4_500_000, 5_400_000, 6_300_000, 7_200_000, 9_000_000, 10_800_000, 12_600_000, 14_400_000,
  18_000_000, 21_600_000, 25_200_000, 28_800_000, 36_000_000, 43_200_000, 54_000_000, 64_800_000, 75_600_000,
  86_400_000, 108_000_000, 129_600_000, 151_200_000, 172_800_000, 216_000_000, 259_200_000, 302_400_000,
  345_600_000, 432_000_000, 518_400_000, 604_800_000, 691_200_000, 864_000_000, 1_036_800_000, 1_209_600_000,
  1_468_800_000, 1_814_400_000, 2_160_000_000, 2_592_000_000, 3_024_000_000, 3_456_000_000, 4_320_000_000,
  5_184_000_000, 6_480_000_000, 7_776_000_000,
];

/** In SQL the greatest bigint, which no number is; here everything above the last bound. */
export const longestMs: number = Infinity;

export interface DurationBucket {
  /** Milliseconds: it took no longer than this, and longer than the next smaller bound. */
  readonly upperMs: number;
  readonly count: number;
}

export interface DurationSummary {
  readonly count: number;
  /** Milliseconds, estimated within the bucket that the value is in: at most a quarter off. null: nothing was counted. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/** `buckets` in any order; several of the same bound are added up. */
export function summarizeDurations(buckets: readonly DurationBucket[]): DurationSummary {
  const sorted = buckets.toSorted((a, b) => a.upperMs - b.upperMs);
  const count = sorted.reduce((sum, bucket) => sum + bucket.count, 0);
  const percentile = (share: number) => (count === 0 ? null : valueAt(sorted, share * count));
  return { count, p50_ms: percentile(0.5), p95_ms: percentile(0.95), p99_ms: percentile(0.99) };
}

/** Where it lies in its bucket, as if its durations were spread evenly on a logarithmic scale. */
function valueAt(sorted: readonly DurationBucket[], rank: number): number {
  let before = 0;
  for (const { upperMs, count } of sorted) {
    if (before + count >= rank && count > 0) return within(upperMs, (rank - before) / count);
    before += count;
  }
  return durationBoundsMs.at(-1) ?? 0;
}

function within(upperMs: number, part: number): number {
  const lowerMs = durationBoundsMs.findLast((bound) => bound < upperMs) ?? 0;
  if (!Number.isFinite(upperMs)) return lowerMs;
  const value = lowerMs === 0 ? upperMs * part : lowerMs * (upperMs / lowerMs) ** part;
  return Math.round(value);
}
