// Durations, sizes and rates of the configuration (`10s`, `256kB`, `50/s`) as people say them.
import type { Language } from "./languages.ts";

/** `10s` → 10 Sekunden, `256kB` → 256 kB, `50/s` → 50 pro Sekunde; whatever else it is stays as it is written. */
export function spokenQuantity(
  written: string,
  language: Language,
  count: (value: number) => string,
): string {
  const [, number = "", divided, unit = ""] = /^(\d+)(\/?)(ms|s|m|h|d|B|kB|MB)$/.exec(written) ?? [];
  const { units, per } = texts[language];
  if (divided === "/") {
    const period = Object.hasOwn(per, unit) ? per[unit as keyof typeof per] : undefined;
    return period === undefined ? written : `${count(Number(number))} ${period}`;
  }
  if (unit === "kB" || unit === "MB") return `${count(Number(number))} ${unit}`;
  if (!Object.hasOwn(units, unit)) return written;
  const [one, other] = units[unit as keyof typeof units];
  return `${count(Number(number))} ${number === "1" ? one : other}`;
}

const texts = {
  de: {
    units: {
      ms: ["Millisekunde", "Millisekunden"],
      s: ["Sekunde", "Sekunden"],
      m: ["Minute", "Minuten"],
      h: ["Stunde", "Stunden"],
      d: ["Tag", "Tage"],
      B: ["Byte", "Byte"],
    },
    per: { s: "pro Sekunde", m: "pro Minute", h: "pro Stunde" },
  },
  en: {
    units: {
      ms: ["millisecond", "milliseconds"],
      s: ["second", "seconds"],
      m: ["minute", "minutes"],
      h: ["hour", "hours"],
      d: ["day", "days"],
      B: ["byte", "bytes"],
    },
    per: { s: "a second", m: "a minute", h: "an hour" },
  },
} as const;
