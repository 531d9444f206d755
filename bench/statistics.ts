// Minimum, median and maximum of repeated measurements, and ratios of pairs that were measured beside each other.

export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly runs: number;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
  return { min: sorted[0] ?? Number.NaN, median, max: sorted.at(-1) ?? Number.NaN, runs: sorted.length };
}

/** Pair by pair: the n-th of one by the n-th of the other, which ran next to it. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.slice(0, below.length).map((value, index) => value / (below[index] ?? Number.NaN));
}

/** Student's t at 95 %, so that 90 % lie between both ends; by degrees of freedom, from one on. */
const student95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
  1.746, 1.74, 1.734, 1.729, 1.725,
];
const student95Limit = 1.645;

/** The geometric mean of ratios with its 90 % interval, from the spread of their logarithms. */
export function meanInterval(values: readonly number[]): { low: number; mean: number; high: number } {
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const freedom = logs.length - 1;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / freedom;
  const half = (student95[freedom - 1] ?? student95Limit) * Math.sqrt(variance / logs.length);
  return { low: Math.exp(mean - half), mean: Math.exp(mean), high: Math.exp(mean + half) };
}
