// The filter of days of service levels as callers write it.
import { Type } from "typebox";
import type { FilterWords } from "../frame/filter-words.ts";
import { partName } from "../frame/schemas.ts";
import { kpiFilterMembers, kpiFilterWords } from "../figures/kpi-filter.ts";

/** Of one service level. */
export const slaDaysMembers = { from: kpiFilterMembers.from, to: kpiFilterMembers.to };
export const slaDaysWords: FilterWords<typeof slaDaysMembers> = {
  from: kpiFilterWords.from,
  to: kpiFilterWords.to,
};

export const slaFilterMembers = {
  sla: Type.Optional(partName),
  ...kpiFilterMembers,
};

export const slaFilterWords: FilterWords<typeof slaFilterMembers> = {
  sla: { en: "of this service level alone", de: "nur dieses Servicelevel" },
  ...kpiFilterWords,
};
