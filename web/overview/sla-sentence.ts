// What the alarm about a service level says.
import type { Alarm } from "../api/types.ts";
import type { Language } from "./cause-phrases.ts";
import type { SentenceFormat, Told } from "./told-alarm.ts";

type AtRisk = Extract<Alarm, { readonly code: "sla_at_risk" }>;
type Tell = (alarm: AtRisk, format: SentenceFormat) => Told;

const page = (name: string): string => `/sla?name=${encodeURIComponent(name)}`;

export const slaSentences: Readonly<Record<Language, { readonly sla_at_risk: Tell }>> = {
  de: {
    sla_at_risk: (alarm, format) => ({
      sentence: `Servicelevel „${alarm.label}“ ist gefährdet: ${germanRisk(alarm, format)}`,
      todo:
        alarm.risk === "age"
          ? "Erledigen Sie den ältesten Klärfall zuerst."
          : "Sehen Sie nach, woran die Leads gescheitert sind, und beheben Sie die Ursache.",
      links: [
        { href: page(alarm.sla), label: "Servicelevel ansehen" },
        ...(alarm.risk === "age" ? [{ href: "/attention", label: "Klärfälle ansehen" }] : []),
      ],
    }),
  },
  en: {
    sla_at_risk: (alarm, format) => ({
      sentence: `Service level “${alarm.label}” is at risk: ${englishRisk(alarm, format)}`,
      todo:
        alarm.risk === "age"
          ? "Settle the oldest case first."
          : "See what the leads failed by, and mend the cause.",
      links: [
        { href: page(alarm.sla), label: "Open the service level" },
        ...(alarm.risk === "age" ? [{ href: "/attention", label: "Open what needs attention" }] : []),
      ],
    }),
  },
};

function germanRisk({ risk, missed, decided, burn_rate, oldest_ms }: AtRisk, format: SentenceFormat): string {
  switch (risk) {
    case "burning":
      return `Das Budget des Monats wird ${format.count(tenths(burn_rate ?? 0))}-mal so schnell verbraucht wie vorgesehen`;
    case "misses":
      return `${format.count(missed)} von ${format.count(decided)} Leads haben es zuletzt verfehlt`;
    case "age":
      return `Der älteste Klärfall ist ${age(oldest_ms ?? 0, format, ["Minuten", "Stunden", "Tage"])} alt`;
    case "month":
      return "Dieser Monat hat es verfehlt";
  }
}

function englishRisk(
  { risk, missed, decided, burn_rate, oldest_ms }: AtRisk,
  format: SentenceFormat,
): string {
  switch (risk) {
    case "burning":
      return `the month's budget is spent ${format.count(tenths(burn_rate ?? 0))} times as fast as it may be`;
    case "misses":
      return `${format.count(missed)} of ${format.count(decided)} leads missed it lately`;
    case "age":
      return `the oldest case is ${age(oldest_ms ?? 0, format, ["minutes", "hours", "days"])} old`;
    case "month":
      return "this month has missed it";
  }
}

/** 1.4 times is neither once nor twice. */
function tenths(rate: number): number {
  return Math.round(rate * 10) / 10;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Of two units or more, so that it is never one. */
function age(ms: number, format: SentenceFormat, units: readonly [string, string, string]): string {
  const [minutes, hours, days] = units;
  if (ms >= 2 * dayMs) return `${format.count(Math.floor(ms / dayMs))} ${days}`;
  if (ms >= 2 * hourMs) return `${format.count(Math.floor(ms / hourMs))} ${hours}`;
  return `${format.count(Math.max(Math.floor(ms / minuteMs), 2))} ${minutes}`;
}
