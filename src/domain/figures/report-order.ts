// Who wants which report, and when it is due: at a time of day in the reporting time zone, about days that are over.
import type { ReportName } from "./report.ts";
import { addDays, weekdayOf } from "./report.ts";

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof weekdays)[number];

export interface ReportOrder {
  /** Each gets a mail of their own. */
  readonly to: readonly string[];
  /** `07:30` */
  readonly at: string;
  /** null: that of the mail account. */
  readonly language: "de" | "en" | null;
  /** Of an agency; null: everything. */
  readonly client: string | null;
}

export interface ReportOrders {
  readonly daily: ReportOrder | null;
  readonly weekly: (ReportOrder & { readonly on: Weekday }) | null;
}

export interface ScheduledReport {
  readonly report: ReportName;
  readonly order: ReportOrder;
  /** The day in the reporting time zone on which it is due; it speaks of the days before. */
  readonly dueDay: string;
  /** The last day that it speaks of. */
  readonly day: string;
  /** So long after it was due it is still worth sending. */
  readonly lateMaxMs: number;
}

const hourMs = 3_600_000;
/** An old report is not sent beside the next one. */
const lateMaxMs = { daily: 20 * hourMs, weekly: 72 * hourMs } as const satisfies Record<ReportName, number>;

/** The latest of each that may be due, whatever time of day it is: those of today and of the days before. `today`: ISO. */
export function scheduledReports({ daily, weekly }: ReportOrders, today: string): ScheduledReport[] {
  const at = (report: ReportName, order: ReportOrder, dueDay: string): ScheduledReport => ({
    report,
    order,
    dueDay,
    day: addDays(dueDay, -1),
    lateMaxMs: lateMaxMs[report],
  });
  const found: ScheduledReport[] = [];
  if (daily !== null) for (const ago of [0, 1]) found.push(at("daily", daily, addDays(today, -ago)));
  if (weekly !== null) {
    const since = (weekdayOf(today) - 1 - weekdays.indexOf(weekly.on) + 7) % 7;
    for (const ago of [since, since + 7]) found.push(at("weekly", weekly, addDays(today, -ago)));
  }
  return found;
}

export function isTimeOfDay(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}

export function isLanguage(value: unknown): value is "de" | "en" {
  return value === "de" || value === "en";
}
