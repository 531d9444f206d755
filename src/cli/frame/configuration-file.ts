// leadledger.yaml as commands use it: loaded with everything checked, its problems in the reader's language.
import { readFile } from "node:fs/promises";
import { defaultTimezone } from "../../config/configuration.ts";
import { clientIn } from "../../domain/clients/client.ts";
import type { Configuration } from "../../config/configuration.ts";
import { formatProblem, loadConfiguration } from "../../config/load-configuration.ts";
import type { FileSurroundings, LoadedConfiguration } from "../../config/load-configuration.ts";
import { createEvaluator } from "../../expressions/evaluator.ts";
import type { FileProblem } from "../../runtime/followed-file.ts";
import type { Problem } from "../../config/problem.ts";
import { say } from "../../config/problem-texts.ts";
import { readDestinationsOfApi } from "../../ledger/configuration/configuration.ts";
import { readTimezone } from "../../ledger/settings/settings.ts";
import type { Installation } from "../../runtime/installation.ts";
import type { CommandContext } from "./command.ts";
import type { Language } from "./language.ts";

/** `around`: what the installation has besides; null: it is not open yet, so what would depend on it is passed over. */
export async function loadFile(
  path: string,
  { env, kinds }: Pick<CommandContext, "env" | "kinds">,
  around: FileSurroundings | null,
): Promise<LoadedConfiguration> {
  const { rejectBodySchema } = await import("../../app.ts");
  const unknown = { destinations: null, timezone: defaultTimezone, nowMs: Date.now() };
  const evaluator = createEvaluator();
  try {
    return await loadConfiguration({
      path,
      env,
      readFile,
      kinds,
      rejectBodySchema,
      rejectExpression: evaluator.reject,
      around: around ?? unknown,
    });
  } finally {
    await evaluator.close();
  }
}

/** The first thing that is wrong with the file as it is now; null: it loads, or is not there. */
export async function firstProblem(
  path: string,
  context: Pick<CommandContext, "env" | "kinds">,
  installation: Installation,
): Promise<FileProblem | null> {
  const loaded = await loadFile(path, context, await surroundingsOf(installation));
  if (loaded.ok || isMissing(loaded)) return null;
  const [problem] = loaded.problems;
  return problem === undefined ? null : { line: problem.line, code: problem.code };
}

/** From the database, or from what was known of it at the last contact. */
export async function surroundingsOf({ database, copy }: Installation): Promise<FileSurroundings> {
  const nowMs = Date.now();
  if (copy === null)
    return {
      destinations: await readDestinationsOfApi(database),
      timezone: await readTimezone(database),
      nowMs,
    };
  return {
    destinations: copy.configuration.destinations.map(({ name, settings }) => ({
      name,
      client: clientIn(settings),
    })),
    timezone: defaultTimezone,
    nowMs,
  };
}

/** Says every problem and warning; null when there are problems. */
export async function loadFileAloud(
  context: CommandContext,
  path: string,
  around: FileSurroundings | null,
): Promise<{ readonly configuration: Configuration; readonly warnings: readonly string[] } | null> {
  const { language } = context;
  const loaded = await loadFile(path, context, around);
  if (loaded.ok) {
    return {
      configuration: loaded.configuration,
      warnings: loaded.warnings.map((warning) => problemText(warning, language)),
    };
  }
  sayProblems(context, loaded.problems);
  return null;
}

export function sayProblems({ terminal, language }: CommandContext, problems: readonly Problem[]): void {
  for (const problem of problems) terminal.note(terminal.paintNote("red", problemText(problem, language)));
}

/** Whether there is such a file; one that cannot be read is there. */
export function isMissing(loaded: LoadedConfiguration): boolean {
  return !loaded.ok && loaded.problems.some(({ code }) => code === "file_missing");
}

/** With its place, and its code for `leadledger explain`. */
export function problemText(problem: Problem, language: Language): string {
  return `${formatProblem({ ...problem, message: say(problem, language) })} [${problem.code}]`;
}
