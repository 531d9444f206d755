// The mapping of an import as a file (YAML or JSON), for those that come again every week.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { parseTarget } from "../exchange/import-mapping.ts";
import type { ColumnMapping } from "../exchange/import-mapping.ts";

export interface MappingFile {
  readonly source: string | null;
  readonly columns: readonly (readonly [string, ColumnMapping])[];
  readonly key: readonly string[];
}

/** A text: what is wrong with the file. */
export async function readMappingFile(path: string): Promise<MappingFile | string> {
  let document: unknown;
  try {
    document = parse(await readFile(path, "utf8"));
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (typeof document !== "object" || document === null) return `${path}: expected columns, key, source`;
  const { source = null, columns = {}, key = [], ...others } = document as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `${path}: ${unknown} is unknown; expected columns, key, source`;
  if (source !== null && typeof source !== "string") return `${path}: source is the name of a source`;
  const keys = typeof key === "string" ? [key] : key;
  if (!Array.isArray(keys) || !keys.every((name) => typeof name === "string"))
    return `${path}: key is the name of a column, or a list of them`;
  if (typeof columns !== "object" || columns === null) return `${path}: columns maps names to places`;
  const mapped: (readonly [string, ColumnMapping])[] = [];
  for (const [name, target] of Object.entries(columns as Record<string, unknown>)) {
    const mapping =
      target === null ? parseTarget("") : typeof target === "string" ? parseTarget(target) : null;
    if (mapping === null) return `${path}: columns.${name}: expected email, /address/zip or revenue:number`;
    mapped.push([name, mapping]);
  }
  return { source, columns: mapped, key: keys };
}
