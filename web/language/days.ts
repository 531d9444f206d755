// Days of the reporting time zone as ISO texts: `2026-11-26`. Reckoned in UTC, so that no clock change is in the way.
const dayMs = 86_400_000;

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, "2026-11-26".length);
}

/** Both included, oldest first; none where `to` comes before `from`. */
export function daysBetween(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, index) => addDays(from, index));
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, "2026-11".length)}-01`;
}

export function lastOfMonth(day: string): string {
  return addDays(firstOfMonth(addDays(firstOfMonth(day), 31)), -1);
}

/** Monday 0 to Sunday 6. */
export function weekdayOf(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}
