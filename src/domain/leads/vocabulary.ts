// A lead in one vocabulary, whatever form it came in: what destinations get as `lead` beside the original, and what people
// read of it. Made on reading, from the stored body; never stored itself.

/** Texts are as the sender wrote them, without blanks around them; null: the lead does not say. */
export interface VocabularyLead {
  readonly salutation: string | null;
  /** `Dr.`, `Prof. Dr.` */
  readonly title: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name: string | null;
  /** Lower case, its domain in ASCII, so that it is found again. */
  readonly email: string | null;
  /** E.164; what is no valid number stands as it was written. */
  readonly phones: readonly string[];
  readonly company: string | null;
  /** With the house number. */
  readonly street: string | null;
  readonly postal_code: string | null;
  readonly town: string | null;
  readonly country: string | null;
  readonly message: string | null;
  readonly product: string | null;
  readonly consent: LeadConsent | null;
  /** `{ source: "google" }` */
  readonly utm: Readonly<Record<string, string>>;
  /** `{ gclid: "…" }` */
  readonly click_ids: Readonly<Record<string, string>>;
  readonly page: string | null;
  readonly form: string | null;
  readonly campaign: string | null;
  readonly language: string | null;
}

export interface LeadConsent {
  /** null: the lead has a text or a time, and does not say whether it was given. */
  readonly given: boolean | null;
  readonly text: string | null;
  /** ISO 8601 where it could be read as a time, else as it was written. */
  readonly at: string | null;
}

/** Members that are one text. */
export const textMembers = [
  "salutation",
  "title",
  "first_name",
  "last_name",
  "name",
  "email",
  "company",
  "street",
  "postal_code",
  "town",
  "country",
  "message",
  "product",
  "page",
  "form",
  "campaign",
  "language",
] as const satisfies readonly (keyof VocabularyLead)[];

export type TextMember = (typeof textMembers)[number];

/** What a map can say; besides `utm.…` and `click_ids.…`. */
export const mappedMembers = [
  ...textMembers,
  "phones",
  "consent.given",
  "consent.text",
  "consent.at",
] as const;

/** In the order in which a lead is written. */
export const vocabularyMembers = [
  ...["salutation", "title", "first_name", "last_name", "name", "email", "phones", "company", "street"],
  ...["postal_code", "town", "country", "message", "product", "consent", "utm", "click_ids", "page", "form"],
  ...["campaign", "language"],
] as readonly (keyof VocabularyLead)[];
