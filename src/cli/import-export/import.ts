// leadledger import: leads from a file, or a whole installation from an archive.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { csvDelimiters } from "../../exchange/csv-dialect.ts";
import type { CsvDelimiter, DecimalMark } from "../../exchange/csv-dialect.ts";
import { parseColumnMapping } from "../../exchange/import-mapping.ts";
import type { ColumnMapping } from "../../exchange/import-mapping.ts";
import { textEncodings } from "../../exchange/text-encoding.ts";
import type { TextEncoding } from "../../exchange/text-encoding.ts";
import { act, addCommand } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { importAll } from "./import-all.ts";
import { readMappingFile } from "./import-mapping-file.ts";
import { importFile } from "./import-rows.ts";

interface ImportOptions extends CommonOptions {
  readonly all?: boolean;
  readonly source?: string;
  readonly format?: "csv" | "ndjson";
  readonly map?: readonly (readonly [string, ColumnMapping])[];
  readonly mapping?: string;
  readonly keyColumn?: readonly string[];
  readonly delimiter?: CsvDelimiter;
  readonly encoding?: TextEncoding;
  readonly decimal?: DecimalMark;
  readonly dryRun?: boolean;
  readonly restart?: boolean;
}

export function registerImport(program: Command, context: CommandContext): void {
  const { say } = context;
  const command = addCommand(program, context, {
    usage: "import",
    summary: {
      en: "leads from a CSV, NDJSON or JSON file; or an archive of a whole installation",
      de: "Leads aus einer CSV-, NDJSON- oder JSON-Datei; oder das Archiv einer ganzen Installation",
    },
    details: {
      en: "Rows become leads of a source, by its rules: schema, destinations. Format, delimiter, encoding and decimal mark are recognised; blank rows are passed over. Every row has a key, so a file that is imported twice makes no lead twice; an import that was interrupted goes on where it stopped. Refused rows stand with their reasons in <name>.refused.csv, which can be mended and imported.",
      de: "Zeilen werden Leads einer Quelle, nach deren Regeln: Schema, Ziele. Format, Trennzeichen, Kodierung und Dezimalzeichen werden erkannt; leere Zeilen werden übergangen. Jede Zeile hat eine Kennung, deshalb macht eine zweimal importierte Datei keinen Lead doppelt; ein unterbrochener Import geht weiter, wo er stehen blieb. Abgelehnte Zeilen stehen mit Gründen in <name>.refused.csv; berichtigt kann man sie importieren.",
    },
    examples: [
      "leadledger import leads.csv --source crm-alt --dry-run",
      'leadledger import leads.csv --source crm-alt --map "E-Mail=email" --map "PLZ=/address/zip" --map "Umsatz=revenue:number" --key-column "Lead-ID"',
      "leadledger import leads.ndjson --source crm-alt --key-column /id",
      "leadledger import --all archive.ndjson.gz",
    ],
  })
    .argument("<file>", say({ en: "the file", de: "die Datei" }))
    .option("--source <name>", say({ en: "whose leads they become", de: "zu wessen Leads sie werden" }))
    .option(
      "--map <column=place>",
      say({
        en: "where a column goes: email, /address/zip, revenue:number; nothing: left out; others keep their names",
        de: "wohin eine Spalte kommt: email, /address/zip, revenue:number; nichts: bleibt weg; andere behalten ihren Namen",
      }),
      mapParser(context),
    )
    .option(
      "--mapping <file>",
      say({ en: "the same as a file (YAML or JSON)", de: "dasselbe als Datei (YAML oder JSON)" }),
    )
    .option(
      "--key-column <name>",
      say({
        en: "column that makes the key; may be repeated (default: the source's rule, or the whole row)",
        de: "Spalte, die die Kennung bildet; auch mehrfach (sonst die Regel der Quelle oder die ganze Zeile)",
      }),
      (name: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), name],
    )
    .addOption(
      new Option(
        "--format <format>",
        say({ en: "default: by the content", de: "sonst nach dem Inhalt" }),
      ).choices(["csv", "ndjson"]),
    )
    .addOption(
      new Option(
        "--delimiter <character>",
        say({ en: "instead of recognising it", de: "statt es zu erkennen" }),
      ).choices(csvDelimiters),
    )
    .addOption(
      new Option(
        "--encoding <name>",
        say({ en: "instead of recognising it", de: "statt sie zu erkennen" }),
      ).choices(textEncodings),
    )
    .addOption(
      new Option(
        "--decimal <mark>",
        say({ en: "of columns that are numbers", de: "von Spalten mit Zahlen" }),
      ).choices(["comma", "point"]),
    )
    .option(
      "--dry-run",
      say({ en: "write nothing, show what would happen", de: "nichts schreiben, zeigen, was geschähe" }),
    )
    .option("--restart", say({ en: "begin at the first row", de: "bei der ersten Zeile beginnen" }))
    .option("--all", say({ en: "read in a whole installation", de: "eine ganze Installation einlesen" }));
  act<ImportOptions>(command, context, (options, [file = ""]) =>
    options.all === true ? importAll(context, file, options) : importLeads(context, file, options),
  );
}

async function importLeads(context: CommandContext, path: string, options: ImportOptions): Promise<ExitCode> {
  const { terminal, say } = context;
  const fromFile = options.mapping === undefined ? null : await readMappingFile(options.mapping);
  if (fromFile !== null && "en" in fromFile) {
    terminal.note(say(fromFile));
    return exitCodes.usage;
  }
  const source = options.source ?? fromFile?.source ?? null;
  if (source === null) {
    terminal.note(
      say({
        en: "Say with --source whose leads these are; `leadledger source list` shows the sources.",
        de: "Sagen Sie mit --source, zu wessen Leads die Zeilen werden; `leadledger source list` zeigt die Quellen.",
      }),
    );
    return exitCodes.usage;
  }
  const { delimiter, encoding, decimal } = options;
  return importFile(context, options, {
    path,
    source,
    dryRun: options.dryRun === true,
    restart: options.restart === true,
    mapping: {
      columns: new Map([...(fromFile?.columns ?? []), ...(options.map ?? [])]),
      keyColumns: options.keyColumn ?? fromFile?.key ?? [],
    },
    given: {
      ...(options.format === undefined ? {} : { format: options.format }),
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(encoding === undefined ? {} : { encoding }),
      ...(decimal === undefined ? {} : { decimalMark: decimal }),
    },
  });
}

type Mapped = readonly [string, ColumnMapping];

function mapParser({ say }: CommandContext): (text: string, earlier?: readonly Mapped[]) => Mapped[] {
  return (text, earlier = []) => {
    const mapped = parseColumnMapping(text);
    if (mapped !== null) return [...earlier, mapped];
    throw new InvalidArgumentError(
      say({
        en: 'Expected "Column=field", "Column=/address/zip" or "Column=revenue:number".',
        de: 'Erwartet wird "Spalte=feld", "Spalte=/address/zip" oder "Spalte=revenue:number".',
      }),
    );
  };
}
