// CSV (RFC 4180), for programs, or so that a German Excel opens it with a double click.
import type { ExportColumn, ExportRow } from "../ledger/import-export/export-rows.ts";
import { csvText } from "./csv-text.ts";
import { cellOf } from "./export-cells.ts";
import type { Cell } from "./export-cells.ts";
import { excelText, plainText } from "./spreadsheet-text.ts";

export interface CsvStyle {
  readonly delimiter: "," | ";";
  readonly byteOrderMark: boolean;
  readonly write: (cell: Cell) => string;
}

export const plainCsv: CsvStyle = {
  delimiter: ",",
  byteOrderMark: false,
  write: ({ kind, text }) => (kind === "text" || kind === "json" ? plainText(text) : text),
};

/** Without the mark Excel reads Windows-1252. */
export const excelDeCsv: CsvStyle = { delimiter: ";", byteOrderMark: true, write: excelDeCell };

export async function* csvFile(
  columns: readonly ExportColumn[],
  pages: AsyncIterable<readonly ExportRow[]>,
  style: CsvStyle,
): AsyncGenerator<string, void> {
  const csv = (records: string[][]): string => csvText(records, style.delimiter);
  // A header may come from the caller: it names fields of the lead.
  yield `${style.byteOrderMark ? "\uFEFF" : ""}${csv([columns.map(({ name }) => plainText(name))])}`;
  for await (const rows of pages)
    yield csv(rows.map((row) => columns.map((column, at) => written(column, row[at] ?? null, style))));
}

function written({ kind }: ExportColumn, text: string | null, style: CsvStyle): string {
  const cell = cellOf(kind, text);
  return cell === null ? "" : style.write(cell);
}

function excelDeCell({ kind, text }: Cell): string {
  switch (kind) {
    case "text":
    case "json":
      return excelText(text);
    case "number":
      // A number of more digits than Excel has would be rounded.
      return text.replaceAll(/\D/g, "").length > 15 ? `="${text}"` : text.replace(".", ",");
    case "boolean":
      return text === "true" ? "WAHR" : "FALSCH";
    case "time":
    case "date":
      return text.replace(/^(\d+)-(\d\d)-(\d\d)/, "$3.$2.$1");
  }
}
