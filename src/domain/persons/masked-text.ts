// How a text about a person is masked: enough stays to recognise it by, the first letter or the last two digits.
import type { PersonFieldKind } from "./person-field-names.ts";

/** Always as long, so that it does not tell how much it hides. */
export const hidden = "***";

export function maskedValue(text: string, kind: PersonFieldKind): string {
  if (text.trim() === "") return text;
  switch (kind) {
    case "email":
      return text.includes("@") ? maskedText(text, maskedWords) : maskedWords(text);
    case "phone":
      return maskedDigits(text);
    case "name":
    case "address":
      return maskedWords(text);
    case "other":
      return hidden;
  }
}

/** A text in which a person may be named by address or number: those are masked, the rest stays. */
export function maskedText(text: string, rest: (text: string) => string = same): string {
  // Without one of these nothing in it can match.
  if (!/[@0-9]/.test(text)) return rest(text);
  let masked = "";
  let from = 0;
  for (const match of text.matchAll(contact)) {
    masked += rest(text.slice(from, match.index)) + maskedContact(match[0]);
    from = match.index + match[0].length;
  }
  return masked + rest(text.slice(from));
}

/** An e-mail address, or a telephone number that begins as one: with `+` or `0`. Each piece has a limited length. */
const contact =
  /[^\s@"'<>()[\]{},;:=/\\|?&#]{1,64}(?:@|%40)[^\s@"'<>()[\]{},;:=/\\|?&#]{1,253}|(?<![\p{L}\p{N}_.:+-])(?:\+|\(?0)[0-9](?:[ ()/.-]{0,3}[0-9]){5,18}(?![\p{L}\p{N}_])/gu;

function maskedContact(found: string): string {
  const [local, domain] = found.split(/@|%40/);
  if (local === undefined || domain === undefined) return maskedDigits(found);
  // A sentence may end with the address.
  const ending = /(\.[a-z]{2,24})\.?$/i.exec(domain)?.[1] ?? "";
  return `${firstLetter(local)}${hidden}@${firstLetter(domain)}${hidden}${ending}`;
}

function maskedDigits(text: string): string {
  const digits = text.replaceAll(/\D/g, "");
  return digits.length < digitsMin ? hidden : hidden + digits.slice(-2);
}

/** `Anna Müller` is `A*** M***`, `Ringstraße 5, 50667 Köln` is `R*** *** ***67 K***`. */
function maskedWords(text: string): string {
  const words = text.trim().split(/[\s,;]+/u);
  const masked = words
    .slice(0, wordsMax)
    .map((word) => (/^\p{L}/u.test(word) ? maskedWord(word) : maskedDigits(word)));
  const all = masked.join(" ");
  return text.trim() === "" ? text : all;
}

function maskedWord(word: string): string {
  return Array.from(word).length < lettersMin ? hidden : firstLetter(word) + hidden;
}

function firstLetter(text: string): string {
  return /^[\p{L}\p{N}]/u.exec(text)?.[0] ?? "";
}

function same(text: string): string {
  return text;
}

/** Two digits of fewer than that, or a letter of fewer, would be too much of the whole. */
const digitsMin = 5;
const lettersMin = 3;
const wordsMax = 6;
