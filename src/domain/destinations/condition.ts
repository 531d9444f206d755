// Whether a lead is meant for a destination: the grammar of its `when:` and how a delivery is held against it (docs/contract.md,
// What a destination gets). Pure, and in a time that the text's length bounds.
import { ExactNumber } from "../values/exact-json.ts";
import { valueAtPointer } from "../values/json-pointer.ts";
import { linearPattern } from "../values/linear-pattern.ts";
import type { LinearPattern } from "../values/linear-pattern.ts";
import { compilePattern, PatternRefused } from "../values/pattern-program.ts";
import { given } from "./mapped-value.ts";

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Predicate;

/** Exactly one of the others beside `pointer`. Of a list it is enough that one of its values fits. */
export interface Predicate {
  /** Into the delivery, as in `map`. */
  readonly pointer: string;
  readonly equals?: Scalar;
  readonly in?: readonly Scalar[];
  /** A regular expression that fits somewhere in the text; run without going back (linear-pattern.ts). */
  readonly matches?: string;
  readonly exists?: boolean;
  readonly missing?: boolean;
}

export type Scalar = string | number | boolean;

export const operators = ["equals", "in", "matches", "exists", "missing"] as const;
export const connectives = ["all", "any", "not"] as const;

export const conditionDepthMax = 8;
export const predicatesMax = 200;
/** States of its automaton: with the next limit it bounds what a match may cost. */
export const patternStatesMax = 300;
/** Of a longer text the beginning counts. */
export const matchedCharactersMax = 4_000;

/**
 * null: it is met. Otherwise where the first part is that is not: `when`, `when.all[1]`, `when.any` (no part of it is),
 * `when.not`. `document`: the delivery as JSON, its numbers exact.
 */
export function unmetPlace(condition: Condition, document: unknown, place = "when"): string | null {
  if ("all" in condition) {
    for (const [index, each] of condition.all.entries()) {
      const unmet = unmetPlace(each, document, `${place}.all[${index}]`);
      if (unmet !== null) return unmet;
    }
    return null;
  }
  if ("any" in condition)
    return condition.any.some((each) => unmetPlace(each, document) === null) ? null : `${place}.any`;
  if ("not" in condition) return unmetPlace(condition.not, document) === null ? `${place}.not` : null;
  return holds(condition, valueAtPointer(document, condition.pointer)) ? null : place;
}

function holds(predicate: Predicate, value: unknown): boolean {
  const { equals, in: several, matches, exists, missing } = predicate;
  const isThere = given(value) !== undefined;
  if (exists !== undefined) return isThere === exists;
  if (missing !== undefined) return isThere !== missing;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (equals !== undefined) return values.some((each) => isSame(each, equals));
  if (several !== undefined) return values.some((each) => several.some((wanted) => isSame(each, wanted)));
  const pattern = matches === undefined ? null : patternOf(matches);
  return pattern !== null && values.some((each) => fits(pattern, each));
}

/** Texts to the letter; numbers and what stands in a text for one by their value: `5` is 5.0, and "5", too. */
function isSame(value: unknown, wanted: Scalar): boolean {
  const text = scalarText(value);
  if (text === null) return false;
  if (text === String(wanted)) return true;
  return typeof wanted === "number" && text.trim() !== "" && Number(text) === wanted;
}

function fits(pattern: LinearPattern, value: unknown): boolean {
  const text = scalarText(value);
  return text !== null && pattern.test(text.slice(0, matchedCharactersMax));
}

function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value instanceof ExactNumber) return value.text;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** Patterns kept ready; beyond that all are made anew. */
const patternsMax = 500;
const patterns = new Map<string, LinearPattern>();

/** Throws PatternRefused or SyntaxError for one that configuration refuses. */
export function conditionPattern(source: string): LinearPattern {
  if (compilePattern(source).states.length > patternStatesMax) throw new PatternRefused(source, "too_large");
  return linearPattern(source, () => undefined);
}

function patternOf(source: string): LinearPattern | null {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  if (patterns.size >= patternsMax) patterns.clear();
  try {
    const made = conditionPattern(source);
    patterns.set(source, made);
    return made;
  } catch {
    return null;
  }
}
