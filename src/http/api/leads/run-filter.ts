// The filter of runs as callers write it: in a list's query, or as the `filter` of an operation.
import { Type } from "typebox";
import type { Static } from "typebox";
import { runOutcomes, runStatuses } from "../../../domain/leads/run.ts";
import type { RunFilter } from "../../../ledger/leads/run-filter.ts";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { hashPerson, personFilterMembers, personFilterWords } from "../frame/person-filter.ts";
import type { PersonLookup } from "../frame/person-filter.ts";
import type { Principal } from "../frame/principal.ts";
import type { Refused } from "../frame/route.ts";
import { closed, filterIdsMax, listOf, oneOf, partName, runId, timeOrDay } from "../frame/schemas.ts";

export const runFilterMembers = {
  run_id: Type.Optional(listOf(runId, { minItems: 1, maxItems: filterIdsMax })),
  status: Type.Optional(listOf(oneOf(runStatuses), { minItems: 1, description: "One of these." })),
  source: Type.Optional(partName),
  ...clientFilterMembers,
  destination: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "With a delivery that waits, or a DLQ entry of whatever state, for this destination.",
    }),
  ),
  outcome: Type.Optional(listOf(oneOf(runOutcomes), { minItems: 1, description: "One of these." })),
  error_code: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  error_message: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: "This text stands in it, whatever the case." }),
  ),
  received_from: Type.Optional(timeOrDay("Received at this time or later.")),
  received_to: Type.Optional(timeOrDay("Received before this time.")),
  idempotency_key: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  remote_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "The number of its record at a destination, as in `deliveries[].remote_id`.",
    }),
  ),
  unproven: Type.Optional(
    Type.Boolean({
      description:
        "With a delivery that arrived, but cannot be told to be in (`proven: false`); or the others.",
    }),
  ),
  maybe_twice: Type.Optional(
    Type.Boolean({ description: "With a delivery that may be at its destination twice; or the others." }),
  ),
  known_person: Type.Optional(
    Type.Boolean({
      description:
        "With a delivery whose destination had the person already, and stored nothing of the new enquiry; or the others.",
    }),
  ),
  added_to_person: Type.Optional(
    Type.Boolean({
      description:
        "With a delivery whose destination had the person already, and added the new enquiry to their record; or the others.",
    }),
  ),
  warning: Type.Optional(
    Type.Boolean({ description: "With a delivery of which not all arrived as it was sent; or the others." }),
  ),
  test: Type.Optional(Type.Boolean({ description: "Only marked test leads, or none of them." })),
  refused: Type.Optional(
    Type.Boolean({ description: "Only those that could not be read, or none of them." }),
  ),
  needs_decision: Type.Optional(
    Type.Boolean({ description: "Failed, and an entry waits for a person; or the others." }),
  ),
  retrying: Type.Optional(
    Type.Boolean({ description: "Failed, and an entry is tried again by itself; or the others." }),
  ),
  given_up: Type.Optional(
    Type.Boolean({ description: "Failed, and an entry was given up and not tried again; or the others." }),
  ),
  unfinished: Type.Optional(
    Type.Boolean({
      description: "Accepted, or failed with an entry that is open or retrying; or the others.",
    }),
  ),
  ...personFilterMembers,
  name: Type.Optional(
    Type.String({
      minLength: 2,
      maxLength: 200,
      description:
        "Leads of somebody of this last name or full name, whole words, in any order: `Müller`, `Mueller, Anna`. Known seconds after a lead came. For roles that see person data.",
    }),
  ),
};

export const runFilterWords: FilterWords<typeof runFilterMembers> = {
  run_id: { en: "only these", de: "nur diese" },
  status: { en: "only this status", de: "nur dieser Status" },
  source: { en: "only from this source", de: "nur aus dieser Quelle" },
  ...clientFilterWords,
  destination: {
    en: "only with a delivery or an entry for this destination",
    de: "nur mit einer Zustellung oder einem Klärfall für dieses Ziel",
  },
  outcome: { en: "only processed ones that ended so", de: "nur verarbeitete mit diesem Ausgang" },
  error_code: { en: "only with this error code", de: "nur mit diesem Fehlercode", option: "code" },
  error_message: {
    en: "only with this text in the error message",
    de: "nur mit diesem Text in der Fehlermeldung",
    option: "message",
  },
  received_from: {
    en: "received on this day or at this time, or later",
    de: "eingegangen ab diesem Tag oder dieser Zeit",
    option: "from",
  },
  received_to: {
    en: "received up to and including this day, or before this time",
    de: "eingegangen bis zu diesem Tag einschließlich, oder vor dieser Zeit",
    option: "to",
  },
  idempotency_key: {
    en: "only with this idempotency key",
    de: "nur mit dieser Kennung (Idempotenzschlüssel)",
  },
  remote_id: {
    en: "only with this number of its record at a destination",
    de: "nur mit dieser Nummer des Datensatzes bei einem Ziel",
  },
  unproven: {
    en: "only those that arrived, but unproven; false: the others",
    de: "nur solche, die unbestätigt angekommen sind; false: die anderen",
  },
  maybe_twice: {
    en: "only those that may be at a destination twice; false: the others",
    de: "nur solche, die bei einem Ziel vielleicht doppelt vorhanden sind; false: die anderen",
  },
  known_person: {
    en: "only those whose person a destination knew, so that nothing was stored; false: the others",
    de: "nur solche, deren Person ein Ziel schon kannte und nichts gespeichert hat; false: die anderen",
  },
  added_to_person: {
    en: "only those that a destination added to a person whom it knew; false: the others",
    de: "nur solche, die ein Ziel bei einer bekannten Person ergänzt hat; false: die anderen",
  },
  warning: {
    en: "only those that arrived incomplete; false: the others",
    de: "nur solche, die unvollständig angekommen sind; false: die anderen",
  },
  test: { en: "only test leads; false: none of them", de: "nur Testleads; false: keine davon" },
  refused: {
    en: "only those that could not be read; false: the others",
    de: "nur unlesbare; false: die anderen",
  },
  needs_decision: {
    en: "only failed ones that wait for a person",
    de: "nur gescheiterte, die auf eine Entscheidung warten",
  },
  retrying: {
    en: "only failed ones that are tried again",
    de: "nur gescheiterte, die erneut versucht werden",
  },
  given_up: { en: "only those that were given up", de: "nur solche, die nicht mehr zugestellt werden" },
  unfinished: {
    en: "only those that have not ended yet",
    de: "nur solche, die noch nicht abgeschlossen sind",
  },
  ...personFilterWords,
  name: {
    en: "only of somebody of this last or full name",
    de: "nur von jemandem mit diesem Nachnamen oder vollen Namen",
  },
};

export const runFilter = Type.Object(runFilterMembers, closed);

export type RunFilterRequest = Static<typeof runFilter>;

/** What the ledger looks for. */
export function ledgerRunFilter(
  filter: RunFilterRequest,
  principal: Principal,
  lookup: PersonLookup,
): Promise<
  { readonly ok: true; readonly filter: RunFilter } | { readonly ok: false; readonly refused: Refused }
> {
  return hashPerson(filter, principal, lookup);
}
