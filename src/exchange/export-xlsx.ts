// A workbook for Excel and its like, written while the rows come: nothing of it is kept in memory.
import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { ExportColumn, ExportRow } from "../ledger/import-export/export-rows.ts";
import { cellOf } from "./export-cells.ts";
import { cellStyles, cellXml, columnLetters, textXml } from "./xlsx-cells.ts";
import { sheetHead, sheetPart, sheetTail, workbookParts } from "./xlsx-parts.ts";

/** Excel's own limit, the header included; what goes beyond stands on a further sheet. */
const sheetRowsMax = 1_048_576;

export async function* xlsxFile(
  columns: readonly ExportColumn[],
  pages: AsyncIterable<readonly ExportRow[]>,
  title: string,
  rowsMax = sheetRowsMax,
): AsyncGenerator<Buffer, void> {
  const zip = new ZipFile();
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  const source = new SheetSource(columns, pages, rowsMax);
  const written = writeSheets(zip, source, title);
  // Whoever reads the output learns of it.
  written.catch((error: unknown) => output.destroy(error as Error));
  try {
    for await (const chunk of output) yield chunk as Buffer;
    await written;
  } finally {
    output.destroy();
    await source.end();
  }
}

async function writeSheets(zip: ZipFile, source: SheetSource, title: string): Promise<void> {
  const names: string[] = [];
  do {
    const sheet = Readable.from(source.sheet(), { objectMode: false });
    names.push(names.length === 0 ? title : `${title} (${names.length + 1})`);
    zip.addReadStreamLazy(sheetPart(names.length), (answer) => answer(null, sheet));
    await finished(sheet);
  } while (source.hasMore);
  for (const [name, text] of workbookParts(names)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
}

/** Hands the rows out sheet by sheet. */
class SheetSource {
  hasMore = false;
  readonly #columns: readonly ExportColumn[];
  readonly #letters: readonly string[];
  readonly #pages: AsyncIterator<readonly ExportRow[]>;
  readonly #rowsMax: number;
  #waiting: readonly ExportRow[] = [];

  constructor(columns: readonly ExportColumn[], pages: AsyncIterable<readonly ExportRow[]>, rowsMax: number) {
    this.#columns = columns;
    this.#letters = columns.map((_column, index) => columnLetters(index));
    this.#pages = pages[Symbol.asyncIterator]();
    this.#rowsMax = rowsMax;
  }

  async *sheet(): AsyncGenerator<string, void> {
    yield sheetHead + this.#header();
    let row = 1;
    for (;;) {
      if (this.#waiting.length === 0) {
        const next = await this.#pages.next();
        if (next.done === true) break;
        this.#waiting = next.value;
      }
      const fitting = this.#waiting.slice(0, this.#rowsMax - row);
      this.#waiting = this.#waiting.slice(fitting.length);
      yield fitting.map((values) => this.#row((row += 1), values)).join("");
      if (row >= this.#rowsMax) break;
    }
    yield sheetTail;
    this.hasMore = await this.#hasRows();
  }

  async end(): Promise<void> {
    await this.#pages.return?.();
  }

  async #hasRows(): Promise<boolean> {
    while (this.#waiting.length === 0) {
      const next = await this.#pages.next();
      if (next.done === true) return false;
      this.#waiting = next.value;
    }
    return true;
  }

  #header(): string {
    const cells = this.#columns.map(({ name }, at) =>
      textXml(`${this.#letters[at]}1`, name, cellStyles.header),
    );
    return `<row r="1">${cells.join("")}</row>\n`;
  }

  #row(number: number, values: ExportRow): string {
    let cells = "";
    this.#columns.forEach(({ kind }, at) => {
      cells += cellXml(`${this.#letters[at]}${number}`, cellOf(kind, values[at] ?? null));
    });
    return `<row r="${number}">${cells}</row>\n`;
  }
}
