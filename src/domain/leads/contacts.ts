// The e-mail addresses and telephone numbers of whom a lead is about, in the form in which they are found again.
import { emailsIn } from "../values/email-address.ts";
import { phoneNumbersIn } from "../values/phone-number.ts";
import { valueAtPointer } from "../values/json-pointer.ts";
import { textsOf } from "./field-values.ts";
import { findFields } from "./lead-fields.ts";
import type { FieldsFound, FoundField } from "./lead-fields.ts";
import type { LeadField } from "./field-names.ts";
import { mappedTexts } from "./lead-map.ts";
import type { LeadReading } from "./lead-reading.ts";

export interface Contacts {
  /** As `normaliseEmail` writes them, each once; the first is the person's. */
  readonly emails: readonly string[];
  /** E.164, each once. */
  readonly phones: readonly string[];
}

/** Never throws, whatever the body is. */
export function findContacts(body: unknown, reading: LeadReading): Contacts {
  const isPointed = pointedContact(reading, "email") !== null && pointedContact(reading, "phones") !== null;
  const found = isPointed ? nothing : findFields(body, isContact);
  return { emails: emailsOf(body, reading, found), phones: phonesOf(body, reading, found) };
}

export function emailsOf(body: unknown, reading: LeadReading, found: FieldsFound): string[] {
  const pointed = pointedContact(reading, "email");
  if (pointed !== null) return normalised(pointed(body), emailsIn);
  const known = normalised(kindTexts(body, reading, "email"), emailsIn);
  const named = normalised(textsOfField(found, "email"), emailsIn);
  const all = eachOnce(known, named);
  if (all.length > 0) return all;
  // Under `E-Mail oder Telefon` either may stand, and people mistake fields.
  const misplaced = textsOfField(found, "phone").filter((text) => text.includes("@"));
  return normalised([...misplaced, ...found.others.filter(isAddress).map(textIn)], emailsIn);
}

export function phonesOf(body: unknown, reading: LeadReading, found: FieldsFound): string[] {
  const numbersIn = (text: string): string[] => phoneNumbersIn(text, reading.country);
  const pointed = pointedContact(reading, "phones");
  if (pointed !== null) return normalised(pointed(body), numbersIn);
  const known = normalised(kindTexts(body, reading, "phones"), numbersIn);
  const named = normalised(withArea(textsOfField(found, "phone"), found), numbersIn);
  const all = eachOnce(known, named);
  if (all.length > 0) return all;
  const misplaced = textsOfField(found, "email").filter((text) => /^[+(\d][\d ()/.-]{6,24}$/.test(text));
  return normalised([...misplaced, ...found.others.filter(isNumber).map(textIn)], numbersIn);
}

/** Forms may ask for the area's or the country's code apart: numbers that have neither get it. */
function withArea(texts: string[], found: FieldsFound): string[] {
  if (!found.fields.has("phone_area")) return texts;
  const codes = inOrder(found, "phone_area")
    .flatMap(({ value }) => textsOf(value))
    .filter((code) => /^[+(]?[\d() -]{1,9}$/.test(code));
  const country = codes.find((code) => /^(?:\+|00)/.test(code)) ?? "";
  const area = codes.find((code) => code !== country) ?? "";
  return texts.map((text) => {
    if (/^(?:\+|00)/.test(text)) return text;
    return [country, /^[1-9]/.test(text) ? area : "", text].filter((part) => part !== "").join(" ");
  });
}

/** What stands where numbers are expected and is no valid one, as it was written. */
export function phonesAsWritten(body: unknown, reading: LeadReading, found: FieldsFound): string[] {
  const pointed = pointedContact(reading, "phones");
  const texts = pointed === null ? textsOfField(found, "phone") : pointed(body);
  return [...new Set(texts.filter((text) => text.length <= phoneUnitsMax && /\d.*\d.*\d/.test(text)))];
}

/** In the order in which they count: what is weak last, then what stands further up, then what comes first. */
export function inOrder(found: FieldsFound, field: LeadField): readonly FoundField[] {
  const fields = found.fields.get(field) ?? none;
  return fields.length < 2
    ? fields
    : fields.toSorted((a, b) => Number(a.isWeak) - Number(b.isWeak) || a.depth - b.depth);
}

function textsOfField(found: FieldsFound, field: "email" | "phone"): string[] {
  const fields = inOrder(found, field);
  const [only] = fields;
  return fields.length === 1 ? textsOf(only?.value) : fields.flatMap(({ value }) => textsOf(value));
}

/** What the configuration says about it; null: nothing. */
function pointedContact(
  { map, person, country }: LeadReading,
  member: "email" | "phones",
): ((body: unknown) => string[]) | null {
  const rule = map?.[member];
  if (rule !== undefined) return (body) => mappedTexts(rule, body, country);
  if (person === null) return null;
  const pointer = member === "email" ? person.email : person.phone;
  return (body) => (pointer === null ? [] : textsOf(valueAtPointer(body, pointer)));
}

function kindTexts(body: unknown, { kindMap, country }: LeadReading, member: "email" | "phones"): string[] {
  const rule = kindMap?.[member];
  return rule === undefined ? [] : mappedTexts(rule, body, country);
}

function normalised(texts: readonly string[], formsOf: (text: string) => string[]): string[] {
  const [only] = texts;
  if (only === undefined) return [];
  return texts.length === 1 ? formsOf(only) : [...new Set(texts.flatMap(formsOf))].slice(0, contactsMax);
}

function eachOnce(known: string[], named: string[]): string[] {
  return known.length === 0 ? named : [...new Set([...known, ...named])];
}

function isContact(field: LeadField): boolean {
  return field === "email" || field === "phone" || field === "phone_area";
}

/** Under a name that says nothing, only what can be nothing else. */
function isAddress({ text }: { readonly text: string }): boolean {
  return text.includes("@") && /^[^\s@]{1,64}@[^\s@]{1,253}\.[^\s@.]{2,63}$/.test(text.trim());
}

/** Numbers stand under many names; a field without a name, or a number with its country, is a telephone's. */
function isNumber({ name, text }: { readonly name: string; readonly text: string }): boolean {
  return (
    /^\+\d[\d ()/.-]{6,24}$/.test(text) || (/^\d{1,4}$/.test(name) && /^\(?0[\d ()/.-]{6,24}$/.test(text))
  );
}

function textIn({ text }: { readonly text: string }): string {
  return text;
}

const nothing: FieldsFound = { fields: new Map(), others: [] };
const none: readonly FoundField[] = [];
const contactsMax = 20;
const phoneUnitsMax = 100;
