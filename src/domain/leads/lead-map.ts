// What a source's map (map-rules.ts) makes of a body.
import { valueAtPointer } from "../values/json-pointer.ts";
import { normaliseEmail } from "../values/email-address.ts";
import { normalisePhone } from "../values/phone-number.ts";
import type { PhoneCountry } from "../values/phone-number.ts";
import { textsOf, timeText } from "./field-values.ts";
import { firstNameOf, lastNameOf } from "./person-name.ts";
import { rulesDepthMax } from "./map-rules.ts";
import type { MapFormat, MapRule, TreatedRule } from "./map-rules.ts";

/** What the rule gives, each text by itself; empty: nothing. */
export function mappedTexts(rule: MapRule, body: unknown, country: PhoneCountry, depth = 0): string[] {
  if (depth > rulesDepthMax) return [];
  if (typeof rule === "string") return textsOf(valueAtPointer(body, rule));
  if (isList(rule)) return firstGiven(rule, body, country, depth);
  const given = originOf(rule, body, country, depth)
    .map((text) => formatted(text, rule.format, country))
    .map((text) => (rule.table === undefined ? text : fromTable(text, rule.table)))
    .filter((text) => text !== "");
  return given.length === 0 && rule.default !== undefined ? [rule.default] : given;
}

/** In one text; null: nothing. */
export function mappedText(rule: MapRule, body: unknown, country: PhoneCountry): string | null {
  const texts = mappedTexts(rule, body, country);
  return texts.length === 0 ? null : texts.join(", ");
}

function originOf(rule: TreatedRule, body: unknown, country: PhoneCountry, depth: number): string[] {
  const textsIn = (each: MapRule): string[] => mappedTexts(each, body, country, depth + 1);
  if (rule.constant !== undefined) return [rule.constant];
  if (rule.pointer !== undefined) return textsIn(rule.pointer);
  if (rule.first !== undefined) return firstGiven(rule.first, body, country, depth);
  if (rule.all !== undefined) return rule.all.flatMap(textsIn);
  const parts = (rule.join ?? []).flatMap((each) => textsIn(each).slice(0, 1));
  return parts.length === 0 ? [] : [parts.join(rule.with ?? " ")];
}

function firstGiven(
  rules: readonly MapRule[],
  body: unknown,
  country: PhoneCountry,
  depth: number,
): string[] {
  for (const rule of rules) {
    const texts = mappedTexts(rule, body, country, depth + 1);
    if (texts.length > 0) return texts;
  }
  return [];
}

function formatted(text: string, format: TreatedRule["format"], country: PhoneCountry): string {
  if (format === undefined) return text;
  const formats = typeof format === "string" ? [format] : format;
  return formats.reduce((so, each) => formatText(so, each, country), text);
}

/** What one format makes of a text. */
export function formatText(text: string, format: MapFormat, country: PhoneCountry): string {
  return formatters[format](text, country);
}

const formatters: Readonly<Record<MapFormat, (text: string, country: PhoneCountry) => string>> = {
  trim: (text) => text.trim().replaceAll(/\s+/g, " "),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  e164: (text, country) => normalisePhone(text, country) ?? text,
  email: (text) => normaliseEmail(text) ?? text,
  date: (text) => dateOf(text),
  first_name: (text) => firstNameOf(text),
  last_name: (text) => lastNameOf(text) ?? "",
};

/** `31.12.2026`, `2026-12-31`, `31/12/2026`, or a moment: as ISO 8601 writes it. Anything else stays. */
function dateOf(text: string): string {
  const said = text.trim();
  const german = /^(\d{1,2})[./](\d{1,2})[./](\d{4})(?:,?\s+(\d{1,2}:\d\d(?::\d\d)?))?/.exec(said);
  if (german === null) return timeText(said) ?? said;
  const [, day = "", month = "", year = "", time] = german;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return time === undefined ? date : `${date}T${time.padStart(5, "0")}`;
}

function fromTable(text: string, table: Readonly<Record<string, string>>): string {
  return Object.hasOwn(table, text) ? (table[text] ?? text) : text;
}

function isList(rule: MapRule): rule is readonly MapRule[] {
  return Array.isArray(rule);
}
