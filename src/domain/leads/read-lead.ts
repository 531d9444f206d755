// Reads a stored body into the vocabulary: by what the source's configuration maps, what its kind knows, and what fields
// are called.
import { parseExactly } from "../values/exact-json.ts";
import { emailsOf, inOrder, phonesAsWritten, phonesOf } from "./contacts.ts";
import { addressIn } from "./address-text.ts";
import { textOf, tickOf, timeText } from "./field-values.ts";
import type { LeadField } from "./field-names.ts";
import { findFields } from "./lead-fields.ts";
import type { FieldsFound } from "./lead-fields.ts";
import { mappedText } from "./lead-map.ts";
import type { LeadReading } from "./lead-reading.ts";
import { completeName, salutationAndTitle } from "./person-name.ts";
import { trackingIn } from "./page-tracking.ts";
import { textMembers } from "./vocabulary.ts";
import type { LeadConsent, TextMember, VocabularyLead } from "./vocabulary.ts";

/** The same as JSON text, of JSON text. Throws where it is none. */
export function vocabularyJson(bodyJson: string, reading: LeadReading): string {
  return JSON.stringify(readLead(parseBody(bodyJson), reading));
}

/** Never throws, whatever the body is; of what is no object nothing is said. */
export function readLead(body: unknown, reading: LeadReading): VocabularyLead {
  const found = findFields(body);
  const said = (field: LeadField): string | null => firstText(found, field);
  const member = (name: TextMember, recognised: string | null): string | null => {
    const rule = reading.map?.[name];
    if (rule !== undefined) return mappedText(rule, body, reading.country);
    const known = reading.kindMap?.[name];
    return (known === undefined ? null : mappedText(known, body, reading.country)) ?? recognised;
  };
  const texts = Object.fromEntries(
    textMembers.map((name) => [name, member(name, name === "email" ? null : said(name))]),
  ) as Record<TextMember, string | null>;
  const page = texts.page;
  const address = addressOf(texts, said);
  const utm = { ...trackingIn(page, "utm"), ...keyed(found, "utm"), ...mappedKeys(body, reading, "utm") };
  return {
    ...nameOf(texts, reading),
    email: emailsOf(body, reading, found)[0] ?? null,
    phones: phones(body, reading, found),
    company: texts.company,
    ...address,
    country: texts.country,
    message: texts.message,
    product: texts.product,
    consent: consentOf(body, reading, found),
    utm,
    click_ids: {
      ...trackingIn(page, "click_id"),
      ...keyed(found, "click_id"),
      ...mappedKeys(body, reading, "click_ids"),
    },
    page,
    form: texts.form,
    campaign: texts.campaign ?? (reading.map?.["campaign"] === undefined ? (utm["campaign"] ?? null) : null),
    language: texts.language,
  };
}

/** Numbers that JavaScript would round are kept; without any of them the faster reader will do. */
function parseBody(json: string): unknown {
  return /\d{16}/.test(json) ? parseExactly(json) : (JSON.parse(json) as unknown);
}

function firstText(found: FieldsFound, field: LeadField): string | null {
  for (const { value } of inOrder(found, field)) {
    const text = typeof value === "boolean" ? null : textOf(value);
    if (text !== null) return text;
  }
  return null;
}

type Texts = Readonly<Record<TextMember, string | null>>;

/** What is mapped stays as it is; a title is one only if it reads like one, for pages and jobs have titles, too. */
function nameOf(texts: Texts, { map }: LeadReading) {
  const isMapped = (name: string): boolean => map?.[name] !== undefined;
  const inSalutation = texts.salutation === null ? null : salutationAndTitle(texts.salutation);
  const inTitle = texts.title === null ? null : salutationAndTitle(texts.title);
  const complete = completeName({
    salutation: isMapped("salutation")
      ? texts.salutation
      : (inSalutation?.salutation ?? spokenSalutation(texts.salutation) ?? inTitle?.salutation ?? null),
    title: isMapped("title") ? texts.title : (inTitle?.title ?? inSalutation?.title ?? null),
    first_name: texts.first_name,
    last_name: texts.last_name,
    name: texts.name,
  });
  return {
    salutation: isMapped("salutation") ? texts.salutation : complete.salutation,
    title: isMapped("title") ? texts.title : complete.title,
    first_name: isMapped("first_name") ? texts.first_name : complete.first_name,
    last_name: isMapped("last_name") ? texts.last_name : complete.last_name,
    name: isMapped("name") ? texts.name : complete.name,
  };
}

/** `male`, `divers`, `Keine Angabe`: short, and as it was written. */
function spokenSalutation(text: string | null): string | null {
  return text === null || text.length > salutationUnitsMax || salutationAndTitle(text).title !== null
    ? null
    : text;
}

function addressOf(texts: Texts, said: (field: LeadField) => string | null) {
  const whole = addressIn(said("address"), said("postal_town"));
  const number = said("house_number");
  const addition = said("street_addition");
  const street = texts.street ?? whole.street;
  const hasNumber = number === null || street === null || street.endsWith(number);
  const withNumber = hasNumber ? street : `${street} ${number}`;
  return {
    street: withNumber === null || addition === null ? withNumber : `${withNumber}, ${addition}`,
    postal_code: texts.postal_code ?? whole.postal_code,
    town: texts.town ?? whole.town,
  };
}

function phones(body: unknown, reading: LeadReading, found: FieldsFound): readonly string[] {
  const numbers = phonesOf(body, reading, found);
  return numbers.length > 0 ? numbers : phonesAsWritten(body, reading, found);
}

function consentOf(body: unknown, reading: LeadReading, found: FieldsFound): LeadConsent | null {
  const mapped = (name: string): string | null | undefined => {
    const rule = reading.map?.[name] ?? reading.kindMap?.[name];
    return rule === undefined ? undefined : mappedText(rule, body, reading.country);
  };
  const [first] = inOrder(found, "consent");
  const tick = first === undefined ? null : tickOf(first.value);
  // Forms send what was agreed to instead of a tick, or ask for it in the label.
  const sentText = first !== undefined && tick === null ? textOf(first.value) : null;
  const asked = first !== undefined && first.label.split(/\s+/).length >= askedWordsMin ? first.label : null;
  const [given, text, at] = ["consent.given", "consent.text", "consent.at"].map(mapped);
  const consent = {
    given: given === undefined ? (sentText === null ? tick : true) : given === null ? null : tickOf(given),
    text: text === undefined ? (firstText(found, "consent_text") ?? sentText ?? asked) : text,
    at: timeText(at === undefined ? firstText(found, "consent_at") : at),
  };
  return first === undefined && consent.given === null && consent.text === null && consent.at === null
    ? null
    : consent;
}

function keyed(found: FieldsFound, field: "utm" | "click_id"): Record<string, string> {
  const texts = new Map<string, string>();
  for (const { key, value } of inOrder(found, field)) {
    const text = textOf(value);
    if (text !== null && !texts.has(key)) texts.set(key, text);
  }
  return Object.fromEntries(texts);
}

function mappedKeys(
  body: unknown,
  { map, kindMap, country }: LeadReading,
  member: "utm" | "click_ids",
): Record<string, string> {
  if (map === null && kindMap === null) return {};
  const rules = Object.entries({ ...kindMap, ...map }).filter(([name]) => name.startsWith(`${member}.`));
  return Object.fromEntries(
    rules.flatMap(([name, rule]) => {
      const text = mappedText(rule, body, country);
      return text === null ? [] : [[name.slice(member.length + 1), text] as const];
    }),
  );
}

const salutationUnitsMax = 30;
const askedWordsMin = 4;
