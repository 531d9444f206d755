// One command from its arguments to its exit code, with the streams and the user of the process.
import { userInfo } from "node:os";
import { builtInKinds } from "../kinds/kinds.ts";
import { exitCodes } from "./frame/exit-codes.ts";
import type { ExitCode } from "./frame/exit-codes.ts";
import { chooseLanguage } from "./frame/language.ts";
import type { Texts } from "./frame/language.ts";
import { runProgram } from "./program.ts";
import { createTerminal } from "./frame/terminal.ts";
import type { Stream } from "./frame/terminal.ts";

/** Never throws. The streams are those of the process, whatever thread this runs in. */
export async function runCommand(
  argv: readonly string[],
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ExitCode> {
  const terminal = createTerminal(stdout, stderr, env);
  const language = chooseLanguage(argv, env);
  if (language === null) {
    terminal.note("--lang: de | en");
    return exitCodes.usage;
  }
  const say = (texts: Texts): string => texts[language];
  const actor = `cli:${osUser()}` as const;
  return runProgram(argv, { language, env, terminal, actor, kinds: builtInKinds, say });
}

/** In containers the user often has no entry in /etc/passwd. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

/** Ends the process, or the thread, when everything is written; what a library left open does not keep it alive. */
export async function end(exitCode: number): Promise<void> {
  process.exitCode = exitCode;
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => void stream.write("", () => resolve()));
  }
  process.exit();
}
