// One error as the catalogue holds it: its status, and its texts in both languages.

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

export interface ErrorText {
  readonly title: string;
  readonly detail: string;
}

export interface CatalogueEntry extends Readonly<Record<Language, ErrorText>> {
  readonly status: number;
}

export function entry(
  status: number,
  en: [title: string, detail: string],
  de: [title: string, detail: string],
): CatalogueEntry {
  return { status, en: { title: en[0], detail: en[1] }, de: { title: de[0], detail: de[1] } };
}
