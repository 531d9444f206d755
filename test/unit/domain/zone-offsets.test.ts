// How far a zone is from UTC, and at which instants another reading of it would show.
import { describe, expect, it } from "vitest";
import { tellingOffsets, zoneOffsets } from "../../../src/domain/figures/zone-offsets.ts";

const minuteMs = 60_000;

describe("The offset of a zone", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29T00:59:59Z", 60],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", 120],
    ["Europe/Berlin", "2026-10-25T00:59:59Z", 120],
    ["Europe/Berlin", "2026-10-25T01:00:00Z", 60],
    ["America/St_Johns", "2026-01-15T00:00:00Z", -210],
    ["Asia/Kathmandu", "2026-01-15T00:00:00Z", 345],
    ["Australia/Lord_Howe", "2026-07-15T00:00:00Z", 630],
    ["Pacific/Apia", "2011-12-30T09:59:59Z", -600],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", 840],
    ["UTC", "2026-02-28T23:59:59Z", 0],
  ])("of %s at %s is %d minutes", (zone, at, minutes) => {
    expect(zoneOffsets(zone)(Date.parse(at))).toBe(minutes * minuteMs);
  });
});

it("Both sides of every change of clocks are looked at, and two weeks between at the most", () => {
  const telling = tellingOffsets("Europe/Berlin", Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
  const shown = telling.map(({ atMs, offsetMs }) => `${new Date(atMs).toISOString()} ${offsetMs / minuteMs}`);
  for (const [at, offset] of [
    ["2026-03-29T00:59:59", 60],
    ["2026-03-29T01:00:00", 120],
    ["2026-10-25T00:59:59", 120],
    ["2026-10-25T01:00:00", 60],
  ] as const)
    expect(shown).toContain(`${at}.000Z ${offset}`);
  const gaps = telling.slice(1).map(({ atMs }, index) => atMs - (telling[index]?.atMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(14 * 86_400_000);
});
