// leadledger import: leads from a file, or a whole installation from an archive.
import type { Command } from "commander";
import { act, addCommand } from "./command.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { importAll } from "./import-all.ts";

interface ImportOptions extends CommonOptions {
  readonly all?: boolean;
}

export function registerImport(program: Command, context: CommandContext): void {
  const { say } = context;
  const command = addCommand(program, context, {
    usage: "import",
    summary: {
      en: "an archive of a whole installation into an empty database",
      de: "ein Archiv einer ganzen Installation in eine leere Datenbank",
    },
    examples: ["leadledger import --all archive.ndjson.gz"],
  })
    .argument("<file>", say({ en: "the file", de: "die Datei" }))
    .option("--all", say({ en: "the whole installation", de: "die ganze Installation" }));
  act<ImportOptions>(command, context, (options, [file = ""]) => importAll(context, file, options));
}
