// A moment as people of a country read it, in the zone of the reports.
import type { MailLanguage } from "./words.ts";

/** `Montag, 30. November 2026`; what is no moment stays as it is. */
export function localDate(text: string, language: MailLanguage, timezone: string): string {
  return written(text, language, { timeZone: timezone, dateStyle: "long" });
}

/** `14:05` */
export function localTime(text: string, language: MailLanguage, timezone: string): string {
  return written(text, language, { timeZone: timezone, timeStyle: "short" });
}

function written(text: string, language: MailLanguage, options: Intl.DateTimeFormatOptions): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Intl.DateTimeFormat(locales[language], options).format(ms);
}

const locales: Readonly<Record<MailLanguage, string>> = { de: "de-DE", en: "en-GB" };
