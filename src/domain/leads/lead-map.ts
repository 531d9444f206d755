// What the rules of a map (map-rules.ts) make of a document: of a body, for a source's map; of a delivery, for a
// destination's.
import { valueAtPointer } from "../values/json-pointer.ts";
import { normaliseEmail } from "../values/email-address.ts";
import { normalisePhone } from "../values/phone-number.ts";
import type { PhoneCountry } from "../values/phone-number.ts";
import { textsOf, tickOf, timeText } from "./field-values.ts";
import { firstNameOf, lastNameOf } from "./person-name.ts";
import { numberText } from "./number-text.ts";
import { rulesDepthMax } from "./map-rules.ts";
import type { MapFormat, MapRule, TreatedRule } from "./map-rules.ts";

export type Formatter = (text: string, country: PhoneCountry) => string;
export type Formatters = Readonly<Record<MapFormat, Formatter>>;

/** What the rule gives, each text by itself; empty: nothing. */
export function mappedTexts(
  rule: MapRule,
  document: unknown,
  country: PhoneCountry,
  formatters: Formatters = formattersOfSources,
): string[] {
  return textsIn(rule, { document, country, formatters }, 0);
}

/** In one text; null: nothing. */
export function mappedText(rule: MapRule, body: unknown, country: PhoneCountry): string | null {
  const texts = mappedTexts(rule, body, country);
  return texts.length === 0 ? null : texts.join(", ");
}

interface Reading {
  readonly document: unknown;
  readonly country: PhoneCountry;
  readonly formatters: Formatters;
}

function textsIn(rule: MapRule, reading: Reading, depth: number): string[] {
  if (depth > rulesDepthMax) return [];
  if (typeof rule === "string") return textsAt(rule, reading);
  if (isList(rule)) return firstGiven(rule, reading, depth);
  const { format, table } = rule;
  const given = originOf(rule, reading, depth)
    .map((text) => formatted(text, format, reading))
    .map((text) => (table === undefined ? text : fromTable(text, table)))
    .filter((text) => text !== "");
  return given.length === 0 && rule.default !== undefined ? [rule.default] : given;
}

/** Of whoever names a place, true and false are texts, too. */
function textsAt(pointer: string, { document }: Reading): string[] {
  const value = valueAtPointer(document, pointer);
  return typeof value === "boolean" ? [String(value)] : textsOf(value);
}

function originOf(rule: TreatedRule, reading: Reading, depth: number): string[] {
  const given = (each: MapRule): string[] => textsIn(each, reading, depth + 1);
  if (rule.constant !== undefined) return [rule.constant];
  if (rule.pointer !== undefined) return given(rule.pointer);
  if (rule.first !== undefined) return firstGiven(rule.first, reading, depth);
  if (rule.all !== undefined) return rule.all.flatMap(given);
  const parts = (rule.join ?? []).flatMap((each) => given(each).slice(0, 1));
  return parts.length === 0 ? [] : [parts.join(rule.with ?? " ")];
}

function firstGiven(rules: readonly MapRule[], reading: Reading, depth: number): string[] {
  for (const rule of rules) {
    const texts = textsIn(rule, reading, depth + 1);
    if (texts.length > 0) return texts;
  }
  return [];
}

function formatted(text: string, format: TreatedRule["format"], { country, formatters }: Reading): string {
  if (format === undefined) return text;
  const formats = typeof format === "string" ? [format] : format;
  return formats.reduce((so, each) => formatters[each](so, country), text);
}

/** What one format makes of a text. */
export function formatText(text: string, format: MapFormat, country: PhoneCountry): string {
  return formattersOfSources[format](text, country);
}

export const formattersOfSources: Formatters = {
  trim: (text) => text.trim().replaceAll(/\s+/g, " "),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  e164: (text, country) => normalisePhone(text, country) ?? text,
  email: (text) => normaliseEmail(text) ?? text,
  date: (text) => dateOf(text),
  date_time: (text) => dateOf(text),
  bool: (text) => String(tickOf(text) ?? text),
  number: (text) => numberText(text) ?? text,
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
