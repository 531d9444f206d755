// Telephone numbers in E.164, however they were written, and several of them in one text.
import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { CountryCode } from "libphonenumber-js/max";
import { copiedPhone } from "./copied-contact.ts";
import { plainGermanPhone } from "./german-phone.ts";

/** ISO 3166-1 alpha-2; where a number says no country, it is read as one of this. */
export type PhoneCountry = CountryCode;

export const defaultCountry: PhoneCountry = "DE";

export function isPhoneCountry(text: string): text is PhoneCountry {
  return isSupportedCountry(text);
}

/** E.164; null unless it is a valid number. What follows it as an extension is left out. */
export function normalisePhone(raw: string, country: PhoneCountry = defaultCountry): string | null {
  if (raw.length > phoneInputUnitsMax) return null;
  if (country === defaultCountry) {
    const plain = plainGermanPhone(raw);
    if (plain !== null) return plain;
  }
  return (
    phoneOf(copiedPhone(raw), country) ?? phoneOf(raw, country) ?? phoneOf(withoutExtension(raw), country)
  );
}

/** Without its country; null: it is no number in E.164. */
export function nationalNumber(e164: string): string | null {
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? null;
}

/** Every number in a text that may hold several: `0171 1234567 / 030 123456`, `Mobil: … Büro: …`. Each once. */
export function phoneNumbersIn(text: string, country: PhoneCountry = defaultCountry): string[] {
  const whole = normalisePhone(text, country);
  if (whole !== null) return [whole];
  if (text.length > phonesInputUnitsMax || !/\d/.test(text)) return [];
  for (const separator of separators) {
    const parts = text.split(separator);
    if (parts.length < 2 || parts.length > phonePartsMax) continue;
    const found = parts.flatMap((part) => normalisePhone(withoutLabel(part), country) ?? []);
    if (found.length > 0) return [...new Set(found)];
  }
  const single = normalisePhone(withoutLabel(text), country);
  return single === null ? [] : [single];
}

/** The strongest first: a slash stands within many German numbers. */
const separators = [
  /[,;|\n\r]+|\s(?:oder|or|und|and|bzw\.?|&)\s/i,
  /\s\/\s|\/{2,}/,
  /(?<=\d)\s{1,5}(?=\+|00|\(?[A-Za-zÄÖÜäöü])/,
  /\//,
  /\s{2,}/,
];

/** `Mobil (privat): 0171 1234567` says what it is before the number and after it. */
function withoutLabel(part: string): string {
  const begin = part.search(/[+(\d][\s-]?[\d(]/);
  const number = begin <= 0 ? part : part.slice(begin);
  // Up to the last digit; what follows it are words or a bracket.
  const end = /\d\D*$/.exec(number.slice(-labelUnitsMax))?.[0].length ?? 0;
  return end <= 1 ? number : number.slice(0, number.length - end + 1);
}

/** The switchboard's number is what an extension is dialled after. */
function withoutExtension(raw: string): string {
  return raw.replace(
    /[\s,(]{0,3}(?:durchwahl|dw|nebenstelle|nst|klappe|kl|apparat|app|extension|ext)\.?\s?:?\s?-?\d{1,6}\)?\s*$/i,
    "",
  );
}

function phoneOf(raw: string, country: PhoneCountry): string | null {
  if (country !== defaultCountry) return validPhone(raw, country);
  const plain = plainGermanPhone(raw);
  if (plain !== null) return plain;
  // Systems that drop the "+" leave 4915…; as a national number that would be another person's in 04915.
  const international = raw.trimStart().startsWith("49") ? validPhone(`+${raw.trimStart()}`, country) : null;
  return international ?? validPhone(raw, country);
}

function validPhone(text: string, country: PhoneCountry): string | null {
  const phone = parsePhoneNumberFromString(text, country);
  return phone?.isValid() === true ? phone.number : null;
}

const phoneInputUnitsMax = 100;
const phonesInputUnitsMax = 500;
const labelUnitsMax = 80;
const phonePartsMax = 10;
