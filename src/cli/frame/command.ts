// What every command has in common: its options --json and --lang, its help with an example, how it ends.
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import type { Actor } from "../../ledger/connection/database.ts";
import type { Kinds } from "../../kinds/kinds.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodesText } from "./exit-codes.ts";
import type { Language, Texts } from "./language.ts";
import type { Terminal } from "./terminal.ts";

/** What a command gets from outside. */
export interface CommandContext {
  readonly language: Language;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** `cli:<os user>`: who makes the changes. */
  readonly actor: Actor;
  /** Of sources and destinations. */
  readonly kinds: Kinds;
  /** In the context's language. */
  readonly say: (texts: Texts) => string;
  /** How the process will end; called once, by `act`. */
  readonly finish: (exitCode: ExitCode) => void;
}

export interface CommonOptions {
  /** Machine-readable on stdout, and nothing else there. */
  readonly json?: boolean;
  /** Of the server to work on, instead of a database of this machine. */
  readonly url?: string;
  /** An API key for it. */
  readonly key?: string;
}

export interface CommandDescription {
  /** Name and arguments as commander reads them: `show <run_id>`. */
  readonly usage: string;
  /** One line, without a full stop. */
  readonly summary: Texts;
  /** A paragraph under it; optional. */
  readonly details?: Texts;
  /** Commands that work as they stand. */
  readonly examples: readonly string[];
  /** Where it ends with other codes than the rest. */
  readonly exitCodes?: Texts;
}

/** Adds a command below `parent` with everything that all commands have. */
export function addCommand(parent: Command, context: CommandContext, spec: CommandDescription): Command {
  const { usage, summary, details, examples, exitCodes } = spec;
  const description = [summary, details].filter((text) => text !== undefined).map(context.say);
  return parent
    .command(usage)
    .summary(context.say(summary))
    .description(description.join("\n\n"))
    .option("--json", context.say({ en: "machine-readable output", de: "maschinenlesbare Ausgabe" }))
    .option("--lang <de|en>", context.say(langText))
    .addHelpText("after", endOfHelp(context, examples, exitCodes));
}

/** A command that only holds others: `runs`, `dlq`. */
export function addGroup(
  parent: Command,
  context: CommandContext,
  name: string,
  summary: Texts,
  examples: readonly string[],
): Command {
  return parent
    .command(name)
    .description(context.say(summary))
    .option("--lang <de|en>", context.say(langText))
    .addHelpText("after", endOfHelp(context, examples));
}

/** Says what the command does; `work` gets its arguments and options, and returns how it ended. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it names what `work` reads from commander
export function act<Options extends CommonOptions>(
  command: Command,
  context: CommandContext,
  work: (options: Options, args: readonly string[]) => Promise<ExitCode>,
): void {
  command.action(async () => {
    context.finish(await work(command.optsWithGlobals<Options>(), command.processedArgs.flat() as string[]));
  });
}

/** One JSON value on stdout: indented for people who look at it, complete for programs. */
export function printJson({ terminal }: CommandContext, value: unknown): void {
  terminal.out(writeExactly(value, 2));
}

export const langText: Texts = {
  en: "language of texts (default: your locale)",
  de: "Sprache der Texte (sonst die des Systems)",
};

export const revealText: Texts = {
  en: "show personal data in full; that is noted in the audit log",
  de: "Personendaten vollständig zeigen; das wird im Protokoll vermerkt",
};

function endOfHelp(
  context: CommandContext,
  examples: readonly string[],
  exitCodes: Texts = exitCodesText,
): string {
  const heading = context.say(
    examples.length === 1 ? { en: "Example:", de: "Beispiel:" } : { en: "Examples:", de: "Beispiele:" },
  );
  return ["", heading, ...examples.map((line) => `  ${line}`), "", context.say(exitCodes)].join("\n");
}
