import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatDuration,
  formatRate,
  formatSize,
  parseDuration,
  parseRate,
  parseSize,
} from "../../../src/domain/values/duration.ts";

describe("a duration", () => {
  it.each([
    ["200ms", 200],
    ["5s", 5_000],
    ["1m", 60_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["0s", 0],
  ])("%s is %d milliseconds", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    "5",
    "s",
    "5 s",
    "-5s",
    "+5s",
    "05s",
    "1.5s",
    "5S",
    "5sec",
    "1m30s",
    "1e3s",
    "٥s",
    "9007199254740992ms",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it("is read back exactly from what is written", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it("of a few units is read back as well, where rounding would show", () => {
    const few = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(few, fc.constantFrom("ms", "s", "m", "h", "d"), (count, unit) => {
        const ms = parseDuration(`${count}${unit}`);
        expect(ms).not.toBeNull();
        expect(parseDuration(formatDuration(ms ?? -1))).toBe(ms);
      }),
    );
  });

  it("is written with the largest unit that fits", () => {
    expect([86_400_000, 90_000, 3_600_000, 60_000, 1_500, 0].map(formatDuration)).toEqual([
      "1d",
      "90s",
      "1h",
      "1m",
      "1500ms",
      "0s",
    ]);
  });
});

describe("a size", () => {
  it("counts 1 kB as 1024 bytes", () => {
    expect([parseSize("1B"), parseSize("256kB"), parseSize("1MB")]).toEqual([1, 262_144, 1_048_576]);
  });

  it.each(["256", "256KB", "256kb", "1GB", "1.5MB", "-1kB"])("%j is none", (text) => {
    expect(parseSize(text)).toBeNull();
  });

  it("is read back exactly from what is written", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    );
  });
});

describe("a rate", () => {
  it.each([
    ["50/s", { requests: 50, perMs: 1_000 }],
    ["100/m", { requests: 100, perMs: 60_000 }],
    ["10/h", { requests: 10, perMs: 3_600_000 }],
  ])("%s is read, and written the same", (text, rate) => {
    expect(parseRate(text)).toEqual(rate);
    expect(formatRate(rate)).toBe(text);
  });

  it.each(["50", "50/", "/s", "0/s", "50/d", "50/s/s", "1.5/s", "-1/s", "50 / s"])("%j is none", (text) => {
    expect(parseRate(text)).toBeNull();
  });
});
