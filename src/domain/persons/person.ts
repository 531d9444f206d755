// Who a lead is about: finds the e-mail address and the telephone number in it, and makes them comparable.
import { domainToASCII } from "node:url";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { valueAtPointer } from "../values/json-pointer.ts";
import type { LeadFields } from "../leads/lead-body.ts";
import { contactFieldKind } from "./contact-field-names.ts";
import type { ContactKind } from "./contact-field-names.ts";
import { copiedEmail, copiedPhone } from "./copied-contact.ts";
import { plainGermanPhone } from "./german-phone.ts";
import type { HmacSha256 } from "../values/hmac-sha256.ts";
import type { PersonPointers } from "../sources/source.ts";

/** As they stand in the lead, not normalised; null if there is none. */
export interface Person {
  readonly email: string | null;
  readonly phone: string | null;
}

/** With pointers only what they point to counts; with null, fields are recognised by their German or English names. */
export function findPerson(lead: LeadFields, pointers: PersonPointers | null): Person {
  if (pointers === null) return searchPerson(lead);
  return {
    email: pointers.email === null ? null : contactText(valueAtPointer(lead, pointers.email)),
    phone: pointers.phone === null ? null : contactText(valueAtPointer(lead, pointers.phone)),
  };
}

/** Lower case, NFC, international domains in ASCII; null unless it is one plausible address of at most 254 bytes. */
export function normaliseEmail(raw: string): string | null {
  if (raw.length > emailInputUnitsMax) return null;
  const match = emailParts(raw) ?? emailParts(copiedEmail(raw));
  if (match === null) return null;
  const [, local = "", domain = ""] = match;
  const asciiDomain = isAscii(domain) ? domain : domainToASCII(domain);
  const normalised = `${local}@${asciiDomain}`;
  return asciiDomain === "" || Buffer.byteLength(normalised) > emailBytesMax ? null : normalised;
}

/** null for what is not plainly an address; what may stand around one is for `copiedEmail`. */
function emailParts(raw: string): RegExpExecArray | null {
  const email = raw.trim().toLowerCase().normalize("NFC");
  return /^([^\s@\p{C}<>"„“”«»(),:;]{1,64})@([^\s@\p{C}<>"„“”«»(),:;?]+\.[^\s@\p{C}.<>"„“”«»(),:;?]+)$/u.exec(
    email,
  );
}

/** E.164, read as a German number where no country is given; null unless it is a valid number. */
export function normalisePhone(raw: string): string | null {
  if (raw.length > phoneInputUnitsMax) return null;
  return plainGermanPhone(raw) ?? phoneOf(copiedPhone(raw)) ?? phoneOf(raw);
}

function phoneOf(raw: string): string | null {
  const plain = plainGermanPhone(raw);
  if (plain !== null) return plain;
  // Systems that drop the "+" leave 4915…; as a national number that would be another person's in 04915.
  const international = raw.trimStart().startsWith("49") ? validPhone(`+${raw.trimStart()}`) : null;
  return international ?? validPhone(raw);
}

/**
 * The first 16 bytes of HMAC-SHA256(key, "email:…" or "phone:…"): whoever has the key can look for a person, and
 * nobody can read people from the index. The prefix keeps the two kinds apart.
 */
export function personHash(hmac: HmacSha256, kind: ContactKind, normalised: string): Buffer {
  return Buffer.from(hmac(`${kind}:${normalised}`).slice(0, 2 * personHashBytes), "hex");
}

/** Level by level: what stands further up in a lead is nearer to the person than what stands deep in it. */
function searchPerson(lead: LeadFields): Person {
  const found: { email: string | null; phone: string | null } = { email: null, phone: null };
  let level: LeadFields[] = [lead];
  for (let depth = 0; depth < searchLevelsMax && level.length > 0; depth++) {
    const below: LeadFields[] = [];
    for (const fields of level) {
      for (const name of Object.keys(fields)) {
        const value = fields[name];
        const kind = contactFieldKind(name);
        if (kind !== null) found[kind] ??= contactText(value);
        if (typeof value === "object" && value !== null) collectBelow(value, below, found);
      }
    }
    if (found.email !== null && found.phone !== null) break;
    level = below;
  }
  return found;
}

/** Form builders send lists of labelled answers, such as `{"column_id":"EMAIL","string_value":"…"}`. */
function collectBelow(value: object, below: LeadFields[], found: Record<ContactKind, string | null>): void {
  for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (!isObject(item) || below.length >= searchObjectsMax) continue;
    below.push(item);
    if (!Array.isArray(value)) continue;
    const label = labelNames.map((name) => ownValue(item, name)).find((text) => typeof text === "string");
    const kind = label === undefined ? null : contactFieldKind(label);
    if (kind !== null) found[kind] ??= contactText(answerNames.map((name) => ownValue(item, name)));
  }
}

/** A phone number may come as a JSON number; several answers to one question as a list; HubSpot's as `{"value":…}`. */
function contactText(value: unknown): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      const text = contactText(item);
      if (text !== null) return text;
    }
    return null;
  }
  return isObject(value) ? contactText(ownValue(value, "value")) : null;
}

function validPhone(text: string): string | null {
  const phone = parsePhoneNumberFromString(text, "DE");
  return phone?.isValid() === true ? phone.number : null;
}

function ownValue(fields: LeadFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isObject(value: unknown): value is LeadFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

const labelNames = ["column_id", "name", "label", "key", "field", "title", "id"];
const answerNames = ["string_value", "value", "values", "answer"];

/** The lead itself and two levels of objects in it. */
const searchLevelsMax = 3;
const searchObjectsMax = 500;

/** RFC 5321 section 4.5.3.1.3 allows 256 octets with the angle brackets. */
const emailBytesMax = 254;
const emailInputUnitsMax = 1000;
const phoneInputUnitsMax = 100;
const personHashBytes = 16;
