// When a source is too quiet: by the leads that its rhythm would have brought, and never sooner than chance allows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noticedAfter } from "../../../src/domain/silence/noticed-after.ts";
import { hoursPerWeek, learnedLeadsMin, learnRhythm } from "../../../src/domain/silence/rhythm.ts";
import type { LearnedHour, Rhythm } from "../../../src/domain/silence/rhythm.ts";
import {
  alphaOf,
  chanceOfSilence,
  isTooQuiet,
  missedLeads,
  missedLeadsNeeded,
} from "../../../src/domain/silence/silence-rule.ts";
import { hourMs, learnedHours, localHours, quietHours } from "../../../src/domain/silence/watched-hours.ts";
import type { Stretch } from "../../../src/domain/silence/watched-hours.ts";

const workdaysPerYear = 250;
const berlin = localHours("Europe/Berlin", "NW");
const stretch = (from: string, to: string): Stretch => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const hoursIn = (...[from, to, unwatched = []]: [string, string, Stretch[]?]): number =>
  quietHours(stretch(from, to), { localHours: berlin, unwatched }).reduce((sum, hours) => sum + hours, 0);

/** Leads of a week, from Monday 00:00 on, eight times. */
function weeks(leadsAt: (hourOfWeek: number, week: number) => number): LearnedHour[] {
  return Array.from({ length: 8 * hoursPerWeek }, (_, hour) => ({
    hourOfWeek: hour % hoursPerWeek,
    day: Math.floor(hour / 24),
    leads: leadsAt(hour % hoursPerWeek, Math.floor(hour / hoursPerWeek)),
  }));
}

function learned(leadsAt: (hourOfWeek: number, week: number) => number): Rhythm {
  const rhythm = learnRhythm(weeks(leadsAt));
  if (rhythm === null) throw new Error("nothing was learned");
  return rhythm;
}

/** One lead in each office hour. */
const office = (hour: number): number => (hour < 120 && hour % 24 >= 8 && hour % 24 < 18 ? 1 : 0);
const quietFor = (hours: number, from = 8): number[] =>
  Array.from({ length: hoursPerWeek }, (_, at) => (at >= from && at < from + hours ? 1 : 0));

describe("The leads that have to be missed until an alarm", () => {
  it.each<[perDay: number, needed: number, poisson: number, fourWeeks: number, d2: number, d3: number]>([
    [0.5, 4.8, 9.7, 12.4, 13.9, 17.6],
    [1, 5.5, 5.5, 6.4, 8, 10.1],
    [3, 6.6, 2.2, 2.3, 3.2, 4],
    [10, 7.8, 0.8, 0.8, 1.1, 1.4],
    [50, 9.4, 0.19, 0.19, 0.27, 0.34],
  ])("are those of the table, at %s leads a workday", (perDay, needed, poisson, fourWeeks, d2, d3) => {
    const alpha = alphaOf(1, perDay * workdaysPerYear);
    const digits = perDay === 50 ? 2 : 1;
    const days = (learnedFrom: number, dispersion: number): number =>
      Number((missedLeadsNeeded(alpha, learnedFrom, dispersion) / perDay).toFixed(digits));
    expect(Number(missedLeadsNeeded(alpha, Infinity, 1).toFixed(1))).toBe(needed);
    expect([days(Infinity, 1), days(20 * perDay, 1), days(Infinity, 2), days(Infinity, 3)]).toEqual([
      poisson,
      fourWeeks,
      d2,
      d3,
    ]);
  });

  it("are those at which the chance of such a silence is what was asked for", () => {
    const anyAlpha = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
    const anyLeads = fc.oneof(fc.constant(Infinity), fc.double({ min: 1, max: 1e6, noNaN: true }));
    const anyDispersion = fc.double({ min: 1, max: 50, noNaN: true });
    fc.assert(
      fc.property(anyAlpha, anyLeads, anyDispersion, (alpha, learnedFrom, dispersion) => {
        const expected = missedLeadsNeeded(alpha, learnedFrom, dispersion);
        expect(chanceOfSilence({ expected, learnedFrom }, dispersion) / alpha).toBeCloseTo(1, 6);
      }),
    );
  });

  it("are more the less is known, the more days differ, and the fewer false alarms are wanted", () => {
    const anyLeads = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(anyLeads, anyLeads, (one, other) => {
        const [few, many] = [Math.min(one, other), Math.max(one, other)];
        const slack = 1e-9;
        expect(missedLeadsNeeded(0.001, few, 1)).toBeGreaterThanOrEqual(
          missedLeadsNeeded(0.001, many, 1) - slack,
        );
        expect(missedLeadsNeeded(0.001, few, 1 + many)).toBeGreaterThanOrEqual(
          missedLeadsNeeded(0.001, few, 1 + few) - slack,
        );
        expect(alphaOf(1, many)).toBeLessThanOrEqual(alphaOf(1, few));
      }),
    );
  });
});

describe("The rhythm of a source", () => {
  it("is not learned from fewer than 20 leads", () => {
    const withLeads = (leads: number): LearnedHour[] =>
      weeks((hour, week) => (hour === 10 && week === 0 ? leads : 0));
    expect(learnRhythm(withLeads(learnedLeadsMin - 1))).toBeNull();
    expect(learnRhythm(withLeads(learnedLeadsMin))).not.toBeNull();
  });

  it("is what the hours of the week brought, drawn a little towards the source's mean", () => {
    const { rates, leads, dispersion } = learned(office);
    expect(leads).toBe(400);
    const mean = 400 / (8 * hoursPerWeek);
    const drawn = (8 + 0.5) / (8 + 0.5 / mean);
    // The last twenty came at this very rate, which is a little more than what it expects of them.
    expect(rates[10]).toBeGreaterThan(drawn * 0.9);
    expect(rates[10]).toBeLessThanOrEqual(drawn);
    expect(rates[2]).toBeLessThan(0.06);
    expect(dispersion).toBe(1);
  });

  it("knows that days differ more than chance makes them, and that weeks do", () => {
    const clumps = learned((hour) => (hour % 24 === 9 && hour < 120 ? 10 : 0)).dispersion;
    const days = learned((hour, week) =>
      hour < 120 && hour % 24 === 9 ? (((hour - 9) / 24 + week) % 2) * 20 : 0,
    );
    const campaign = learned((hour, week) => office(hour) * (week === 4 || week === 5 ? 10 : 1));
    expect(clumps).toBe(1);
    expect(days.dispersion).toBeGreaterThan(5);
    expect(campaign.dispersion).toBeGreaterThan(20);
  });

  it("expects no more than what lately came, when a season is over", () => {
    const over = learned((hour, week) => office(hour) * (week < 7 ? 5 : 1));
    const isOn = learned((hour) => office(hour) * 5);
    expect((over.rates[10] ?? 0) / (isOn.rates[10] ?? 0)).toBeLessThan(0.4);
  });
});

describe("A silence", () => {
  const rhythm = learned(office);

  it("costs as many leads as its hours would have brought: none at night, many in the morning", () => {
    expect(missedLeads(rhythm, quietFor(5)).expected).toBeGreaterThan(4);
    expect(missedLeads(rhythm, quietFor(5, 20)).expected).toBeLessThan(0.4);
  });

  it("is an alarm in the office hours of a day or so at ten leads a day, and none over a weekend", () => {
    const weekend = quietFor(63, 4 * 24 + 17);
    expect(isTooQuiet(rhythm, quietFor(7), 1)).toBe(false);
    expect(isTooQuiet(rhythm, quietFor(10), 1)).toBe(true);
    expect(isTooQuiet(rhythm, weekend, 1)).toBe(false);
  });

  it("never becomes less of an alarm by going on", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(60), fc.nat(60), (from, hours, more) => {
        const [short, long] = [quietFor(hours, from), quietFor(hours + more, from)];
        if (isTooQuiet(rhythm, short, 1)) expect(isTooQuiet(rhythm, long, 1)).toBe(true);
      }),
    );
  });

  it("is noticed after the time that the source's page says", () => {
    const perDay = (leads: number) =>
      learned((hour, week) =>
        hour < 120 && hour % 24 === 8 + ((week * 5 + Math.floor(hour / 24)) % 10) ? leads : 0,
      );
    expect(noticedAfter(perDay(3), 1)).toEqual({ count: 2.5, unit: "workday" });
    expect(
      noticedAfter(
        learned(() => 1),
        1,
      ),
    ).toEqual({ count: 9, unit: "hour" });
    expect(
      noticedAfter(
        learned((hour) => office(hour) * 20),
        1,
      ).unit,
    ).toBe("minute");
  });
});

describe("The hours that say something of a rhythm", () => {
  it.each<[what: string, from: string, to: string, hours: number]>([
    ["an ordinary day", "2026-11-30T00:00+01:00", "2026-12-01T00:00+01:00", 24],
    ["parts of hours", "2026-11-30T08:15+01:00", "2026-11-30T09:30+01:00", 1.25],
    ["no holiday of the state", "2026-11-01T00:00+01:00", "2026-11-02T06:00+01:00", 6],
    ["nothing of 24 to 31 December, nor of New Year", "2026-12-23T22:00+01:00", "2027-01-02T03:00+01:00", 5],
    [
      "25 hours of the day on which clocks are put back",
      "2026-10-25T00:00+02:00",
      "2026-10-26T00:00+01:00",
      25,
    ],
  ])("hold %s", (_, from, to, hours) => {
    expect(hoursIn(from, to)).toBeCloseTo(hours, 9);
  });

  it("hold no holiday of another state, unless the state is not known and all have it", () => {
    const [from, to] = ["2027-05-27T00:00+02:00", "2027-05-28T00:00+02:00"];
    expect(hoursIn(from, to)).toBe(0);
    const everywhere = { localHours: localHours("Europe/Berlin", null), unwatched: [] };
    const sum = (each: Stretch): number => quietHours(each, everywhere).reduce((all, one) => all + one, 0);
    expect(sum(stretch(from, to))).toBe(24);
    expect(sum(stretch("2027-05-01T00:00+02:00", "2027-05-02T00:00+02:00"))).toBe(0);
  });

  it("hold no outage and no pause, and what lies in two of them is left out once", () => {
    const unwatched = [
      stretch("2026-11-30T09:00Z", "2026-11-30T11:00Z"),
      stretch("2026-11-30T10:00Z", "2026-11-30T12:30Z"),
    ];
    expect(hoursIn("2026-11-30T08:00Z", "2026-11-30T14:00Z", unwatched)).toBeCloseTo(2.5, 9);
    const whole = learnedHours(
      stretch("2026-11-30T08:00Z", "2026-11-30T14:00Z"),
      { localHours: berlin, unwatched },
      (hour) => hour / hourMs,
    );
    expect(whole.map(({ hourOfWeek }) => hourOfWeek)).toEqual([9, 14]);
  });

  it("are never more than what passed", () => {
    const anyMs = fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2026-12-31") });
    const anyLength = fc.integer({ min: 0, max: 20 * 24 * hourMs });
    const anyStretch = fc.tuple(anyMs, anyLength).map(([fromMs, ms]) => ({ fromMs, toMs: fromMs + ms }));
    fc.assert(
      fc.property(anyStretch, fc.array(anyStretch, { maxLength: 5 }), (each, unwatched) => {
        const hours = quietHours(each, { localHours: berlin, unwatched }).reduce((sum, one) => sum + one, 0);
        expect(hours).toBeGreaterThanOrEqual(0);
        expect(hours * hourMs).toBeLessThanOrEqual(each.toMs - each.fromMs + 1);
      }),
      { numRuns: 50 },
    );
  });
});
