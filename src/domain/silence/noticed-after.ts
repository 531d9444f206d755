// How soon an outage of a source can be noticed by its silence, in words' measure: an honest limit, not a promise. Pure.
import { hoursPerWeek, leadsPerYear, sumOf } from "./rhythm.ts";
import type { Rhythm } from "./rhythm.ts";
import { alphaOf, missedLeadsNeeded } from "./silence-rule.ts";

/** `workday`: next to nothing comes on Saturdays and Sundays. Hours and minutes are those of a lively time of day. */
export const noticedUnits = ["minute", "hour", "workday", "day"] as const;
export type NoticedUnit = (typeof noticedUnits)[number];

export interface NoticedAfter {
  /** Days and hours in halves. */
  readonly count: number;
  readonly unit: NoticedUnit;
}

const hoursPerDay = 24;
const weekendShareMax = 0.1;

/** At the earliest, in the middle of what its hours and days bring. */
export function noticedAfter(rhythm: Rhythm, falseAlarmsPerYear: number): NoticedAfter {
  const alpha = alphaOf(falseAlarmsPerYear, leadsPerYear(rhythm));
  const needed = missedLeadsNeeded(alpha, rhythm.leads, rhythm.dispersion);
  const days = Array.from({ length: hoursPerWeek / hoursPerDay }, (_, day) =>
    sumOf(rhythm.rates.slice(day * hoursPerDay, (day + 1) * hoursPerDay), (rate) => rate),
  );
  const inDays = needed / livelyMean(days);
  if (inDays >= 1) return { count: halves(inDays), unit: daysUnit(days) };
  const inHours = needed / livelyMean(rhythm.rates);
  if (inHours >= 1.5) return { count: halves(inHours), unit: "hour" };
  return { count: Math.max(Math.round((inHours * 60) / 5) * 5, 5), unit: "minute" };
}

/** What the hour or day of an average lead brings: those in which nothing comes do not count. */
function livelyMean(rates: readonly number[]): number {
  return sumOf(rates, (rate) => rate * rate) / sumOf(rates, (rate) => rate);
}

function daysUnit(days: readonly number[]): NoticedUnit {
  const weekend = sumOf(days.slice(5), (day) => day);
  return weekend <= weekendShareMax * sumOf(days, (day) => day) ? "workday" : "day";
}

function halves(count: number): number {
  return count < 10 ? Math.max(Math.round(count * 2) / 2, 1) : Math.round(count);
}
