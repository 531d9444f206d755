// Which language the command line speaks, and texts that exist in both.
import type { Language } from "../../config/problem.ts";

export type { Language } from "../../config/problem.ts";

/** The same text in every language. */
export type Texts = Readonly<Record<Language, string>>;

/**
 * `--lang` if it is given, else the locale (POSIX.1-2017, 8.2: LC_ALL before LC_MESSAGES before LANG), else English.
 * `null`: `--lang` names a language that does not exist.
 */
export function chooseLanguage(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Language | null {
  const wanted = langOption(argv);
  if (wanted !== undefined) return wanted === "de" || wanted === "en" ? wanted : null;
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== "");
  return /^de(?:[_.@-]|$)/i.test(locale ?? "") ? "de" : "en";
}

// The help texts are made before commander has read the options, so this one is looked up by hand.
function langOption(argv: readonly string[]): string | undefined {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  const position = options.findLastIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const word = options[position];
  if (word === undefined) return undefined;
  return word === "--lang" ? (options[position + 1] ?? "") : word.slice("--lang=".length);
}
