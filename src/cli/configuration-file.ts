// leadledger.yaml as commands use it: loaded with everything checked, its problems in the reader's language.
import { readFile } from "node:fs/promises";
import type { Configuration } from "../config/configuration.ts";
import { formatProblem, loadConfiguration } from "../config/load-configuration.ts";
import type { LoadedConfiguration } from "../config/load-configuration.ts";
import type { Problem } from "../config/problem.ts";
import { say } from "../config/problem-texts.ts";
import type { CommandContext } from "./command.ts";
import type { Language } from "./language.ts";

export async function loadFile(path: string, env: CommandContext["env"]): Promise<LoadedConfiguration> {
  const { rejectBodySchema } = await import("../app.ts");
  return loadConfiguration({ path, env, readFile, rejectBodySchema });
}

/** Says every problem and warning; null when there are problems. */
export async function loadFileAloud(
  { env, terminal, language }: CommandContext,
  path: string,
): Promise<{ readonly configuration: Configuration; readonly warnings: readonly string[] } | null> {
  const loaded = await loadFile(path, env);
  if (loaded.ok) {
    return {
      configuration: loaded.configuration,
      warnings: loaded.warnings.map((warning) => problemText(warning, language)),
    };
  }
  for (const problem of loaded.problems)
    terminal.note(terminal.paintNote("red", problemText(problem, language)));
  return null;
}

/** Whether there is such a file; one that cannot be read is there. */
export function isMissing(loaded: LoadedConfiguration): boolean {
  return !loaded.ok && loaded.problems.some(({ code }) => code === "file_missing");
}

/** With its place, and its code for `leadledger explain`. */
export function problemText(problem: Problem, language: Language): string {
  return `${formatProblem({ ...problem, message: say(problem, language) })} [${problem.code}]`;
}
