// What charts are made of: labels at round places, stacks, the file, and the counts of days.
import { describe, expect, test } from "vitest";
import { countsByDay, receivedBySource, sumOf } from "../../../web/figures/lead-counts.ts";
import { csvOfChart } from "../../../web/ui/chart-csv.ts";
import { largestStack, stackedFromTop } from "../../../web/ui/chart-series.ts";
import type { ChartSeries } from "../../../web/ui/chart-series.ts";
import { countTicks, dayTicks } from "../../../web/ui/chart-ticks.ts";
import { addDays, daysBetween, lastOfMonth, weekdayOf } from "../../../web/language/days.ts";

describe("labels", () => {
  test.each([
    [0, [0, 1, 2, 3, 4]],
    [4, [0, 1, 2, 3, 4]],
    [5, [0, 2, 4, 6]],
    [37, [0, 10, 20, 30, 40]],
    [1_234, [0, 500, 1_000, 1_500]],
  ])("of counts up to %d", (largest, ticks) => {
    expect(countTicks(largest)).toEqual(ticks);
  });

  test("of days are Mondays where there is no room for all", () => {
    const days = daysBetween("2026-10-28", "2026-11-26");
    expect(days).toHaveLength(30);
    const shown = dayTicks(days, 340).map((index) => days[index] ?? "");
    expect(shown).toEqual(["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]);
    expect(shown.map(weekdayOf)).toEqual([0, 0, 0, 0]);
    expect(dayTicks(days.slice(-7), 500)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

test("days are reckoned across clock changes, leap years and the ends of years", () => {
  expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2027-01-01", -1)).toBe("2026-12-31");
  expect(lastOfMonth("2028-02-10")).toBe("2028-02-29");
  expect(lastOfMonth("2026-12-31")).toBe("2026-12-31");
  expect(daysBetween("2026-11-26", "2026-11-25")).toEqual([]);
});

const series = (name: string, values: ChartSeries["values"]): ChartSeries => ({
  id: name,
  name,
  values,
  colour: "--chart-1",
  texture: "plain",
});

describe("a stack", () => {
  const stacked = [series("low", [1, 0, null, 2]), series("high", [2, 0, null, 0])];

  test("is drawn from its top, and where there is nothing not at all", () => {
    expect(stackedFromTop(stacked)).toEqual([
      [3, null, null, 2],
      [1, null, null, 2],
    ]);
    expect(largestStack(stacked)).toBe(3);
  });
});

describe("the file", () => {
  const days = ["2026-11-25", "2026-11-26"];
  test("has a byte order mark, semicolons for German, and no formulas", () => {
    const lines = csvOfChart(days, [series('=cmd|"x"', [1, null]), series("b;c", [0, 1_234])], {
      dayName: "Tag",
      separator: ";",
    });
    expect(lines).toBe(`\uFEFFTag;"'=cmd|""x""";"b;c"\r\n2026-11-25;1;0\r\n2026-11-26;;1234\r\n`);
  });
});

const ofSource = (day: string, source: string, received: number, rest = {}) => ({
  day,
  source,
  client: null,
  received_count: received,
  processed_count: received,
  failed_count: 0,
  no_destination_count: 0,
  resolved_by_hand_count: 0,
  withdrawn_count: 0,
  avg_processing_ms: 100,
  failed_unfinished_count: 0,
  ...rest,
});
const ofDay = (day: string, rest = {}) => ({
  day,
  received_count: 0,
  processed_count: 0,
  failed_count: 0,
  dlq_open_count: 0,
  avg_processing_ms: null,
  by_hand: false,
  ...rest,
});

describe("counts of days", () => {
  test("add up what became of the leads of all sources", () => {
    const days = ["2026-11-24", "2026-11-25", "2026-11-26"];
    const counted = countsByDay(
      days,
      [
        ofDay("2026-11-25", { by_hand: true, received_count: 9, processed_count: 7, failed_count: 1 }),
        ofDay("2026-11-26", { dlq_open_count: 3, avg_processing_ms: 201 }),
      ],
      [
        ofSource("2026-11-26", "a", 10, {
          processed_count: 7,
          failed_count: 2,
          no_destination_count: 1,
          resolved_by_hand_count: 2,
          withdrawn_count: 1,
        }),
        ofSource("2026-11-26", "b", 1, { avg_processing_ms: 900 }),
      ],
    );
    expect(counted).toMatchObject([
      { day: "2026-11-24", received: 0, open: null },
      { day: "2026-11-25", received: 9, delivered: 7, failed: 1, onTheWay: 1, open: 0 },
      {
        received: 11,
        delivered: 4,
        byHand: 2,
        withdrawn: 1,
        nobody: 1,
        failed: 2,
        onTheWay: 1,
        avgProcessingMs: 201,
        open: 3,
      },
    ]);
    expect(sumOf(counted)).toMatchObject({ received: 20, delivered: 11, withdrawn: 1, onTheWay: 2 });
  });

  test("by source are of the largest ones, and the sum of all others", () => {
    const days = ["2026-11-25", "2026-11-26"];
    const figures = [
      ofSource("2026-11-25", "small", 1),
      ofSource("2026-11-25", "large", 5),
      ofSource("2026-11-26", "middle", 4),
      ofSource("2026-11-26", "tiny", 1),
    ];
    expect(receivedBySource(days, figures, 2)).toEqual([
      { source: "large", received: [5, 0] },
      { source: "middle", received: [0, 4] },
      { source: null, received: [1, 1] },
    ]);
  });
});
