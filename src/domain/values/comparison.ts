// How a value of JSON, or a text, is compared: the words that conditions and rules on answers share (docs/contract.md). Pure, and
// in a time that the text's length bounds.
import { ExactNumber } from "./exact-json.ts";
import { linearPattern } from "./linear-pattern.ts";
import type { LinearPattern } from "./linear-pattern.ts";
import { compilePattern, PatternRefused } from "./pattern-program.ts";

/** Exactly one of these. */
export interface Comparison {
  readonly equals?: Scalar;
  readonly in?: readonly Scalar[];
  /** A regular expression that fits somewhere in the text; run without going back (linear-pattern.ts). */
  readonly matches?: string;
  readonly exists?: boolean;
  readonly missing?: boolean;
}

export type Scalar = string | number | boolean | null;

export const comparisons = ["equals", "in", "matches", "exists", "missing"] as const;

/** States of its automaton: with the next limit it bounds what a match may cost. */
const statesMax = 300;
/** Of a longer text the beginning counts. */
const matchedCharactersMax = 4_000;

/** `isThere`: for `exists` and `missing`. Of several values it is enough that one fits. */
export function holds(comparison: Comparison, isThere: boolean, values: readonly unknown[]): boolean {
  const { equals, in: several, matches, exists, missing } = comparison;
  if (exists !== undefined) return isThere === exists;
  if (missing !== undefined) return isThere !== missing;
  if (equals !== undefined) return values.some((each) => isSame(each, equals));
  if (several !== undefined) return values.some((each) => several.some((wanted) => isSame(each, wanted)));
  const pattern = matches === undefined ? null : patternOf(matches);
  return pattern !== null && values.some((each) => fits(pattern, each));
}

/** null: it is no single value. */
export function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value instanceof ExactNumber) return value.text;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** Throws PatternRefused or SyntaxError for one that configuration refuses. */
export function comparisonPattern(source: string): LinearPattern {
  if (compilePattern(source).states.length > statesMax) throw new PatternRefused(source, "too_large");
  return linearPattern(source, () => undefined);
}

/**
 * Texts to the letter; numbers, and what stands in a text for a decimal number, by their value: `5` is 5.0, and "5", too.
 * `false` is also met by "false": a form knows texts only.
 */
function isSame(value: unknown, wanted: Scalar): boolean {
  if (wanted === null) return value === null;
  const text = scalarText(value);
  if (text === null) return false;
  if (text === String(wanted)) return true;
  return typeof wanted === "number" && decimal.test(text.trim()) && Number(text) === wanted;
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function fits(pattern: LinearPattern, value: unknown): boolean {
  const text = scalarText(value);
  return text !== null && pattern.test(text.slice(0, matchedCharactersMax));
}

/** Patterns kept ready; beyond that all are made anew. */
const patternsMax = 500;
const patterns = new Map<string, LinearPattern | null>();

function patternOf(source: string): LinearPattern | null {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  if (patterns.size >= patternsMax) patterns.clear();
  const made = patternOrNot(source);
  patterns.set(source, made);
  return made;
}

function patternOrNot(source: string): LinearPattern | null {
  try {
    return comparisonPattern(source);
  } catch {
    return null;
  }
}
