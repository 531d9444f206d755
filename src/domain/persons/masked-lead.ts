// A lead in the vocabulary as it is shown to somebody who need not see the person behind it.
import { textMembers } from "../leads/vocabulary.ts";
import type { TextMember, VocabularyLead } from "../leads/vocabulary.ts";
import { maskBody } from "./masking.ts";
import { maskedText, maskedValue } from "./masked-text.ts";
import type { PersonFieldKind } from "./person-field-names.ts";

export function maskLead(lead: VocabularyLead): VocabularyLead {
  const texts = Object.fromEntries(
    textMembers.map((name) => [name, maskedMember(lead[name], kindOf[name])]),
  ) as Record<TextMember, string | null>;
  const { consent, utm, click_ids } = lead;
  return {
    ...lead,
    ...texts,
    phones: lead.phones.map((phone) => maskedValue(phone, "phone")),
    consent: consent === null ? null : { ...consent, text: maskedMember(consent.text, null) },
    utm: maskBody(utm) as VocabularyLead["utm"],
    click_ids: maskBody(click_ids) as VocabularyLead["click_ids"],
    page: lead.page === null ? null : maskedPage(lead.page),
  };
}

function maskedMember(text: string | null, kind: PersonFieldKind | null): string | null {
  if (text === null) return null;
  return kind === null ? maskedText(text) : maskedValue(text, kind);
}

/** An address may name a person in its query. */
function maskedPage(page: string): string {
  return (maskBody({ page }) as { readonly page: string }).page;
}

/** What says nothing of whom it is about is only looked through for addresses and numbers. */
const kindOf: Readonly<Record<TextMember, PersonFieldKind | null>> = {
  salutation: null,
  title: null,
  first_name: "name",
  last_name: "name",
  name: "name",
  email: "email",
  company: null,
  street: "address",
  postal_code: "address",
  town: "address",
  country: null,
  message: null,
  product: null,
  page: null,
  form: null,
  campaign: null,
  language: null,
};
