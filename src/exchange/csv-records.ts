// The records of a CSV file one by one; what cannot be read becomes a fault in its place instead of an end.
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import type { CsvDialect } from "./csv-dialect.ts";
import type { RowFault } from "./import-faults.ts";

/** Numbered as a spreadsheet shows them: what comes first is row 1, and empty rows count along. */
export type CsvRecord =
  | { readonly row: number; readonly cells: readonly string[] }
  | { readonly row: number; readonly fault: RowFault; readonly text: string };

/** Of one record, quoted line breaks included: far more than any lead may have. */
const recordCharactersMax = 1024 * 1024;
const keptTextMax = 2_000;

export async function* csvRecords(
  texts: AsyncIterable<string>,
  { delimiter, hasBlanksAroundQuotes }: CsvDialect,
): AsyncGenerator<CsvRecord, void> {
  const faults: { line: number; code: string; text: string }[] = [];
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    trim: hasBlanksAroundQuotes,
    // Programs that append to a file of another system mix them.
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_records_with_error: true,
    max_record_size: recordCharactersMax,
    raw: true,
    on_skip: (error, raw) =>
      void faults.push({
        line: Number(error?.lines ?? 0),
        code: error?.code ?? "",
        text: (raw ?? "").slice(0, keptTextMax),
      }),
  });
  const source = Readable.from(texts);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let row = 0;
  try {
    for await (const read of parser) yield { row: (row += 1), cells: (read as { record: string[] }).record };
  } finally {
    source.destroy();
  }
  for (const { line, code, text } of faults) yield { row: (row += 1), fault: faultOf(code, line), text };
}

function faultOf(code: string, line: number): RowFault {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return { kind: "quote_not_closed", line };
    case "CSV_MAX_RECORD_SIZE":
      return { kind: "row_too_long", line, charactersMax: recordCharactersMax };
    default:
      return { kind: "row_unreadable", line };
  }
}
