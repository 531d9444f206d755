// The filter of audit events as callers write it.
import { Type } from "typebox";
import type { Static } from "typebox";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { listOf, runId, timeOrDay } from "../frame/schemas.ts";

export const auditFilterMembers = {
  event_type: Type.Optional(
    listOf(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 50,
      description: "One of these.",
    }),
  ),
  actor: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  run_id: Type.Optional(runId),
  ...clientFilterMembers,
  time_from: Type.Optional(timeOrDay("Happened at this time or later.")),
  time_to: Type.Optional(timeOrDay("Happened before this time.")),
  health_checks: Type.Optional(
    Type.Boolean({ default: false, description: "Health checks, too. They come in crowds." }),
  ),
};

export const auditFilterWords: FilterWords<typeof auditFilterMembers> = {
  event_type: { en: "only events of this type", de: "nur Ereignisse dieser Art", option: "type" },
  actor: { en: "only by this actor", de: "nur von diesem Akteur" },
  ...clientFilterWords,
  run_id: { en: "only of this lead", de: "nur zu diesem Lead" },
  time_from: {
    en: "on this day or at this time, or later",
    de: "ab diesem Tag oder dieser Zeit",
    option: "from",
  },
  time_to: {
    en: "up to and including this day, or before this time",
    de: "bis zu diesem Tag einschließlich, oder vor dieser Zeit",
    option: "to",
  },
  health_checks: { en: "health checks too", de: "auch Health-Checks" },
};

export type AuditFilterRequest = Static<ReturnType<typeof Type.Object<typeof auditFilterMembers>>>;
