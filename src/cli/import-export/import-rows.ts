// leadledger import <file>: sends the rows of a file in batches, and keeps how far it has come.
import { basename } from "node:path";
import { createRepeatFinder } from "../../domain/leads/import-repeats.ts";
import { parseExactly } from "../../domain/values/exact-json.ts";
import { fileFaultTexts, rowFaultTexts } from "../../exchange/import-faults.ts";
import type { ImportMapping } from "../../exchange/import-mapping.ts";
import type { Api } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { unreadableFile } from "../frame/file-trouble.ts";
import { openRefusedFile } from "./import-refused.ts";
import type { RefusedRow } from "./import-refused.ts";
import { inspectFile, isBlankRow, rowsOf } from "./import-source.ts";
import type { FileRow, GivenDialect, ImportFile } from "./import-source.ts";
import {
  importFingerprint,
  noCounts,
  readImportState,
  removeImportState,
  writeImportState,
} from "./import-state.ts";
import type { ImportCounts } from "./import-state.ts";
import { withProgress } from "../frame/progress.ts";

export interface ImportWish {
  readonly path: string;
  readonly source: string;
  readonly mapping: ImportMapping;
  readonly given: GivenDialect;
  readonly dryRun: boolean;
  /** Begins at the first row, whatever an interrupted import has done. */
  readonly restart: boolean;
}

interface RowAnswer {
  readonly row: number;
  readonly result: "accepted" | "duplicate" | "revised" | "refused" | "key_reused" | "invalid" | "blank";
  readonly source: string | null;
  readonly key: string | null;
  readonly reason: string | null;
}

const batchRowsMax = 500;
/** JSON within JSON grows; the API takes 1 MiB. */
const batchCharactersMax = 450_000;
const bodyCharactersMax = 450_000;
const shownLeads = 5;
const shownReasons = 10;

export async function importFile(
  context: CommandContext,
  options: CommonOptions,
  wish: ImportWish,
): Promise<ExitCode> {
  // Before a database is opened: there is nothing to do.
  const trouble = await unreadableFile(wish.path);
  if (trouble !== null) return refuseFile(context, trouble);
  const file = await inspectFile(wish.path, wish.mapping, wish.given);
  if ("kind" in file) {
    const { en, de } = fileFaultTexts(file);
    return refuseFile(context, { en: `${wish.path}: ${en}.`, de: `${wish.path}: ${de}.` });
  }
  return withApi(context, options, ({ api }) =>
    wish.dryRun
      ? tryOut(context, options, api, wish, file)
      : importAllRows(context, options, api, wish, file),
  );
}

function refuseFile({ terminal, say }: CommandContext, texts: Texts): ExitCode {
  terminal.note(terminal.paintNote("red", `${say({ en: "Error", de: "Fehler" })}: ${say(texts)}`));
  return exitCodes.usage;
}

async function importAllRows(
  context: CommandContext,
  options: CommonOptions,
  api: Api,
  wish: ImportWish,
  file: ImportFile,
): Promise<ExitCode> {
  const { path, source, mapping } = wish;
  const how = { source, ...file, columns: [...mapping.columns], key: mapping.keyColumns };
  const fingerprint = await importFingerprint(path, how);
  const earlier = wish.restart ? null : await readImportState(path, fingerprint);
  const refusedFile = await openRefusedFile(
    path,
    file,
    earlier && { path: earlier.refusedFile, bytes: earlier.refusedBytes },
  );
  let counts = earlier?.counts ?? noCounts;
  if (earlier !== null) sayGoesOn(context, counts.rows);
  let bytes = 0;
  await withProgress(
    context.terminal,
    () => progressText(context, counts, bytes / file.bytes),
    async () => {
      for await (const batch of batchesOf(
        rowsOf(path, file, mapping, counts.rows + counts.blank, (read) => (bytes = read)),
      )) {
        const answers = await send(context, api, wish, batch);
        counts = added(counts, answers);
        await refusedFile.add(refusedOf(batch, answers));
        const state = { fingerprint, counts, refusedFile: refusedFile.path, refusedBytes: refusedFile.bytes };
        await writeImportState(path, state);
      }
    },
  );
  await removeImportState(path);
  if (options.json === true)
    printJson(context, { file: path, source, ...counts, refused_file: refusedFile.path });
  else sayEnd(context, counts, refusedFile.path);
  return refusedRows(counts) === 0 ? exitCodes.ok : exitCodes.failed;
}

async function tryOut(
  context: CommandContext,
  options: CommonOptions,
  api: Api,
  wish: ImportWish,
  file: ImportFile,
): Promise<ExitCode> {
  let counts = noCounts;
  const leads: { row: number; key: string | null; body: string }[] = [];
  const reasons: { row: number; reason: string }[] = [];
  const repeatOf = createRepeatFinder();
  let bytes = 0;
  await withProgress(
    context.terminal,
    () => progressText(context, counts, bytes / file.bytes),
    async () => {
      for await (const batch of batchesOf(
        rowsOf(wish.path, file, wish.mapping, 0, (read) => (bytes = read)),
      )) {
        const answers = (await send(context, api, wish, batch)).map((answer, at): RowAnswer => {
          const body = batch[at]?.body ?? null;
          if (answer.result !== "accepted" || answer.key === null || body === null) return answer;
          const repeat = repeatOf(JSON.stringify([answer.source, answer.key]), body);
          if (repeat === "new") return answer;
          return { ...answer, result: repeat, reason: repeat === "key_reused" ? keyReused(context) : null };
        });
        counts = added(counts, answers);
        batch.forEach(({ row, body }, at) => {
          const answer = answers[at];
          if (body !== null && leads.length < shownLeads) leads.push({ row, key: answer?.key ?? null, body });
        });
        for (const { row, reason } of refusedOf(batch, answers))
          if (reasons.length < shownReasons) reasons.push({ row: row.row, reason });
      }
    },
  );
  const { encoding, dialect, decimalMark, isList } = file;
  const delimiter = dialect?.delimiter ?? null;
  const read = { encoding, delimiter, decimal: decimalMark };
  if (options.json === true) {
    const first = leads.map(({ body, ...lead }) => ({ ...lead, body: parseExactly(body) }));
    printJson(context, {
      file: wish.path,
      source: wish.source,
      dry_run: true,
      read,
      ...counts,
      first,
      reasons,
    });
    return exitCodes.ok;
  }
  const { terminal, say } = context;
  const how =
    delimiter === null
      ? `${isList ? "JSON" : "NDJSON"}, ${encoding}`
      : `CSV, ${encoding}, ${JSON.stringify(delimiter)}, ${decimalMark === "comma" ? "1,5" : "1.5"}`;
  terminal.out(say({ en: `Read as: ${how}`, de: `Gelesen als: ${how}` }));
  for (const { row, key, body } of leads)
    terminal.out(
      `${say({ en: "row", de: "Zeile" })} ${row}, ${say({ en: "key", de: "Kennung" })} ${key ?? "–"}: ${body}`,
    );
  for (const { row, reason } of reasons) terminal.out(`${say({ en: "row", de: "Zeile" })} ${row}: ${reason}`);
  sayCounts(context, counts);
  terminal.note(
    say({
      en: "This was a dry run: nothing was written.",
      de: "Das war ein Probelauf: Es wurde nichts geschrieben.",
    }),
  );
  return exitCodes.ok;
}

/** As many rows as one call takes. */
async function* batchesOf(rows: AsyncIterable<FileRow>): AsyncGenerator<readonly FileRow[], void> {
  let batch: FileRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    const size = row.body?.length ?? 0;
    if (batch.length > 0 && (batch.length >= batchRowsMax || characters + size > batchCharactersMax)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(row);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}

/** An answer for every row of the batch, in its order. */
async function send(
  { say }: CommandContext,
  api: Api,
  { source, path, dryRun }: ImportWish,
  batch: readonly FileRow[],
): Promise<RowAnswer[]> {
  const rows = batch.flatMap(({ row, key, body }) =>
    body === null || body.length > bodyCharactersMax ? [] : [{ row, key, body }],
  );
  const file = basename(path).slice(0, 255);
  const answered =
    rows.length === 0
      ? []
      : (
          await api.call("POST /imports", {
            body: { source, file, rows, ...(dryRun ? { dry_run: true } : {}) },
          })
        ).rows;
  const byRow = new Map(answered.map((answer) => [answer.row, answer]));
  return batch.map((each) => {
    const { row, fault } = each;
    if (isBlankRow(each)) return { row, result: "blank", source: null, key: null, reason: null };
    const tooLong = { kind: "lead_too_long", charactersMax: bodyCharactersMax } as const;
    const reason = say(rowFaultTexts(fault ?? tooLong));
    return byRow.get(row) ?? { row, result: "invalid", source: null, key: null, reason };
  });
}

const harmless: ReadonlySet<RowAnswer["result"]> = new Set(["accepted", "duplicate", "revised", "blank"]);

function keyReused({ say }: CommandContext): string {
  return say({
    en: "another row of this file has the same key and other data; the first one stands",
    de: "eine andere Zeile dieser Datei hat dieselbe Kennung, aber andere Daten; die erste gilt",
  });
}

function refusedOf(batch: readonly FileRow[], answers: readonly RowAnswer[]): RefusedRow[] {
  return batch.flatMap((row, at) => {
    const answer = answers[at];
    if (answer === undefined || harmless.has(answer.result)) return [];
    // Under the key of another lead a mended row would be refused again.
    const key = answer.result === "key_reused" ? null : (answer.key ?? row.key);
    return [{ row, key, reason: answer.reason ?? answer.result }];
  });
}

function added(counts: ImportCounts, answers: readonly RowAnswer[]): ImportCounts {
  const sums = { ...counts };
  for (const { result } of answers) {
    sums[result] += 1;
    if (result !== "blank") sums.rows += 1;
  }
  return sums;
}

function refusedRows({ refused, key_reused, invalid }: ImportCounts): number {
  return refused + key_reused + invalid;
}

function progressText({ say }: CommandContext, counts: ImportCounts, share: number): string {
  const percent = Math.min(Math.floor(100 * share), 100);
  return say({
    en: `Importing: ${percent} %, ${counts.rows} rows, ${counts.accepted} new, ${refusedRows(counts)} refused`,
    de: `Import: ${percent} %, ${counts.rows} Zeilen, ${counts.accepted} neu, ${refusedRows(counts)} abgelehnt`,
  });
}

function sayGoesOn({ terminal, say }: CommandContext, rows: number): void {
  terminal.note(
    say({
      en: `Going on after ${rows} rows, where the import was interrupted. --restart begins anew.`,
      de: `Es geht nach ${rows} Zeilen weiter, wo der Import unterbrochen wurde. --restart beginnt von vorn.`,
    }),
  );
}

function sayCounts({ terminal, say }: CommandContext, counts: ImportCounts): void {
  const { rows, blank, accepted, duplicate, revised, refused, key_reused, invalid } = counts;
  if (revised > 0)
    terminal.out(
      say({
        en: `${revised} rows changed a known lead.`,
        de: `${revised} Zeilen änderten einen bekannten Lead.`,
      }),
    );
  if (blank > 0)
    terminal.out(
      say({ en: `${blank} blank rows were passed over.`, de: `${blank} leere Zeilen wurden übergangen.` }),
    );
  terminal.out(
    say({
      en: `${rows} rows: ${accepted} new, ${duplicate} known already, ${refused} refused and kept, ${key_reused} under the key of another lead, ${invalid} unusable.`,
      de: `${rows} Zeilen: ${accepted} neu, ${duplicate} schon bekannt, ${refused} abgelehnt und aufbewahrt, ${key_reused} unter der Kennung eines anderen Leads, ${invalid} unbrauchbar.`,
    }),
  );
}

function sayEnd(context: CommandContext, counts: ImportCounts, refusedFile: string | null): void {
  const { terminal, say } = context;
  sayCounts(context, counts);
  if (refusedFile === null) return;
  terminal.note(
    say({
      en: `${refusedRows(counts)} rows with their reasons are in ${refusedFile}. Mend them there and import that file: each keeps its key.`,
      de: `${refusedRows(counts)} Zeilen stehen mit Gründen in ${refusedFile}. Berichtigen Sie sie dort und importieren Sie diese Datei: Jede behält ihre Kennung.`,
    }),
  );
}
