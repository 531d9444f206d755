// Opening hours as the configuration has them (`mon-fri 08:00-18:00`), as people write them.
import type { Language } from "./languages.ts";

const days: readonly Readonly<Record<Language, string>>[] = [
  { en: "Mon", de: "Mo" },
  { en: "Tue", de: "Di" },
  { en: "Wed", de: "Mi" },
  { en: "Thu", de: "Do" },
  { en: "Fri", de: "Fr" },
  { en: "Sat", de: "Sa" },
  { en: "Sun", de: "So" },
];
const holidays: Readonly<Record<Language, string>> = { en: "holidays", de: "feiertags" };
const holidayNames: readonly string[] = ["holiday", "holidays", "feiertag", "feiertags"];

/** `mon-fri 08:00-18:00` → Mo–Fr 08:00–18:00 */
export function spokenHours(rule: string, language: Language): string {
  return rule
    .replaceAll("-", "–")
    .replaceAll(",", ", ")
    .replace(/[a-z]+/gi, (written) => {
      const name = written.toLowerCase();
      const day = days.find(({ en, de }) => name === en.toLowerCase() || name === de.toLowerCase());
      return (holidayNames.includes(name) ? holidays : day)?.[language] ?? written;
    });
}
