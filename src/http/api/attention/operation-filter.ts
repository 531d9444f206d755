// The filter of operations as callers write it.
import { Type } from "typebox";
import { operationActions, operationStatuses } from "../../../domain/attention/operation.ts";
import { clientFilterMembers, clientFilterWords } from "../frame/client-filter.ts";
import type { FilterWords } from "../frame/filter-words.ts";
import { oneOf } from "../frame/schemas.ts";

export const operationFilterMembers = {
  status: Type.Optional(Type.Array(oneOf(operationStatuses), { minItems: 1, description: "One of these." })),
  action: Type.Optional(oneOf(operationActions)),
  ...clientFilterMembers,
};

export const operationFilterWords: FilterWords<typeof operationFilterMembers> = {
  status: { en: "only this status", de: "nur dieser Status" },
  action: { en: "only those that do this", de: "nur solche, die das tun" },
  ...clientFilterWords,
};
