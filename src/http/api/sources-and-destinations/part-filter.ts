// The filter of sources and destinations as callers write it.
import { Type } from "typebox";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { oneOf } from "../frame/schemas.ts";

export const partFilterMembers = {
  ...clientFilterMembers,
  enabled: Type.Optional(Type.Boolean({ description: "false: those that were removed." })),
  managed_by: Type.Optional(oneOf(["file", "api"], "file: from leadledger.yaml; read-only here.")),
};

export const partFilterWords: FilterWords<typeof partFilterMembers> = {
  ...clientFilterWords,
  enabled: { en: "only those in use; false: those that were removed", de: "nur aktive; false: entfernte" },
  managed_by: {
    en: "only those of leadledger.yaml, or those made here",
    de: "nur die aus leadledger.yaml, oder die hier angelegten",
  },
};
