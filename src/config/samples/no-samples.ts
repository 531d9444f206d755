// What is said in the place of sample code where a source's sender proves itself in a way of its own.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";

export function noSamplesText({ label }: { readonly label: InBothLanguages }): InBothLanguages {
  return {
    en: `There is no sample code: “${label.en}” sends in a way of its own. Enter this source's address, and its secret where it has one, in the sending system; leads come from there.`,
    de: `Beispielcode gibt es hier nicht: „${label.de}“ sendet auf eigene Weise. Tragen Sie die Adresse dieser Quelle und, wo sie eines hat, ihr Geheimnis im sendenden System ein; die Leads kommen von dort.`,
  };
}
