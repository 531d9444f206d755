// Options of the command line for the fields that kinds declare, and the entry that they make.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import type { DeclaredKind } from "../../config/declared-kind.ts";
import type { Field } from "../../config/fields/field.ts";
import { optionNameOf } from "../../config/fields/option-name.ts";
import { collected, countParser } from "../frame/arguments.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";
import { noteUnreadable, secretFrom } from "./part-commands.ts";

/** As commander gives them: `--retry-fast` is `retryFast`. */
export interface OptionValues {
  readonly [option: string]: unknown;
}

export interface FieldOption {
  readonly field: Field<unknown>;
  /** `retry-fast` */
  readonly name: string;
  /** Members that the field stands under: `["retry"]`. */
  readonly parents: readonly string[];
}

/** Each once, although several kinds have it; in the order in which kinds and fields are declared. */
export function fieldOptionsOf(kinds: readonly DeclaredKind[]): readonly FieldOption[] {
  const byName = new Map<string, FieldOption>();
  for (const { kind, fields } of kinds)
    for (const option of Object.values(fields).flatMap((field) => optionsOf(field, []))) {
      const taken = byName.get(option.name);
      if (taken === undefined) byName.set(option.name, option);
      // Another member that would be called the same.
      else if (pathOf(taken) !== pathOf(option)) {
        const name = `${kind}-${option.name}`;
        byName.set(name, { ...option, name });
      }
    }
  return [...byName.values()];
}

function pathOf({ field, parents }: FieldOption): string {
  return [...parents, field.member].join(".");
}

function optionsOf(field: Field<unknown>, parents: readonly string[]): readonly FieldOption[] {
  const path = [...parents, field.member];
  if (field.fields !== undefined)
    return Object.values(field.fields).flatMap((inner) => optionsOf(inner, path));
  return [{ field, parents, name: optionNameOf(field, parents) }];
}

/** Beside an option that takes one of these: `http: HTTP (webhook); external: A program of your own (add: http)`. */
export function kindsText(
  { say }: CommandContext,
  kinds: readonly DeclaredKind[],
  preset: string | undefined,
): string {
  const named = kinds.map(({ kind, label }) => `${kind}: ${say(label)}`).join("; ");
  return preset === undefined ? named : `${named} (add: ${preset})`;
}

/** With `change`, also what takes away single members. */
export function addFieldOptions(
  command: Command,
  context: CommandContext,
  options: readonly FieldOption[],
  purpose: "add" | "change",
): Command {
  const { say } = context;
  for (const option of options) for (const each of optionsFor(context, option)) command.addOption(each);
  if (purpose === "change") {
    for (const { name } of options.filter(({ field }) => holdsPairs(field)))
      command.option(
        `--unset-${name} <name>`,
        say({ en: "remove one of them (repeatable)", de: "davon etwas entfernen (mehrfach möglich)" }),
        collected,
      );
  }
  return command;
}

function holdsPairs({ type }: Field<unknown>): boolean {
  return type === "headers" || type === "parameters";
}

function optionsFor(context: CommandContext, { field, name }: FieldOption): readonly Option[] {
  const { texts, type } = field;
  const { say } = context;
  const text = say(texts.option?.text ?? texts.label);
  const valued = (placeholder: string): Option =>
    new Option(`--${name} <${texts.option?.placeholder ?? placeholder}>`, text);
  switch (type) {
    case "boolean":
      return [new Option(`--${name}`, text)];
    case "number":
      return [
        valued("count").argParser(countParser(context, field.schema.maximum ?? Number.MAX_SAFE_INTEGER)),
      ];
    case "secret":
      return [new Option(`--${name}-env <variable>`, say(fromEnvironment(text)))];
    case "url":
      return [valued("url"), new Option(`--${name}-env <variable>`, say(fromEnvironment(text)))];
    case "headers":
    case "parameters":
      return [
        new Option(`--${name} <name=value>`, `${text} ${say(repeatable)}`).argParser(pairParser(context)),
        new Option(`--${name}-env <name=variable>`, say(pairEnvText)).argParser(pairParser(context)),
      ];
    case "json":
      return [valued("file")];
    case "choice":
      return [valued("word").choices((field.options ?? []).map(({ value }) => value))];
    case "duration":
    case "durations":
    case "texts":
      return [valued(type)];
    default:
      return [valued("text")];
  }
}

const repeatable: Texts = { en: "(repeatable)", de: "(mehrfach möglich)" };

function fromEnvironment(text: string): Texts {
  return { en: `${text}; from this environment variable`, de: `${text}; aus dieser Umgebungsvariablen` };
}

const pairEnvText: Texts = {
  en: "the same, its value from the environment",
  de: "ebenso, mit dem Wert aus der Umgebung",
};

type Pairs = Readonly<Record<string, string>>;

function pairParser({ say }: CommandContext) {
  return (word: string, earlier: Pairs = {}): Pairs => {
    const at = word.indexOf("=");
    if (at > 0) return { ...earlier, [word.slice(0, at).trim()]: word.slice(at + 1).trim() };
    throw new InvalidArgumentError(say({ en: "Expected name=value.", de: "Erwartet wird Name=Wert." }));
  };
}

/** Members as leadledger.yaml has them, those alone that were named; null: a variable is missing, which has been said. */
export function entryOfOptions(
  context: CommandContext,
  options: readonly FieldOption[],
  given: OptionValues,
): Record<string, unknown> | null {
  const entry: Record<string, unknown> = {};
  for (const option of options) {
    const read = valueOf(context, option, given);
    if (read === null) return null;
    if (read.value === undefined) continue;
    const holder = option.parents.reduce<Record<string, unknown>>(
      (at, member) => (at[member] ??= {}) as Record<string, unknown>,
      entry,
    );
    holder[option.field.member] = read.value;
  }
  return entry;
}

/** null: a variable is missing. */
function valueOf(
  context: CommandContext,
  { field, name }: FieldOption,
  given: OptionValues,
): { readonly value: unknown } | null {
  const plain = given[camelCase(name)];
  const variables = given[camelCase(`${name}-env`)];
  switch (field.type) {
    case "secret":
    case "url": {
      const read = secretFrom(context, variables as string | undefined);
      return read === null ? null : { value: read.secret ?? plain };
    }
    case "headers":
    case "parameters": {
      const removed = given[camelCase(`unset-${name}`)] as readonly string[] | undefined;
      return pairsFrom(context, (plain ?? {}) as Pairs, (variables ?? {}) as Pairs, removed ?? []);
    }
    case "json":
      return typeof plain === "string" ? jsonOf(context, plain) : { value: undefined };
    case "durations":
    case "texts":
      return { value: typeof plain === "string" ? plain.split(",").map((each) => each.trim()) : undefined };
    default:
      return { value: plain };
  }
}

/** Of a file; null: it cannot be read, which has been said. */
function jsonOf(context: CommandContext, path: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(readFileSync(path, "utf8")) as unknown };
  } catch (error) {
    noteUnreadable(context, path, error);
    return null;
  }
}

function pairsFrom(
  context: CommandContext,
  plain: Pairs,
  variables: Pairs,
  removed: readonly string[],
): { readonly value: unknown } | null {
  const pairs: Record<string, string | null> = { ...plain };
  for (const [name, variable] of Object.entries(variables)) {
    const read = secretFrom(context, variable);
    if (read === null) return null;
    pairs[name] = read.secret ?? null;
  }
  for (const name of removed) pairs[name] = null;
  return { value: Object.keys(pairs).length === 0 ? undefined : pairs };
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase());
}
