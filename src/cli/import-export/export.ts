// leadledger export runs | dlq | audit | kpi, and export --all: a whole installation in one file.
import { open, rename, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { Option } from "commander";
import { writeArchive } from "../../exchange/archive.ts";
import { exportFormats } from "../../exchange/exports.ts";
import type { ExportFormat } from "../../exchange/exports.ts";
import { readInstallation } from "../../ledger/import-export/archive-rows.ts";
import { appendAuditEvents } from "../../ledger/log/audit-events.ts";
import { auditFilterMembers, auditFilterWords } from "../../http/api/log/audit-filter.ts";
import { dlqFilterMembers, dlqFilterWords } from "../../http/api/attention/dlq-filter.ts";
import { slaFilterMembers, slaFilterWords } from "../../http/api/sla/sla-filter.ts";
import { kpiFilterMembers, kpiFilterWords } from "../../http/api/figures/kpi-filter.ts";
import type { FilterWords } from "../../http/api/frame/filter-words.ts";
import { runFilterMembers, runFilterWords } from "../../http/api/leads/run-filter.ts";
import { packageVersion } from "../../runtime/package-version.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { withInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import type { Texts } from "../frame/language.ts";
import { withProgress } from "../frame/progress.ts";

interface AllOptions extends CommonOptions {
  readonly all?: boolean;
  readonly out?: string;
}

interface ExportOptions extends AllOptions, FilterOptions {
  readonly format?: ExportFormat;
  readonly excelDe?: boolean;
  readonly fields?: string;
}

type Exported = "runs" | "dlq" | "audit-events" | "kpi" | "kpi-hourly" | "sla";

export function registerExport(program: Command, context: CommandContext): void {
  const { say } = context;
  const command = outOption(
    addCommand(program, context, {
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
        "leadledger export dlq --status open --format xlsx --out open.xlsx",
        "leadledger export runs --format ndjson | jq .body.email",
        "leadledger export --all --out archive.ndjson.gz",
      ],
    }).option("--all", say({ en: "the whole installation", de: "die ganze Installation" })),
    context,
  ).allowExcessArguments();
  act<AllOptions>(command, context, (options) =>
    options.all === true && command.args.length === 0
      ? exportAll(context, options)
      : Promise.resolve(noteWhat(context)),
  );

  const runs = fileCommand(command, context, "runs", {
    en: "leads as they stand now, with their data",
    de: "Leads, wie sie jetzt stehen, mit ihren Daten",
  }).option(
    "--fields <list>",
    say({
      en: "fields of the lead as columns: email,phone,/address/zip",
      de: "Felder des Leads als Spalten: email,phone,/address/zip",
    }),
  );
  filtered(runs, context, "runs", runFilterMembers, runFilterWords);
  const dlq = fileCommand(command, context, "dlq", {
    en: "DLQ entries with what they hold",
    de: "Klärfälle mit ihrem Inhalt",
  });
  filtered(dlq, context, "dlq", dlqFilterMembers, dlqFilterWords);
  const audit = fileCommand(command, context, "audit", {
    en: "what happened, with the digests",
    de: "was geschah, mit den Prüfsummen",
  });
  filtered(audit, context, "audit-events", auditFilterMembers, auditFilterWords);
  const kpi = fileCommand(command, context, "kpi", { en: "daily figures", de: "Tageszahlen" });
  filtered(kpi, context, "kpi", kpiFilterMembers, kpiFilterWords);
  const hours = fileCommand(command, context, "kpi-hourly", {
    en: "hourly figures by source",
    de: "Stundenzahlen je Quelle",
  });
  filtered(hours, context, "kpi-hourly", kpiFilterMembers, kpiFilterWords);
  const sla = fileCommand(command, context, "sla", {
    en: "days of service levels",
    de: "Tage der Servicelevel",
  });
  filtered(sla, context, "sla", slaFilterMembers, slaFilterWords);
}

function fileCommand(parent: Command, context: CommandContext, usage: string, summary: Texts): Command {
  const { say } = context;
  const command = addCommand(parent, context, {
    usage,
    summary,
    examples: [`leadledger export ${usage} --excel-de --out ${usage}.csv`],
  })
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
    );
  return outOption(command, context);
}

function outOption(command: Command, { say }: CommandContext): Command {
  return command.option(
    "--out <file>",
    say({ en: "write to a file (default: stdout)", de: "in eine Datei (sonst stdout)" }),
  );
}

/** With the options of the list that shows the same. */
function filtered<Members extends Readonly<Record<string, object>>>(
  command: Command,
  context: CommandContext,
  what: Exported,
  members: Members,
  words: FilterWords<Members>,
): void {
  addFilterOptions(command, context, members, words);
  act<ExportOptions>(command, context, ({ all, ...options }) =>
    all === true
      ? Promise.resolve(noteWhat(context))
      : exportOne(context, what, filterSaid(members, options), options),
  );
}

function noteWhat({ terminal, say }: CommandContext): ExitCode {
  terminal.note(
    say({
      en: "Say what to export: runs, dlq, audit, kpi, kpi-hourly or sla; or --all for the whole installation.",
      de: "Was soll exportiert werden: runs, dlq, audit, kpi, kpi-hourly oder sla? Oder --all für die ganze Installation.",
    }),
  );
  return exitCodes.usage;
}

function exportOne(
  context: CommandContext,
  what: Exported,
  filter: Readonly<Record<string, unknown>>,
  options: ExportOptions,
): Promise<ExitCode> {
  const { format, excelDe, fields } = options;
  if (format === "xlsx" && isForTerminal(context, options)) return Promise.resolve(exitCodes.usage);
  const query = { ...filter, format, fields, excel: excelDe === true ? ("de" as const) : undefined };
  return withApi(context, options, async ({ api }) =>
    writeOut(context, options, await api.stream(`GET /exports/${what}`, { query })),
  );
}

/** Which has been said. */
function isForTerminal({ terminal, say }: CommandContext, { out }: AllOptions): boolean {
  if (out !== undefined || terminal.outColumns === null) return false;
  terminal.note(
    say({
      en: "This file is nothing for a terminal: use --out.",
      de: "Diese Datei ist nichts für ein Terminal: --out.",
    }),
  );
  return true;
}

function exportAll(context: CommandContext, options: AllOptions): Promise<ExitCode> {
  if (isForTerminal(context, options)) return Promise.resolve(exitCodes.usage);
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
  { out, json }: AllOptions,
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
