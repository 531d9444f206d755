// All commands under one name, and what the command line says in German where its library speaks English only.
import { Command, CommanderError } from "commander";
import { registerApiKey } from "./accounts/api-key.ts";
import { registerAlerts } from "./alerts/alerts.ts";
import { registerApply } from "./settings/apply.ts";
import { registerAudit } from "./log/audit.ts";
import type { CommandContext, CommonOptions } from "./frame/command.ts";
import { langText } from "./frame/command.ts";
import { reportFailure } from "./frame/command-installation.ts";
import { registerDb } from "./database/db-url.ts";
import { registerDeliveries } from "./leads/deliveries.ts";
import { registerDemo } from "./demo/demo.ts";
import { registerClient } from "./sources-and-destinations/client.ts";
import { registerDestination } from "./sources-and-destinations/destination.ts";
import { registerDlq } from "./attention/dlq.ts";
import { registerDoctor } from "./doctor/doctor.ts";
import { registerExplain } from "./explain.ts";
import { registerExport } from "./import-export/export.ts";
import { registerImport } from "./import-export/import.ts";
import type { ExitCode } from "./frame/exit-codes.ts";
import { exitCodes, exitCodesText } from "./frame/exit-codes.ts";
import { registerKpi } from "./figures/kpi.ts";
import { registerMigrate } from "./database/migrate.ts";
import { registerOperations } from "./attention/operations.ts";
import { registerQuarantine } from "./attention/quarantine.ts";
import { registerReport } from "./figures/report.ts";
import { registerRuns } from "./leads/runs.ts";
import { registerServe } from "./serve/serve.ts";
import { registerDeadMansSwitch } from "./settings/dead-mans-switch.ts";
import { registerMail } from "./settings/mail.ts";
import { registerSettings } from "./settings/settings.ts";
import { registerSla } from "./figures/sla.ts";
import { registerSource } from "./sources-and-destinations/source.ts";
import { registerVerify } from "./log/verify.ts";
import { registerUser } from "./accounts/user.ts";
import { packageVersion } from "../runtime/package-version.ts";

/** Runs the command that `argv` names (without node and script); says what went wrong, and never throws. */
export async function runProgram(
  argv: readonly string[],
  parts: Omit<CommandContext, "finish">,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const context: CommandContext = { ...parts, finish: (code) => void (exitCode = code) };
  try {
    await createProgram(context).parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return reportFailure(context, error);
  }
}

/** All commands with their options; nothing is run. */
export function createProgram(context: CommandContext): Command {
  const { say, terminal, language } = context;
  const program = new Command("leadledger")
    .description(
      say({
        en: "Takes every lead exactly once, never loses it, delivers it, and can prove and count what happened.",
        de: "Das Eingangsbuch für Leads: nimmt jeden genau einmal an, verliert keinen, liefert aus und belegt, was geschah.",
      }),
    )
    .version(packageVersion(), "-V, --version", say({ en: "show the version", de: "Version anzeigen" }))
    .option("--lang <de|en>", say(langText))
    .option(
      "--url <address>",
      say({
        en: "work on this server's API instead of a database of this machine (LEADLEDGER_URL)",
        de: "mit der API dieses Servers arbeiten statt mit einer Datenbank dieses Rechners (LEADLEDGER_URL)",
      }),
    )
    .option(
      "--key <key>",
      say({
        en: "API key for --url; LEADLEDGER_API_KEY keeps it out of the process list",
        de: "API-Schlüssel für --url; LEADLEDGER_API_KEY hält ihn aus der Prozessliste heraus",
      }),
    )
    .helpOption("-h, --help", say({ en: "show help", de: "Hilfe anzeigen" }))
    .helpCommand(
      "help [command]",
      say({ en: "show help for a command", de: "Hilfe zu einem Befehl anzeigen" }),
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.replace(/\n$/, "")),
      writeErr: (text) => terminal.note(text.replace(/\n$/, "")),
      outputError: (text, write) => write(language === "de" ? inGerman(text) : text),
    })
    .addHelpText("after", `\n${say(exitCodesText)}`);
  if (language === "de") {
    program.configureHelp({
      styleTitle: (title) => germanTitles[title] ?? title,
      styleUsage: (usage) => usage.replace("[options]", "[Optionen]").replace("[command]", "[Befehl]"),
      subcommandTerm: (command) => command.name(),
      optionDescription: (option) =>
        germanDetails(option.description, option.argChoices, option.defaultValue),
    });
  }
  for (const register of commands) register(program, context);
  program.hook("preAction", (_program, command) => refuseFarAway(context, command));
  return program;
}

/** What these do happens on the machine itself: with --url they would work on a different installation than was meant. */
const hereOnly = new Set(["serve", "demo", "migrate", "apply", "doctor", "db url", "kpi rebuild", "verify"]);

function refuseFarAway({ say }: CommandContext, command: Command): void {
  const group = command.parent?.parent == null ? "" : `${command.parent.name()} `;
  const { url } = command.optsWithGlobals<CommonOptions>();
  if (url === undefined || !hereOnly.has(`${group}${command.name()}`)) return;
  command.error(
    say({
      en: "error: this command works on the machine itself, not with --url",
      de: "Fehler: Dieser Befehl arbeitet auf dem Rechner selbst, nicht mit --url",
    }),
  );
}

const commands: readonly ((program: Command, context: CommandContext) => void)[] = [
  registerServe,
  registerDemo,
  registerMigrate,
  registerApply,
  registerDoctor,
  registerRuns,
  registerDlq,
  registerQuarantine,
  registerOperations,
  registerKpi,
  registerReport,
  registerSla,
  registerAudit,
  registerVerify,
  registerExplain,
  registerExport,
  registerImport,
  registerUser,
  registerApiKey,
  registerSource,
  registerDestination,
  registerClient,
  registerDeliveries,
  registerSettings,
  registerMail,
  registerDeadMansSwitch,
  registerAlerts,
  registerDb,
];

const germanTitles: Readonly<Record<string, string>> = {
  "Usage:": "Aufruf:",
  "Arguments:": "Argumente:",
  "Options:": "Optionen:",
  "Global Options:": "Allgemeine Optionen:",
  "Commands:": "Befehle:",
};

function germanDetails(description: string, choices: readonly string[] | undefined, preset: unknown): string {
  const details = [
    ...(choices === undefined ? [] : [`möglich: ${choices.join(", ")}`]),
    ...(typeof preset === "number" ? [`Vorgabe: ${preset}`] : []),
  ];
  return details.length === 0 ? description : `${description} (${details.join("; ")})`;
}

/** commander's messages, by their beginnings; one that is not known stays as it is. */
export function inGerman(text: string): string {
  return germanMessages.reduce((message, [pattern, german]) => message.replace(pattern, german), text);
}

const germanMessages: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.*)'/, "Fehler: Die Option „$1“ gibt es nicht."],
  [/^error: unknown command '(.*)'/, "Fehler: Den Befehl „$1“ gibt es nicht."],
  [/^error: missing required argument '(.*)'/, "Fehler: Es fehlt das Argument „$1“."],
  [/^error: required option '(.*)' not specified/, "Fehler: Die Option „$1“ muss angegeben werden."],
  [/^error: option '(.*)' argument missing/, "Fehler: Der Option „$1“ fehlt ihr Wert."],
  [/^error: option '([^']*)' argument '(.*)' is invalid\./, "Fehler: „$2“ passt nicht zur Option „$1“."],
  [
    /^error: command-argument value '(.*)' is invalid for argument '([^']*)'\./,
    "Fehler: „$1“ passt nicht zum Argument „$2“.",
  ],
  [
    /^error: option '(.*)' cannot be used with option '(.*)'/,
    "Fehler: „$1“ und „$2“ schließen einander aus.",
  ],
  [
    /^error: too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+)\./,
    "Fehler: Zu viele Argumente ($2 statt $1).",
  ],
  [/Allowed choices are ([^.]{1,500})\.$/m, "Möglich: $1."],
  [/\(Did you mean one of ([^?]{1,500})\?\)/, "(Meinten Sie $1?)"],
  [/\(Did you mean ([^?]{1,500})\?\)/, "(Meinten Sie $1?)"],
];
