// Reads the `Retry-After` header of an answer.

/** A destination may ask us to wait, but not longer than a day: its clock or its code may be wrong. */
export const retryAfterMaxMs = 24 * 60 * 60 * 1_000;

/**
 * How long to wait by a `Retry-After` header, 0 to {@link retryAfterMaxMs}; null when it cannot be understood.
 * RFC 9110 section 10.2.3: whole seconds, or a date in one of the three forms of section 5.6.7.
 */
export function parseRetryAfter(value: string, nowMs: number): number | null {
  const text = value.trim();
  if (/^\d+$/.test(text)) return capped(Number(text) * 1_000);
  const dateMs = parseHttpDate(text, nowMs);
  return dateMs === null ? null : capped(dateMs - nowMs);
}

function capped(waitMs: number): number {
  return Math.min(Math.max(waitMs, 0), retryAfterMaxMs);
}

// Sun, 06 Nov 1994 08:49:37 GMT
const imfFixdate =
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/;
// Sunday, 06-Nov-94 08:49:37 GMT
const rfc850 =
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/;
// Sun Nov  6 08:49:37 1994
const asctime =
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/;

/** Not `Date.parse`: it reads asctime as local time and finds dates in texts like "in 5 minutes". */
function parseHttpDate(text: string, nowMs: number): number | null {
  const parts = (imfFixdate.exec(text) ?? rfc850.exec(text) ?? asctime.exec(text))?.groups;
  if (parts === undefined) return null;
  const { day = "", month = "", year = "", time = "" } = parts;
  const fullYear = year.length === 2 ? nearestCentury(Number(year), nowMs) : year;
  const parsedMs = Date.parse(`${day.trim().padStart(2, "0")} ${month} ${fullYear} ${time} GMT`);
  return Number.isNaN(parsedMs) ? null : parsedMs;
}

/** RFC 9110 section 5.6.7: a two-digit year more than 50 years ahead means the past century. */
function nearestCentury(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
