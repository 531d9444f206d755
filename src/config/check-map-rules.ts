// What can be wrong with the rules of a map, a source's or a destination's: rules that say nothing or too much.
import { mapFormats, ruleOrigins, rulesDepthMax } from "../domain/leads/map-rules.ts";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

/** `place`: within the map. */
export type NoteInMap = (place: readonly string[], said: Said) => void;

/** What rules of a map may say beyond what all may. */
export interface RuleGrammar {
  /** Of a pointer that is one: whether something can stand there. */
  readonly pointerProblem?: (pointer: string) => Said | null;
  /** Of members that only these rules have, and of `constant`; undefined: it is none of them. */
  readonly memberProblem?: (name: string, value: unknown) => Said | null | undefined;
  /** Members that only these rules have. */
  readonly members?: readonly string[];
  /** Of rules within rules; absent: the same. */
  readonly inner?: RuleGrammar;
}

export function checkRule(
  rule: unknown,
  place: readonly string[],
  note: NoteInMap,
  grammar: RuleGrammar = {},
): void {
  if (place.length > 2 * rulesDepthMax) {
    note(place, { code: "map_rule_invalid", params: {} });
    return;
  }
  if (typeof rule === "string") {
    checkPointer(rule, place, note, grammar);
    return;
  }
  if (Array.isArray(rule)) {
    checkList(rule, place, note, grammar.inner ?? grammar);
    return;
  }
  if (!isMapping(rule)) {
    note(place, { code: "map_rule_invalid", params: {} });
    return;
  }
  const origins = ruleOrigins.filter((name) => rule[name] !== undefined);
  if (origins.length !== 1) note(place, { code: "map_rule_origin", params: { allowed: ruleOrigins } });
  for (const [name, value] of Object.entries(rule)) checkMember(name, value, [...place, name], note, grammar);
}

function checkMember(
  name: string,
  value: unknown,
  place: readonly string[],
  note: NoteInMap,
  grammar: RuleGrammar,
): void {
  const own = grammar.memberProblem?.(name, value);
  if (own !== undefined) {
    if (own !== null) note(place, own);
    return;
  }
  switch (name) {
    case "pointer":
      if (typeof value === "string") checkPointer(value, place, note, grammar);
      else wrong(place, "text", note);
      return;
    case "first":
    case "all":
    case "join":
      if (Array.isArray(value)) checkList(value, place, note, grammar.inner ?? grammar);
      else wrong(place, "list", note);
      return;
    case "with":
    case "constant":
    case "default":
      if (typeof value !== "string") wrong(place, "text", note);
      return;
    case "format":
      checkFormats(value, place, note);
      return;
    case "table":
      if (!isMapping(value) || Object.values(value).some((text) => typeof text !== "string"))
        note(place, { code: "map_table_invalid", params: {} });
      return;
    default: {
      const known = [...ruleMembers, ...(grammar.members ?? [])];
      const suggestion = nearestName(name, known);
      note(place, { code: "unknown_key", params: { key: name, suggestion, known } });
    }
  }
}

function checkList(
  rules: readonly unknown[],
  place: readonly string[],
  note: NoteInMap,
  grammar: RuleGrammar,
): void {
  if (rules.length === 0) note(place, { code: "list_empty", params: {} });
  rules.forEach((rule, index) => checkRule(rule, [...place, String(index)], note, grammar));
}

export function checkPointer(
  pointer: string,
  place: readonly string[],
  note: NoteInMap,
  { pointerProblem }: RuleGrammar,
): void {
  if (pointer === "" || parsePointer(pointer) === null) {
    note(place, { code: "pointer_invalid", params: { found: pointer } });
    return;
  }
  const problem = pointerProblem?.(pointer) ?? null;
  if (problem !== null) note(place, problem);
}

function checkFormats(value: unknown, place: readonly string[], note: NoteInMap): void {
  const formats: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const format of formats) {
    const problem = notOneOf(format, mapFormats);
    if (problem !== null) note(place, problem);
  }
}

/** null: it is one of them. */
export function notOneOf(value: unknown, allowed: readonly string[]): Said | null {
  const found = typeof value === "string" ? value : null;
  if (found !== null && allowed.includes(found)) return null;
  const suggestion = found === null ? null : nearestName(found, allowed);
  return { code: "not_one_of", params: { found, suggestion, allowed } };
}

function wrong(place: readonly string[], expected: "text" | "list", note: NoteInMap): void {
  note(place, { code: "value_missing", params: { expected } });
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ruleMembers: readonly string[] = [...ruleOrigins, "with", "format", "table", "default"];
