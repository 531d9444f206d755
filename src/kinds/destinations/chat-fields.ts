// What kinds that post into a chat are told alike: the address of a webhook, and in which language they write.
import { choice } from "../../config/fields/plain-fields.ts";
import { answerFields } from "./answer-fields.ts";
import { sendingFields } from "./shared-fields.ts";

export const chatFields = {
  language: choice("language", {
    label: { en: "Language", de: "Sprache" },
    option: { title: { en: "language", de: "Sprache" } },
    help: {
      en: "Of what the message says around the lead.",
      de: "Dessen, was die Nachricht um den Lead herum sagt.",
    },
    preset: "en",
    options: [
      {
        value: "en",
        label: { en: "English", de: "Englisch" },
        help: { en: "For English-speaking teams.", de: "Für englischsprachige Teams." },
      },
      {
        value: "de",
        label: { en: "German", de: "Deutsch" },
        help: { en: "For German-speaking teams.", de: "Für deutschsprachige Teams." },
      },
    ],
  }),
  ...answerFields,
  ...sendingFields,
} as const;
