// leadledger export runs | dlq | audit | kpi, and export --all: a whole installation in one file.
import { open, rename, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { Argument, InvalidArgumentError, Option } from "commander";
import { writeArchive } from "../../exchange/archive.ts";
import { exportFormats } from "../../exchange/exports.ts";
import type { ExportFormat } from "../../exchange/exports.ts";
import { readInstallation } from "../../ledger/import-export/archive-rows.ts";
import { appendAuditEvents } from "../../ledger/log/audit-events.ts";
import { packageVersion } from "../../runtime/package-version.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { withInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { withProgress } from "../frame/progress.ts";

interface ExportOptions extends CommonOptions {
  readonly all?: boolean;
  readonly format?: ExportFormat;
  readonly excelDe?: boolean;
  readonly fields?: string;
  readonly filter?: readonly (readonly [string, string])[];
  readonly out?: string;
}

/** What can be exported, and the path of the call. */
const exportable = { runs: "runs", dlq: "dlq", audit: "audit-events", kpi: "kpi" } as const;

export function registerExport(program: Command, context: CommandContext): void {
  const { say } = context;
  const command = addCommand(program, context, {
    usage: "export",
    summary: {
      en: "leads, entries, log or figures as a file; or everything, to move house",
      de: "Leads, Klärfälle, Protokoll oder Zahlen als Datei; oder alles, für einen Umzug",
    },
    details: {
      en: "The file shows the moment at which the export began. Person data is in it in full; the audit log keeps who took it.\n\n--all writes the whole installation: it can be read into an empty database with `leadledger import --all`, together with the same LEADLEDGER_KEY, which is not in the file.",
      de: "Die Datei zeigt den Augenblick, in dem der Export begann. Personendaten stehen vollständig darin; das Protokoll hält fest, wer sie nahm.\n\n--all schreibt die ganze Installation: `leadledger import --all` liest sie in eine leere Datenbank ein, zusammen mit demselben LEADLEDGER_KEY, der nicht in der Datei steht.",
    },
    examples: [
      "leadledger export runs --excel-de --fields email,phone,/address/zip --out leads.csv",
      "leadledger export dlq --filter status=open --format xlsx --out open.xlsx",
      "leadledger export runs --format ndjson | jq .body.email",
      "leadledger export --all --out archive.ndjson.gz",
    ],
  })
    .addArgument(
      new Argument("[what]", say({ en: "what to export", de: "was exportiert wird" })).choices(
        Object.keys(exportable),
      ),
    )
    .option("--all", say({ en: "the whole installation", de: "die ganze Installation" }))
    .addOption(
      new Option(
        "--format <format>",
        say({ en: "of the file (default: csv)", de: "der Datei (sonst csv)" }),
      ).choices(exportFormats),
    )
    .option(
      "--excel-de",
      say({
        en: "CSV for a German Excel: semicolons, decimal commas, phone and postcode as texts",
        de: "CSV für ein deutsches Excel: Semikolons, Dezimalkommas, Telefon und PLZ als Text",
      }),
    )
    .option(
      "--fields <list>",
      say({
        en: "fields of the lead as columns: email,phone,/address/zip",
        de: "Felder des Leads als Spalten: email,phone,/address/zip",
      }),
    )
    .option(
      "--filter <name=value>",
      say({
        en: "only what matches, as in the API's lists; may be repeated",
        de: "nur Passendes, wie in den Listen der API; auch mehrfach",
      }),
      filterParser(context),
    )
    .option(
      "--out <file>",
      say({ en: "write to a file (default: stdout)", de: "in eine Datei (sonst stdout)" }),
    );
  act<ExportOptions>(command, context, (options, [what]) => runExport(context, what, options));
}

async function runExport(
  context: CommandContext,
  what: string | undefined,
  options: ExportOptions,
): Promise<ExitCode> {
  const { terminal, say } = context;
  if ((what === undefined) !== (options.all === true)) {
    terminal.note(
      say({
        en: "Say what to export: runs, dlq, audit or kpi; or --all for the whole installation.",
        de: "Was soll exportiert werden: runs, dlq, audit oder kpi? Oder --all für die ganze Installation.",
      }),
    );
    return exitCodes.usage;
  }
  const isBinary = options.all === true || options.format === "xlsx";
  if (isBinary && options.out === undefined && terminal.outColumns !== null) {
    terminal.note(
      say({
        en: "This file is nothing for a terminal: use --out.",
        de: "Diese Datei ist nichts für ein Terminal: --out.",
      }),
    );
    return exitCodes.usage;
  }
  return what === undefined ? exportAll(context, options) : exportOne(context, what, options);
}

function exportOne(context: CommandContext, what: string, options: ExportOptions): Promise<ExitCode> {
  return withApi(context, options, async ({ api }) => {
    const { format, excelDe, fields, filter = [] } = options;
    // Which filters there are, depends on what is exported; the server says which it does not know.
    const query: Record<string, string | string[]> = {};
    for (const [name, value] of filter) query[name] = [...[query[name] ?? []].flat(), value];
    if (format !== undefined) query.format = format;
    if (excelDe === true) query.excel = "de";
    if (fields !== undefined) query.fields = fields;
    const path = exportable[what as keyof typeof exportable];
    return writeOut(context, options, await api.stream(`GET /exports/${path}`, { query }));
  });
}

function exportAll(context: CommandContext, options: ExportOptions): Promise<ExitCode> {
  return withInstallation(context, async ({ installation: { database, keys } }) => {
    const payload = { version: packageVersion() };
    // Before the first byte, and so in the archive too: nobody gets data without a trace.
    await appendAuditEvents(database, context.actor, [{ type: "installation_exported", payload }]);
    const about = { version: packageVersion(), key_fingerprint: keys.fingerprint };
    return writeOut(context, options, writeArchive(readInstallation(database), about));
  });
}

/** A file that could not be written whole is not there; what was there before stays. */
async function writeOut(
  context: CommandContext,
  { out, json }: ExportOptions,
  stream: Readable,
): Promise<ExitCode> {
  const { terminal, say } = context;
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
  stream.pause();
  const progress = (): string =>
    `${say({ en: "Exporting", de: "Export" })}: ${(bytes / 1_000_000).toFixed(1)} MB`;
  if (out === undefined) {
    await pipeline(stream, process.stdout, { end: false });
    return exitCodes.ok;
  }
  const unfinished = `${out}.part`;
  try {
    const file = await open(unfinished, "w", 0o600);
    await withProgress(terminal, progress, () => pipeline(stream, file.createWriteStream({ flush: true })));
    await rename(unfinished, out);
  } catch (error) {
    stream.destroy();
    await rm(unfinished, { force: true });
    throw error;
  }
  if (json === true) printJson(context, { file: out, bytes });
  else terminal.note(say({ en: `${out}: ${bytes} bytes.`, de: `${out}: ${bytes} Bytes.` }));
  return exitCodes.ok;
}

function filterParser({
  say,
}: CommandContext): (
  text: string,
  earlier?: readonly (readonly [string, string])[],
) => (readonly [string, string])[] {
  return (text, earlier = []) => {
    const at = text.indexOf("=");
    if (at > 0) return [...earlier, [text.slice(0, at), text.slice(at + 1)]];
    throw new InvalidArgumentError(say({ en: "Expected name=value.", de: "Erwartet wird name=wert." }));
  };
}
