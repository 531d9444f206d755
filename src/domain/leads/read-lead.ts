// Reads a stored body into the vocabulary: by what the source's configuration maps, what its kind knows, and what fields
// are called.
import { emailsOf, inOrder, phonesAsWritten, phonesOf } from "./contacts.ts";
import { addressIn, postalTownIn } from "./address-text.ts";
import { isAgreedIn, textOf, tickOf, timeText } from "./field-values.ts";
import type { LeadField } from "./field-names.ts";
import { findFields } from "./lead-fields.ts";
import type { FieldsFound } from "./lead-fields.ts";
import { mappedText } from "./lead-map.ts";
import type { LeadReading } from "./lead-reading.ts";
import { completeName, salutationAndTitle } from "./person-name.ts";
import { trackingIn } from "./page-tracking.ts";
import { textMembers } from "./vocabulary.ts";
import type { LeadConsent, TextMember, VocabularyLead } from "./vocabulary.ts";

/** Never throws, whatever the body is; of what is no object nothing is said. */
export function readLead(body: unknown, reading: LeadReading): VocabularyLead {
  const found = findFields(body);
  const isMapped = reading.map !== null || reading.kindMap !== null;
  const recognised = recognisedTexts(found);
  const texts = isMapped ? mappedOver(recognised, body, reading) : recognised;
  const name = nameOf(texts, reading);
  const address = addressOf(texts, found);
  const tracking = trackingIn(pagesOf(texts.page, found));
  const utm = keyed(found, "utm", tracking.utm, isMapped ? mappedKeys(body, reading, "utm") : null);
  const campaign =
    texts.campaign ?? (reading.map?.["campaign"] === undefined ? (utm["campaign"] ?? null) : null);
  // One literal, so that all leads have one shape and are written fast.
  return {
    salutation: name.salutation,
    title: name.title,
    first_name: name.first_name,
    last_name: name.last_name,
    name: name.name,
    email: emailsOf(body, reading, found)[0] ?? null,
    phones: phones(body, reading, found),
    company: texts.company ?? name.company,
    street: address.street,
    postal_code: address.postal_code,
    town: address.town,
    country: address.country,
    message: texts.message,
    product: texts.product,
    consent: consentOf(body, reading, found),
    utm,
    click_ids: keyed(
      found,
      "click_id",
      tracking.clickIds,
      isMapped ? mappedKeys(body, reading, "click_ids") : null,
    ),
    page: texts.page,
    form: texts.form,
    campaign,
    language: texts.language,
  };
}

type Texts = Readonly<Record<TextMember, string | null>>;

function recognisedTexts(found: FieldsFound): Texts {
  return {
    salutation: chosen(firstText(found, "salutation")),
    title: firstText(found, "title"),
    first_name: firstText(found, "first_name"),
    last_name: firstText(found, "last_name"),
    name: firstText(found, "name"),
    // Of addresses the one counts that is one (`emailsOf`).
    email: null,
    company: firstText(found, "company"),
    street: firstText(found, "street"),
    postal_code: firstText(found, "postal_code"),
    town: firstText(found, "town"),
    country: chosen(firstText(found, "country")),
    message: firstText(found, "message"),
    product: chosen(listText(firstText(found, "product"))),
    page: pageOf(found),
    form: firstText(found, "form"),
    campaign: firstText(found, "campaign"),
    language: firstText(found, "language"),
  };
}

function mappedOver(recognised: Texts, body: unknown, { map, kindMap, country }: LeadReading): Texts {
  const texts = { ...recognised };
  for (const name of textMembers) {
    const rule = map?.[name];
    const known = kindMap?.[name];
    if (rule !== undefined) texts[name] = mappedText(rule, body, country);
    else if (known !== undefined) texts[name] = mappedText(known, body, country) ?? texts[name];
  }
  return texts;
}

function firstText(found: FieldsFound, field: LeadField): string | null {
  if (!found.fields.has(field)) return null;
  for (const { value } of inOrder(found, field)) {
    const text = typeof value === "boolean" ? null : textOf(value);
    if (text !== null) return text;
  }
  return null;
}

/** `— Bitte wählen —` is what a list shows before somebody has chosen. */
function chosen(text: string | null): string | null {
  const isAsking =
    text !== null && text.length <= askingUnitsMax && /^[^\p{L}\d]*(?:bitte|please)\s/iu.test(text);
  return isAsking && /wählen|choose|select/i.test(text) ? null : text;
}

/** WPForms joins several by `||`. */
function listText(text: string | null): string | null {
  if (text?.includes("||") !== true) return text;
  return text
    .split(/\|\|/)
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .join(", ");
}

/** An address comes before what a page is called. */
function pageOf(found: FieldsFound): string | null {
  if (!found.fields.has("page")) return null;
  const pages = pagesOf(null, found);
  return pages.find((page) => /^(?:https?:\/)?\//i.test(page)) ?? pages[0] ?? null;
}

/** All that say where somebody came from; `first`: what counts before them. */
function pagesOf(first: string | null, found: FieldsFound): readonly string[] {
  const named = inOrder(found, "page").flatMap(({ value }) => textOf(value) ?? []);
  return first === null ? named : [first, ...named.filter((page) => page !== first)];
}

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
    company: isMapped("company") ? null : complete.company,
  };
}

/** `male`, `divers`, `Keine Angabe`: short, and as it was written. */
function spokenSalutation(text: string | null): string | null {
  return text === null || text.length > salutationUnitsMax || salutationAndTitle(text).title !== null
    ? null
    : text;
}

function addressOf(texts: Texts, found: FieldsFound) {
  const isNothingSaid = texts.street === null && texts.postal_code === null && texts.town === null;
  const whole = isNothingSaid ? anyAddress(found) : ownAddress(found);
  const both = firstText(found, "postal_town") ?? texts.town;
  const inTown = both === null ? null : postalTownIn(both);
  const town = inTown !== null && texts.town === both ? inTown.town : texts.town;
  return {
    street: streetOf(texts.street ?? whole?.street ?? null, found),
    postal_code: texts.postal_code ?? inTown?.postal_code ?? whole?.postal_code ?? null,
    town: town ?? (both === null ? null : (inTown?.town ?? both)) ?? whole?.town ?? null,
    country: texts.country ?? whole?.country ?? null,
  };
}

/** The address of what the lead is about counts where the person's own is not there. */
function anyAddress(found: FieldsFound) {
  const text = firstText(found, "address");
  return text === null ? null : addressIn(text);
}

function ownAddress(found: FieldsFound) {
  const own = inOrder(found, "address").find(({ isWeak }) => !isWeak);
  const text = own === undefined ? null : textOf(own.value);
  return text === null ? null : addressIn(text);
}

/** With the house number that stands apart, unless it has one. */
function streetOf(street: string | null, found: FieldsFound): string | null {
  if (street === null) return null;
  const [first] = inOrder(found, "house_number");
  const number = first === undefined ? null : textOf(first.value);
  const isSaid = number !== null && !street.endsWith(number);
  // Under `Nr.` anything may stand.
  const isMissing =
    isSaid && (first?.isWeak === false || (number.length <= houseUnitsMax && !/\d/.test(street)));
  const addition = firstText(found, "street_addition");
  const withNumber = isMissing ? `${street} ${number}` : street;
  return addition === null ? withNumber : `${withNumber}, ${addition}`;
}

function phones(body: unknown, reading: LeadReading, found: FieldsFound): readonly string[] {
  const numbers = phonesOf(body, reading, found);
  return numbers.length > 0 ? numbers : phonesAsWritten(body, reading, found);
}

function consentOf(body: unknown, reading: LeadReading, found: FieldsFound): LeadConsent | null {
  const [first] = inOrder(found, "consent");
  const tick = first === undefined ? null : tickOf(first.value);
  // Of a ticked `Ich stimme nicht zu` nobody can say that it was agreed to.
  const ticked = tick === true && isAgreedIn(first?.label ?? "") === false ? null : tick;
  // Forms send what was agreed to instead of a tick, or ask for it in the label.
  const sentText = first !== undefined && tick === null ? textOf(first.value) : null;
  const given = mappedConsent("consent.given", body, reading);
  const text = mappedConsent("consent.text", body, reading);
  const at = mappedConsent("consent.at", body, reading);
  const consent = {
    given:
      given === undefined
        ? sentText === null
          ? ticked
          : isAgreedIn(sentText)
        : given === null
          ? null
          : tickOf(given),
    text: text === undefined ? (firstText(found, "consent_text") ?? sentText ?? askedIn(first?.label)) : text,
    at: timeText(at === undefined ? firstText(found, "consent_at") : at),
  };
  return first === undefined && consent.given === null && consent.text === null && consent.at === null
    ? null
    : consent;
}

/** undefined: nobody says where it comes from. */
function mappedConsent(
  name: string,
  body: unknown,
  { map, kindMap, country }: LeadReading,
): string | null | undefined {
  const rule = map?.[name] ?? kindMap?.[name];
  return rule === undefined ? undefined : mappedText(rule, body, country);
}

/** A label of a few words asks for consent itself; `consent` alone says nothing. */
function askedIn(label: string | undefined): string | null {
  if (label === undefined || !/\s/.test(label)) return null;
  const asked = label.replaceAll(/<[^<>]{0,500}>/g, "").trim();
  return asked.split(/\s+/).length >= askedWordsMin ? asked : null;
}

/** `tracking`: what the page's address says; a field says it better, and a map best. */
function keyed(
  found: FieldsFound,
  field: "utm" | "click_id",
  tracking: Readonly<Record<string, string>>,
  mapped: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> {
  if (mapped === null && !found.fields.has(field)) return tracking;
  const texts = new Map<string, string>();
  for (const { key, value } of inOrder(found, field)) {
    const text = texts.has(key) ? null : textOf(value);
    if (text !== null) texts.set(key, text);
  }
  return Object.fromEntries([...Object.entries(tracking), ...texts, ...Object.entries(mapped ?? {})]);
}

function mappedKeys(
  body: unknown,
  { map, kindMap, country }: LeadReading,
  member: "utm" | "click_ids",
): Record<string, string> {
  const rules = Object.entries({ ...kindMap, ...map }).filter(([name]) => name.startsWith(`${member}.`));
  return Object.fromEntries(
    rules.flatMap(([name, rule]) => {
      const text = mappedText(rule, body, country);
      return text === null ? [] : [[name.slice(member.length + 1), text] as const];
    }),
  );
}

const askingUnitsMax = 60;
const houseUnitsMax = 8;
const salutationUnitsMax = 30;
const askedWordsMin = 4;
