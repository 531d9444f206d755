// The records of a CSV file one by one; what cannot be read becomes a fault in its place instead of an end.
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import type { CsvDelimiter } from "./csv-dialect.ts";

/** Numbered as a spreadsheet shows them: the header is row 1. */
export type CsvRecord =
  | { readonly row: number; readonly cells: readonly string[] }
  | { readonly row: number; readonly fault: string; readonly text: string };

/** Of one record, quoted line breaks included: far more than any lead may have. */
const recordCharactersMax = 1024 * 1024;
const keptTextMax = 2_000;

export async function* csvRecords(
  texts: AsyncIterable<string>,
  delimiter: CsvDelimiter,
): AsyncGenerator<CsvRecord, void> {
  const faults: { line: number; code: string; text: string }[] = [];
  const parser = parse({
    ...{ delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
    ...{ skip_records_with_error: true, max_record_size: recordCharactersMax, raw: true },
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
  for (const { line, code, text } of faults) yield { row: (row += 1), fault: faultText(code, line), text };
}

function faultText(code: string, line: number): string {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return `a cell begins with a quotation mark that is never closed; it swallowed everything up to line ${line}`;
    case "CSV_MAX_RECORD_SIZE":
      return `a row near line ${line} has more than ${recordCharactersMax} characters; perhaps a quotation mark is not closed`;
    default:
      return `a row near line ${line} cannot be read`;
  }
}
