// The filter of what was turned away and is kept aside, as callers write it.
import { Type } from "typebox";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { personFilterMembers, personFilterWords } from "../frame/person-filter.ts";
import { partName, timestampText } from "../frame/schemas.ts";

export const quarantineFilterMembers = {
  ...clientFilterMembers,
  source: Type.Optional(partName),
  error_code: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      minItems: 1,
      description: "One of these.",
    }),
  ),
  authenticated: Type.Optional(Type.Boolean({ description: "With valid credentials, or without." })),
  received_from: Type.Optional(timestampText("Received at this time or later.")),
  received_to: Type.Optional(timestampText("Received before this time.")),
  ...personFilterMembers,
};

export const quarantineFilterWords: FilterWords<typeof quarantineFilterMembers> = {
  ...clientFilterWords,
  source: { en: "only of this source", de: "nur von dieser Quelle" },
  error_code: { en: "only with this error code", de: "nur mit diesem Fehlercode", option: "code" },
  authenticated: {
    en: "only with valid credentials; false: the others",
    de: "nur mit gültigen Zugangsdaten; false: die anderen",
  },
  received_from: { en: "came at this time or later", de: "gekommen seit dieser Zeit", option: "from" },
  received_to: { en: "came before this time", de: "gekommen vor dieser Zeit", option: "to" },
  ...personFilterWords,
};
