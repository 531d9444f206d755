// Latencies in a histogram with three significant digits, from a microsecond to two minutes.
import { build } from "hdr-histogram-js";
import type { Latency } from "./order.ts";

export interface Latencies {
  record(milliseconds: number): void;
  summary(): Latency;
}

const highestUs = 120_000_000;

export function createLatencies(): Latencies {
  const histogram = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: 3,
  });
  const ms = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    record(milliseconds) {
      histogram.recordValue(Math.min(Math.max(Math.round(milliseconds * 1_000), 1), highestUs));
    },
    summary: () => ({ p50: ms(50), p90: ms(90), p99: ms(99), p999: ms(99.9), max: ms(100) }),
  };
}
