// The filter of daily figures as callers write it.
import { Type } from "typebox";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";

export const day = Type.String({ format: "date", description: "A day of the reporting time zone." });

export const kpiFilterMembers = {
  from: Type.Optional(day),
  to: Type.Optional(day),
  ...clientFilterMembers,
};

export const kpiFilterWords: FilterWords<typeof kpiFilterMembers> = {
  from: { en: "the first day", de: "der erste Tag" },
  to: { en: "the last day", de: "der letzte Tag" },
  ...clientFilterWords,
};

export const rangeDaysMax = 400;
const dayMs = 86_400_000;

export const tooLong = `from and to span more than ${rangeDaysMax} days`;

export function isTooLong(from: string, to: string): boolean {
  return (Date.parse(to) - Date.parse(from)) / dayMs >= rangeDaysMax;
}
