// Which hours say something of the rhythm of a source: none of public holidays, of 24 to 31 December, and none in which it
// could not have been heard. Pure.
import type { OpeningHours } from "../calendar/opening-hours.ts";
import type { GermanState } from "../calendar/public-holidays.ts";
import { isNationalHoliday, isPublicHoliday } from "../calendar/public-holidays.ts";
import { zoneOffsets } from "../figures/zone-offsets.ts";
import { hoursPerWeek } from "./rhythm.ts";
import type { LearnedHour } from "./rhythm.ts";
import type { QuietHours } from "./silence-rule.ts";

export const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const knownHoursMax = 20_000;

/** An hour of UTC, by when it begins in the reporting time zone. */
export interface LocalHour {
  readonly hourOfWeek: number;
  /** Days since 1970. */
  readonly day: number;
  /** A public holiday, or one of the days of 24 to 31 December. */
  readonly isHoliday: boolean;
}

/** Of an instant at which an hour of UTC begins. Throws RangeError for a zone that this process does not know. */
export type LocalHours = (atMs: number) => LocalHour;

/** `state`: whose public holidays are kept; null: those of all of Germany. */
export function localHours(zone: string, state: GermanState | null): LocalHours {
  const offsetAt = zoneOffsets(zone);
  const known = new Map<number, LocalHour>();
  return (atMs) => {
    // A small whole number is found faster than an instant.
    const hourNumber = Math.round(atMs / hourMs);
    const found = known.get(hourNumber);
    if (found !== undefined) return found;
    if (known.size >= knownHoursMax) known.clear();
    const localMs = atMs + offsetAt(atMs);
    const day = Math.floor(localMs / dayMs);
    // 1970 began on a Thursday.
    const hourOfWeek = ((day + 3) % 7) * 24 + Math.floor((localMs % dayMs) / hourMs);
    const hour = { day, hourOfWeek, isHoliday: isHoliday(day, state) };
    known.set(hourNumber, hour);
    return hour;
  };
}

function isHoliday(day: number, state: GermanState | null): boolean {
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  if (date.slice(5) >= "12-24") return true;
  return state === null ? isNationalHoliday(date) : isPublicHoliday(date, state);
}

/** Milliseconds since 1970. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Watch {
  readonly localHours: LocalHours;
  /** Pauses, outages of ours, and silences since somebody was told of them. */
  readonly unwatched: readonly Stretch[];
}

/** Without holidays, how much of each hour of the week lies in a stretch. */
export function quietHours(stretch: Stretch, { localHours: local, unwatched }: Watch): QuietHours {
  const { fromMs, toMs } = stretch;
  const leftOut = overlapping(unwatched, stretch);
  const quiet = new Array<number>(hoursPerWeek).fill(0);
  for (let hour = Math.floor(fromMs / hourMs) * hourMs; hour < toMs; hour += hourMs) {
    const { isHoliday: isOne, hourOfWeek } = local(hour);
    if (isOne) continue;
    const part = { fromMs: Math.max(fromMs, hour), toMs: Math.min(toMs, hour + hourMs) };
    quiet[hourOfWeek] = (quiet[hourOfWeek] ?? 0) + watchedMs(part, leftOut) / hourMs;
  }
  return quiet;
}

/** The whole hours of a stretch of which nothing has to be left out. */
export function learnedHours(
  stretch: Stretch,
  { localHours: local, unwatched }: Watch,
  leadsAt: (hour: number) => number,
): LearnedHour[] {
  const leftOut = overlapping(unwatched, stretch);
  const learned: LearnedHour[] = [];
  const first = Math.ceil(stretch.fromMs / hourMs) * hourMs;
  for (let hour = first; hour + hourMs <= stretch.toMs; hour += hourMs) {
    const { isHoliday: isOne, day, hourOfWeek } = local(hour);
    if (isOne || watchedMs({ fromMs: hour, toMs: hour + hourMs }, leftOut) < hourMs) continue;
    learned.push({ day, hourOfWeek, leads: leadsAt(hour) });
  }
  return learned;
}

/** In order of when they begin. */
function overlapping(stretches: readonly Stretch[], { fromMs, toMs }: Stretch): Stretch[] {
  return stretches
    .filter((each) => each.fromMs < toMs && each.toMs > fromMs)
    .sort((one, other) => one.fromMs - other.fromMs);
}

/** Stretches may overlap: what lies in two of them is left out once. */
function watchedMs({ fromMs, toMs }: Stretch, leftOut: readonly Stretch[]): number {
  let [watched, heardFromMs] = [0, fromMs];
  for (const each of leftOut) {
    if (each.toMs <= heardFromMs || each.fromMs >= toMs) continue;
    watched += Math.max(each.fromMs - heardFromMs, 0);
    heardFromMs = each.toMs;
  }
  return watched + Math.max(toMs - heardFromMs, 0);
}

/** How long it was open in a stretch, by rules; on 24 to 31 December by those for public holidays. */
export function openMs(
  stretch: Stretch,
  hours: OpeningHours,
  { localHours: local, unwatched }: Watch,
): number {
  const { fromMs, toMs } = stretch;
  const leftOut = overlapping(unwatched, stretch);
  let open = 0;
  for (let hour = Math.floor(fromMs / hourMs) * hourMs; hour < toMs; hour += hourMs) {
    const { isHoliday: isOne, hourOfWeek } = local(hour);
    const spans = isOne ? hours.holidays : (hours.days[Math.floor(hourOfWeek / 24)] ?? []);
    const midnightMs = hour - (hourOfWeek % 24) * hourMs;
    for (const { from, to } of spans) {
      const part = {
        fromMs: Math.max(fromMs, hour, midnightMs + from * minuteMs),
        toMs: Math.min(toMs, hour + hourMs, midnightMs + to * minuteMs),
      };
      if (part.fromMs < part.toMs) open += watchedMs(part, leftOut);
    }
  }
  return open;
}
