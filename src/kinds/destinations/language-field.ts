// In which language a kind writes what stands around a lead.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { Field } from "../../config/fields/field.ts";
import { choice } from "../../config/fields/plain-fields.ts";
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";

/** `help`: of what. */
export function languageField(help: InBothLanguages): Field<Language> {
  return choice("language", {
    label: { en: "Language", de: "Sprache" },
    option: { title: { en: "language", de: "Sprache" } },
    help,
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
  });
}
