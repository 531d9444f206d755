// What stands in a generated form, before it is sent: one value for each field, those of options not chosen, too.
import { readToEntry } from "../../../src/domain/leads/distribution.ts";
import type { DistributionGroup, ToEntry } from "../../../src/domain/leads/distribution.ts";
import { writeExactly } from "../../../src/domain/values/exact-json.ts";
import type { FormField } from "../../api/types.ts";

export type Draft = Readonly<Record<string, DraftValue>>;

export type DraftValue =
  /** Everything that is typed as text, and which option is chosen. */
  | { readonly kind: "text"; readonly text: string }
  /** What there is goes away. */
  | { readonly kind: "removed" }
  | { readonly kind: "flag"; readonly isOn: boolean }
  /** null: all that there are. In groups each lead goes to one of several. */
  | {
      readonly kind: "names";
      readonly names: readonly string[] | null;
      readonly groups?: readonly DistributionGroup[];
    }
  /** Names that somebody has to choose first. */
  | { readonly kind: "unchosen" }
  | { readonly kind: "headers"; readonly rows: readonly HeaderRow[] }
  | { readonly kind: "secrets"; readonly rows: readonly SecretRow[] };

export interface HeaderRow {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  /** There already; its value is never shown. */
  readonly isStored: boolean;
  readonly isRemoved: boolean;
}

export interface SecretRow {
  readonly id: number;
  readonly value: string;
  /** `2027-01-31`; empty: without an end. */
  readonly notAfter: string;
}

/** Of what is never shown, what may be: names of headers, the origin of an address, fingerprints of secrets. By field. */
export type Stored = Readonly<Record<string, readonly string[]>>;

/** `item`: what there is; null: a new one, with the defaults. */
export function draftOf(
  fields: readonly FormField[],
  item: Readonly<Record<string, unknown>> | null,
  stored: Stored = {},
): Draft {
  return Object.fromEntries(
    withOptionFields(fields).map((field) => [field.name, valueOf(field, item, stored)]),
  );
}

export interface FieldInView {
  readonly field: FormField;
  /** The field that this one belongs to an option of. */
  readonly parent: FormField | null;
  readonly isAdvanced: boolean;
}

/** The fields, each followed by those of its chosen option. */
export function fieldsInView(fields: readonly FormField[], draft: Draft): readonly FieldInView[] {
  return fields.flatMap((field) => [
    { field, parent: null, isAdvanced: field.advanced },
    ...optionFields(field, textOf(draft[field.name])).map((inner) => ({
      field: inner,
      parent: field,
      // Whoever hides a choice may still ask for a field of what is chosen.
      isAdvanced: inner.advanced,
    })),
  ]);
}

export function textOf(value: DraftValue | undefined): string {
  return value?.kind === "text" ? value.text : "";
}

/** The member at `retry.fast`; undefined: there is none. */
export function memberAt(item: unknown, name: string): unknown {
  return name
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      item,
    );
}

/**
 * Which option of `alternatives` the item has: the one that says what the item says, by its members and, where it has
 * fields, by one of them; else the one without a field. `item` null: a new one.
 */
export function alternativeOf(field: FormField, item: unknown): string {
  if (item === null) return typeof field.default === "string" ? field.default : "";
  const said = field.options.find(
    ({ fields, members = {} }) =>
      (fields.some(({ name }) => memberAt(item, name) != null) ||
        (fields.length === 0 && Object.keys(members).length > 0)) &&
      Object.entries(members).every(([name, value]) => memberAt(item, name) === value),
  );
  return said?.value ?? field.options.find(({ fields }) => fields.length === 0)?.value ?? "";
}

function optionFields(field: FormField, chosen: string): readonly FormField[] {
  const option = field.options.find(({ value }) => value === chosen);
  return option?.fields ?? [];
}

/** Options of one field share members (`auth.secret`); a draft holds each once. */
export function withOptionFields(fields: readonly FormField[]): readonly FormField[] {
  return fields.flatMap((field) => [
    field,
    ...field.options.flatMap(({ value }) => optionFields(field, value)),
  ]);
}

function valueOf(
  field: FormField,
  item: Readonly<Record<string, unknown>> | null,
  stored: Stored,
): DraftValue {
  const there = item === null ? field.default : memberAt(item, field.name);
  switch (field.type) {
    case "boolean":
      return { kind: "flag", isOn: there === true };
    case "destinations":
      return namesDraft(Array.isArray(there) ? (there as readonly ToEntry[]) : null);
    case "headers":
    case "parameters":
      return { kind: "headers", rows: (stored[field.name] ?? []).map(storedHeader) };
    case "secrets":
      return { kind: "secrets", rows: [] };
    case "alternatives":
      return { kind: "text", text: alternativeOf(field, item) };
    case "choice": {
      const [first] = field.options;
      return { kind: "text", text: typeof there === "string" ? there : (first?.value ?? "") };
    }
    case "json":
      return { kind: "text", text: there == null ? "" : writeExactly(there, 2) };
    case "text":
    case "long_text":
    case "texts":
    case "url":
    case "secret":
    case "duration":
    case "durations":
    case "number":
      return { kind: "text", text: writtenOut(there) };
  }
}

function namesDraft(to: readonly ToEntry[] | null): DraftValue {
  const { oneOf: groups = [] } = readToEntry(to);
  const names = to === null ? null : to.filter((entry) => typeof entry === "string");
  return groups.length === 0 ? { kind: "names", names } : { kind: "names", names, groups };
}

function storedHeader(name: string, id: number): HeaderRow {
  return { id, name, value: "", isStored: true, isRemoved: false };
}

function writtenOut(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
