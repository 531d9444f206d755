// The time in which a target counts: the clock's, or that while it is open. Pure.
import { openingHours, openTimes } from "../calendar/opening-hours.ts";
import type { OpenSpan } from "../calendar/opening-hours.ts";
import type { SlaDefinition } from "./sla-target.ts";

const dayMs = 86_400_000;
/** What is known beyond what was asked for, so that it is not made anew with every second. */
const spareMs = 2 * dayMs;
/** A day's share of open time is that of so many days. */
const usualDays = 14;

/** The spans of open time, in their order; `beforeMs`: how long it was open before each. */
export interface OpenTime {
  readonly spans: readonly OpenSpan[];
  readonly beforeMs: readonly number[];
}

export type TargetHours = Pick<SlaDefinition, "openingHours" | "holidays">;

export interface TargetTimes {
  /** Whatever is open from `fromMs` until a little after `untilMs`, perhaps more; null: time always counts. */
  open(hours: TargetHours, fromMs: number, untilMs: number): OpenTime | null;
  /** How much of the target's time a day has, on average. */
  usualDayMs(hours: TargetHours, atMs: number): number;
  /** The latest instant that lies so much of the target's time before `atMs`. */
  earlier(hours: TargetHours, atMs: number, byMs: number): number;
}

/** Remembers the spans, which take a while to make. Throws RangeError for a zone that is not known. */
export function createTargetTimes(zone: string): TargetTimes {
  const known = new Map<string, { fromMs: number; untilMs: number; time: OpenTime }>();

  function open(hours: TargetHours, fromMs: number, untilMs: number): OpenTime | null {
    if (hours.openingHours === null) return null;
    const key = JSON.stringify([hours.openingHours, hours.holidays]);
    const there = known.get(key);
    if (there !== undefined && there.fromMs <= fromMs && untilMs <= there.untilMs) return there.time;
    const made = {
      fromMs: Math.min(fromMs, there?.fromMs ?? fromMs) - spareMs,
      untilMs: Math.max(untilMs, there?.untilMs ?? untilMs) + spareMs,
    };
    const calendar = openTimes({
      hours: openingHours(hours.openingHours),
      state: hours.holidays ?? undefined,
      zone,
    });
    const time = withSums(calendar.openSpans(made.fromMs, made.untilMs));
    known.set(key, { ...made, time });
    return time;
  }

  function usualDayMs(hours: TargetHours, atMs: number): number {
    const time = open(hours, atMs - usualDays * dayMs, atMs);
    return time === null ? dayMs : elapsedMs(time, atMs - usualDays * dayMs, atMs) / usualDays;
  }

  function earlier(hours: TargetHours, atMs: number, byMs: number): number {
    if (hours.openingHours === null) return atMs - byMs;
    // Opening hours come back every week.
    const perDayMs = Math.max(usualDayMs(hours, atMs), dayMs / 24 / 60);
    let days = Math.ceil(byMs / perDayMs) + 1;
    for (; days < earlierDaysMax; days *= 2)
      if (elapsedMs(open(hours, atMs - days * dayMs, atMs), atMs - days * dayMs, atMs) >= byMs) break;
    return atMs - Math.min(days, earlierDaysMax) * dayMs;
  }

  return { open, usualDayMs, earlier };
}

/** Nobody looks back further. */
const earlierDaysMax = 800;

function withSums(spans: readonly OpenSpan[]): OpenTime {
  const beforeMs: number[] = [];
  let sumMs = 0;
  for (const { fromMs, toMs } of spans) {
    beforeMs.push(sumMs);
    sumMs += toMs - fromMs;
  }
  return { spans, beforeMs };
}

/** How much time counts between two instants; null: all of it. */
export function elapsedMs(time: OpenTime | null, sinceMs: number, untilMs: number): number {
  if (time === null) return untilMs - sinceMs;
  return openUntilMs(time, untilMs) - openUntilMs(time, sinceMs);
}

function openUntilMs({ spans, beforeMs }: OpenTime, atMs: number): number {
  const index = spans.findLastIndex((span) => span.fromMs <= atMs);
  const span = spans[index];
  if (span === undefined) return 0;
  return (beforeMs[index] ?? 0) + Math.min(atMs, span.toMs) - span.fromMs;
}
