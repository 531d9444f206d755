// A year of sources of many rhythms: how often somebody is told for nothing, and how soon a dead one is noticed.
// docs/en/silence.md and docs/de/silence.md state what this prints.
import { describe, expect, it } from "vitest";
import { logNormal, simulateYear } from "../../support/silence-simulation.ts";
import type { SimulatedHour, SourceLife } from "../../support/silence-simulation.ts";

const sourcesPerRhythm = 14;
const falseAlarmsAskedFor = 1;

/** The share of a day's leads in one of its hours: by day, less in the evening, little at night and on weekends. */
function ofDay({ hourOfDay, weekday, isHoliday }: SimulatedHour): number {
  if (weekday >= 5 || isHoliday) return hourOfDay >= 9 && hourOfDay < 22 ? 0.012 : 0.001;
  if (hourOfDay >= 8 && hourOfDay < 18) return 0.085;
  return hourOfDay >= 18 && hourOfDay < 23 ? 0.025 : 0.003;
}

const steady =
  (perDay: number): SourceLife =>
  () =>
  (hour) =>
    perDay * ofDay(hour);

/** Good days and bad ones: an offer, the weather, a newsletter. */
const changing =
  (perDay: number, spread: number): SourceLife =>
  (random) => {
    let [day, factor] = [Number.NaN, 1];
    return (hour) => {
      if (hour.day !== day) [day, factor] = [hour.day, logNormal(random, spread)];
      return perDay * factor * ofDay(hour);
    };
  };

/** Between (1 + swing) and (1 - swing) times as many, over the year. */
const seasonal =
  (perDay: number, swing: number): SourceLife =>
  (random) => {
    const begin = random.next();
    return (hour) => perDay * (1 + swing * Math.sin(2 * Math.PI * (hour.day / 365 + begin))) * ofDay(hour);
  };

/** Ten days to a month, several times a year. */
const withCampaigns =
  (perDay: number, factor: number): SourceLife =>
  (random) => {
    let [next, end] = [random.below(60) - 50, Number.NEGATIVE_INFINITY];
    return (hour) => {
      if (hour.day >= next)
        [end, next] = [hour.day + 10 + random.below(20), hour.day + 60 + random.below(60)];
      return perDay * (hour.day < end ? factor : 1) * ofDay(hour);
    };
  };

const atNight =
  (perDay: number): SourceLife =>
  () =>
  ({ hourOfDay }) =>
    perDay * (hourOfDay >= 20 || hourOfDay < 3 ? 0.13 : 0.005);

/** Half as many from 20 December to 6 January, and in August. */
const restingAtChristmas =
  (perDay: number): SourceLife =>
  () =>
  (hour) =>
    perDay *
    (hour.date >= "12-20" || hour.date <= "01-06" || hour.date.startsWith("08") ? 0.5 : 1) *
    ofDay(hour);

const rhythms: [name: string, life: SourceLife, seed: number][] = [
  ["busy: 200 leads a workday", steady(200), 1],
  ["50 a workday, and days differ", changing(50, 0.3), 2],
  ["10 a workday", steady(10), 3],
  ["3 a workday", steady(3), 4],
  ["rare: 1 a workday", steady(1), 5],
  ["seasonal: 10 a workday, twice as many or next to none", seasonal(10, 0.8), 6],
  ["seasonal: 3 a workday, half as many or one and a half times", seasonal(3, 0.5), 7],
  ["campaigns: 3 a workday, ten times as many for weeks", withCampaigns(3, 10), 8],
  ["night: 20 a day, mostly after 20:00", atNight(20), 9],
  ["Christmas: 10 a workday, half as many around it", restingAtChristmas(10), 10],
];

describe.concurrent("In a year of made-up leads", { tags: ["thorough"] }, () => {
  it.each(rhythms)("%s: no more false alarms than asked for", (name, life, seed) => {
    const years = Array.from({ length: sourcesPerRhythm }, (_, source) =>
      simulateYear(life, seed * 10_007 + source, falseAlarmsAskedFor),
    );
    const perYear = years.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0) / years.length;
    const noticed = years.flatMap(({ noticedAfterHours }) => noticedAfterHours);
    const medianHours = noticed.sort((one, other) => one - other)[Math.floor(noticed.length / 2)];
    process.stdout.write(
      `${name}: ${perYear.toFixed(2)} false alarms a year, noticed after ${medianHours?.toFixed(1)} h (median of ${noticed.length})\n`,
    );
    expect(perYear).toBeLessThanOrEqual(1.2 * falseAlarmsAskedFor);
    expect(medianHours).toBeLessThan(8 * 7 * 24);
  });
});
