// The words of a report, and how numbers and days are written in it.
import type { ReportName } from "../domain/figures/report.ts";

export interface ReportWords {
  readonly lang: "de" | "en";
  readonly title: Readonly<Record<ReportName, string>>;
  readonly subject: (title: string, days: string, received: number) => string;
  readonly comparedWith: Readonly<Record<ReportName, (days: string) => string>>;
  readonly none: Readonly<Record<ReportName, string>>;
  readonly received: string;
  readonly delivered: string;
  readonly failed: string;
  readonly underWay: string;
  readonly noDestination: string;
  readonly byHand: string;
  readonly withdrawn: string;
  readonly before: string;
  readonly change: string;
  readonly figure: string;
  readonly lastDays: string;
  readonly legend: string;
  readonly chartAlt: (days: string) => string;
  readonly sources: string;
  readonly source: string;
  readonly destinations: string;
  readonly destination: string;
  readonly arrived: string;
  readonly failedAttempts: string;
  readonly entries: string;
  readonly attention: string;
  readonly nothingToDo: string;
  readonly duration: (half: string, most: string) => string;
  readonly durationOver: string;
  readonly others: (count: number) => string;
  readonly open: string;
  readonly why: (timezone: string) => string;
  readonly unsubscribe: string;
  readonly client: (name: string) => string;
  readonly about: (names: string) => string;
  readonly count: (count: string) => string;
  readonly weekdays: readonly string[];
  readonly until: string;
}

export const reportWords: Readonly<Record<"de" | "en", ReportWords>> = {
  de: {
    lang: "de",
    title: { daily: "Tagesbericht", weekly: "Wochenbericht" },
    subject: (title, days, received) =>
      `${title} ${days}: ${received === 1 ? "1 Lead" : `${received} Leads`}`,
    comparedWith: {
      daily: (days) => `Verglichen mit demselben Wochentag der Vorwoche, ${days}.`,
      weekly: (days) => `Verglichen mit der Woche davor, ${days}.`,
    },
    none: {
      daily: "An diesem Tag kam kein Lead.",
      weekly: "In diesen sieben Tagen kam kein Lead.",
    },
    received: "Eingegangen",
    delivered: "Zugestellt",
    failed: "Nicht zugestellt",
    underWay: "In Zustellung",
    noDestination: "Ohne Ziel",
    byHand: "Von Hand erledigt",
    withdrawn: "Zurückgezogen",
    before: "Vorwoche",
    change: "Veränderung",
    figure: "Leads",
    lastDays: "Die letzten 14 Tage",
    legend: "Eingegangene Leads je Tag; der dunklere Teil ist zugestellt. Kräftig: die Tage dieses Berichts.",
    chartAlt: (days) => `Eingegangene Leads der letzten 14 Tage: ${days}`,
    sources: "Quellen",
    source: "Quelle",
    destinations: "Ziele",
    destination: "Ziel",
    arrived: "Angekommen",
    failedAttempts: "Fehlversuche",
    entries: "Klärfälle",
    attention: "Was jetzt Aufmerksamkeit braucht",
    nothingToDo: "Nichts. Es ist alles in Ordnung.",
    duration: (half, most) =>
      `Bis ein Lead ankam, dauerte es in der Hälfte der Fälle höchstens ${half}, in 95 von 100 höchstens ${most}.`,
    durationOver: "mehr als eine Woche",
    others: (count) => `${count} weitere`,
    open: "LeadLedger öffnen",
    why: (timezone) =>
      `Die Tage sind die der Zeitzone ${timezone}. Die Zahlen zeigen den jetzigen Stand der Leads, die an diesen Tagen kamen; Testleads zählen nicht mit.`,
    unsubscribe:
      "Sie bekommen diesen Bericht, weil Ihre Adresse unter „Berichte“ eingetragen ist. Dort lässt er sich abbestellen.",
    client: (name) => `Kunde: ${name}`,
    about: (names) => `betrifft ${names}`,
    count: (count) => `Anzahl: ${count}`,
    weekdays: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
    until: "bis",
  },
  en: {
    lang: "en",
    title: { daily: "Daily report", weekly: "Weekly report" },
    subject: (title, days, received) =>
      `${title} ${days}: ${received === 1 ? "1 lead" : `${received} leads`}`,
    comparedWith: {
      daily: (days) => `Compared with the same weekday of the week before, ${days}.`,
      weekly: (days) => `Compared with the week before, ${days}.`,
    },
    none: {
      daily: "No lead came on this day.",
      weekly: "No lead came in these seven days.",
    },
    received: "Received",
    delivered: "Delivered",
    failed: "Not delivered",
    underWay: "Being delivered",
    noDestination: "Without destination",
    byHand: "Resolved by hand",
    withdrawn: "Withdrawn",
    before: "Week before",
    change: "Change",
    figure: "Leads",
    lastDays: "The last 14 days",
    legend: "Leads received each day; the darker part is delivered. Strong: the days of this report.",
    chartAlt: (days) => `Leads received in the last 14 days: ${days}`,
    sources: "Sources",
    source: "Source",
    destinations: "Destinations",
    destination: "Destination",
    arrived: "Arrived",
    failedAttempts: "Failed attempts",
    entries: "Cases",
    attention: "What needs attention now",
    nothingToDo: "Nothing. All is well.",
    duration: (half, most) =>
      `Until a lead arrived it took at most ${half} in half of the cases, and at most ${most} in 95 of 100.`,
    durationOver: "more than a week",
    others: (count) => `${count} others`,
    open: "Open LeadLedger",
    why: (timezone) =>
      `Days are those of the time zone ${timezone}. Figures show how the leads that came on these days stand now; test leads do not count.`,
    unsubscribe:
      "You get this report because your address is entered under “Reports”. It can be stopped there.",
    client: (name) => `Client: ${name}`,
    about: (names) => `about ${names}`,
    count: (count) => `count: ${count}`,
    weekdays: ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    until: "to",
  },
};

export function countText(value: number, language: "de" | "en"): string {
  return new Intl.NumberFormat(language).format(value);
}

/** `30.11.2026`, `30 Nov 2026`. */
export function dayText(day: string, language: "de" | "en"): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    timeZone: "UTC",
    day: "2-digit",
    month: language === "de" ? "2-digit" : "short",
    year: "numeric",
  }).format(new Date(`${day}T00:00:00Z`));
}

const minuteMs = 60_000;

export function durationText(ms: number, language: "de" | "en"): string {
  const number = (value: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  if (ms < 1_000) return `${number(ms)} ms`;
  if (ms < minuteMs) return `${number(ms / 1_000)} s`;
  if (ms < 60 * minuteMs) return `${number(ms / minuteMs)} min`;
  return `${number(ms / (60 * minuteMs))} h`;
}
