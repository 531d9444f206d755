// Reads the `Retry-After` header of an answer.

/** A destination may ask us to wait, but not longer than a day: its clock or its code may be wrong. */
export const retryAfterMaxMs = 24 * 60 * 60 * 1_000;

/** From here on a number is a moment and not a wait: 2001 in unix seconds, or a wait of 31 years. */
const unixSecondsMin = 1_000_000_000;
/** Likewise 2001 in milliseconds, or the year 33658 in seconds. */
const unixMillisecondsMin = 1_000_000_000_000;

/**
 * How long to wait by a `Retry-After` header, 0 to {@link retryAfterMaxMs}; null when it cannot be understood.
 * RFC 9110 section 10.2.3: whole seconds, or a date in one of the three forms of section 5.6.7. Besides what is sent by
 * mistake and can mean one thing only: a unix time in seconds or milliseconds, an ISO 8601 time in UTC.
 */
export function parseRetryAfter(value: string, nowMs: number): number | null {
  const text = value.trim();
  if (/^\d+$/.test(text)) return capped(waitOf(Number(text), nowMs));
  const dateMs = isoInUtc.test(text) ? parsed(text) : parseHttpDate(text, nowMs);
  return dateMs === null ? null : capped(dateMs - nowMs);
}

function waitOf(value: number, nowMs: number): number {
  if (value >= unixMillisecondsMin) return value - nowMs;
  if (value >= unixSecondsMin) return value * 1_000 - nowMs;
  return value * 1_000;
}

function capped(waitMs: number): number {
  return Math.min(Math.max(waitMs, 0), retryAfterMaxMs);
}

// 1994-11-06T08:49:37Z
const isoInUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:?00)$/;
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
  return parsed(`${day.trim().padStart(2, "0")} ${month} ${fullYear} ${time} GMT`);
}

function parsed(date: string): number | null {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? null : ms;
}

/** RFC 9110 section 5.6.7: a two-digit year more than 50 years ahead means the past century. */
function nearestCentury(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
