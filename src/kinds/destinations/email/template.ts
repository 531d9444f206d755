// Texts with places for what a lead says: `{{/lead/name}}`, `{{/data/budget|trim|default}}`. A pointer and filters, no
// language beyond that, so that a lead can say nothing that does something.
import { formatText } from "../../../domain/leads/lead-map.ts";
import { mapFormats } from "../../../domain/leads/map-rules.ts";
import type { MapFormat } from "../../../domain/leads/map-rules.ts";
import { textOf } from "../../../domain/leads/field-values.ts";
import { defaultCountry } from "../../../domain/values/phone-number.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { parsePointer, valueAtPointer } from "../../../domain/values/json-pointer.ts";
import { localDate, localTime } from "./local-time.ts";
import type { MailLanguage } from "./words.ts";

const ownFilters = ["day", "time", "line", "json"] as const;
export const templateFilters: readonly string[] = [...mapFormats, ...ownFilters];

type Part = string | Place;
interface Place {
  readonly pointer: string;
  readonly filters: readonly string[];
}

export interface TemplateContext {
  /** What pointers lead into. */
  readonly document: unknown;
  readonly language: MailLanguage;
  readonly timezone: string;
}

/** What is wrong with a template: the place as it was written; null: nothing. */
export function templateFault(template: string): string | null {
  for (const part of partsOf(template)) {
    if (typeof part === "string") continue;
    const isKnown = part.filters.every((filter) => templateFilters.includes(filter));
    if (part.pointer === "" || parsePointer(part.pointer) === null || !isKnown)
      return `{{${[part.pointer, ...part.filters].join("|")}}}`;
  }
  return null;
}

/** `escape` is what becomes of each value that is put in. */
export function rendered(
  template: string,
  context: TemplateContext,
  escape: (text: string) => string,
): string {
  return partsOf(template)
    .map((part) => (typeof part === "string" ? part : escape(valueOf(part, context))))
    .join("");
}

/** An opening bracket that nothing closes is text. */
function partsOf(template: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const begin = template.indexOf("{{", at);
    const end = begin < 0 ? -1 : template.indexOf("}}", begin);
    if (end < 0) return [...parts, template.slice(at)];
    const [pointer = "", ...filters] = template
      .slice(begin + 2, end)
      .split("|")
      .map((word) => word.trim());
    parts.push(template.slice(at, begin), { pointer, filters });
    at = end + 2;
  }
}

function valueOf({ pointer, filters }: Place, context: TemplateContext): string {
  const value = valueAtPointer(context.document, pointer);
  const text = filters.includes("json") && value !== undefined ? writeExactly(value) : saidIn(value);
  return filters.reduce((so, filter) => filtered(so, filter, context), text);
}

function saidIn(value: unknown): string {
  return typeof value === "boolean" ? String(value) : (textOf(value) ?? "");
}

function filtered(text: string, filter: string, { language, timezone }: TemplateContext): string {
  switch (filter) {
    case "day":
      return localDate(text, language, timezone);
    case "time":
      return localTime(text, language, timezone);
    case "line":
      return text.replaceAll(/\s+/g, " ").trim();
    case "json":
      return text;
    default:
      return formatText(text, filter as MapFormat, defaultCountry);
  }
}
