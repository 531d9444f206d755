// Until when a secret is valid: `not_after: 2027-01-31` is that whole day, in the reporting time zone.

export type Expiry =
  | { readonly kind: "day"; readonly year: number; readonly month: number; readonly day: number }
  | { readonly kind: "instant"; readonly at: Date };

/** A day (2027-01-31) or an instant with its offset (2027-01-31T18:00:00+01:00, RFC 3339); null if it is neither. */
export function parseExpiry(text: string): Expiry | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const [, year, month, day, time, offset] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!isCalendarDay(date)) return null;
  if (time === undefined) return { kind: "day", ...date };
  const at = new Date(
    `${text.slice(0, 10)}T${time.replace(/^(\d\d:\d\d)$/, "$1:00")}${offset?.toUpperCase() ?? ""}`,
  );
  return Number.isNaN(at.getTime()) ? null : { kind: "instant", at };
}

/** The last instant (to the millisecond) at which a secret with this expiry is valid. */
export function lastValidInstant(expiry: Expiry, timezone: string): Date {
  return expiry.kind === "instant" ? expiry.at : lastInstantOfDay(expiry, timezone);
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const shape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:\d{2}))?$/;

function isCalendarDay({ year, month, day }: CalendarDay): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const hourMs = 3_600_000;

// Searched rather than computed from an offset: where clocks change at midnight, a day ends at an odd hour.
function lastInstantOfDay(day: CalendarDay, timezone: string): Date {
  const localDay = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  });
  const wanted = dayNumber(day);
  const nextMidnightUtc = Date.UTC(day.year, day.month - 1, day.day + 1);
  // No zone is further from UTC than 15 hours.
  let inDay = nextMidnightUtc - 16 * hourMs;
  let after = nextMidnightUtc + 16 * hourMs;
  while (after - inDay > 1) {
    const middle = Math.floor((inDay + after) / 2);
    if (dayNumber(calendarDay(localDay.formatToParts(middle))) <= wanted) inDay = middle;
    else after = middle;
  }
  return new Date(inDay);
}

function calendarDay(parts: readonly Intl.DateTimeFormatPart[]): CalendarDay {
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value);
  return { year: part("year"), month: part("month"), day: part("day") };
}

function dayNumber({ year, month, day }: CalendarDay): number {
  return year * 10_000 + month * 100 + day;
}
