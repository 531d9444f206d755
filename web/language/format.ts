// The reader's format: by language and browser, in the reporting time zone.
import { createContext, useContext, useMemo } from "react";
import { useLanguage } from "./language.tsx";
import type { Language } from "./languages.ts";
import { createFormat } from "./create-format.ts";
import type { Format } from "./create-format.ts";

export type { Format };

export const ReportingTimezone = createContext("Europe/Berlin");

export function useFormat(): Format {
  const { language } = useLanguage();
  const timezone = useContext(ReportingTimezone);
  return useMemo(() => createFormat(localeOf(language), language, timezone), [language, timezone]);
}

/** The region is the browser's where it speaks the chosen language: de-AT, en-US. */
function localeOf(language: Language): string {
  const regional = navigator.languages.find((each) => each.toLowerCase().startsWith(`${language}-`));
  return regional ?? (language === "de" ? "de-DE" : "en-GB");
}
