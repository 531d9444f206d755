// What can be wrong with a comparison, wherever one may stand: in a destination's `when` and in its `success`.
import { comparisonPattern, comparisons } from "../domain/values/comparison.ts";
import type { Comparison } from "../domain/values/comparison.ts";
import { PatternRefused } from "../domain/values/pattern-program.ts";
import type { NoteInMap } from "./check-map-rules.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

export type Part = Readonly<Record<string, unknown>>;

/** What is said where it is wrong; null: nothing is. */
export interface ComparisonWords {
  /** `said`: none of the operators, or several. */
  readonly choice: Said;
  readonly scalar: (value: unknown) => Said | null;
  readonly pattern: (pattern: string, why: PatternRefused["reason"] | "malformed") => Said;
}

export function checkComparison(
  part: Part,
  place: readonly string[],
  note: NoteInMap,
  words: ComparisonWords,
): void {
  const said = comparisons.filter((name) => part[name] !== undefined);
  if (said.length !== 1) note(place, words.choice);
  for (const name of said) {
    const problem = operandProblem(name, part[name], words);
    if (problem !== null) note([...place, name], problem);
  }
}

function operandProblem(name: keyof Comparison, value: unknown, words: ComparisonWords): Said | null {
  switch (name) {
    case "equals":
      return words.scalar(value);
    case "in":
      if (!Array.isArray(value)) return { code: "value_missing", params: { expected: "list" } };
      if (value.length === 0) return { code: "list_empty", params: {} };
      return value.map(words.scalar).find((problem) => problem !== null) ?? null;
    case "exists":
    case "missing":
      return typeof value === "boolean" ? null : { code: "value_missing", params: { expected: "boolean" } };
    case "matches":
      return typeof value === "string" && value !== ""
        ? patternProblem(value, words)
        : { code: "value_missing", params: { expected: "text" } };
  }
}

function patternProblem(pattern: string, words: ComparisonWords): Said | null {
  try {
    comparisonPattern(pattern);
    return null;
  } catch (error) {
    return words.pattern(pattern, error instanceof PatternRefused ? error.reason : "malformed");
  }
}

export function noteUnknown(
  part: Part,
  known: readonly string[],
  place: readonly string[],
  note: NoteInMap,
): void {
  for (const key of Object.keys(part)) {
    if (known.includes(key)) continue;
    const suggestion = nearestName(key, known);
    note([...place, key], { code: "unknown_key", params: { key, suggestion, known } });
  }
}
