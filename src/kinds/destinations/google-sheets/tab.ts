// A tab as it is addressed: ranges in A1 notation, its headings, and the row that a lead makes under them.
import { textOfValue } from "../../../domain/destinations/mapped-value.ts";
import { targetTokens } from "../../../domain/destinations/target-map.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { ExactNumber } from "../../../domain/values/exact-json.ts";

/** null leaves a cell as it is. */
export type Cell = string | number | boolean | null;

/** `'Erika''s leads'!1:1` */
export function rangeIn(tab: string, range: string): string {
  return `'${tab.replaceAll("'", "''")}'!${range}`;
}

/** From 0: A, B, … Z, AA. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/** Of the first row, or of one that is a column. */
export function textsOf(values: unknown): readonly string[] {
  const [row] = Array.isArray(values) ? (values as unknown[]) : [];
  return Array.isArray(row) ? row.map((cell) => textOfValue(cell ?? "").trim()) : [];
}

/** The headings that a map writes to, in its order. */
export function headingsOf(map: TargetMap): readonly string[] {
  return Object.keys(map).map((target) => (targetTokens(target) ?? [target]).join("."));
}

/** A heading as a map names it: with a point in it, it must not be taken for two members. */
export function targetOf(heading: string): string {
  const isPlain = !heading.includes(".") && !heading.startsWith("/") && targetTokens(heading) !== null;
  return isPlain ? heading : `/${heading.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** By heading. */
export function cellsOf(mapped: unknown, headings: readonly string[]): ReadonlyMap<string, Cell> {
  return new Map(cellsIn(mapped, new Set(headings), ""));
}

function* cellsIn(
  value: unknown,
  headings: ReadonlySet<string>,
  place: string,
): Generator<readonly [string, Cell]> {
  const isInner = typeof value === "object" && value !== null && !(value instanceof ExactNumber);
  if (!isInner || (place !== "" && headings.has(place)) || Array.isArray(value)) yield [place, cellOf(value)];
  else
    for (const [name, inner] of Object.entries(value))
      yield* cellsIn(inner, headings, place === "" ? name : `${place}.${name}`);
}

function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value === null || value === undefined) return "";
  // A number that a spreadsheet would round stays as it was written.
  return Array.isArray(value) ? value.map(textOfValue).join(", ") : textOfValue(value);
}
