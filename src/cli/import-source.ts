// The rows of a file for `leadledger import`: CSV or NDJSON becomes rows with a body, a key, or a reason why not.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { detectDecimalMark, detectDelimiter } from "../exchange/csv-dialect.ts";
import type { CsvDelimiter, DecimalMark } from "../exchange/csv-dialect.ts";
import { csvRecords } from "../exchange/csv-records.ts";
import { leadOfCells, mappingFault } from "../exchange/import-mapping.ts";
import type { ImportMapping } from "../exchange/import-mapping.ts";
import { keyOfJsonLine, splitRefusedLine } from "../exchange/import-json-lines.ts";
import { linesOf } from "../exchange/lines.ts";
import { decoded, detectEncoding } from "../exchange/text-encoding.ts";
import type { TextEncoding } from "../exchange/text-encoding.ts";

export type ImportFormat = "csv" | "ndjson";

export interface ImportFile {
  readonly format: ImportFormat;
  readonly encoding: TextEncoding;
  /** null: NDJSON. */
  readonly delimiter: CsvDelimiter | null;
  readonly decimalMark: DecimalMark;
  /** Names of the columns; of NDJSON none. */
  readonly header: readonly string[];
  readonly bytes: number;
}

export interface FileRow {
  readonly row: number;
  /** JSON text; null: it cannot be a lead, and `reason` says why. */
  readonly body: string | null;
  readonly key: string | null;
  readonly reason: string | null;
  /** As it stands in the file, to be written into the file of refused rows. */
  readonly cells: readonly string[];
}

const sampleCharacters = 64 * 1024;
const lineBytesMax = 1024 * 1024;
const sampleRows = 200;

/** Looks at the file without taking anything from it. A text: why it cannot be imported. */
export async function inspectFile(
  path: string,
  format: ImportFormat,
  mapping: ImportMapping,
  given: {
    readonly delimiter?: CsvDelimiter;
    readonly encoding?: TextEncoding;
    readonly decimalMark?: DecimalMark;
  },
): Promise<ImportFile | string> {
  const bytes = await sizeOf(path);
  if (bytes === null) return `no such file: ${path}`;
  if (format === "ndjson")
    return { format, encoding: "utf-8", delimiter: null, decimalMark: "point", header: [], bytes };
  const encoding = given.encoding ?? (await detectEncoding(createReadStream(path)));
  const delimiter = given.delimiter ?? detectDelimiter(await sampleOf(path, encoding));
  const { header, numbers } = await lookInto(path, encoding, delimiter, mapping);
  if (header.length === 0) return "the file is empty";
  const fault = mappingFault(header, mapping);
  if (fault !== null) return fault;
  const decimalMark = given.decimalMark ?? detectDecimalMark(numbers, delimiter);
  return { format, encoding, delimiter, decimalMark, header, bytes };
}

/** All rows after `skipRows` of them, in the file's order. `onBytes` is told how much has been read. */
export async function* rowsOf(
  path: string,
  file: ImportFile,
  mapping: ImportMapping,
  skipRows: number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRow, void> {
  const rows =
    file.delimiter === null ? jsonRows(path, mapping, onBytes) : csvRows(path, file, mapping, onBytes);
  let seen = 0;
  for await (const row of rows) {
    seen += 1;
    if (seen > skipRows) yield row;
  }
}

async function* csvRows(
  path: string,
  { encoding, delimiter, decimalMark }: ImportFile,
  mapping: ImportMapping,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRow, void> {
  const texts = decoded(counted(path, onBytes), encoding);
  let header: readonly string[] | null = null;
  for await (const record of csvRecords(texts, delimiter ?? ",")) {
    const { row } = record;
    if ("fault" in record) yield { row, body: null, key: null, reason: record.fault, cells: [record.text] };
    else if (header === null) header = record.cells.map((name) => name.trim());
    else {
      const mapped = leadOfCells(header, record.cells, mapping, decimalMark);
      const { cells } = record;
      yield mapped.ok
        ? { row, body: mapped.body, key: mapped.key, reason: null, cells }
        : { row, body: null, key: null, reason: mapped.reason, cells };
    }
  }
}

async function* jsonRows(
  path: string,
  { keyColumns }: ImportMapping,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRow, void> {
  let row = 0;
  for await (const bytes of linesOf(counted(path, onBytes), lineBytesMax)) {
    row += 1;
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    if (text.trim() === "") continue;
    const { body, key: earlier } = splitRefusedLine(text);
    const cells = [body];
    const key = earlier ?? keyOfJsonLine(body, keyColumns);
    if (key === undefined) {
      const names = keyColumns.join(", ");
      yield {
        row,
        body: null,
        key: null,
        reason: `has no value at ${names}, where the key is, or is no JSON object`,
        cells,
      };
    } else yield { row, body, key, reason: null, cells };
  }
}

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    bytes += (chunk as Buffer).length;
    onBytes(bytes);
    yield chunk as Buffer;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    await file.close();
    return size;
  } catch {
    return null;
  }
}

async function sampleOf(path: string, encoding: TextEncoding): Promise<string> {
  let sample = "";
  for await (const text of decoded(createReadStream(path), encoding)) {
    sample += text;
    if (sample.length >= sampleCharacters) break;
  }
  return sample.slice(0, sampleCharacters);
}

/** The header, and what stands in the columns of numbers near the beginning. */
async function lookInto(
  path: string,
  encoding: TextEncoding,
  delimiter: CsvDelimiter,
  { columns }: ImportMapping,
): Promise<{ header: readonly string[]; numbers: readonly string[] }> {
  let header: readonly string[] = [];
  const numbers: string[] = [];
  let rows = 0;
  for await (const record of csvRecords(decoded(createReadStream(path), encoding), delimiter)) {
    if ("fault" in record) continue;
    if (rows === 0) header = record.cells.map((name) => name.trim());
    else
      header.forEach((name, at) => {
        if (columns.get(name)?.type === "number") numbers.push(record.cells[at] ?? "");
      });
    rows += 1;
    if (rows > sampleRows) break;
  }
  return { header, numbers };
}
