// The filter of users as callers write it.
import { Type } from "typebox";
import type { FilterWords } from "../frame/filter-words.ts";
import { typedLogin } from "./account-schemas.ts";

export const userFilterMembers = { login: Type.Optional(typedLogin) };

export const userFilterWords: FilterWords<typeof userFilterMembers> = {
  login: { en: "only who signs in with this", de: "nur wer sich damit anmeldet" },
};
