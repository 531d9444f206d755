// Opening hours as people write them, and when it is open by them. Pure.
import { zoneOffsets } from "../figures/zone-offsets.ts";
import type { GermanState } from "./public-holidays.ts";
import { isPublicHoliday } from "./public-holidays.ts";

/** Minutes of a day, from 0 up to, and without, `to`; at most 1,440. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is open on each day of the week, Monday first, and on public holidays. */
export interface OpeningHours {
  readonly days: readonly (readonly Span[])[];
  readonly holidays: readonly Span[];
}

export type RuleProblem = "form" | "day" | "time";

const dayMinutes = 1_440;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** By what people write, in lower case: each day in English and in German. */
const dayNames: ReadonlyMap<string, number> = new Map(
  [
    ["mon", "mo"],
    ["tue", "di"],
    ["wed", "mi"],
    ["thu", "do"],
    ["fri", "fr"],
    ["sat", "sa"],
    ["sun", "so"],
  ].flatMap((names, day) => names.map((name): [string, number] => [name, day])),
);
const holidayNames: readonly string[] = ["holiday", "holidays", "feiertag", "feiertags"];

const ruleForm = /^([a-z]{2,9}(?:-[a-z]{2,3})?(?:,[a-z]{2,9}(?:-[a-z]{2,3})?)*) (\d\d:\d\d)-(\d\d:\d\d)$/;

/**
 * Of rules such as `mon-fri 08:00-18:00`, `sa,so 10:00-14:00`, `fri 22:00-02:00` (until the next day) or
 * `holidays 10:00-12:00`. Throws where a rule has a problem: configuration has seen to that before.
 */
export function openingHours(rules: readonly string[]): OpeningHours {
  const days: Span[][] = Array.from({ length: 7 }, () => []);
  const holidays: Span[] = [];
  for (const rule of rules) {
    const read = readRule(rule);
    if (typeof read === "string") throw new TypeError(`opening hours: ${read}`);
    const { from, to } = read;
    const untilMidnight = { from, to: from < to ? to : dayMinutes };
    for (const day of read.days) {
      const today = day === "holidays" ? holidays : days[day];
      today?.push(untilMidnight);
      // What goes on after midnight belongs to the day after; after a holiday nobody knows which one that is.
      if (to <= from && to > 0 && day !== "holidays") days[(day + 1) % 7]?.push({ from: 0, to });
    }
  }
  return { days, holidays };
}

/** What is wrong with one rule; null: nothing. */
export function ruleProblem(rule: string): RuleProblem | null {
  const read = readRule(rule);
  return typeof read === "string" ? read : null;
}

interface Rule extends Span {
  readonly days: readonly (number | "holidays")[];
}

function readRule(rule: string): Rule | RuleProblem {
  const parts = ruleForm.exec(rule.trim().toLowerCase().replaceAll(/\s+/g, " "));
  if (parts === null) return "form";
  const [, names = "", begin = "", end = ""] = parts;
  const days = names.split(",").flatMap((part) => daysOf(part) ?? [null]);
  const known = days.filter((day) => day !== null);
  if (known.length < days.length) return "day";
  const [from, to] = [minutesOf(begin), minutesOf(end)];
  if (from === null || to === null || from === dayMinutes || from === to) return "time";
  return { days: known, from, to };
}

/** `mo`, `mo-fr`, `sat-mon`, `holidays`; null: none that is known. */
function daysOf(part: string): (number | "holidays")[] | null {
  if (holidayNames.includes(part)) return ["holidays"];
  const [first, last] = part.split("-").map((name) => dayNames.get(name));
  if (first === undefined) return null;
  if (!part.includes("-")) return [first];
  if (last === undefined) return null;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, day) => (first + day) % 7);
}

function minutesOf(time: string): number | null {
  const [hours = Number.NaN, minutes = Number.NaN] = time.split(":").map(Number);
  const all = hours * 60 + minutes;
  return minutes <= 59 && all <= dayMinutes ? all : null;
}

export interface Calendar {
  readonly hours: OpeningHours;
  /** Whose public holidays are kept; absent: nobody's. */
  readonly state?: GermanState | undefined;
  /** An IANA name. */
  readonly zone: string;
}

export interface OpenTimes {
  isOpen(atMs: number): boolean;
  /** When it is open next, from `atMs` on (milliseconds since 1970); `atMs` itself where it is open; null: never. */
  opensAtMs(atMs: number): number | null;
  /** When it is open between two instants, in their order; what lies side by side is one. */
  openSpans(fromMs: number, toMs: number): OpenSpan[];
}

/** Milliseconds since 1970; `toMs` is not open any more. */
export interface OpenSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Further than this nobody looks: a week with two holidays is over by then. */
const daysAheadMax = 60;

/** Throws RangeError for a zone that this process does not know. */
export function openTimes({ hours, state, zone }: Calendar): OpenTimes {
  const offsetAt = zoneOffsets(zone);

  function spansOf(localDayMs: number): readonly Span[] {
    if (state !== undefined && isPublicHoliday(new Date(localDayMs).toISOString().slice(0, 10), state))
      return hours.holidays;
    // 1970 began on a Thursday.
    return hours.days[(localDayMs / dayMs + 3) % 7] ?? [];
  }

  function isOpen(atMs: number): boolean {
    const localMs = atMs + offsetAt(Math.floor(atMs / 1_000) * 1_000);
    const localDayMs = Math.floor(localMs / dayMs) * dayMs;
    const minute = (localMs - localDayMs) / minuteMs;
    return spansOf(localDayMs).some(({ from, to }) => from <= minute && minute < to);
  }

  /** The instants at which clocks show that time: one, two where they are put back, none where they skip it. */
  function instantsOf(localMs: number): number[] {
    const offsets = new Set([offsetAt(localMs - dayMs), offsetAt(localMs + dayMs)]);
    return [...offsets].map((offset) => localMs - offset).filter((at) => at + offsetAt(at) === localMs);
  }

  const dayOf = (atMs: number): number =>
    Math.floor((atMs + offsetAt(Math.floor(atMs / 1_000) * 1_000)) / dayMs) * dayMs;

  /** When clocks are changed that day: what is open may begin with it. */
  function changesOn(localDayMs: number): number[] {
    let [before, after] = [localDayMs - dayMs, localDayMs + 2 * dayMs];
    if (offsetAt(before) === offsetAt(after)) return [];
    while (after - before > 1_000) {
      const middle = Math.floor((before + after) / 2_000) * 1_000;
      if (offsetAt(middle) === offsetAt(before)) before = middle;
      else after = middle;
    }
    return dayOf(after) === localDayMs ? [after] : [];
  }

  function opensAtMs(atMs: number): number | null {
    if (isOpen(atMs)) return atMs;
    const today = dayOf(atMs);
    for (let ahead = 0; ahead <= daysAheadMax; ahead += 1) {
      const day = today + ahead * dayMs;
      const begins = [
        ...spansOf(day).flatMap(({ from }) => instantsOf(day + from * minuteMs)),
        ...changesOn(day),
      ].filter((at) => at > atMs && isOpen(at));
      if (begins.length > 0) return Math.min(...begins);
    }
    return null;
  }

  /** Between two of these it is open all the time, or never. */
  function boundsBetween(fromMs: number, toMs: number): number[] {
    const bounds = [fromMs, toMs];
    for (let day = dayOf(fromMs); day <= dayOf(toMs); day += dayMs) {
      for (const { from, to } of spansOf(day))
        bounds.push(...instantsOf(day + from * minuteMs), ...instantsOf(day + to * minuteMs));
      bounds.push(...changesOn(day));
    }
    return [...new Set(bounds)].filter((at) => at >= fromMs && at <= toMs).sort((a, b) => a - b);
  }

  function openSpans(fromMs: number, toMs: number): OpenSpan[] {
    const spans: OpenSpan[] = [];
    const bounds = boundsBetween(fromMs, toMs);
    for (const [index, start] of bounds.slice(0, -1).entries()) {
      if (!isOpen(start)) continue;
      const end = bounds[index + 1] ?? start;
      const last = spans.at(-1);
      if (last?.toMs === start) spans[spans.length - 1] = { fromMs: last.fromMs, toMs: end };
      else spans.push({ fromMs: start, toMs: end });
    }
    return spans;
  }

  return { isOpen, opensAtMs, openSpans };
}
