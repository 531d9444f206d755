// Where days of a zone begin and end, also those on which its clocks are changed.
import { expect, test } from "vitest";
import { dayLimit, endOfDay, startOfDay } from "../../../web/language/zoned-day.ts";

test.each([
  ["2026-11-26", "2026-11-25T23:00:00.000Z", "2026-11-26T23:00:00.000Z"],
  ["2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
])("%s in Berlin", (day, start, end) => {
  expect(startOfDay(day, "Europe/Berlin")).toBe(start);
  expect(endOfDay(day, "Europe/Berlin")).toBe(end);
});

test.each(["", "0002-11-26", "0202-11-26", "20265-11-26", "2026-13-01", "x"])("%j is no limit", (typed) => {
  expect(dayLimit(typed, "Europe/Berlin", startOfDay)).toBeNull();
});
