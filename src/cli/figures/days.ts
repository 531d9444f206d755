// Days as the commands about figures take them, where nothing is said.

const dayMs = 86_400_000;

/** ISO date. */
export function today(timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(new Date());
}

export function dayBefore(day: string, days: number): string {
  const at = Date.parse(day);
  return Number.isNaN(at) ? day : new Date(at - days * dayMs).toISOString().slice(0, 10);
}
