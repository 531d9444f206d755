// A map as its editor holds it: one draft for each rule, from what is stored and back; of a source's map, one for each
// member of a lead.
import { formatPointer } from "../../src/domain/values/json-pointer.ts";
import { ExactNumber, parseExactly, writeExactly } from "../../src/domain/values/exact-json.ts";
import type { LeadMap, MapFormat, MapRule, TreatedRule } from "../../src/domain/leads/map-rules.ts";
import { mapFormats } from "../../src/domain/leads/map-rules.ts";
import type {
  TargetMap,
  TargetRule,
  TargetType,
  TreatedTarget,
} from "../../src/domain/destinations/target-map.ts";
import { mappedMembers } from "../../src/domain/leads/vocabulary.ts";
import type { VocabularyLead } from "../../src/domain/leads/vocabulary.ts";

/** `auto`: recognised, or known by the kind. `json`: a rule that the editor has no fields for. */
export const ruleKinds = ["auto", "pointer", "first", "all", "join", "constant", "json"] as const;
export type RuleKind = (typeof ruleKinds)[number];

export interface RuleDraft {
  readonly kind: RuleKind;
  /** Of `pointer` the first alone counts. */
  readonly pointers: readonly string[];
  /** Between the parts of `join`. */
  readonly separator: string;
  readonly constant: string;
  readonly formats: readonly MapFormat[];
  readonly table: readonly TableRow[];
  /** Where nothing is left; empty: nothing. */
  readonly fallback: string;
  /** Of a destination's rule; empty: as it is. */
  readonly type: TargetType | "";
  /** Of a destination's rule. */
  readonly isRequired: boolean;
  readonly json: string;
}

export interface TableRow {
  readonly from: string;
  readonly to: string;
}

export type MapDraft = Readonly<Record<string, RuleDraft>>;

export const noRule: RuleDraft = {
  kind: "auto",
  pointers: [""],
  separator: " ",
  constant: "",
  formats: [],
  table: [],
  fallback: "",
  type: "",
  isRequired: false,
  json: "",
};

/** Every member that a map can speak of, and the campaign's keys that this one does. */
export function mapDraftOf(map: LeadMap | null): MapDraft {
  const names = new Set<string>([...mappedMembers, ...Object.keys(map ?? {})]);
  return Object.fromEntries([...names].map((name) => [name, draftOfRule(map?.[name])]));
}

/** What was not touched stays as it was written; null: no rule at all. */
export function mapOf(draft: MapDraft, before: LeadMap | null): Readonly<Record<string, unknown>> | null {
  const rules = Object.entries(draft).flatMap(([name, each]) => {
    const stored = before?.[name];
    const rule = isSame(each, draftOfRule(stored)) ? stored : ruleOf(each);
    return rule === undefined ? [] : [[name, rule] as const];
  });
  return rules.length === 0 ? null : Object.fromEntries(rules);
}

/** A line of a destination's map. */
export interface TargetDraft {
  readonly target: string;
  readonly rule: RuleDraft;
}

export function targetDraftsOf(map: TargetMap | null): readonly TargetDraft[] {
  return Object.entries(map ?? {}).map(([target, rule]) => ({ target, rule: draftOfRule(rule) }));
}

/** Lines without a target count for nothing; null: no map at all. */
export function targetMapOf(
  drafts: readonly TargetDraft[],
  before: TargetMap | null,
): Readonly<Record<string, unknown>> | null {
  const rules = drafts
    .filter(({ target }) => target.trim() !== "")
    .map(({ target, rule }): [string, unknown] => {
      const stored = before?.[target.trim()];
      return [
        target.trim(),
        stored !== undefined && isSame(rule, draftOfRule(stored)) ? stored : ruleOf(rule),
      ];
    });
  return rules.length === 0 ? null : Object.fromEntries(rules);
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function draftOfRule(rule: MapRule | TargetRule | undefined): RuleDraft {
  if (rule === undefined) return noRule;
  const draft = simpleDraftOf(rule);
  return draft ?? { ...noRule, kind: "json", json: writeExactly(rule, 2) };
}

/** undefined: no rule. What cannot be read as JSON stays a text, of which the server says what is wrong. */
export function ruleOf(draft: RuleDraft): unknown {
  const { kind, pointers, separator, constant, json } = draft;
  switch (kind) {
    case "auto":
      return undefined;
    case "json":
      return readJson(json);
    case "constant":
      return withTreatment({ constant }, draft);
    case "pointer":
      return isTreated(draft) ? withTreatment({ pointer: pointers[0] ?? "" }, draft) : (pointers[0] ?? "");
    case "first":
      return isTreated(draft) ? withTreatment({ first: pointers }, draft) : pointers;
    case "all":
      return withTreatment({ all: pointers }, draft);
    case "join":
      return withTreatment(
        separator === " " ? { join: pointers } : { join: pointers, with: separator },
        draft,
      );
  }
}

/** null: the editor has no fields for it. */
function simpleDraftOf(rule: MapRule | TargetRule): RuleDraft | null {
  if (typeof rule === "string") return { ...noRule, kind: "pointer", pointers: [rule] };
  if (isList(rule)) {
    const pointers = pointersOf(rule);
    return pointers === null ? null : { ...noRule, kind: "first", pointers };
  }
  const origin = originOf(rule);
  if (origin === null) return null;
  const { format, table, default: fallback = "", with: separator = " ", type, required } = asTarget(rule);
  const formats = format === undefined ? [] : typeof format === "string" ? [format] : format;
  return {
    ...noRule,
    ...origin,
    separator,
    formats: formats.filter((each) => mapFormats.includes(each)),
    table: Object.entries(table ?? {}).map(([from, to]) => ({ from, to })),
    fallback,
    type: type ?? "",
    isRequired: required === true,
  };
}

/** Of a source's rule, nothing more is said. */
function asTarget(rule: TreatedRule | TreatedTarget): TreatedTarget {
  return rule;
}

function originOf(rule: TreatedTarget): Pick<RuleDraft, "kind" | "pointers" | "constant"> | null {
  const { pointer, first, all, join, constant } = rule;
  const named = (kind: RuleKind, rules: readonly MapRule[]) => {
    const pointers = pointersOf(rules);
    return pointers === null ? null : { kind, pointers, constant: "" };
  };
  if (constant !== undefined)
    return typeof constant === "string" ? { kind: "constant", pointers: [""], constant } : null;
  if (pointer !== undefined) return { kind: "pointer", pointers: [pointer], constant: "" };
  if (first !== undefined) return named("first", first);
  if (all !== undefined) return named("all", all);
  return join === undefined ? null : named("join", join);
}

/** null: one of them is more than a pointer. */
function pointersOf(rules: readonly MapRule[]): readonly string[] | null {
  const pointers = rules.filter((rule): rule is string => typeof rule === "string");
  return pointers.length === rules.length ? pointers : null;
}

function withTreatment(
  origin: TreatedRule,
  { formats, table, fallback, type, isRequired }: RuleDraft,
): TreatedTarget {
  const [only] = formats;
  const rows = table.filter(({ from, to }) => from !== "" || to !== "");
  return {
    ...origin,
    ...(only === undefined ? {} : { format: formats.length === 1 ? only : formats }),
    ...(rows.length === 0 ? {} : { table: Object.fromEntries(rows.map(({ from, to }) => [from, to])) }),
    ...(fallback === "" ? {} : { default: fallback }),
    ...(type === "" ? {} : { type }),
    ...(isRequired ? { required: true } : {}),
  };
}

function isTreated({ formats, table, fallback, type, isRequired }: RuleDraft): boolean {
  return formats.length > 0 || table.length > 0 || fallback !== "" || type !== "" || isRequired;
}

function readJson(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}

function isList(rule: MapRule | TargetRule): rule is readonly MapRule[] {
  return Array.isArray(rule);
}

/** What was chosen before goes on where the new kind has a place for it. */
export function ofKind(rule: RuleDraft, kind: RuleKind): RuleDraft {
  const isSeveral = kind === "first" || kind === "join" || kind === "all";
  const pointers = isSeveral && rule.pointers.length < 2 ? [...rule.pointers, ""] : rule.pointers;
  return { ...rule, kind, pointers };
}

/** A member's value as text; null: the lead does not say. */
export function memberText(lead: VocabularyLead | null, name: string): string | null {
  if (lead === null) return null;
  const [member = "", key = ""] = name.split(".");
  const value = lead[member as keyof VocabularyLead];
  if (value === null || typeof value === "string") return value;
  if (isPhones(value)) return value.length === 0 ? null : value.join(", ");
  const members: Readonly<Record<string, string | boolean | null>> = { ...value };
  const inner = Object.hasOwn(members, key) ? members[key] : null;
  return inner === undefined || inner === null ? null : String(inner);
}

function isPhones(value: object): value is readonly string[] {
  return Array.isArray(value);
}

/** Where a text, a number, or true or false stands in a body. */
export interface BodyPlace {
  readonly pointer: string;
  readonly text: string;
}

export function placesIn(body: unknown): readonly BodyPlace[] {
  const places: BodyPlace[] = [];
  const visit = (value: unknown, tokens: readonly string[]): void => {
    if (places.length >= placesMax || tokens.length > depthMax || value === null) return;
    const pointer = formatPointer(tokens);
    if (value instanceof ExactNumber) places.push({ pointer, text: value.text });
    else if (typeof value === "string") places.push({ pointer, text: value });
    else if (typeof value === "number" || typeof value === "boolean")
      places.push({ pointer, text: String(value) });
    else if (typeof value === "object")
      for (const [name, inner] of Object.entries(value)) visit(inner, [...tokens, name]);
  };
  if (typeof body === "object") visit(body, []);
  return places;
}

const placesMax = 300;
const depthMax = 10;
