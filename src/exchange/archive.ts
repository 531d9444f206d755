// The file that a whole installation moves in: NDJSON, compressed. The first line says what it is and which key its
// secrets need, a line names each table before its rows, and the last one says how many there were, with a checksum over
// everything before it.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { ArchiveError } from "../ledger/import-export/archive-rows.ts";
import type { ArchivePiece } from "../ledger/import-export/archive-rows.ts";
import { linesOf, LineTooLongError } from "./lines.ts";

const archiveFormat = 1;
/** A row holds a body of 256 kB at the most by default, and bodies stand in it as texts. */
const lineBytesMax = 64 * 1024 * 1024;

export interface ArchiveHead {
  readonly leadledger_archive: number;
  /** Of the program that wrote it. */
  readonly version: string;
  /** Of the root key (LEADLEDGER_KEY) that the secrets in it are encrypted under. */
  readonly key_fingerprint: string;
  readonly migrations: readonly string[];
  readonly sequences: Readonly<Record<string, readonly [string, boolean]>>;
}

interface ArchiveEnd {
  readonly end: true;
  readonly rows: Readonly<Record<string, number>>;
  readonly sha256: string;
}

/** The archive's bytes. */
export function writeArchive(
  pieces: AsyncIterable<ArchivePiece>,
  about: Pick<ArchiveHead, "version" | "key_fingerprint">,
): Readable {
  const plain = Readable.from(archiveText(pieces, about), { objectMode: false });
  const zipped = createGzip();
  plain.on("error", (error) => zipped.destroy(error));
  zipped.on("close", () => plain.destroy());
  return plain.pipe(zipped);
}

async function* archiveText(
  pieces: AsyncIterable<ArchivePiece>,
  { version, key_fingerprint }: Pick<ArchiveHead, "version" | "key_fingerprint">,
): AsyncGenerator<string, void> {
  const sum = createHash("sha256");
  const rows: Record<string, number> = {};
  let table = "";
  for await (const piece of pieces) {
    let text: string;
    switch (piece.kind) {
      case "head": {
        const { migrations, sequences } = piece;
        const head: ArchiveHead = {
          leadledger_archive: archiveFormat,
          version,
          key_fingerprint,
          migrations,
          sequences,
        };
        text = `${JSON.stringify(head)}\n`;
        break;
      }
      case "table":
        table = piece.table.name;
        rows[table] = 0;
        text = `${JSON.stringify({ table, columns: piece.table.columns })}\n`;
        break;
      case "rows":
        rows[table] = (rows[table] ?? 0) + piece.rows.length;
        text = `${piece.rows.join("\n")}\n`;
        break;
    }
    sum.update(text);
    yield text;
  }
  const end: ArchiveEnd = { end: true, rows, sha256: sum.digest("hex") };
  yield `${JSON.stringify(end)}\n`;
}

/** What the first line says; null: this is no archive, or one of a later format. */
export async function readArchiveHead(zipped: Readable): Promise<ArchiveHead | null> {
  try {
    for await (const line of linesOf(unzipped(zipped), lineBytesMax)) return headOf(line);
    return null;
  } catch (error) {
    if (isAboutTheFile(error)) return null;
    throw error;
  } finally {
    zipped.destroy();
  }
}

const batchRowsMax = 500;
const batchBytesMax = 1024 * 1024;

/** For `writeInstallation`: throws ArchiveError before the end where the file is not whole. */
export async function* readArchive(zipped: Readable): AsyncGenerator<ArchivePiece, void> {
  const sum = createHash("sha256");
  const rows: Record<string, number> = {};
  let table: string | null = null;
  let batch: string[] = [];
  let batchBytes = 0;
  let isFirst = true;
  let end: ArchiveEnd | null = null;
  try {
    for await (const line of linesOf(unzipped(zipped), lineBytesMax)) {
      if (end !== null) throw damaged("something follows the last line");
      const isRow = line[0] === openBracket;
      if (
        batch.length > 0 &&
        (!isRow || batch.length >= batchRowsMax || batchBytes + line.length > batchBytesMax)
      ) {
        yield { kind: "rows", rows: batch };
        batch = [];
        batchBytes = 0;
      }
      if (isRow) {
        if (table === null) throw damaged("rows come before their table");
        rows[table] = (rows[table] ?? 0) + 1;
        batch.push(line.toString("utf8"));
        batchBytes += line.length;
      } else if (isFirst) {
        const head = headOf(line);
        if (head === null) throw damaged("the first line");
        yield { kind: "head", migrations: head.migrations, sequences: head.sequences };
      } else {
        const said = parsed(line) as Partial<
          ArchiveEnd & { table: string; columns: readonly string[] }
        > | null;
        if (said?.end === true) {
          end = said as ArchiveEnd;
          continue;
        }
        if (said?.table === undefined || said.columns === undefined) throw damaged("a line of another kind");
        table = said.table;
        rows[table] = 0;
        yield { kind: "table", table: { name: table, columns: said.columns } };
      }
      isFirst = false;
      sum.update(line).update("\n");
    }
  } catch (error) {
    throw isAboutTheFile(error) ? damaged("the compression, or a line") : error;
  } finally {
    zipped.destroy();
  }
  if (end === null) throw damaged("the end is missing");
  if (end.sha256 !== sum.digest("hex")) throw damaged("the checksum");
  if (JSON.stringify(end.rows) !== JSON.stringify(rows)) throw damaged("the number of rows");
}

const openBracket = 0x5b;

function unzipped(zipped: Readable): AsyncIterable<Uint8Array> {
  const plain = createGunzip();
  zipped.on("error", (error) => plain.destroy(error));
  return zipped.pipe(plain);
}

function headOf(line: Buffer): ArchiveHead | null {
  const head = parsed(line) as Partial<ArchiveHead> | null;
  return head?.leadledger_archive === archiveFormat ? (head as ArchiveHead) : null;
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return null;
  }
}

function damaged(what: string): ArchiveError {
  return new ArchiveError({ kind: "damaged", what });
}

/** What zlib says about bytes that are no gzip, or cut off. */
function isAboutTheFile(error: unknown): boolean {
  if (error instanceof LineTooLongError) return true;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("Z_");
}
