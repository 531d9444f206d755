// What a day says about a target when there were few leads, what is left of a month's budget, and when it burns.
import { describe, expect, it } from "vitest";
import { openingHours, openTimes } from "../../../src/domain/calendar/opening-hours.ts";
import { burningBudget, burnRules, burnWindowsMs } from "../../../src/domain/sla/burn-rate.ts";
import { errorBudget } from "../../../src/domain/sla/error-budget.ts";
import {
  falseJudgementMax,
  judgeShare,
  missesThatBreak,
  tailOf,
} from "../../../src/domain/sla/judge-share.ts";
import { formatShare, parseShare } from "../../../src/domain/sla/sla-target.ts";
import { chooseSeed, seededRandom } from "../../support/random.ts";

const percent = (share: number): number => Math.round(share * 10_000);

describe("a day's judgement", () => {
  it.each([
    [0, 0, 99, "no_leads"],
    [3, 0, 99, "met"],
    [3, 1, 99, "too_few"],
    [3, 2, 99, "missed"],
    [1, 1, 99.9, "too_few"],
    [1, 1, 50, "too_few"],
    [4, 2, 50, "met"],
    [4, 3, 50, "too_few"],
    [50, 2, 99, "too_few"],
    [50, 3, 99, "missed"],
    [100, 1, 99, "met"],
    [499, 6, 99, "too_few"],
    [500, 5, 99, "met"],
    [500, 6, 99, "missed"],
    [10_000, 100, 99, "met"],
    [10_000, 101, 99, "missed"],
    [200, 1, 99.5, "met"],
  ] as const)("of %d leads of which %d missed %d %% is %s", (leads, missed, share, state) => {
    expect(judgeShare(leads, missed, percent(share))).toBe(state);
  });

  it("gets no better by more misses, and no worse by leads that arrive", () => {
    const badness = { no_leads: 0, met: 0, too_few: 1, missed: 2 };
    const random = seededRandom(chooseSeed());
    for (let turn = 0; turn < 3_000; turn += 1) {
      const share = percent(50 + random.next() * 49.99);
      const leads = 1 + Math.floor(random.next() * 400);
      const missed = Math.floor(random.next() * leads);
      const state = badness[judgeShare(leads, missed, share)];
      expect(badness[judgeShare(leads, missed + 1, share)]).toBeGreaterThanOrEqual(state);
      const isStillFew = (leads + 1) * (1_000_000 - share) < 5_000_000;
      if (isStillFew) expect(badness[judgeShare(leads + 1, missed, share)]).toBeLessThanOrEqual(state);
      expect(badness[judgeShare(leads, 0, share)]).toBe(0);
      if (isStillFew) expect(judgeShare(leads, 1, share)).not.toBe("missed");
    }
  });

  it("says of a target that is just kept that it is missed on one day of twenty at most, where leads are few", () => {
    for (const share of [50, 80, 90, 95, 99, 99.9].map(percent)) {
      const missShare = 1 - share / 1_000_000;
      for (let leads = 1; leads * missShare < 5 - 1e-9; leads += Math.ceil(leads / 7)) {
        const breaks = missesThatBreak(leads, share);
        if (breaks !== null) expect(tailOf(leads, breaks, missShare)).toBeLessThanOrEqual(falseJudgementMax);
      }
    }
  });

  it("knows the binomial distribution", () => {
    expect(tailOf(3, 1, 0.01)).toBeCloseTo(1 - 0.99 ** 3, 12);
    expect(tailOf(4, 3, 0.5)).toBeCloseTo(5 / 16, 12);
    expect(tailOf(5, 5, 0.5)).toBeCloseTo(1 / 32, 12);
    expect(tailOf(3, 0, 0.5)).toBe(1);
    expect(tailOf(3, 4, 0.5)).toBe(0);
  });
});

describe("the budget of a month", () => {
  it("is what the month's leads may miss, at the pace of the last weeks", () => {
    const soFar = { decided: 100, missed: 2, before: { decided: 280, days: 28 }, daysLeft: 20 };
    expect(errorBudget(soFar, percent(99))).toEqual({
      expected: 300,
      allowed: 3,
      missed: 2,
      left: expect.closeTo(1 / 3, 9) as number,
    });
  });

  it("is overdrawn by more misses than the month allows, and is none without leads", () => {
    const over = { decided: 100, missed: 2, before: { decided: 0, days: 0 }, daysLeft: 0 };
    expect(errorBudget(over, percent(99)).left).toBeCloseTo(-1);
    expect(errorBudget({ ...over, decided: 0, missed: 0 }, percent(99)).left).toBe(null);
  });
});

describe("burn rates", () => {
  const counts = (missed: (windowMs: number) => number) =>
    burnWindowsMs.map((windowMs) => ({ windowMs, decided: 1_000, missed: missed(windowMs) }));

  it("tell of each rule when both its windows are over, the worst first", () => {
    expect(
      burningBudget(
        counts(() => 150),
        percent(99),
      )?.rule,
    ).toBe(burnRules[0]);
    expect(
      burningBudget(
        counts(() => 100),
        percent(99),
      )?.rule,
    ).toBe(burnRules[1]);
    expect(
      burningBudget(
        counts(() => 20),
        percent(99),
      )?.rule,
    ).toBe(burnRules[2]);
    expect(
      burningBudget(
        counts(() => 9),
        percent(99),
      ),
    ).toBe(null);
  });

  it("tell nothing of what is over", () => {
    expect(
      burningBudget(
        counts((windowMs) => (windowMs <= 3_600_000 / 2 ? 0 : 150)),
        percent(99),
      )?.rule,
    ).toBe(burnRules[2]);
    expect(
      burningBudget(
        counts((windowMs) => (windowMs <= 6 * 3_600_000 ? 0 : 150)),
        percent(99),
      ),
    ).toBe(null);
    expect(burningBudget([], percent(99))).toBe(null);
  });
});

describe("shares", () => {
  it.each([
    ["99%", 990_000],
    ["99.5 %", 995_000],
    ["99,95%", 999_500],
    ["100%", null],
    ["0%", null],
    ["99", null],
    ["0.99", null],
    ["101%", null],
  ])("%s", (text, millionths) => {
    expect(parseShare(text)).toBe(millionths);
    if (millionths !== null) expect(parseShare(formatShare(millionths))).toBe(millionths);
  });
});

describe("what is open between two instants", () => {
  it("is what is open at each of them, over changes of clocks and holidays", () => {
    const hours = ["mon-fri 08:00-18:00", "sat 22:00-03:00", "sun 02:30-04:00", "holidays 10:00-12:00"];
    const zone = "Europe/Berlin";
    const times = openTimes({ hours: openingHours(hours), state: "NW", zone });
    const random = seededRandom(chooseSeed());
    // With both changes of clocks, and Easter.
    for (const start of ["2026-03-26", "2026-10-22", "2026-04-02", "2026-12-23"]) {
      const fromMs = Date.parse(`${start}T07:13:00Z`);
      const toMs = fromMs + 5 * 86_400_000;
      const spans = times.openSpans(fromMs, toMs);
      for (let turn = 0; turn < 300; turn += 1) {
        const at = fromMs + Math.floor(random.next() * (toMs - fromMs));
        expect(spans.some((span) => span.fromMs <= at && at < span.toMs)).toBe(times.isOpen(at));
      }
      for (const [index, { fromMs: begin, toMs: end }] of spans.entries()) {
        expect(begin).toBeLessThan(end);
        expect(times.isOpen(begin) && times.isOpen(end - 1)).toBe(true);
        if (end < toMs) expect(times.isOpen(end)).toBe(false);
        expect(begin).toBeGreaterThan(spans[index - 1]?.toMs ?? 0);
      }
    }
    expect(times.openSpans(0, 0)).toEqual([]);
  });
});
