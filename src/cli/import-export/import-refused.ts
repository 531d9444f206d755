// The file of refused rows: mended, it can be imported again as it is.
import { existsSync } from "node:fs";
import { appendFile, truncate } from "node:fs/promises";
import { csvText } from "../../exchange/csv-text.ts";
import { refusedColumns } from "../../exchange/import-mapping.ts";
import { refusedLine } from "../../exchange/import-json-lines.ts";
import { originalText, plainText } from "../../exchange/spreadsheet-text.ts";
import type { FileRow, ImportFile } from "./import-source.ts";

export interface RefusedRow {
  readonly row: FileRow;
  /** The key it was refused under: mended under the same one it is the same lead. */
  readonly key: string | null;
  readonly reason: string;
}

export interface RefusedFile {
  /** null: nothing was refused yet. */
  readonly path: string | null;
  readonly bytes: number;
  add(rows: readonly RefusedRow[]): Promise<void>;
}

/** `earlier`: where an import that was interrupted has written to, and how much of it counts. */
export async function openRefusedFile(
  importPath: string,
  file: ImportFile,
  earlier: { readonly path: string | null; readonly bytes: number } | null,
): Promise<RefusedFile> {
  let path = earlier?.path ?? null;
  let bytes = path === null ? 0 : (earlier?.bytes ?? 0);
  if (path !== null && existsSync(path)) await truncate(path, bytes);
  const write = async (text: string): Promise<void> => {
    path ??= freeName(importPath, file.format);
    await appendFile(path, text, { mode: 0o600 });
    bytes += Buffer.byteLength(text);
  };
  return {
    get path() {
      return path;
    },
    get bytes() {
      return bytes;
    },
    async add(rows) {
      if (rows.length === 0) return;
      if (file.format === "ndjson") {
        await write(rows.map((row) => `${jsonLine(row)}\n`).join(""));
        return;
      }
      if (bytes === 0)
        await write(`\uFEFF${csv([[...ownColumns(file), ...Object.values(refusedColumns)]], file)}`);
      await write(
        csv(
          rows.map((row) => csvCells(row, file)),
          file,
        ),
      );
    },
  };
}

/** What is being mended is not overwritten. */
function freeName(importPath: string, format: ImportFile["format"]): string {
  const base = importPath.replace(/\.(?:csv|tsv|txt|ndjson|jsonl|json)$/i, "");
  for (let number = 1; ; number += 1) {
    const path = `${base}.refused${number === 1 ? "" : `-${number}`}.${format}`;
    if (!existsSync(path)) return path;
  }
}

function ownColumns({ header }: ImportFile): readonly string[] {
  return header.filter(isOwnColumn);
}

/** Not one that an earlier file of refused rows has added. */
function isOwnColumn(name: string): boolean {
  return !(Object.values(refusedColumns) as readonly string[]).includes(name);
}

function separatorOf({ dialect }: ImportFile): string {
  return dialect?.delimiter ?? ",";
}

/** Cells stand as they stood in the file, under the same names; a row of another length is padded, or its rest joined. */
function csvCells({ row, key, reason }: RefusedRow, file: ImportFile): string[] {
  const cells = file.header.flatMap((name, at) => (isOwnColumn(name) ? [harmless(row.cells[at] ?? "")] : []));
  const beyond = row.cells.slice(file.header.length);
  const last = cells.length - 1;
  if (beyond.some((cell) => cell.trim() !== ""))
    cells[last] = [cells[last] ?? "", ...beyond].join(separatorOf(file));
  return [...cells, plainText(key ?? ""), String(row.row), plainText(reason)];
}

function csv(records: string[][], file: ImportFile): string {
  return csvText(records, separatorOf(file));
}

function jsonLine({ row, key, reason }: RefusedRow): string {
  return refusedLine(row.cells[0] ?? "", { row: row.row, key, reason });
}

/** A person opens this file in a spreadsheet; importing takes the mark away again. */
function harmless(cell: string): string {
  return plainText(originalText(cell));
}
