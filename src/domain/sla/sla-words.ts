// What people call measures, judgements and risks of service levels.
import type { SlaState } from "./judge-share.ts";
import type { SlaMeasure } from "../figures/sla-kinds.ts";
import type { SlaRisk } from "../figures/sla-kinds.ts";

interface Words {
  readonly en: string;
  readonly de: string;
}

export const measureWords: Readonly<Record<SlaMeasure, Words>> = {
  delivered: { en: "delivered in time", de: "rechtzeitig zugestellt" },
  success: { en: "delivered at all", de: "überhaupt zugestellt" },
  delivery_time: { en: "time to delivery", de: "Zustelldauer" },
  contacted: { en: "contacted in time", de: "rechtzeitig kontaktiert" },
  oldest_entry: { en: "oldest case", de: "ältester Klärfall" },
};

export const stateWords: Readonly<Record<SlaState, Words>> = {
  met: { en: "kept", de: "eingehalten" },
  missed: { en: "missed", de: "verfehlt" },
  too_few: { en: "too few to judge", de: "zu wenige für ein Urteil" },
  no_leads: { en: "no leads", de: "keine Leads" },
};

export const riskWords: Readonly<Record<SlaRisk, Words>> = {
  burning: { en: "budget spent too fast", de: "Budget zu schnell verbraucht" },
  misses: { en: "too many missed", de: "zu viele verfehlt" },
  age: { en: "waiting too long", de: "wartet zu lange" },
  month: { en: "month missed", de: "Monat verfehlt" },
};
