// Numbers, days and times as the reader is used to them; times in the reporting time zone, which is named.
import type { Language } from "./languages.ts";

export interface Format {
  readonly locale: string;
  readonly timezone: string;
  readonly count: (value: number) => string;
  /** 0.984 → 98,4 % */
  readonly percent: (share: number) => string;
  /** Date and time with seconds. */
  readonly time: (iso: string) => string;
  /** Hours and minutes; with the day, unless it is today. */
  readonly shortTime: (iso: string) => string;
  /** `2026-11-26` or an instant → 26.11.2026 */
  readonly day: (iso: string) => string;
  /** `2026-11-26` → Do 26.11. */
  readonly shortDay: (iso: string) => string;
  /** `2026-11-26` → Do 26.11.2026 */
  readonly longDay: (iso: string) => string;
  /** `2026-11` or a day of it → November 2026 */
  readonly month: (iso: string) => string;
  /** A span: 2,4 s, 3 min 20 s, 2 h 5 min, 4 Tage; below a second nobody waited: sofort. */
  readonly span: (ms: number) => string;
  /** When something followed: nach 2,4 s, or sofort. */
  readonly after: (ms: number) => string;
  /** How long a request took, for whoever looks into a single one: 340 ms, 2,4 s. */
  readonly requestTime: (ms: number) => string;
  /** The day that it is in the zone: `2026-11-26`. */
  readonly today: () => string;
  /** The zone as people name it: MEZ, MESZ, GMT+1. */
  readonly zoneName: () => string;
}

export function createFormat(locale: string, language: Language, timezone: string): Format {
  const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const inZone = { timeZone: timezone } as const;
  const hour12 = { hourCycle: locale === "en-US" ? "h12" : "h23" } as const;
  const full = formatter({ ...inZone, ...hour12, dateStyle: "medium", timeStyle: "medium" });
  const clock = formatter({ ...inZone, ...hour12, hour: "2-digit", minute: "2-digit" });
  const dayAndClock = formatter({
    ...inZone,
    ...hour12,
    weekday: "short",
    day: "2-digit",
    month: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const dayOfInstant = formatter({ ...inZone, dateStyle: "medium" });
  const wholeDay = formatter({ timeZone: "UTC", dateStyle: "medium" });
  const fewDay = formatter({ timeZone: "UTC", weekday: "short", day: "2-digit", month: "2-digit" });
  const wholeMonth = formatter({ timeZone: "UTC", month: "long", year: "numeric" });
  const weekday = formatter({ timeZone: "UTC", weekday: "short" });
  const dayNumber = new Intl.DateTimeFormat("sv-SE", inZone);
  const numbers = new Intl.NumberFormat(locale);
  const text = texts[language];
  const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return {
    locale,
    timezone,
    count: (value) => numbers.format(value),
    percent: (share) => shares.format(share),
    time: (iso) => full.format(new Date(iso)),
    shortTime: (iso) => {
      const at = new Date(iso);
      return (dayNumber.format(at) === dayNumber.format(new Date()) ? clock : dayAndClock).format(at);
    },
    day: (iso) => (isDay(iso) ? wholeDay : dayOfInstant).format(new Date(iso)),
    shortDay: (iso) => fewDay.format(new Date(iso)),
    longDay: (iso) => `${weekday.format(new Date(iso)).replace(".", "")} ${wholeDay.format(new Date(iso))}`,
    month: (iso) => wholeMonth.format(new Date(iso)),
    span: (ms) => (ms < secondMs ? text.atOnce : spanText(ms, language, numbers)),
    after: (ms) => (ms < secondMs ? text.atOnce : text.after(spanText(ms, language, numbers))),
    requestTime: (ms) =>
      ms < secondMs ? `${numbers.format(Math.round(ms))} ms` : spanText(ms, language, numbers),
    today: () => dayNumber.format(new Date()),
    zoneName: () =>
      formatter({ ...inZone, timeZoneName: "short" })
        .formatToParts(new Date())
        .find(({ type }) => type === "timeZoneName")?.value ?? timezone,
  };
}

function isDay(iso: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(iso);
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function spanText(ms: number, language: Language, numbers: Intl.NumberFormat): string {
  const days = (count: number): string =>
    language === "de"
      ? `${count} ${count === 1 ? "Tag" : "Tage"}`
      : `${count} ${count === 1 ? "day" : "days"}`;
  if (ms < minuteMs) return `${numbers.format(Math.round(ms / 100) / 10)} s`;
  if (ms < hourMs) return twoUnits(ms, minuteMs, secondMs, "min", "s");
  if (ms < dayMs) return twoUnits(ms, hourMs, minuteMs, "h", "min");
  return days(Math.round(ms / dayMs));
}

function twoUnits(ms: number, large: number, small: number, largeName: string, smallName: string): string {
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

const texts = {
  de: { atOnce: "sofort", after: (span: string) => `nach ${span}` },
  en: { atOnce: "at once", after: (span: string) => `after ${span}` },
} as const;
