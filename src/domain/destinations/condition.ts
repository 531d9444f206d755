// Whether a lead is meant for a destination: the grammar of its `when:` and how a delivery is held against it (docs/contract.md,
// What a destination gets). Pure, and in a time that the text's length bounds.
import { holds } from "../values/comparison.ts";
import type { Comparison } from "../values/comparison.ts";
import { valueAtPointer } from "../values/json-pointer.ts";
import { given } from "./mapped-value.ts";

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Predicate;

/** Exactly one beside `pointer`. Of a list it is enough that one of its values fits. */
export interface Predicate extends Comparison {
  /** Into the delivery, as in `map`. */
  readonly pointer: string;
}

export const connectives = ["all", "any", "not"] as const;

export const conditionDepthMax = 8;
export const predicatesMax = 200;
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
  const value = valueAtPointer(document, condition.pointer);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return holds(condition, given(value) !== undefined, values) ? null : place;
}
