// How the dashboard says amounts, counts and days to the reader.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFormat } from "../../../web/language/create-format.ts";
import { spokenHours } from "../../../web/language/opening-hours.ts";
import { spokenQuantity } from "../../../web/language/quantity.ts";
import { exampleDay, readDay, writtenDay } from "../../../web/language/written-day.ts";
import { caseCount } from "../../../web/language/case-count.ts";
import { successRate, sumOf } from "../../../web/figures/lead-counts.ts";

const german = createFormat("de-DE", "de", "Europe/Berlin");

test.each([
  [{ need_decision: 2, retrying: 2 }, "2 für Sie · 2 laufen von selbst", "2 for you · 2 run by themselves"],
  [{ need_decision: 1, retrying: 1 }, "1 für Sie · 1 läuft von selbst", "1 for you · 1 runs by itself"],
  [{ need_decision: 3, retrying: 0 }, "3 für Sie", "3 for you"],
  [{ need_decision: 0, retrying: 4 }, "4 laufen von selbst", "4 run by themselves"],
  [{ need_decision: 0, retrying: 0 }, null, null],
])("cases are counted in one way: %j", (cases, de, en) => {
  expect(caseCount(cases, "de", String)).toBe(de);
  expect(caseCount(cases, "en", String)).toBe(en);
});

test("what took less than a second was at once; of a single request it is said how long", () => {
  expect([0, 53, 999].map(german.span)).toEqual(["sofort", "sofort", "sofort"]);
  expect(german.span(2_400)).toBe("2,4 s");
  expect(german.requestTime(53)).toBe("53 ms");
});

test.each([
  ["10s", "10 Sekunden", "10 seconds"],
  ["1m", "1 Minute", "1 minute"],
  ["7d", "7 Tage", "7 days"],
  ["256kB", "256 kB", "256 kB"],
  ["1000B", "1000 Byte", "1000 bytes"],
  ["50/s", "50 pro Sekunde", "50 a second"],
  ["/lead_id", "/lead_id", "/lead_id"],
  ["50/90s", "50/90s", "50/90s"],
  ["5", "5", "5"],
])("a setting of %s is said in words", (written, de, en) => {
  expect(spokenQuantity(written, "de", String)).toBe(de);
  expect(spokenQuantity(written, "en", String)).toBe(en);
});

test.each([
  ["mon-fri 08:00-18:00", "Mo–Fr 08:00–18:00", "Mon–Fri 08:00–18:00"],
  ["sa,so 10:00-14:00", "Sa, So 10:00–14:00", "Sat, Sun 10:00–14:00"],
  ["holidays 10:00-12:00", "feiertags 10:00–12:00", "holidays 10:00–12:00"],
])("opening hours of %s are said in words", (written, de, en) => {
  expect(spokenHours(written, "de")).toBe(de);
  expect(spokenHours(written, "en")).toBe(en);
});

describe("a day", () => {
  test.each([
    ["de-DE", "29.11.2026"],
    ["en-GB", "29/11/2026"],
    ["en-US", "11/29/2026"],
    ["sv-SE", "2026-11-29"],
  ])("is written and read in the order of %s", (locale, written) => {
    expect(exampleDay(locale)).toBe(written);
    expect(readDay(written, locale)).toBe("2026-11-29");
    expect(readDay("2026-11-29", locale)).toBe("2026-11-29");
  });

  test("that is written in short is read, and what is none is not", () => {
    expect(readDay("1.2.26", "de-DE")).toBe("2026-02-01");
    expect(readDay(" 01. 02. 2026 ", "de-DE")).toBe("2026-02-01");
    expect(readDay("2/1/26", "en-US")).toBe("2026-02-01");
    for (const none of ["", "29.11.", "30.2.2026", "13.13.2026", "0.1.2026", "gestern", "1.2.3.2026"])
      expect([none, readDay(none, "de-DE")]).toEqual([none, null]);
  });

  test("that was written is read again, in every order", () => {
    const days = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom("de-DE", "de-AT", "de-CH", "en-GB", "en-US"), (date, locale) => {
        const day = date.toISOString().slice(0, 10);
        expect(readDay(writtenDay(day, locale), locale)).toBe(day);
      }),
    );
  });
});

test("the success rate is of finished leads: what may still arrive, or was withdrawn, is not counted as failed", () => {
  const ended = { delivered: 0, byHand: 0, withdrawn: 0, nobody: 0, failed: 0 };
  const counts = {
    ...ended,
    received: 0,
    onTheWay: 0,
    processed: 0,
    avgProcessingMs: null,
    failedUnfinished: 0,
  };
  expect(successRate(counts)).toBeNull();
  expect(successRate({ ...counts, processed: 3, delivered: 3, failed: 2, failedUnfinished: 2 })).toBe(1);
  expect(successRate({ ...counts, processed: 3, delivered: 2, byHand: 1, failed: 1 })).toBe(0.75);
  expect(successRate({ ...counts, processed: 3, delivered: 2, withdrawn: 1 })).toBe(1);
  expect(successRate({ ...counts, processed: 1, withdrawn: 1 })).toBeNull();
  expect(successRate(sumOf([counts, { ...counts, processed: 1, failedUnfinished: null }]))).toBeNull();
});
