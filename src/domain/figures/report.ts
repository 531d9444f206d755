// A report: the figures of a day or of a week beside those of the week before, and what somebody should look at.
import type { Alarm } from "./alarm.ts";

export const reportNames = ["daily", "weekly"] as const;
export type ReportName = (typeof reportNames)[number];

/** ISO days of the reporting time zone, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Leads received in those days, as they stand now. */
export interface LeadCounts {
  readonly received: number;
  /** Of these: arrived at their destinations. */
  readonly delivered: number;
  readonly failed: number;
  /** On their way. */
  readonly under_way: number;
  readonly no_destination: number;
  readonly resolved_by_hand: number;
  readonly withdrawn: number;
}

export interface Compared<Counts> {
  readonly now: Counts;
  readonly before: Counts;
}

export interface SourceReport extends Compared<LeadCounts> {
  readonly source: string;
  /** What people call it; null: by its name. */
  readonly label: string | null;
}

/** What happened at a destination in those days, whenever the leads had come. */
export interface DestinationCounts {
  readonly delivered: number;
  readonly failed_attempts: number;
  readonly entries: number;
}

export interface DestinationReport extends Compared<DestinationCounts> {
  readonly destination: string;
}

/** How long leads took until they arrived somewhere for the first time; null: none did. */
export interface Durations {
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

export interface Report {
  readonly report: ReportName;
  readonly timezone: string;
  readonly range: DayRange;
  /** The same weekday, or the days, of the week before. */
  readonly compared_with: DayRange;
  readonly total: Compared<LeadCounts>;
  /** Day by day, up to the last day of the range: what the chart shows. */
  readonly days: readonly { readonly day: string; readonly received: number; readonly delivered: number }[];
  readonly sources: readonly SourceReport[];
  readonly destinations: readonly DestinationReport[];
  readonly durations: Compared<Durations>;
  /** At the moment when it was made, the worst first. */
  readonly alarms: readonly Alarm[];
}

const chartDays = 14;
const weekDays = 7;

/** `day`: the last one that it speaks of. */
export function rangesOf(report: ReportName, day: string): Record<"range" | "compared" | "chart", DayRange> {
  const length = report === "daily" ? 1 : weekDays;
  const from = addDays(day, 1 - length);
  return {
    range: { from, to: day },
    compared: { from: addDays(from, -weekDays), to: addDays(day, -weekDays) },
    chart: { from: addDays(day, 1 - chartDays), to: day },
  };
}

/** `day`: ISO. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** 1: Monday … 7: Sunday. */
export function weekdayOf(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

export interface DurationBucket {
  readonly upper_ms: number;
  readonly count: number;
}

/** The upper bound of the bucket in which the share lies; null: there is nothing in them. `buckets`: by their bounds. */
export function percentileMs(buckets: readonly DurationBucket[], share: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let counted = 0;
  for (const { upper_ms: upperMs, count } of buckets) {
    counted += count;
    if (count > 0 && counted >= share * total) return upperMs;
  }
  return null;
}
