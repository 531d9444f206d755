// What kinds that post into a chat are told alike: the address of a webhook, and in which language they write.
import { answerFields } from "./answer-fields.ts";
import { languageField } from "./language-field.ts";
import { sendingFields } from "./shared-fields.ts";

export const chatFields = {
  language: languageField({
    en: "The language of everything in the message that the lead does not say itself.",
    de: "In dieser Sprache steht in der Nachricht, was nicht vom Lead selbst kommt.",
  }),
  ...answerFields,
  ...sendingFields,
} as const;
