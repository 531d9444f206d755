// A year of a source's leads, made up; and what the rule for silence makes of it, learning as it goes.
import { learnedWeeks, learnRhythm } from "../../src/domain/silence/rhythm.ts";
import type { Rhythm } from "../../src/domain/silence/rhythm.ts";
import { isTooQuiet } from "../../src/domain/silence/silence-rule.ts";
import { hourMs, learnedHours, localHours, quietHours } from "../../src/domain/silence/watched-hours.ts";
import type { Stretch, Watch } from "../../src/domain/silence/watched-hours.ts";
import { seededRandom } from "./random.ts";
import type { Random } from "./random.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;
const weekMs = 7 * dayMs;
const local = localHours("Europe/Berlin", "NW");
/** Eight weeks to learn, and then the year that counts. */
const countsFromMs = Date.parse("2027-01-01T00:00:00Z");
const beginsMs = countsFromMs - learnedWeeks * weekMs;
const endsMs = countsFromMs + 365 * dayMs;
/** Longer than that nobody waits to see whether a dead source is noticed. */
const awaitedMs = 8 * weekMs;

/** Leads to be expected in an hour; it is asked in order. */
export type SourceLife = (random: Random) => (hour: SimulatedHour) => number;

export interface SimulatedHour {
  readonly hourOfDay: number;
  /** Monday is 0. */
  readonly weekday: number;
  /** Of the year, from 0; before it, less. */
  readonly day: number;
  /** `12-24` */
  readonly date: string;
  readonly isHoliday: boolean;
}

export interface SimulatedYear {
  readonly leads: number;
  /** While it was alive. */
  readonly falseAlarms: number;
  /** Had it died then: hours of the clock from its last lead to the alarm; Infinity: more than eight weeks. */
  readonly noticedAfterHours: readonly number[];
}

const deathsPerYear = 6;

export function simulateYear(life: SourceLife, seed: number, falseAlarmsPerYear = 1): SimulatedYear {
  const random = seededRandom(seed);
  const leads = leadsOf(life(random), random);
  const deaths = Array.from(
    { length: deathsPerYear },
    () => countsFromMs + random.next() * (endsMs - countsFromMs - awaitedMs),
  );
  const counts = new Map<number, number>();
  for (const at of leads) counts.set(Math.floor(at / hourMs), (counts.get(Math.floor(at / hourMs)) ?? 0) + 1);
  const unwatched: Stretch[] = [];
  const watch: Watch = { localHours: local, unwatched };
  const noticedAfterHours: number[] = [];
  let [rhythm, learnedDay, falseAlarms]: [Rhythm | null, number, number] = [null, 0, 0];
  for (const [index, fromMs] of leads.entries()) {
    const toMs = leads[index + 1];
    if (fromMs < countsFromMs || toMs === undefined) continue;
    if (Math.floor(fromMs / dayMs) !== learnedDay) {
      learnedDay = Math.floor(fromMs / dayMs);
      const stretch = { fromMs: fromMs - learnedWeeks * weekMs, toMs: fromMs };
      rhythm = learnRhythm(learnedHours(stretch, watch, (hour) => counts.get(hour / hourMs) ?? 0));
    }
    if (rhythm === null) continue;
    const told = (until: number): number | null => toldAt(rhythm, fromMs, until, watch, falseAlarmsPerYear);
    if (deaths.some((death) => fromMs <= death && death < toMs))
      noticedAfterHours.push(((told(fromMs + awaitedMs) ?? Infinity) - fromMs) / hourMs);
    const falseAlarm = mayBeLong(rhythm, toMs - fromMs) ? told(toMs) : null;
    if (falseAlarm === null) continue;
    falseAlarms += 1;
    unwatched.push({ fromMs: falseAlarm, toMs });
  }
  return { leads: leads.filter((at) => at >= countsFromMs).length, falseAlarms, noticedAfterHours };
}

/** Three leads missed at the rate of its liveliest hour: nothing shorter is an alarm. */
function mayBeLong({ rates }: Rhythm, ms: number): boolean {
  return (ms / hourMs) * Math.max(...rates) > 3;
}

/** By somebody who looks each minute; null: not until then. */
function toldAt(
  rhythm: Rhythm | null,
  fromMs: number,
  untilMs: number,
  watch: Watch,
  falseAlarmsPerYear: number,
): number | null {
  const isQuiet = (toMs: number): boolean =>
    rhythm !== null && isTooQuiet(rhythm, quietHours({ fromMs, toMs }, watch), falseAlarmsPerYear);
  if (!isQuiet(untilMs)) return null;
  let [before, after] = [fromMs, untilMs];
  while (after - before > minuteMs) {
    const middle = (before + after) / 2;
    if (isQuiet(middle)) after = middle;
    else before = middle;
  }
  return after;
}

function leadsOf(rateAt: (hour: SimulatedHour) => number, random: Random): number[] {
  const leads: number[] = [];
  for (let hour = beginsMs; hour < endsMs; hour += hourMs) {
    const { day, hourOfWeek, isHoliday } = local(hour);
    const rate = rateAt({
      hourOfDay: hourOfWeek % 24,
      weekday: Math.floor(hourOfWeek / 24),
      day: Math.floor((hour - countsFromMs) / dayMs),
      date: new Date(day * dayMs).toISOString().slice(5, 10),
      isHoliday,
    });
    for (let after = exponential(random); after < rate; after += exponential(random))
      leads.push(hour + (after / rate) * hourMs);
  }
  return leads;
}

/** Of mean 1: what lies between two leads of a Poisson process. */
function exponential(random: Random): number {
  return -Math.log(1 - random.next());
}

/** Of mean 1, and so much spread. */
export function logNormal(random: Random, spread: number): number {
  const normal = Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(spread * normal - (spread * spread) / 2);
}
