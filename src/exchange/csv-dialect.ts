// Which character separates the cells of a CSV file, and whether its numbers have decimal commas.
import { parse } from "csv-parse/sync";

export const csvDelimiters = [";", ",", "\t", "|"] as const;
export type CsvDelimiter = (typeof csvDelimiters)[number];

/** How the cells of a file are told apart. */
export interface CsvDialect {
  readonly delimiter: CsvDelimiter;
  /** As in `"Name", "E-Mail"`: blanks beside quotation marks belong to no cell. */
  readonly hasBlanksAroundQuotes: boolean;
}

/** Whether blanks stand between a separator and a quotation mark anywhere in the sample. */
export function hasBlanksAroundQuotes(sample: string): boolean {
  return /(?:^|[;,|])[ \t\u00A0]+"|"[ \t\u00A0]+(?:[;,|]|\r?$)/m.test(sample);
}

/** What the first line says where Excel, or a program for it, wrote `sep=;`; null: it is no such line. */
export function declaredSeparator(sample: string): string | null {
  const [, found] = /^\uFEFF?"?sep=("[^"]"|[^\r\n"]*)"?[^\S\r\n\t]*(?:\r\n|\r|\n|$)/i.exec(sample) ?? [];
  if (found === undefined) return null;
  return /^\\t$|^tab$/i.test(found) ? "\t" : found;
}

export function isCsvDelimiter(text: string): text is CsvDelimiter {
  return (csvDelimiters as readonly string[]).includes(text);
}

const sampleRecordsMax = 50;

/** The one that splits the first records most evenly, and into most cells; a single column has a comma. */
export function detectDelimiter(sample: string): CsvDelimiter {
  let best: { delimiter: CsvDelimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of csvDelimiters) {
    const score = scoreOf(sample, delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function scoreOf(sample: string, delimiter: CsvDelimiter): number {
  const widths = recordsOf(sample, delimiter).map(({ length }) => length);
  const [header = 1] = widths;
  if (header < 2) return 0;
  const even = widths.filter((width) => width === header).length / widths.length;
  return even * even * header;
}

/** The sample may end in the middle of a record, which is left out unless it is the only one. */
function recordsOf(sample: string, delimiter: CsvDelimiter): string[][] {
  const records: string[][] = [];
  try {
    parse(sample, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_error: true,
      to: sampleRecordsMax,
      trim: hasBlanksAroundQuotes(sample),
      on_record(record: string[]) {
        if (!isBlank(record)) records.push(record);
      },
    });
  } catch {
    // What was read until then is enough to judge by.
  }
  return records.length > 1 ? records.slice(0, -1) : records;
}

/** Nothing stands in any cell. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === "");
}

export type DecimalMark = "comma" | "point";

/** By what the numbers themselves show; where nothing does, 1.234 beside semicolons is one thousand. */
export function detectDecimalMark(numbers: readonly string[], delimiter: CsvDelimiter): DecimalMark {
  let comma = 0;
  let point = 0;
  for (const text of numbers) {
    const number = text.replaceAll(/[^\d.,]/g, "");
    const [lastComma, lastPoint] = [number.lastIndexOf(","), number.lastIndexOf(".")];
    if (lastComma < 0 && lastPoint < 0) continue;
    if (lastComma >= 0 && lastPoint >= 0) {
      if (lastComma > lastPoint) comma += 1;
      else point += 1;
      continue;
    }
    const mark = lastComma >= 0 ? "," : ".";
    const groups = number.split(mark);
    // 1.234.567 has no decimals, 1.234 says nothing, 1.5 says all.
    const isThousands = groups.slice(1).every((group) => group.length === 3) && (groups[0] ?? "").length <= 3;
    if (isThousands && groups.length === 2) continue;
    const speaksForComma = (mark === ",") !== isThousands;
    if (speaksForComma) comma += 1;
    else point += 1;
  }
  if (comma !== point) return comma > point ? "comma" : "point";
  return delimiter === ";" ? "comma" : "point";
}

/** The JSON number that a text means, digit by digit; null: it is none. Currency signs and spaces around it do not count. */
export function jsonNumber(text: string, mark: DecimalMark): string | null {
  const bare = text
    .trim()
    .replace(/^(?:€|\$|EUR)/, "")
    .replace(/(?:€|\$|EUR|%)$/, "")
    .trim();
  const [thousands, decimal] = mark === "comma" ? [/[.'\u00a0\u202f ]/g, ","] : [/[,'\u00a0\u202f ]/g, "."];
  const shape =
    mark === "comma"
      ? /^[+-]?(?:\d{1,3}(?:[.'\u00a0\u202f ]\d{3})+|\d+)(?:,\d+)?$/
      : /^[+-]?(?:\d{1,3}(?:[,'\u00a0\u202f ]\d{3})+|\d+)(?:\.\d+)?$/;
  if (!shape.test(bare)) return null;
  const plain = bare.replaceAll(thousands, "").replace(decimal, ".").replace(/^\+/, "");
  return plain.replace(/^(-?)0+(?=\d)/, "$1");
}
