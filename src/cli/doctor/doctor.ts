// leadledger doctor: looks at everything that leads depend on, and says what to do about what is wrong.
import type { Command } from "commander";
import type { Environment } from "../../config/environment.ts";
import { readTimezone } from "../../ledger/settings/settings.ts";
import { probeIfMended } from "../../ledger/delivery/circuits.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { closeWhenInterrupted, environmentOf, openForCommand } from "../frame/command-installation.ts";
import { loadFile, surroundingsOf } from "../frame/configuration-file.ts";
import type { Check, CheckStatus } from "./doctor-check.ts";
import { checkApplied, checkDestinations, checkFile } from "./doctor-configuration.ts";
import { checkHistory } from "./doctor-history.ts";
import { checkInstallation, spoolChecks } from "./doctor-installation.ts";
import { checkTimezone } from "./doctor-timezone.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { databasePlace, explainFailure } from "../frame/failure.ts";
import { withProgress } from "../frame/progress.ts";
import { printTable } from "../frame/table.ts";
import type { Colour } from "../frame/terminal.ts";
import { timeText } from "../frame/times.ts";

export function registerDoctor(program: Command, context: CommandContext): void {
  const doctor = addCommand(program, context, {
    usage: "doctor",
    summary: { en: "check everything that leads depend on", de: "alles prüfen, wovon Leads abhängen" },
    details: {
      en: "Database, disk, clock, key, configuration, books, and whether each destination can be reached. No lead is sent. Exit code 1 if something fails.",
      de: "Datenbank, Platte, Uhr, Hauptschlüssel, Konfiguration, Bücher, und ob jedes Ziel erreichbar ist. Es wird kein Lead gesendet. Rückgabewert 1, wenn etwas nicht stimmt.",
    },
    examples: ["leadledger doctor", "leadledger doctor --json | jq '.checks[] | select(.status != \"ok\")'"],
  });
  act(doctor, context, async (options) => {
    const environment = environmentOf(context);
    if (environment === null) return exitCodes.usage;
    const looking = context.say({ en: "Looking", de: "Sehe nach" });
    const checks = await withProgress(
      context.terminal,
      () => looking,
      () => examine(context, environment),
    );
    return report(context, checks, options);
  });
}

async function examine(context: CommandContext, environment: Environment): Promise<Check[]> {
  const fileAlone = checkFile(await loadFile(environment.configPath, context, null), environment);
  try {
    const installation = await openForCommand(context, environment);
    const forgetSignals = closeWhenInterrupted(installation);
    try {
      const times = timeText(await readTimezone(installation.database), context.language);
      const around = await surroundingsOf(installation);
      const loaded = await loadFile(environment.configPath, context, around);
      const checks = [
        ...(await checkInstallation(installation, environment)),
        ...(await checkHistory(installation, environment, times)),
      ];
      const applied = await checkApplied(installation, context.kinds, loaded, times, Date.now());
      return [
        ...checks,
        ...checkFile(loaded, environment),
        ...applied.checks,
        await checkTimezone(
          installation.database,
          times.timezone,
          loaded.ok ? loaded.configuration.timezone : null,
        ),
        ...(await checkDestinations(
          context.kinds,
          applied.destinations,
          applied.pausedSince,
          times,
          (destination) => probeIfMended(installation.database, context.actor, destination),
        )),
      ];
    } finally {
      await installation.close();
      forgetSignals();
    }
  } catch (error) {
    // The spool is what keeps leads while the database is away.
    return [unusable(error, environment), ...(await spoolChecks(environment)), ...fileAlone];
  }
}

/** Everything else depends on the database, so this is said alone. */
function unusable(error: unknown, { databaseUrl }: Environment): Check {
  const place = databasePlace(databaseUrl);
  return {
    check: "database",
    status: "fail",
    text: { en: explainFailure(error, "en", place).message, de: explainFailure(error, "de", place).message },
  };
}

function report(context: CommandContext, checks: readonly Check[], { json }: CommonOptions): ExitCode {
  const failed = checks.some(({ status }) => status === "fail");
  if (json === true) {
    const shown = checks.map(({ check, status, text, advice }) => ({
      check,
      status,
      message: context.say(text),
      ...(advice === undefined ? {} : { advice: context.say(advice) }),
    }));
    printJson(context, { ok: !failed, checks: shown });
  } else printChecks(context, checks);
  return failed ? exitCodes.failed : exitCodes.ok;
}

function printChecks({ terminal, say }: CommandContext, checks: readonly Check[]): void {
  printTable(
    terminal,
    [
      { title: "" },
      { title: say({ en: "check", de: "Prüfung" }), wraps: true },
      { title: say({ en: "finding", de: "Befund" }), wraps: true },
    ],
    checks.map(({ check, status, text, advice }) => [
      { text: say(statusWords[status]), colour: colours[status] },
      check,
      advice === undefined ? say(text) : `${say(text)} → ${say(advice)}`,
    ]),
  );
}

const statusWords = {
  ok: { en: "ok", de: "ok" },
  warn: { en: "warn", de: "Warnung" },
  fail: { en: "FAIL", de: "FEHLER" },
} as const;

const colours: Readonly<Record<CheckStatus, Colour>> = { ok: "green", warn: "yellow", fail: "red" };
