// Where days of the reporting time zone begin, as instants.
import { addDays } from "./days.ts";

/** `day` of an address, as a limit; null: it is none, or somebody is still typing it. */
export function dayLimit(
  day: string | null,
  timezone: string,
  limitOf: (day: string, timezone: string) => string,
): string | null {
  return day !== null && /^[12]\d{3}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
    ? limitOf(day, timezone)
    : null;
}

/** The instant (ISO 8601) at which `day` (2026-11-26) begins in the zone. */
export function startOfDay(day: string, timezone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // The offset may change on that very day; the second look is at the instant itself.
  const first = utc - offsetMs(utc, timezone);
  return new Date(utc - offsetMs(first, timezone)).toISOString();
}

/** The instant at which `day` is over. */
export function endOfDay(day: string, timezone: string): string {
  return startOfDay(addDays(day, 1), timezone);
}

/** How far the zone's clocks are ahead of UTC then. */
function offsetMs(instantMs: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(new Date(instantMs));
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? "";
  const local = `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}Z`;
  return Date.parse(local) - Math.floor(instantMs / 1_000) * 1_000;
}
