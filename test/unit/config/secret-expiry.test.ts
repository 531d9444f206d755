import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastValidInstant, parseExpiry } from "../../../src/config/secret-expiry.ts";

function lastInstant(text: string, timezone: string): string | null {
  const expiry = parseExpiry(text);
  return expiry === null ? null : lastValidInstant(expiry, timezone).toISOString();
}

describe("not_after", () => {
  it.each([
    ["2027-01-31", "Europe/Berlin", "2027-01-31T22:59:59.999Z"],
    ["2027-07-31", "Europe/Berlin", "2027-07-31T21:59:59.999Z"],
    ["2027-03-28", "Europe/Berlin", "2027-03-28T21:59:59.999Z"],
    ["2027-10-31", "Europe/Berlin", "2027-10-31T22:59:59.999Z"],
    ["2027-12-31", "UTC", "2027-12-31T23:59:59.999Z"],
    ["2027-01-31", "Pacific/Kiritimati", "2027-01-31T09:59:59.999Z"],
    ["2027-01-31", "Pacific/Pago_Pago", "2027-02-01T10:59:59.999Z"],
    // Clocks go from 24:00 to 1:00 that night, so the day ends as any other, and the next begins at 1:00.
    ["2024-04-25", "Africa/Cairo", "2024-04-25T21:59:59.999Z"],
  ])("%s is valid to the end of that day in %s", (day, timezone, instant) => {
    expect(lastInstant(day, timezone)).toBe(instant);
  });

  it.each([
    ["2027-01-31T18:00:00Z", "2027-01-31T18:00:00.000Z"],
    ["2027-01-31T18:00+01:00", "2027-01-31T17:00:00.000Z"],
    ["2027-01-31t18:00:00.250z", "2027-01-31T18:00:00.250Z"],
  ])("%s is valid to that instant", (text, instant) => {
    expect(lastInstant(text, "Europe/Berlin")).toBe(instant);
  });

  it.each([
    "",
    "2027",
    "2027-1-31",
    "31.01.2027",
    "2027-02-29",
    "2027-13-01",
    "2027-00-10",
    "2027-01-31T18:00:00",
    "2027-01-31T25:00:00Z",
    "2027-01-31Z",
  ])("%j is refused", (text) => {
    expect(parseExpiry(text)).toBeNull();
  });

  it("is the last millisecond of its day in every time zone that there is", () => {
    const day = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom(...Intl.supportedValuesOf("timeZone")), (date, timeZone) => {
        const text = date.toISOString().slice(0, 10);
        const last = new Date(lastInstant(text, timeZone) ?? "");
        const localDay = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
        expect(localDay.format(last)).toBe(text);
        expect(localDay.format(last.getTime() + 1) > text).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
