// From the columns of a table to a lead: which column goes where, what is a number, and which make the key.
import { LosslessNumber, stringify } from "lossless-json";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { jsonNumber } from "./csv-dialect.ts";
import type { DecimalMark } from "./csv-dialect.ts";
import type { FileFault, RowFault } from "./import-faults.ts";
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

/**
 * Names for all columns of a header: without blanks around them, the second `Name` is `Name 2`, and unnamed ones at the
 * right end are no columns. Unnamed ones before stay, as "": no row may have a value there.
 */
export function columnNames(header: readonly string[]): readonly string[] {
  const names: string[] = [];
  const last = header.findLastIndex((name) => name.trim() !== "");
  for (const cell of header.slice(0, last + 1)) names.push(freeName(cell.trim(), names, header));
  return names;
}

function freeName(name: string, taken: readonly string[], header: readonly string[]): string {
  if (name === "" || !taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} ${number}`) || header.includes(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}

/** Why this mapping does not fit this header; null: it does. */
export function mappingFault(
  header: readonly string[],
  { columns, keyColumns }: ImportMapping,
): FileFault | null {
  const known = new Set(header);
  const missing = [...columns.keys(), ...keyColumns].filter((name) => !known.has(name));
  const named = header.filter((name) => name !== "");
  return missing.length === 0 ? null : { kind: "no_column", missing, header: named };
}

export type MappedRow =
  | { readonly ok: true; readonly body: string; readonly key: string | null }
  | { readonly ok: false; readonly fault: RowFault };

/** Empty cells are left out. `header`: as `columnNames` gives it. */
export function leadOfCells(
  header: readonly string[],
  cells: readonly string[],
  { columns, keyColumns }: ImportMapping,
  decimalMark: DecimalMark,
): MappedRow {
  const refuse = (fault: RowFault): MappedRow => ({ ok: false, fault });
  const beyond = cells.slice(header.length).some((cell) => cell.trim() !== "");
  if (beyond || cells.length < header.length)
    return refuse({ kind: "cell_count", cells: cells.length, columns: header.length });
  const texts = new Map<string, string>();
  const lead: Record<string, unknown> = {};
  for (const [at, name] of header.entries()) {
    const text = originalText(cells[at] ?? "");
    texts.set(name, text);
    if (text.trim() === "" || isRefusedColumn(name)) continue;
    if (name === "") return refuse({ kind: "value_without_column", column: at + 1 });
    const { to, type } = columns.get(name) ?? { to: [name], type: "text" };
    if (to === null) continue;
    const value = valueOf(text, type, decimalMark);
    if (value === undefined)
      return refuse({ kind: "not_of_type", column: name, type: type === "number" ? "number" : "boolean" });
    if (!place(lead, to, value)) return refuse({ kind: "place_taken", column: name });
  }
  const given = texts.get(refusedColumns.key) ?? "";
  const key = given !== "" ? given : keyOf(texts, keyColumns);
  if (key === undefined) return refuse({ kind: "key_empty", columns: keyColumns });
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
