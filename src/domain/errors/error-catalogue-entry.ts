// One error of HTTP as the catalogue holds it: what every code is explained by, its status, and the `detail` of the answer.
import { explained, safeties } from "./explained.ts";
import type { Explained, ExplainedText, Language, Responsible, Safety } from "./explained.ts";

export { languages } from "./explained.ts";
export type { Language } from "./explained.ts";

export interface ErrorText extends ExplainedText {
  /** Whether the lead is safe, and what to do: made of what the explanation says. */
  readonly detail: string;
}

export interface CatalogueEntry extends Omit<Explained, Language>, Readonly<Record<Language, ErrorText>> {
  readonly status: number;
}

export function entry(
  status: number,
  safe: Safety,
  who: Responsible,
  texts: Parameters<typeof explained>[2],
): CatalogueEntry {
  const { en, de } = explained(safe, who, texts);
  return { status, safe, who, en: withDetail(en, "en"), de: withDetail(de, "de") };

  function withDetail(text: ExplainedText, language: Language): ErrorText {
    const { brief } = safeties[safe][language];
    return { ...text, detail: brief === "" ? text.todo : `${brief} ${text.todo}` };
  }
}
