// In which language somebody who asks over HTTP is answered.
import type { Language } from "./explained.ts";

/** German for whoever prefers it over English (RFC 9110 section 12.5.4, by order alone). */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "").toLowerCase();
  const german = wanted.search(/\bde\b/);
  const english = wanted.search(/\ben\b/);
  return german >= 0 && (english < 0 || german < english) ? "de" : "en";
}
