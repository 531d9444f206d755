// A lead in the vocabulary as it is shown to somebody who need not see the person behind it.
import type { LeadReading } from "../leads/lead-reading.ts";
import { readLead } from "../leads/read-lead.ts";
import type { VocabularyLead } from "../leads/vocabulary.ts";
import { maskBody } from "./masking.ts";
import type { MaskedPointers } from "./masking.ts";
import { maskedText, maskedValue } from "./masked-text.ts";
import type { PersonFieldKind } from "./person-field-names.ts";

/**
 * What belongs to a person is masked by what it is; everything else is read from the masked body, so that nothing that is
 * masked there can stand here, whatever a source maps where.
 */
export function maskedLead(
  body: unknown,
  reading: LeadReading,
  pointers: MaskedPointers | null,
): VocabularyLead {
  const lead = readLead(body, reading);
  const others = readLead(maskBody(body, pointers), reading);
  const masked = (text: string | null, kind: PersonFieldKind): string | null =>
    text === null ? null : maskedValue(text, kind);
  const looked = (text: string | null): string | null => (text === null ? null : maskedText(text));
  const consent = others.consent;
  return {
    ...others,
    salutation: looked(others.salutation),
    title: looked(others.title),
    first_name: masked(lead.first_name, "name"),
    last_name: masked(lead.last_name, "name"),
    name: masked(lead.name, "name"),
    email: masked(lead.email, "email"),
    phones: lead.phones.map((phone) => maskedValue(phone, "phone")),
    company: looked(others.company),
    street: masked(lead.street, "address"),
    postal_code: masked(lead.postal_code, "address"),
    town: masked(lead.town, "address"),
    country: looked(others.country),
    message: looked(others.message),
    product: looked(others.product),
    consent: consent === null ? null : { ...consent, text: looked(consent.text), at: looked(consent.at) },
    page: looked(others.page),
    form: looked(others.form),
    campaign: looked(others.campaign),
    language: looked(others.language),
  };
}
