// The mapping of an import as a file (YAML or JSON), for those that come again every week.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { parseTarget } from "../../exchange/import-mapping.ts";
import type { ColumnMapping } from "../../exchange/import-mapping.ts";

import { fileTrouble } from "../frame/file-trouble.ts";
import type { Texts } from "../frame/language.ts";

export interface MappingFile {
  readonly source: string | null;
  readonly columns: readonly (readonly [string, ColumnMapping])[];
  readonly key: readonly string[];
}

/** Texts: what is wrong with the file. */
export async function readMappingFile(path: string): Promise<MappingFile | Texts> {
  const wrong = (en: string, de: string): Texts => ({ en: `${path}: ${en}`, de: `${path}: ${de}` });
  let document: unknown;
  try {
    document = parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fileTrouble(error, path) ?? wrong(why, why);
  }
  if (typeof document !== "object" || document === null)
    return wrong("expected columns, key, source", "erwartet werden columns, key, source");
  const { source = null, columns = {}, key = [], ...others } = document as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return wrong(
      `${unknown} is unknown; expected columns, key, source`,
      `${unknown} ist unbekannt; erwartet werden columns, key, source`,
    );
  if (source !== null && typeof source !== "string")
    return wrong("source is the name of a source", "source ist der Name einer Quelle");
  const keys = typeof key === "string" ? [key] : key;
  if (!Array.isArray(keys) || !keys.every((name) => typeof name === "string"))
    return wrong(
      "key is the name of a column, or a list of them",
      "key ist der Name einer Spalte oder eine Liste von Namen",
    );
  if (typeof columns !== "object" || columns === null)
    return wrong("columns maps names to places", "columns ordnet Namen ihre Stellen zu");
  const mapped: (readonly [string, ColumnMapping])[] = [];
  for (const [name, target] of Object.entries(columns as Record<string, unknown>)) {
    const mapping =
      target === null ? parseTarget("") : typeof target === "string" ? parseTarget(target) : null;
    if (mapping === null)
      return wrong(
        `columns.${name}: expected email, /address/zip or revenue:number`,
        `columns.${name}: erwartet wird email, /address/zip oder revenue:number`,
      );
    mapped.push([name, mapping]);
  }
  return { source, columns: mapped, key: keys };
}
