// Whether lists and daily figures put a lead on the same day.
import { say } from "../../config/problem-texts.ts";
import { judgeTimezone } from "../../config/judge-timezone.ts";
import type { Queryable } from "../../ledger/connection/database.ts";
import type { Check } from "./doctor-check.ts";

/** `wanted`: the file's; null: it says none, or there is none. */
export async function checkTimezone(
  database: Queryable,
  inForce: string,
  wanted: string | null,
): Promise<Check> {
  const zones = new Set([inForce, wanted ?? inForce]);
  for (const zone of zones) {
    const misfit = await judgeTimezone(database, zone);
    if (misfit === null) continue;
    return {
      check: "timezone",
      status: "fail",
      text: { en: say(misfit, "en"), de: say(misfit, "de") },
      advice: {
        en: `In force is ${inForce}. Change \`timezone\` in leadledger.yaml, then \`leadledger apply\`; without an entry there: \`leadledger settings change --timezone\`. Figures of all days are then counted afresh.`,
        de: `Es gilt ${inForce}. Ändern Sie \`timezone\` in leadledger.yaml, dann \`leadledger apply\`; steht dort keine: \`leadledger settings change --timezone\`. Die Zahlen aller Tage werden dann neu gezählt.`,
      },
    };
  }
  return {
    check: "timezone",
    status: "ok",
    text: {
      en: `${inForce} means the same to PostgreSQL and to LeadLedger`,
      de: `${inForce} bedeutet für PostgreSQL und LeadLedger dasselbe`,
    },
  };
}
