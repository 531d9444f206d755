// Which field each of the server's messages belongs to: a place is a field's name, or begins with it.
import type { PlacedProblem } from "../../api/problem.ts";

export interface FieldProblems {
  readonly byField: Readonly<Record<string, readonly string[]>>;
  /** About nothing that the form shows. */
  readonly others: readonly PlacedProblem[];
}

export const noProblems: FieldProblems = { byField: {}, others: [] };

export function problemsByField(problems: readonly PlacedProblem[], names: readonly string[]): FieldProblems {
  const byField: Record<string, string[]> = {};
  const others: PlacedProblem[] = [];
  for (const problem of problems) {
    const { place, message } = problem;
    const field = names.filter((name) => isAt(place, name)).toSorted((a, b) => b.length - a.length)[0];
    if (field === undefined) others.push(problem);
    else (byField[field] ??= []).push(withPart(place.slice(field.length), message));
  }
  return { byField, others };
}

function isAt(place: string, name: string): boolean {
  return place === name || place.startsWith(`${name}.`) || place.startsWith(`${name}[`);
}

/** Of a list or mapping, which part is meant. */
function withPart(rest: string, message: string): string {
  const index = /^\[(\d+)\]/.exec(rest)?.[1];
  if (index !== undefined) return `${Number(index) + 1}. ${message}`;
  return rest.startsWith(".") ? `${rest.slice(1)}: ${message}` : message;
}
