// The fields that leads can be written to at a destination, as its own API names them, and whether a map fits them.
import { targetTokens } from "./target-map.ts";
import type { TargetMap, TargetRule, TreatedTarget } from "./target-map.ts";

/** `choice`: one of `options`; `choices`: several of them. `other`: what no kind here knows. */
export const remoteFieldTypes = [
  "text",
  "number",
  "boolean",
  "date",
  "time",
  "choice",
  "choices",
  "list",
  "other",
] as const;
export type RemoteFieldType = (typeof remoteFieldTypes)[number];

export interface RemoteField {
  /** As a map names it. */
  readonly target: string;
  /** As the receiver's own screens call it. */
  readonly label: string;
  readonly type: RemoteFieldType;
  /** The receiver takes no lead without it. */
  readonly isRequired: boolean;
  /** Of a choice: what is sent, and what people read. */
  readonly options?: readonly RemoteOption[];
  /** Of a choice: the receiver takes values, too, that are none of its options. */
  readonly takesOthers?: true;
}

export interface RemoteOption {
  readonly value: string;
  readonly label: string;
}

/** What of a map finds no place there. */
export interface Misfits {
  /** Targets that the receiver has no field for. */
  readonly unknownTargets: readonly string[];
  /** Fields without which nothing is taken, that get nothing. */
  readonly unmappedFields: readonly string[];
  /** Constants that are none of a field's options. */
  readonly unknownOptions: readonly { readonly target: string; readonly value: string }[];
}

export function misfitsOf(map: TargetMap, fields: readonly RemoteField[]): Misfits {
  const byTarget = new Map(fields.map((field) => [plainName(field.target), field]));
  const targets = Object.keys(map);
  // An expression says what is sent, of which nothing is known before.
  if (targets.length === 0) return { unknownTargets: [], unmappedFields: [], unknownOptions: [] };
  return {
    unknownTargets: targets.filter((target) => fieldOf(target, byTarget) === undefined),
    unmappedFields: fields
      .filter(
        ({ isRequired: isNeeded, target }) => isNeeded && !targets.some((each) => isWithin(each, target)),
      )
      .map(({ target }) => target),
    unknownOptions: Object.entries(map).flatMap(([target, rule]) =>
      unknownOptions(target, rule, byTarget.get(plainName(target))),
    ),
  };
}

function fieldOf(target: string, byTarget: ReadonlyMap<string, RemoteField>): RemoteField | undefined {
  return (
    byTarget.get(plainName(target)) ?? [...byTarget.values()].find((field) => isWithin(target, field.target))
  );
}

/** A target may lie in a field that is an object or a list. */
export function isWithin(target: string, field: string): boolean {
  const [inner, outer] = [plainName(target), plainName(field)];
  return inner === outer || inner.startsWith(`${outer}.`);
}

/** `/Phone`, `Phone` and, of a name with a point in it, `/Phone.work` and `Phone.work`: ways to write the same. */
function plainName(target: string): string {
  return (targetTokens(target) ?? [target]).join(".");
}

function unknownOptions(
  target: string,
  rule: TargetRule,
  field: RemoteField | undefined,
): { readonly target: string; readonly value: string }[] {
  const options = field?.options;
  if (options === undefined || options.length === 0 || field?.takesOthers === true) return [];
  const known = new Set(options.map(({ value }) => value));
  return constantsOf(rule)
    .filter((value) => !known.has(value))
    .map((value) => ({ target, value }));
}

/** What a rule gives whatever the lead says: constants, defaults and the right-hand sides of tables. */
function constantsOf(rule: TargetRule): readonly string[] {
  if (typeof rule !== "object" || Array.isArray(rule)) return [];
  const { constant, default: otherwise, table = {} } = rule as TreatedTarget;
  return [constant, otherwise, ...Object.values(table)].filter((value) => typeof value === "string");
}
