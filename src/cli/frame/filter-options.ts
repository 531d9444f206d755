// Options made of a filter of the API: each of its members is one, with the same values and the same name.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import type { FilterWords } from "../../http/api/frame/filter-words.ts";
import { dayParser, timeOrDayParser } from "./arguments.ts";
import type { CommandContext } from "./command.ts";

/** What a JSON Schema of a member says of its values. */
interface Member {
  readonly type?: unknown;
  readonly format?: unknown;
  readonly enum?: readonly string[];
  readonly items?: Member;
}

type Members = Readonly<Record<string, object>>;

/** Names of the members whose own are options of the command already; a shorter one goes, too. */
type OtherNames<Of> = { readonly [Name in keyof Of]?: string };

/** As commander read them, under the members' names in camel case. */
export type FilterOptions = Readonly<Record<string, unknown>>;

/** An option per member; lists are repeated, or several words after one option. */
export function addFilterOptions<Of extends Members>(
  command: Command,
  context: CommandContext,
  members: Of,
  words: FilterWords<NoInfer<Of>>,
  others: OtherNames<NoInfer<Of>> = {},
): Command {
  for (const [name, member] of Object.entries<Member>(members)) {
    const { option, ...texts } = words[name as keyof Of & string];
    const other = others[name];
    const flags = other === undefined ? flagsOf(name, option) : `--${other}`;
    command.addOption(optionOf(context, name, flags, member, context.say(texts)));
  }
  return command;
}

/** The filter that options say, as the API's query takes it. */
export function filterSaid<Of extends Members>(
  members: Of,
  options: FilterOptions,
  others: OtherNames<Of> = {},
): { readonly [Name in keyof Of]?: never } {
  const said = Object.keys(members).flatMap((name) => {
    const value = options[camelCase(others[name] ?? name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(said) as unknown as { readonly [Name in keyof Of]?: never };
}

function optionOf(
  context: CommandContext,
  name: string,
  flags: string,
  member: Member,
  text: string,
): Option {
  if (member.type === "boolean") {
    return new Option(`${flags} [true|false]`, text)
      .choices(["true", "false"])
      .preset("true")
      .argParser((word) => truthOf(context, word));
  }
  const { items } = member;
  const read = readerOf(context, name, items ?? member);
  const option = new Option(`${flags} <${name}${items === undefined ? "" : "..."}>`, text);
  const choices = (items ?? member).enum;
  if (choices !== undefined) option.choices(choices);
  if (items === undefined) return option.argParser(read);
  return option.argParser((word, earlier: readonly unknown[] | undefined) => [
    ...(earlier ?? []),
    read(word),
  ]);
}

function flagsOf(name: string, shorter: string | undefined): string {
  const flag = `--${name.replaceAll("_", "-")}`;
  return shorter === undefined ? flag : `--${shorter}, ${flag}`;
}

function readerOf(context: CommandContext, name: string, member: Member): (word: string) => unknown {
  const { say } = context;
  if (member.enum !== undefined) {
    const known = member.enum;
    return (word) => {
      if (known.includes(word)) return word;
      const all = known.join(", ");
      throw new InvalidArgumentError(say({ en: `Allowed choices are ${all}.`, de: `Erlaubt sind ${all}.` }));
    };
  }
  if (member.format === "time-or-day") return timeOrDayParser(context);
  if (member.format === "date") return dayParser(context);
  if (member.format === "uuid") {
    return (word) => {
      if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word)) return word.toLowerCase();
      throw new InvalidArgumentError(say({ en: `A ${name} is a UUID.`, de: `Eine ${name} ist eine UUID.` }));
    };
  }
  if (member.type === "integer") {
    return (word) => {
      if (/^[1-9]\d{0,14}$/.test(word)) return Number(word);
      throw new InvalidArgumentError(
        say({ en: `A ${name} is a number.`, de: `Eine ${name} ist eine Zahl.` }),
      );
    };
  }
  return (word) => word;
}

function truthOf({ say }: CommandContext, word: string): boolean {
  if (word === "true" || word === "false") return word === "true";
  throw new InvalidArgumentError(
    say({ en: "Expected true or false.", de: "Erwartet wird true oder false." }),
  );
}

function camelCase(name: string): string {
  return name.replaceAll(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
