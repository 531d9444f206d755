// The filter of DLQ entries as callers write it: in a list's query, or as the `filter` of an operation.
import { Type } from "typebox";
import type { Static } from "typebox";
import { dlqKinds, dlqStatuses } from "../../../domain/leads/run.ts";
import type { DlqFilter } from "../../../ledger/attention/dlq-filter.ts";
import { dlqLacks } from "../../../ledger/attention/dlq-filter.ts";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { hashPerson, personFilterMembers, personFilterWords } from "../frame/person-filter.ts";
import type { PersonLookup } from "../frame/person-filter.ts";
import type { Principal } from "../frame/principal.ts";
import type { Refused } from "../frame/route.ts";
import { closed, dlqId, filterIdsMax, listOf, oneOf, partName, runId, timeOrDay } from "../frame/schemas.ts";

export const dlqFilterMembers = {
  dlq_id: Type.Optional(listOf(dlqId, { minItems: 1, maxItems: filterIdsMax })),
  status: Type.Optional(listOf(oneOf(dlqStatuses), { minItems: 1, description: "One of these." })),
  kind: Type.Optional(listOf(oneOf(dlqKinds), { minItems: 1, description: "One of these." })),
  destination: Type.Optional(partName),
  source: Type.Optional(partName),
  ...clientFilterMembers,
  error_code: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  without: Type.Optional(
    listOf(oneOf(dlqLacks), { minItems: 1, description: "Only entries that have none of these." }),
  ),
  reason: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: "This text stands in it, whatever the case." }),
  ),
  created_from: Type.Optional(timeOrDay("Created at this time or later.")),
  created_to: Type.Optional(timeOrDay("Created before this time.")),
  next_retry_before: Type.Optional(timeOrDay("The next attempt is due before this time.")),
  needs_decision: Type.Optional(
    Type.Boolean({
      description: "true: open without a next attempt, so that a person must decide; false: all others.",
    }),
  ),
  run_id: Type.Optional(runId),
  idempotency_key: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: "Entries of the lead with this key." }),
  ),
  ...personFilterMembers,
};

export const dlqFilterWords: FilterWords<typeof dlqFilterMembers> = {
  dlq_id: { en: "only these entries", de: "nur diese Einträge" },
  status: { en: "only this status", de: "nur dieser Status" },
  kind: { en: "only of this kind", de: "nur dieser Art" },
  destination: { en: "only for this destination", de: "nur für dieses Ziel" },
  source: { en: "only from this source", de: "nur aus dieser Quelle" },
  ...clientFilterWords,
  error_code: { en: "only with this error code", de: "nur mit diesem Fehlercode", option: "code" },
  without: { en: "only entries that have none of these", de: "nur Einträge, die nichts davon haben" },
  reason: { en: "only with this text in the reason", de: "nur mit diesem Text im Grund" },
  created_from: {
    en: "created on this day or at this time, or later",
    de: "entstanden ab diesem Tag oder dieser Zeit",
    option: "from",
  },
  created_to: {
    en: "created up to and including this day, or before this time",
    de: "entstanden bis zu diesem Tag einschließlich, oder vor dieser Zeit",
    option: "to",
  },
  next_retry_before: {
    en: "next attempt up to and including this day, or before this time",
    de: "nächster Versuch bis zu diesem Tag einschließlich, oder vor dieser Zeit",
  },
  needs_decision: {
    en: "only those that wait for a person; false: the others",
    de: "nur solche, die auf eine Entscheidung warten; false: die anderen",
  },
  run_id: { en: "only of this lead", de: "nur zu diesem Lead", option: "run" },
  idempotency_key: {
    en: "only of the lead with this idempotency key",
    de: "nur zum Lead mit dieser Kennung (Idempotenzschlüssel)",
  },
  ...personFilterWords,
};

export const dlqFilter = Type.Object(dlqFilterMembers, closed);

export type DlqFilterRequest = Static<typeof dlqFilter>;

/** What the ledger looks for. */
export function ledgerDlqFilter(
  filter: DlqFilterRequest,
  principal: Principal,
  lookup: PersonLookup,
): Promise<
  { readonly ok: true; readonly filter: DlqFilter } | { readonly ok: false; readonly refused: Refused }
> {
  return hashPerson(filter, principal, lookup);
}
