// The rows of a file for `leadledger import`: CSV, NDJSON or a JSON list becomes rows with a body, a key, or a reason why
// not.
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import {
  declaredSeparator,
  detectDecimalMark,
  detectDelimiter,
  hasBlanksAroundQuotes,
  isBlank,
  isCsvDelimiter,
} from "../../exchange/csv-dialect.ts";
import type { CsvDelimiter, CsvDialect, DecimalMark } from "../../exchange/csv-dialect.ts";
import { csvRecords } from "../../exchange/csv-records.ts";
import type { CsvRecord } from "../../exchange/csv-records.ts";
import { binaryContent, headBytesMax, isReadable, textContent } from "../../exchange/file-content.ts";
import type { FileFault, RowFault, UnusableContent } from "../../exchange/import-faults.ts";
import { columnNames, leadOfCells, mappingFault } from "../../exchange/import-mapping.ts";
import type { ImportMapping } from "../../exchange/import-mapping.ts";
import {
  isObjectLine,
  keyOfJsonLine,
  linesOfList,
  splitRefusedLine,
} from "../../exchange/import-json-lines.ts";
import { linesOf } from "../../exchange/lines.ts";
import { decoded, detectEncoding } from "../../exchange/text-encoding.ts";
import type { TextEncoding } from "../../exchange/text-encoding.ts";

export type ImportFormat = "csv" | "ndjson";

export interface ImportFile {
  /** What its refused rows are written as. */
  readonly format: ImportFormat;
  /** One list of objects instead of an object per line. */
  readonly isList: boolean;
  readonly encoding: TextEncoding;
  /** null: JSON. */
  readonly dialect: CsvDialect | null;
  /** Rows before the header: `sep=;`. */
  readonly rowsBeforeHeader: number;
  readonly decimalMark: DecimalMark;
  /** Names of the columns; of JSON none. */
  readonly header: readonly string[];
  readonly bytes: number;
}

export interface FileRow {
  readonly row: number;
  /** JSON text; null: it cannot be a lead: `fault` says why, or it is blank. */
  readonly body: string | null;
  readonly key: string | null;
  readonly fault: RowFault | null;
  /** As it stands in the file, to be written into the file of refused rows. */
  readonly cells: readonly string[];
}

export interface GivenDialect {
  readonly format?: ImportFormat;
  readonly delimiter?: CsvDelimiter;
  readonly encoding?: TextEncoding;
  readonly decimalMark?: DecimalMark;
}

const sampleCharacters = 64 * 1024;
const lineBytesMax = 1024 * 1024;
const sampleRows = 200;
/** It is read in one piece, and takes several times as much while it is. */
const listBytesMax = 64 * 1024 * 1024;

/** Looks at the file, which can be read, without taking anything from it. */
export async function inspectFile(
  path: string,
  mapping: ImportMapping,
  given: GivenDialect,
): Promise<ImportFile | FileFault> {
  const { head, bytes } = await headOf(path);
  const binary = binaryContent(head);
  if (binary !== null) return { kind: binary };
  const encoding = given.encoding ?? (await detectEncoding(createReadStream(path)));
  if (!isReadable(encoding, head)) return { kind: "binary" };
  const sample = await sampleOf(path, encoding);
  const { kind } = given.format === "csv" ? ({ kind: "csv" } as const) : textContent(sample);
  switch (kind) {
    case "csv":
      if (given.format !== "ndjson") return inspectCsv(path, mapping, given, { bytes, encoding, sample });
      return jsonFile({ isList: false, bytes, encoding });
    case "json_lines":
      return jsonFile({ isList: false, bytes, encoding });
    case "json_list": {
      const fault = await listFault(path, encoding, bytes);
      return fault === null ? jsonFile({ isList: true, bytes, encoding }) : { kind: fault };
    }
    default:
      return { kind };
  }
}

interface Looked {
  readonly bytes: number;
  readonly encoding: TextEncoding;
}

function jsonFile(looked: Looked & { readonly isList: boolean }): ImportFile {
  return {
    format: "ndjson",
    dialect: null,
    rowsBeforeHeader: 0,
    decimalMark: "point",
    header: [],
    ...looked,
  };
}

async function listFault(
  path: string,
  encoding: TextEncoding,
  bytes: number,
): Promise<UnusableContent | null> {
  if (bytes > listBytesMax) return "json_too_large";
  const lines = linesOfList(await textOf(path, encoding));
  if (lines === null) return "json_broken";
  if (lines.length === 0) return null;
  return lines.some(isObjectLine) ? null : "json_not_a_list";
}

async function inspectCsv(
  path: string,
  mapping: ImportMapping,
  given: GivenDialect,
  { bytes, encoding, sample }: Looked & { readonly sample: string },
): Promise<ImportFile | FileFault> {
  const declared = declaredSeparator(sample);
  if (declared !== null && given.delimiter === undefined && !isCsvDelimiter(declared))
    return { kind: "unknown_separator", found: declared };
  const ofFile = declared !== null && isCsvDelimiter(declared) ? declared : detectDelimiter(sample);
  const delimiter = given.delimiter ?? ofFile;
  const dialect = { delimiter, hasBlanksAroundQuotes: hasBlanksAroundQuotes(sample) };
  const rowsBeforeHeader = declared === null ? 0 : 1;
  const { header, numbers } = await lookInto(path, { encoding, dialect, rowsBeforeHeader }, mapping);
  if (header.length === 0) return { kind: "empty" };
  const fault = mappingFault(header, mapping);
  if (fault !== null) return fault;
  const decimalMark = given.decimalMark ?? detectDecimalMark(numbers, delimiter);
  return { format: "csv", isList: false, encoding, dialect, rowsBeforeHeader, decimalMark, header, bytes };
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
    file.dialect === null
      ? jsonRows(path, file, mapping, onBytes)
      : csvRows(path, { ...file, dialect: file.dialect }, mapping, onBytes);
  let seen = 0;
  for await (const row of rows) {
    seen += 1;
    if (seen > skipRows) yield row;
  }
}

/** Nothing stands in the row: no lead, and nothing to mend. */
export function isBlankRow({ body, fault }: FileRow): boolean {
  return body === null && fault === null;
}

type TableFile = Pick<ImportFile, "encoding" | "rowsBeforeHeader"> & { readonly dialect: CsvDialect };

async function* csvRows(
  path: string,
  file: TableFile & Pick<ImportFile, "decimalMark">,
  mapping: ImportMapping,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRow, void> {
  let header: readonly string[] | null = null;
  for await (const record of tableRecords(counted(path, onBytes), file)) {
    const { row } = record;
    const unusable = { row, body: null, key: null };
    if ("fault" in record) yield { ...unusable, fault: record.fault, cells: [record.text] };
    else if (header === null) header = isBlank(record.cells) ? null : columnNames(record.cells);
    else if (isBlank(record.cells)) yield { ...unusable, fault: null, cells: record.cells };
    else {
      const { cells } = record;
      const mapped = leadOfCells(header, cells, mapping, file.decimalMark);
      yield mapped.ok
        ? { row, body: mapped.body, key: mapped.key, fault: null, cells }
        : { ...unusable, fault: mapped.fault, cells };
    }
  }
}

/** Header first, though blank rows may come before it. */
async function* tableRecords(
  bytes: AsyncIterable<Uint8Array>,
  { encoding, dialect, rowsBeforeHeader }: TableFile,
): AsyncGenerator<CsvRecord, void> {
  for await (const record of csvRecords(decoded(bytes, encoding), dialect))
    if (record.row > rowsBeforeHeader) yield record;
}

async function* jsonRows(
  path: string,
  { encoding, isList }: Pick<ImportFile, "encoding" | "isList">,
  { keyColumns }: ImportMapping,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRow, void> {
  const lines = isList
    ? (linesOfList(await textOf(path, encoding)) ?? [])
    : jsonLines(path, encoding, onBytes);
  let row = 0;
  for await (const text of lines) {
    row += 1;
    yield rowOfLine(row, text, keyColumns);
  }
}

async function* jsonLines(
  path: string,
  encoding: TextEncoding,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string, void> {
  const chunks = counted(path, onBytes);
  const bytes = encoding === "utf-8" ? chunks : inUtf8(decoded(chunks, encoding));
  for await (const line of linesOf(bytes, lineBytesMax)) yield line.toString("utf8").replace(/^\uFEFF/, "");
}

async function* inUtf8(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  for await (const text of texts) yield Buffer.from(text);
}

function rowOfLine(row: number, text: string, keyColumns: readonly string[]): FileRow {
  if (text.trim() === "") return { row, body: null, key: null, fault: null, cells: [text] };
  const { body, key: earlier } = splitRefusedLine(text);
  const cells = [body];
  const key = earlier ?? keyOfJsonLine(body, keyColumns);
  if (key === undefined)
    return { row, body: null, key: null, fault: { kind: "key_missing", places: keyColumns }, cells };
  return { row, body, key, fault: null, cells };
}

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    bytes += (chunk as Buffer).length;
    onBytes(bytes);
    yield chunk as Buffer;
  }
}

async function headOf(path: string): Promise<{ readonly head: Buffer; readonly bytes: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0);
    return { head: buffer.subarray(0, bytesRead), bytes: size };
  } finally {
    await file.close();
  }
}

async function textOf(path: string, encoding: TextEncoding): Promise<string> {
  return new TextDecoder(encoding).decode(await readFile(path));
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
  file: TableFile,
  { columns }: ImportMapping,
): Promise<{ header: readonly string[]; numbers: readonly string[] }> {
  let header: readonly string[] = [];
  const numbers: string[] = [];
  let rows = 0;
  for await (const record of tableRecords(createReadStream(path), file)) {
    if ("fault" in record || isBlank(record.cells)) continue;
    if (rows === 0) header = columnNames(record.cells);
    else
      header.forEach((name, at) => {
        if (columns.get(name)?.type === "number") numbers.push(record.cells[at] ?? "");
      });
    rows += 1;
    if (rows > sampleRows) break;
  }
  return { header, numbers };
}
