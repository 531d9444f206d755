// A destination's condition as rows: from what is stored and back. What rows cannot show stays JSON.
import type { Condition, Predicate } from "../../src/domain/destinations/condition.ts";
import type { Scalar } from "../../src/domain/values/comparison.ts";

/** How parts are joined: `none` is not any, `not_all` not all. */
export const groupWords = ["all", "any", "none", "not_all"] as const;
export type GroupWord = (typeof groupWords)[number];

export const rowWords = [
  "equals",
  "not_equals",
  "in",
  "not_in",
  "matches",
  "not_matches",
  "exists",
  "missing",
] as const;
export type RowWord = (typeof rowWords)[number];

export interface GroupDraft {
  readonly kind: "group";
  readonly word: GroupWord;
  readonly parts: readonly PartDraft[];
}

export interface RowDraft {
  readonly kind: "row";
  readonly pointer: string;
  readonly word: RowWord;
  /** Of `equals` and `matches` the first alone counts, of `exists` and `missing` none. */
  readonly values: readonly ValueDraft[];
}

export type PartDraft = GroupDraft | RowDraft;

/** `stored`: what it was as long as nobody has typed: a text may look like a number. */
export interface ValueDraft {
  readonly text: string;
  readonly stored?: Scalar;
}

/** Groups within groups; deeper ones nobody could read. */
export const groupDepthMax = 3;

export const noRow: RowDraft = { kind: "row", pointer: "", word: "equals", values: [] };
export const noGroup: GroupDraft = { kind: "group", word: "all", parts: [] };

/** null: it cannot be shown as rows. `stored` null: no condition. */
export function rowsOf(stored: unknown): GroupDraft | null {
  if (stored === null) return noGroup;
  const part = partOf(stored, 1);
  if (part === null) return null;
  return part.kind === "group" ? part : { kind: "group", word: "all", parts: [part] };
}

export interface WrittenCondition {
  /** null: nothing is said. */
  readonly condition: Condition | null;
  /** Where each row stands in it, as the server names places: `when.all[1]`. */
  readonly places: ReadonlyMap<PartDraft, string>;
}

/** Rows that say nothing yet are left out. */
export function conditionOf(root: GroupDraft): WrittenCondition {
  const places = new Map<PartDraft, string>();
  return { condition: written(root, "when", places) ?? null, places };
}

function partOf(stored: unknown, depth: number): PartDraft | null {
  if (!isMapping(stored)) return null;
  const { all, any, not } = stored;
  if (Object.keys(stored).length === 1 && not !== undefined) return opposite(partOf(not, depth));
  const members = all ?? any;
  if (members === undefined) return rowOf(stored);
  if (!Array.isArray(members) || Object.keys(stored).length > 1 || depth > groupDepthMax) return null;
  const parts = members.map((each: unknown) => partOf(each, depth + 1));
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length || known.length === 0) return null;
  return { kind: "group", word: all === undefined ? "any" : "all", parts: known };
}

function opposite(part: PartDraft | null): PartDraft | null {
  if (part === null) return null;
  return part.kind === "row"
    ? { ...part, word: oppositeRows[part.word] }
    : { ...part, word: oppositeGroups[part.word] };
}

const oppositeGroups = { all: "not_all", not_all: "all", any: "none", none: "any" } as const;
const oppositeRows = {
  equals: "not_equals",
  not_equals: "equals",
  in: "not_in",
  not_in: "in",
  matches: "not_matches",
  not_matches: "matches",
  exists: "missing",
  missing: "exists",
} as const;

function rowOf(stored: Readonly<Record<string, unknown>>): RowDraft | null {
  const { pointer, ...comparison } = stored;
  const [said, ...others] = Object.entries(comparison);
  if (typeof pointer !== "string" || said === undefined || others.length > 0) return null;
  const [word, value] = said;
  switch (word) {
    case "equals": {
      const values = valuesOf([value]);
      return values === null ? null : { kind: "row", pointer, word, values };
    }
    case "in": {
      const values = Array.isArray(value) ? valuesOf(value) : null;
      return values === null ? null : { kind: "row", pointer, word, values };
    }
    case "matches":
      return typeof value === "string" ? { kind: "row", pointer, word, values: [{ text: value }] } : null;
    case "exists":
    case "missing":
      if (typeof value !== "boolean") return null;
      return { kind: "row", pointer, word: value ? word : oppositeRows[word], values: [] };
    default:
      return null;
  }
}

function valuesOf(stored: readonly unknown[]): readonly ValueDraft[] | null {
  const values = stored.flatMap((each) => (isScalar(each) ? [{ text: String(each), stored: each }] : []));
  return values.length < stored.length ? null : values;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** undefined: it says nothing. */
function written(part: PartDraft, place: string, places: Map<PartDraft, string>): Condition | undefined {
  places.set(part, place);
  if (part.kind === "row") {
    const predicate = predicateOf(part);
    if (predicate === undefined) return undefined;
    return part.word.startsWith("not_") ? { not: predicate } : predicate;
  }
  const isNegated = part.word === "none" || part.word === "not_all";
  const word = part.word === "all" || part.word === "not_all" ? "all" : "any";
  const inner = isNegated ? `${place}.not` : place;
  const said = part.parts.filter((each) => written(each, "", new Map()) !== undefined);
  const [only] = said;
  if (only === undefined) return undefined;
  const joined =
    said.length === 1
      ? written(only, inner, places)
      : joinedBy(
          word,
          said.flatMap((each, index) => written(each, `${inner}.${word}[${index}]`, places) ?? []),
        );
  if (joined === undefined) return undefined;
  return isNegated ? { not: joined } : joined;
}

function joinedBy(word: "all" | "any", parts: readonly Condition[]): Condition {
  return word === "all" ? { all: parts } : { any: parts };
}

function predicateOf({ pointer, word, values }: RowDraft): Predicate | undefined {
  if (pointer.trim() === "") return undefined;
  const at = pointer.trim();
  const said = values.filter(({ text }) => text !== "");
  const [first] = said;
  switch (word) {
    case "exists":
      return { pointer: at, exists: true };
    case "missing":
      return { pointer: at, missing: true };
    case "equals":
    case "not_equals":
      return first === undefined ? undefined : { pointer: at, equals: scalarOf(first) };
    case "in":
    case "not_in":
      return first === undefined ? undefined : { pointer: at, in: said.map(scalarOf) };
    case "matches":
    case "not_matches":
      return first === undefined ? undefined : { pointer: at, matches: first.text };
  }
}

/** As leadledger.yaml would read what was typed: `true`, `12` and `1.5` are no texts, `01067` is one. */
function scalarOf({ text, stored }: ValueDraft): Scalar {
  if (stored !== undefined) return stored;
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  const isNumber =
    String(number) === text &&
    (Number.isSafeInteger(number) || !Number.isInteger(number)) &&
    Number.isFinite(number);
  return isNumber ? number : text;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
