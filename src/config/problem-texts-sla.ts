// Texts about service levels (`sla:`).
import type { ProblemTexts } from "./problem.ts";
import { shortened } from "./problem-words.ts";

export type SlaCode = "sla_client_needless" | "sla_holidays_alone" | "sla_needless" | "sla_part_unknown";

export const slaTexts: ProblemTexts<SlaCode> = {
  sla_client_needless: {
    en: () =>
      "Source and destination say whose leads these are. Remove `client`, or name no source and no destination.",
    de: () =>
      "Quelle und Ziel sagen schon, wessen Leads das sind. Entfernen Sie `client`, oder nennen Sie weder Quelle noch Ziel.",
  },
  sla_holidays_alone: {
    en: () =>
      "Public holidays count only where there are opening hours. Say them (opening_hours: [mon-fri 08:00-18:00]), or remove `holidays`.",
    de: () =>
      "Feiertage zählen nur, wo es Öffnungszeiten gibt. Nennen Sie welche (opening_hours: [mo-fr 08:00-18:00]), oder entfernen Sie `holidays`.",
  },
  sla_needless: {
    en: ({ key, measure }) => `\`${shortened(key)}\` has no meaning with \`measure: ${measure}\`. Remove it.`,
    de: ({ key, measure }) =>
      `\`${shortened(key)}\` hat bei \`measure: ${measure}\` keine Bedeutung. Entfernen Sie es.`,
  },
  sla_part_unknown: {
    en: ({ part, name }) => `There is no ${part} called \`${shortened(name)}\`. Upper and lower case differ.`,
    de: ({ part, name }) =>
      `${part === "source" ? "Eine Quelle" : "Ein Ziel"} namens \`${shortened(name)}\` gibt es nicht. Groß- und Kleinschreibung zählt.`,
  },
};
