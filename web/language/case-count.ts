// How many cases there are, counted one way wherever it is said: those that wait for a person, and those that are
// tried again by themselves.
import type { Language } from "./languages.ts";

export interface CaseCount {
  readonly need_decision: number;
  readonly retrying: number;
}

/** `2 for you · 2 run by themselves`; null: there are none. */
export function caseCount(
  { need_decision: forPerson, retrying }: CaseCount,
  language: Language,
  count: (value: number) => string,
): string | null {
  const text = texts[language];
  const parts = [
    ...(forPerson === 0 ? [] : [text.forYou(count(forPerson))]),
    ...(retrying === 0 ? [] : [text.byThemselves(retrying, count(retrying))]),
  ];
  return parts.length === 0 ? null : parts.join(" · ");
}

const texts = {
  de: {
    forYou: (number: string) => `${number} für Sie`,
    byThemselves: (total: number, number: string) =>
      `${number} ${total === 1 ? "läuft" : "laufen"} von selbst`,
  },
  en: {
    forYou: (number: string) => `${number} for you`,
    byThemselves: (total: number, number: string) =>
      total === 1 ? "1 runs by itself" : `${number} run by themselves`,
  },
} as const;
