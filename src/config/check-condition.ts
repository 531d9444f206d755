// What can be wrong with a destination's `when`: parts that say nothing or too much, and patterns that cannot be run.
import {
  conditionDepthMax as depthMax,
  conditionPattern,
  connectives,
  operators,
  predicatesMax,
} from "../domain/destinations/condition.ts";
import { PatternRefused } from "../domain/values/pattern-program.ts";
import { checkPointer, isMapping } from "./check-map-rules.ts";
import type { NoteInMap } from "./check-map-rules.ts";
import { pointerIntoDelivery } from "./check-target-map.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

/** Looks at whatever is a mapping; the schema says when it is none. `place`: within the condition. */
export function checkCondition(condition: unknown, note: NoteInMap): void {
  if (!isMapping(condition)) return;
  checkPart(condition, [], { note, predicates: 0 }, 1);
}

interface Walk {
  readonly note: NoteInMap;
  predicates: number;
}

function checkPart(part: unknown, place: readonly string[], walk: Walk, depth: number): void {
  const { note } = walk;
  if (depth > depthMax || walk.predicates >= predicatesMax) {
    note(place, { code: "condition_too_large", params: { depthMax, predicatesMax } });
    return;
  }
  if (!isMapping(part)) {
    note(place, { code: "condition_invalid", params: {} });
    return;
  }
  const said = beginnings.filter((name) => part[name] !== undefined);
  const [only] = said;
  if (only === undefined || said.length > 1) {
    note(place, { code: "condition_choice", params: { allowed: beginnings } });
    noteUnknown(part, [...beginnings, ...operators], place, note);
    return;
  }
  if (only === "pointer") checkPredicate(part, place, walk);
  else {
    noteUnknown(part, [only], place, note);
    checkConnected(only, part[only], [...place, only], walk, depth);
  }
}

function checkConnected(
  name: "all" | "any" | "not",
  inner: unknown,
  place: readonly string[],
  walk: Walk,
  depth: number,
): void {
  if (name === "not") checkPart(inner, place, walk, depth + 1);
  else if (!Array.isArray(inner)) walk.note(place, { code: "value_missing", params: { expected: "list" } });
  else if (inner.length === 0) walk.note(place, { code: "list_empty", params: {} });
  else inner.forEach((each, index) => checkPart(each, [...place, String(index)], walk, depth + 1));
}

type Part = Readonly<Record<string, unknown>>;

function checkPredicate(part: Part, place: readonly string[], walk: Walk): void {
  const { note } = walk;
  walk.predicates += 1;
  const { pointer } = part;
  if (typeof pointer !== "string")
    note([...place, "pointer"], { code: "value_missing", params: { expected: "text" } });
  else checkPointer(pointer, [...place, "pointer"], note, { pointerProblem: pointerIntoDelivery });
  noteUnknown(part, ["pointer", ...operators], place, note);
  const said = operators.filter((name) => part[name] !== undefined);
  if (said.length !== 1) note(place, { code: "condition_operator", params: { allowed: operators } });
  for (const name of said) {
    const problem = operandProblem(name, part[name]);
    if (problem !== null) note([...place, name], problem);
  }
}

function operandProblem(name: (typeof operators)[number], value: unknown): Said | null {
  switch (name) {
    case "equals":
      return scalarProblem(value);
    case "in":
      if (!Array.isArray(value)) return { code: "value_missing", params: { expected: "list" } };
      if (value.length === 0) return { code: "list_empty", params: {} };
      return value.map(scalarProblem).find((problem) => problem !== null) ?? null;
    case "exists":
    case "missing":
      return typeof value === "boolean" ? null : { code: "value_missing", params: { expected: "boolean" } };
    case "matches":
      return typeof value === "string" && value !== ""
        ? patternProblem(value)
        : { code: "value_missing", params: { expected: "text" } };
  }
}

function scalarProblem(value: unknown): Said | null {
  if (typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value !== "number") return { code: "condition_value_invalid", params: {} };
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? { code: "map_number_inexact", params: {} }
    : null;
}

function patternProblem(pattern: string): Said | null {
  try {
    conditionPattern(pattern);
    return null;
  } catch (error) {
    if (!(error instanceof PatternRefused)) return { code: "pattern_invalid", params: { pattern } };
    return error.reason === "too_large"
      ? { code: "pattern_too_large", params: { pattern } }
      : { code: "pattern_refers_back", params: { pattern } };
  }
}

function noteUnknown(part: Part, known: readonly string[], place: readonly string[], note: NoteInMap): void {
  for (const key of Object.keys(part)) {
    if (known.includes(key)) continue;
    const suggestion = nearestName(key, known);
    note([...place, key], { code: "unknown_key", params: { key, suggestion, known } });
  }
}

const beginnings = [...connectives, "pointer"] as const;
