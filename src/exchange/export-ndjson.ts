// One JSON object per line, with every number as the database has it.
import type { ExportColumn, ExportRow } from "../ledger/import-export/export-rows.ts";

export async function* ndjsonFile(
  columns: readonly ExportColumn[],
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string, void> {
  const heads = columns.map(({ name }, index) => `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  for await (const rows of pages) {
    let text = "";
    for (const row of rows) {
      for (let at = 0; at < columns.length; at += 1)
        text += (heads[at] ?? "") + jsonOf(columns[at], row[at] ?? null);
      text += "}\n";
    }
    yield text;
  }
}

function jsonOf(column: ExportColumn | undefined, text: string | null): string {
  if (text === null || column === undefined) return "null";
  switch (column.kind) {
    case "text":
    case "time":
    case "date":
      return JSON.stringify(text);
    case "number":
    case "boolean":
    case "json":
    case "field":
      return text;
  }
}
