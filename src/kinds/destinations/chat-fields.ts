// What kinds that post into a chat are told alike: the address of a webhook, and in which language they write.
import { answerFields } from "./answer-fields.ts";
import { languageField } from "./language-field.ts";
import { sendingFields } from "./shared-fields.ts";

export const chatFields = {
  language: languageField({
    en: "Of what the message says around the lead.",
    de: "Dessen, was die Nachricht um den Lead herum sagt.",
  }),
  ...answerFields,
  ...sendingFields,
} as const;
