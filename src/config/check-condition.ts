// What can be wrong with a destination's `when`: parts that say nothing or too much, and patterns that cannot be run.
import {
  conditionDepthMax as depthMax,
  connectives,
  predicatesMax,
} from "../domain/destinations/condition.ts";
import { comparisons } from "../domain/values/comparison.ts";
import { checkComparison, noteUnknown } from "./check-comparison.ts";
import type { ComparisonWords, Part } from "./check-comparison.ts";
import { checkPointer, isMapping } from "./check-map-rules.ts";
import type { NoteInMap } from "./check-map-rules.ts";
import { pointerIntoDelivery } from "./check-target-map.ts";
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
    noteUnknown(part, [...beginnings, ...comparisons], place, note);
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

function checkPredicate(part: Part, place: readonly string[], walk: Walk): void {
  const { note } = walk;
  walk.predicates += 1;
  const { pointer } = part;
  if (typeof pointer !== "string")
    note([...place, "pointer"], { code: "value_missing", params: { expected: "text" } });
  else checkPointer(pointer, [...place, "pointer"], note, { pointerProblem: pointerIntoDelivery });
  noteUnknown(part, ["pointer", ...comparisons], place, note);
  checkComparison(part, place, note, words);
}

const words: ComparisonWords = {
  choice: { code: "condition_operator", params: { allowed: comparisons } },
  scalar: scalarProblem,
  pattern: patternProblem,
};

function scalarProblem(value: unknown): Said | null {
  if (typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value !== "number") return { code: "condition_value_invalid", params: {} };
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? { code: "map_number_inexact", params: {} }
    : null;
}

function patternProblem(pattern: string, why: Parameters<ComparisonWords["pattern"]>[1]): Said {
  switch (why) {
    case "malformed":
      return { code: "pattern_invalid", params: { pattern } };
    case "too_large":
      return { code: "pattern_too_large", params: { pattern } };
    default:
      return { code: "pattern_refers_back", params: { pattern } };
  }
}

const beginnings = [...connectives, "pointer"] as const;
