// Pieces of SQL about figures of hours.
import { longestMs } from "../../domain/figures/duration-histogram.ts";

/** The hours of the days `from` to `to` of the reporting zone, both included; all are expressions. */
export function hoursOfDaysSql(hour: string, from: string, to: string): string {
  const zone = "(SELECT internal.reporting_timezone())";
  return `${hour} >= ${from}::date::timestamp AT TIME ZONE ${zone} AND ${hour} < (${to}::date + 1)::timestamp AT TIME ZONE ${zone}`;
}

/** The greatest bigint stands for "longer than the last bound", which no number of the program could be. */
export const bucketUpperSql = "nullif(bucket_upper_ms, 9223372036854775807)";

export function upperMsOf(upper: number | null): number {
  return upper ?? longestMs;
}
