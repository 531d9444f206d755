// When a destination is open: as rules say it, on holidays of a state, and where clocks are changed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openingHours, openTimes, ruleProblem } from "../../../src/domain/calendar/opening-hours.ts";
import type { OpenTimes } from "../../../src/domain/calendar/opening-hours.ts";
import { germanStates, isPublicHoliday } from "../../../src/domain/calendar/public-holidays.ts";
import type { GermanState } from "../../../src/domain/calendar/public-holidays.ts";

const berlin = (rules: readonly string[], state?: GermanState): OpenTimes =>
  openTimes({ hours: openingHours(rules), state, zone: "Europe/Berlin" });
const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

describe("Opening hours", () => {
  it.each<[rules: string[], state: GermanState | undefined, from: string, opens: string]>([
    [["mon-fri 08:00-18:00"], undefined, "2026-11-30T08:00:00+01:00", "2026-11-30T07:00:00.000Z"],
    [["mon-fri 08:00-18:00"], undefined, "2026-11-30T07:59:59.999+01:00", "2026-11-30T07:00:00.000Z"],
    [["mon-fri 08:00-18:00"], undefined, "2026-11-30T18:00:00+01:00", "2026-12-01T07:00:00.000Z"],
    [["Mo-Fr 08:00-18:00"], undefined, "2026-12-04T19:00:00+01:00", "2026-12-07T07:00:00.000Z"],
    [
      ["mo-fr 08:00-12:00", "mo-fr 13:00-18:00"],
      "BY",
      "2026-12-01T12:30:00+01:00",
      "2026-12-01T12:00:00.000Z",
    ],
    [["fri 22:00-02:00"], undefined, "2026-12-05T01:59:00+01:00", "2026-12-05T00:59:00.000Z"],
    [["sun 22:00-02:00"], undefined, "2026-12-07T02:00:00+01:00", "2026-12-13T21:00:00.000Z"],
    [["sat-mon 10:00-11:00"], undefined, "2026-12-05T11:00:00+01:00", "2026-12-06T09:00:00.000Z"],
    [["sa,so 00:00-24:00"], undefined, "2026-12-04T12:00:00+01:00", "2026-12-04T23:00:00.000Z"],
    // Epiphany is a holiday in Bavaria and none in Berlin.
    [["mon-fri 08:00-18:00"], "BY", "2027-01-05T18:00:00+01:00", "2027-01-07T07:00:00.000Z"],
    [["mon-fri 08:00-18:00"], "BE", "2027-01-05T18:00:00+01:00", "2027-01-06T07:00:00.000Z"],
    [
      ["mon-fri 08:00-18:00", "holidays 10:00-12:00"],
      "BY",
      "2027-01-05T18:00:00+01:00",
      "2027-01-06T09:00:00.000Z",
    ],
    // Friday the 25th to Sunday, then Monday.
    [["mon-fri 08:00-18:00"], "HH", "2026-12-24T18:00:00+01:00", "2026-12-28T07:00:00.000Z"],
    // Clocks skip 02:00 to 03:00, and show it twice.
    [["sun 02:30-05:00"], undefined, "2026-03-29T01:00:00+01:00", "2026-03-29T01:00:00.000Z"],
    [["sun 02:00-02:30"], undefined, "2026-10-25T02:45:00+02:00", "2026-10-25T01:00:00.000Z"],
  ])("%j (%s): from %s on it is open at %s", (rules, state, from, opens) => {
    expect(iso(berlin(rules, state).opensAtMs(at(from)))).toBe(opens);
  });

  it("open next at an instant at which it is open, and at none before", () => {
    const day = fc.constantFrom(
      "mon",
      "tue",
      "wed",
      "thu",
      "fri",
      "sat",
      "sun",
      "holidays",
      "mo-fr",
      "sat-mon",
    );
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      const two = (number: number): string => String(number).padStart(2, "0");
      return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
    });
    const rule = fc
      .tuple(day, time, time)
      .filter(([, from, to]) => from !== to)
      .map(([on, from, to]) => `${on} ${from}-${to}`);
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<(GermanState | undefined)[]>(undefined, "BY", "BE"),
        fc.constantFrom("Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "UTC"),
        // Around the changes of clocks, and around Christmas.
        fc.constantFrom("2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03", "2026-12-23"),
        fc.integer({ min: 0, max: 48 * 60 }),
        (rules, state, zone, date, minute) => {
          const times = openTimes({ hours: openingHours(rules), state, zone });
          const from = at(`${date}T00:00:00Z`) + minute * 60_000;
          const opens = times.opensAtMs(from);
          const [quarter, first] = [15 * 60_000, Math.ceil(from / 900_000) * 900_000];
          // Two days hold every change and every end that these rules have; a week takes seconds to look through.
          const until = Math.min(opens ?? Infinity, from + 2 * 86_400_000);
          if (opens !== null) expect(times.isOpen(opens)).toBe(true);
          if (opens === from) return;
          for (let ms = first; ms < until; ms += quarter) expect(times.isOpen(ms)).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("that never come are told apart from those that are far away", () => {
    expect(berlin(["holidays 10:00-12:00"]).opensAtMs(at("2026-01-01T00:00:00Z"))).toBe(null);
  });

  it.each<[string, string | null]>([
    ["mon-fri 08:00-18:00", null],
    ["Mo,Mi,Fr  08:00-18:00", null],
    ["feiertags 10:00-12:00", null],
    ["mon 00:00-24:00", null],
    ["mon 22:00-06:00", null],
    ["8-18", "form"],
    ["mon 8:00-18:00", "form"],
    ["mon 08:00 - 18:00", "form"],
    ["montag 08:00-18:00", "day"],
    ["mon-xyz 08:00-18:00", "day"],
    ["mon 25:00-26:00", "time"],
    ["mon 08:60-18:00", "time"],
    ["mon 08:00-08:00", "time"],
    ["mon 24:00-08:00", "time"],
  ])("%s: %s", (rule, problem) => {
    expect(ruleProblem(rule)).toBe(problem);
    if (problem === null) expect(openingHours([rule])).toBeDefined();
    else expect(() => openingHours([rule])).toThrow(problem);
  });
});

describe("Public holidays", () => {
  it.each<[string, GermanState[]]>([
    ["2026-01-06", ["BW", "BY", "ST"]],
    ["2026-03-08", ["BE", "MV"]],
    ["2026-06-04", ["BW", "BY", "HE", "NW", "RP", "SL"]],
    ["2026-09-20", ["TH"]],
    ["2026-10-31", ["BB", "HB", "HH", "MV", "NI", "SN", "ST", "SH", "TH"]],
    ["2026-11-01", ["BW", "BY", "NW", "RP", "SL"]],
    ["2026-11-18", ["SN"]],
    ["2028-06-17", ["BE"]],
    ["2026-12-24", []],
  ])("%s is one in %j alone", (date, states) => {
    const kept = (Object.keys(germanStates) as GermanState[]).filter((state) => isPublicHoliday(date, state));
    expect(kept.toSorted()).toEqual(states.toSorted());
  });
});
