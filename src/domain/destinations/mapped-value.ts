// What a rule of a destination's map gives of a delivery, in the type that its target wants. Numbers keep their digits.
import { formattersOfSources, mappedTexts } from "../leads/lead-map.ts";
import type { Formatters } from "../leads/lead-map.ts";
import { rulesDepthMax } from "../leads/map-rules.ts";
import type { MapRule } from "../leads/map-rules.ts";
import { tickOf } from "../leads/field-values.ts";
import { ExactNumber, parseExactly, writeExactly } from "../values/exact-json.ts";
import { valueAtPointer } from "../values/json-pointer.ts";
import { defaultCountry } from "../values/phone-number.ts";
import type { TargetRule, TargetType, TreatedTarget } from "./target-map.ts";

/** undefined: nothing. null, "", blanks, [] and {} are nothing; false and 0 are something. */
export function mappedValue(rule: TargetRule, document: unknown): unknown {
  if (typeof rule === "string") return given(valueAtPointer(document, rule));
  if (isList(rule)) return asItStands(rule, document, 0);
  const type = rule.type ?? impliedType(rule);
  const value = treatsTexts(rule) ? treated(rule, document) : asItStands(rule, document, 0);
  const typed = value === undefined ? undefined : asType(value, type, rule.with);
  if (typed !== undefined || rule.default === undefined) return typed;
  return asType(rule.default, type, rule.with);
}

/** Whether a value is something. */
export function given(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value !== "object" || value instanceof ExactNumber) return value;
  return Object.keys(value).length === 0 ? undefined : value;
}

/** Without its treatment: whatever JSON it is. */
function asItStands(rule: TargetRule | MapRule, document: unknown, depth: number): unknown {
  if (depth > rulesDepthMax) return undefined;
  if (typeof rule === "string") return given(valueAtPointer(document, rule));
  if (isList(rule)) return firstGiven(rule, document, depth);
  if (depth > 0 && treatsTexts(rule)) return treated(rule, document);
  if (rule.constant !== undefined) return given(rule.constant);
  if (rule.pointer !== undefined) return given(valueAtPointer(document, rule.pointer)) ?? inner(rule, depth);
  if (rule.first !== undefined) return firstGiven(rule.first, document, depth) ?? inner(rule, depth);
  const all = (rule.all ?? []).flatMap((each) => asItStands(each, document, depth + 1) ?? []);
  return given(all) ?? inner(rule, depth);
}

/** The default of a rule within a rule; that of the whole comes after its type. */
function inner(rule: TreatedTarget, depth: number): string | undefined {
  return depth === 0 ? undefined : rule.default;
}

function firstGiven(rules: readonly MapRule[], document: unknown, depth: number): unknown {
  for (const rule of rules) {
    const value = asItStands(rule, document, depth + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

function treatsTexts({ format, table, join }: TreatedTarget): boolean {
  return format !== undefined || table !== undefined || join !== undefined;
}

/** A list where there may be several. */
function treated({ constant, ...rule }: TreatedTarget, document: unknown): unknown {
  const texts = mappedTexts(
    constant === undefined ? rule : { ...rule, constant: textOfValue(constant) },
    document,
    defaultCountry,
    formattersOfTargets,
  );
  const isSeveral =
    rule.all !== undefined ||
    (rule.pointer !== undefined && Array.isArray(valueAtPointer(document, rule.pointer)));
  return isSeveral || texts.length > 1 ? given(texts) : texts[0];
}

const formattersOfTargets: Formatters = {
  ...formattersOfSources,
  // The day that the text names: a moment keeps the one of its own zone.
  date: (text, country) => {
    const iso = /^\s*(\d{4}-\d\d-\d\d)(?:[T ]|\s*$)/.exec(text)?.[1];
    return iso ?? formattersOfSources.date(text, country).replace(/^(\d{4}-\d\d-\d\d)T.*$/, "$1");
  },
};

/** `format: number` and `format: bool` say what it shall be. */
function impliedType({ format }: TreatedTarget): TargetType | undefined {
  const last = typeof format === "string" ? format : format?.at(-1);
  return last === "number" ? "number" : last === "bool" ? "boolean" : undefined;
}

/** undefined: it cannot be one. */
function asType(value: unknown, type: TargetType | undefined, separator = ", "): unknown {
  switch (type) {
    case undefined:
      return value;
    case "text":
      return given(Array.isArray(value) ? value.map(textOfValue).join(separator) : textOfValue(value));
    case "list":
      return Array.isArray(value) ? (value as unknown) : [value];
    case "number":
      return numberOf(Array.isArray(value) ? value[0] : value);
    case "boolean":
      return typeof value === "boolean" ? value : (tickOf(value) ?? undefined);
    case "json":
      return typeof value === "string" ? readJson(value) : value;
  }
}

/** Of an object, its JSON. */
export function textOfValue(value: unknown): string {
  return typeof value === "string" ? value : writeExactly(value);
}

function numberOf(value: unknown): unknown {
  if (typeof value === "number" || value instanceof ExactNumber) return value;
  const text = typeof value === "string" ? value.trim() : "";
  // RFC 8259 section 6; beyond what a double can hold many a receiver breaks.
  if (text.length > numberCharactersMax || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text))
    return undefined;
  return Number.isFinite(Number(text)) ? parseExactly(text) : undefined;
}

function readJson(text: string): unknown {
  try {
    return given(parseExactly(text));
  } catch {
    return undefined;
  }
}

function isList(rule: TargetRule | MapRule): rule is readonly MapRule[] {
  return Array.isArray(rule);
}

const numberCharactersMax = 400;
