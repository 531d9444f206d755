// From the columns of a table to a lead: which column goes where, what is a number, and which make the key.
import { LosslessNumber, stringify } from "lossless-json";
import { parsePointer } from "../domain/json-pointer.ts";
import { jsonNumber } from "./csv-dialect.ts";
import type { DecimalMark } from "./csv-dialect.ts";
import { originalText } from "./spreadsheet-text.ts";

export interface ColumnMapping {
  /** The tokens of the place in the lead; null: the column is left out. */
  readonly to: readonly string[] | null;
  readonly type: "text" | "number" | "boolean";
}

export interface ImportMapping {
  /** By the header's name; a column that is not here goes to the field of its own name. */
  readonly columns: ReadonlyMap<string, ColumnMapping>;
  /** Their cells together are the key; none: the source's own place in the body, or the body itself. */
  readonly keyColumns: readonly string[];
}

/** Columns that the file of refused rows has in addition; they never become part of a lead. */
export const refusedColumns = {
  key: "leadledger_key",
  row: "leadledger_row",
  reason: "leadledger_reason",
} as const;

/** `E-Mail=email`, `PLZ=/address/zip`, `Umsatz=revenue:number`, `Notiz=` (left out); null: not of this form. */
export function parseColumnMapping(text: string): readonly [string, ColumnMapping] | null {
  const at = text.lastIndexOf("=");
  if (at < 1) return null;
  const mapping = parseTarget(text.slice(at + 1));
  return mapping === null ? null : [text.slice(0, at), mapping];
}

/** What stands behind the equals sign, or in a mapping file. */
export function parseTarget(target: string): ColumnMapping | null {
  const [, place = "", type = "text"] = /^(.*?)(?::(text|number|boolean))?$/.exec(target.trim()) ?? [];
  if (place === "") return { to: null, type: "text" };
  const to = place.startsWith("/") ? parsePointer(place) : [place];
  return to === null || to.some((token) => token === "__proto__")
    ? null
    : { to, type: type as ColumnMapping["type"] };
}

/** Why this mapping does not fit this header; null: it does. */
export function mappingFault(
  header: readonly string[],
  { columns, keyColumns }: ImportMapping,
): string | null {
  const known = new Set(header);
  const missing = [...columns.keys(), ...keyColumns].filter((name) => !known.has(name));
  if (missing.length > 0)
    return `the file has no column ${missing.map((name) => JSON.stringify(name)).join(", ")}; it has ${header.map((name) => JSON.stringify(name)).join(", ")}`;
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) return `two columns are called ${JSON.stringify(twice)}`;
  const unnamed = header.findIndex((name) => name.trim() === "");
  return unnamed < 0 ? null : `column ${unnamed + 1} has no name`;
}

export type MappedRow =
  | { readonly ok: true; readonly body: string; readonly key: string | null }
  | { readonly ok: false; readonly reason: string };

/** Empty cells are left out. Names columns in its reasons, never what stands in them. */
export function leadOfCells(
  header: readonly string[],
  cells: readonly string[],
  { columns, keyColumns }: ImportMapping,
  decimalMark: DecimalMark,
): MappedRow {
  if (cells.length !== header.length)
    return { ok: false, reason: `has ${cells.length} cells where the header has ${header.length}` };
  const texts = new Map(header.map((name, index) => [name, originalText(cells[index] ?? "")]));
  const lead: Record<string, unknown> = {};
  for (const [name, text] of texts) {
    if (text.trim() === "" || isRefusedColumn(name)) continue;
    const { to, type } = columns.get(name) ?? { to: [name], type: "text" };
    if (to === null) continue;
    const value = valueOf(text, type, decimalMark);
    if (value === undefined) return { ok: false, reason: `column ${JSON.stringify(name)} is no ${type}` };
    if (!place(lead, to, value))
      return { ok: false, reason: `column ${JSON.stringify(name)} goes where another has put a value` };
  }
  const given = texts.get(refusedColumns.key) ?? "";
  const key = given !== "" ? given : keyOf(texts, keyColumns);
  if (key === undefined)
    return {
      ok: false,
      reason: `the key column ${keyColumns.map((name) => JSON.stringify(name)).join(", ")} is empty`,
    };
  return { ok: true, body: stringify(lead) ?? "{}", key };
}

function isRefusedColumn(name: string): boolean {
  return (Object.values(refusedColumns) as string[]).includes(name);
}

/** null: no column is the key; undefined: all of those that are stand empty. */
function keyOf(texts: ReadonlyMap<string, string>, keyColumns: readonly string[]): string | null | undefined {
  if (keyColumns.length === 0) return null;
  const parts = keyColumns.map((name) => (texts.get(name) ?? "").trim());
  return parts.every((part) => part === "") ? undefined : parts.join("|");
}

function valueOf(text: string, type: ColumnMapping["type"], decimalMark: DecimalMark): unknown {
  switch (type) {
    case "text":
      return text;
    case "number": {
      const number = jsonNumber(text, decimalMark);
      return number === null ? undefined : new LosslessNumber(number);
    }
    case "boolean":
      if (/^(?:true|wahr|ja|yes|1|x)$/i.test(text.trim())) return true;
      return /^(?:false|falsch|nein|no|0)$/i.test(text.trim()) ? false : undefined;
  }
}

/** false: something else stands there, or on the way. */
function place(
  lead: Record<string, unknown>,
  [token = "", ...rest]: readonly string[],
  value: unknown,
): boolean {
  if (token === "__proto__") return false;
  const there = Object.hasOwn(lead, token) ? lead[token] : undefined;
  if (rest.length === 0) {
    if (there !== undefined) return false;
    lead[token] = value;
    return true;
  }
  if (there === undefined) lead[token] = {};
  else if (typeof there !== "object" || there instanceof LosslessNumber) return false;
  return place(lead[token] as Record<string, unknown>, rest, value);
}
