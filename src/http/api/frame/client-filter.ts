// The filter by client, as all lists and figures have it.
import { Type } from "typebox";
import type { FilterWords } from "./filter-words.ts";

const clientCharactersMax = 63;

export const clientFilterMembers = {
  client: Type.Optional(
    Type.String({
      maxLength: clientCharactersMax,
      description: "Of an agency: only what is this client's; empty: what names no client.",
    }),
  ),
};

export const clientFilterWords: FilterWords<typeof clientFilterMembers> = {
  client: {
    en: "only of this client; empty: what names no client",
    de: "nur von diesem Kunden; leer: was keinem Kunden gehört",
  },
};
