// Days as the reader writes them, in the order of day and month that is usual where he lives: 29.11.2026, 11/29/2026.

/** `2026-11-29` → as it is written in the locale, with figures only. */
export function writtenDay(iso: string, locale: string): string {
  return figuresOnly(locale).format(new Date(iso));
}

/** What is shown where nothing is written yet: `29.11.2026`, so that the order can be seen. */
export function exampleDay(locale: string): string {
  return writtenDay("2026-11-29", locale);
}

/**
 * The day (ISO) that somebody wrote, with whatever between the figures; a year of two figures is of this century, and
 * an ISO day is one everywhere. null: it is none.
 */
export function readDay(text: string, locale: string): string | null {
  const figures = text.trim().match(/^(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})\.?$/);
  if (figures === null) return null;
  const [, first = "", second = "", third = ""] = figures;
  const isIso = first.length === 4;
  const order = isIso ? (["year", "month", "day"] as const) : orderOf(locale);
  const written = new Map([first, second, third].map((value, at) => [order[at], value]));
  return isoDay(written.get("year") ?? "", written.get("month") ?? "", written.get("day") ?? "");
}

function isoDay(year: string, month: string, day: string): string | null {
  const fullYear = year.length === 2 ? `20${year}` : year;
  const iso = `${fullYear}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  // February 30th would be read as a day of March.
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
  return isDay ? iso : null;
}

type DayPart = "day" | "month" | "year";

function orderOf(locale: string): readonly DayPart[] {
  return figuresOnly(locale)
    .formatToParts(0)
    .map(({ type }) => type)
    .filter((type): type is DayPart => type === "day" || type === "month" || type === "year");
}

function figuresOnly(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    timeZone: "UTC",
  } as const);
}
