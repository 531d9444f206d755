// Gives a command its database for as long as it runs: DATABASE_URL, the running server of the data folder, or that
// server started for the command alone.
import type { Environment } from "../../config/environment.ts";
import { readEnvironment } from "../../config/environment.ts";
import { readTimezone } from "../../ledger/settings/settings.ts";
import type { Installation } from "../../runtime/installation.ts";
import { openInstallation } from "../../runtime/installation.ts";
import type { CommandContext } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodes, interruptedExitCodes } from "./exit-codes.ts";
import { codeText, databasePlace, explainFailure } from "./failure.ts";
import { withProgress } from "./progress.ts";
import { createReadableLog } from "./readable-log.ts";
import type { TimeText } from "./times.ts";
import { timeText } from "./times.ts";

export interface LocalInstallation {
  readonly installation: Installation;
  readonly environment: Environment;
  /** Times in the reporting time zone. */
  readonly times: TimeText;
}

const connectionsMax = 2;

/** Opens, works, closes; what went wrong has been said when this resolves. */
export async function withInstallation(
  context: CommandContext,
  work: (local: LocalInstallation) => Promise<ExitCode>,
): Promise<ExitCode> {
  const environment = environmentOf(context);
  if (environment === null) return exitCodes.usage;
  try {
    const installation = await openForCommand(context, environment);
    const forgetSignals = closeWhenInterrupted(installation);
    try {
      const timezone = await readTimezone(installation.database);
      return await work({ installation, environment, times: timeText(timezone, context.language) });
    } finally {
      await installation.close();
      forgetSignals();
    }
  } catch (error) {
    return reportFailure(context, error, environment.databaseUrl);
  }
}

/** null: every problem has been said. */
export function environmentOf(context: CommandContext): Environment | null {
  const read = readEnvironment(context.env, context.language);
  if (read.ok) return read.environment;
  for (const { variable, code, message } of read.problems)
    context.terminal.note(`${variable}: ${message} [${code}]`);
  return null;
}

/** Starts the embedded server if need be, which may take its time. */
export async function openForCommand(
  context: CommandContext,
  environment: Environment,
): Promise<Installation> {
  const { databaseUrl, dataDir, rootKeyHex, logLevel } = environment;
  const threshold = logLevel === "info" ? "warn" : logLevel;
  const waiting = context.say({ en: "Opening the database", de: "Die Datenbank wird geöffnet" });
  const forgetSignals = whenInterrupted((exitCode) => process.exit(exitCode));
  try {
    return await withProgress(
      context.terminal,
      () => waiting,
      () =>
        openInstallation({
          databaseUrl,
          dataDir,
          rootKeyHex,
          connectionsMax,
          purpose: "command",
          log: createReadableLog(context.terminal, threshold),
        }),
    );
  } finally {
    forgetSignals();
  }
}

/** Says on stderr what happened, and returns the exit code for it. */
export function reportFailure(
  context: CommandContext,
  error: unknown,
  databaseUrl: string | null = null,
): ExitCode {
  const { terminal, language, say, env } = context;
  const { exitCode, code, message, unexpected } = explainFailure(error, language, databasePlace(databaseUrl));
  terminal.note(terminal.paintNote("red", `${say({ en: "Error", de: "Fehler" })}: ${message}`));
  terminal.note(codeText(code));
  if (!unexpected) return exitCode;
  if (env.LOG_LEVEL === "debug" && error instanceof Error) terminal.note(error.stack ?? "");
  else
    terminal.note(
      say({
        en: "That was not expected. LOG_LEVEL=debug shows where it happened.",
        de: "Das war nicht vorgesehen. LOG_LEVEL=debug zeigt, wo es geschah.",
      }),
    );
  return exitCode;
}

/** A server that was started for the command alone must not outlive it. */
export function closeWhenInterrupted(installation: Installation): () => void {
  return whenInterrupted((exitCode) => {
    void installation
      .close()
      .catch(() => undefined)
      .then(() => process.exit(exitCode));
  });
}

/** Until the returned function is called. Dying from a signal would skip the embedded server's exit handler. */
function whenInterrupted(react: (exitCode: number) => void): () => void {
  const handlers = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const handler = (): void => {
      forget();
      react(interruptedExitCodes[signal]);
    };
    process.once(signal, handler);
    return () => process.removeListener(signal, handler);
  });
  function forget(): void {
    for (const remove of handlers) remove();
  }
  return forget;
}
