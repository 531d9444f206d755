// leadledger apply: makes the database's configuration what leadledger.yaml says
import type { Command } from "commander";
import type { Configuration } from "../config/configuration.ts";
import { toStored } from "../config/stored-configuration.ts";
import { compareConfiguration } from "../ledger/configuration.ts";
import type { ConfigurationChange } from "../ledger/configuration.ts";
import { act, addCommand, printJson } from "./command.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { environmentOf, withInstallation } from "./command-installation.ts";
import type { Workplace } from "./command-installation.ts";
import { loadFileAloud } from "./configuration-file.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Texts } from "./language.ts";

interface ApplyOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

interface TimezoneChange {
  readonly from: string;
  readonly to: string;
}

export function registerApply(program: Command, context: CommandContext): void {
  const { say } = context;
  const apply = addCommand(program, context, {
    usage: "apply",
    summary: {
      en: "apply leadledger.yaml; running nodes follow",
      de: "leadledger.yaml anwenden; laufende Knoten folgen",
    },
    details: {
      en: "All nodes know the new sources and destinations within two seconds. What the file no longer names is switched off, and its undelivered leads go to the DLQ. open_intake and trust_proxy are read when `serve` starts.",
      de: "Alle Knoten kennen die neuen Quellen und Ziele binnen zwei Sekunden. Was nicht mehr in der Datei steht, wird abgeschaltet; noch nicht zugestellte Leads daran werden Klärfälle. open_intake und trust_proxy liest `serve` bei seinem Start.",
    },
    examples: ["leadledger apply --dry-run", "LEADLEDGER_CONFIG=/etc/leadledger.yaml leadledger apply"],
  }).option("--dry-run", say({ en: "only show what would change", de: "nur zeigen, was sich ändern würde" }));
  act<ApplyOptions>(apply, context, async (options) => {
    const environment = environmentOf(context);
    if (environment === null) return exitCodes.usage;
    const loaded = await loadFileAloud(context, environment.configPath);
    if (loaded === null) return exitCodes.usage;
    for (const warning of loaded.warnings)
      context.terminal.note(context.terminal.paintNote("yellow", warning));
    return withInstallation(context, (place) => applyLoaded(context, place, loaded.configuration, options));
  });
}

async function applyLoaded(
  context: CommandContext,
  { installation, times }: Workplace,
  configuration: Configuration,
  { dryRun, json }: ApplyOptions,
): Promise<ExitCode> {
  const { applyFile } = await import("../app.ts");
  const changes =
    dryRun === true
      ? await compareConfiguration(installation.database, toStored(configuration, installation.secretBox))
      : await applyFile(installation, context.actor, configuration);
  const timezone =
    times.timezone === configuration.timezone ? null : { from: times.timezone, to: configuration.timezone };
  if (json === true) printJson(context, { applied: dryRun !== true, timezone, changes });
  else printChanges(context, changes, timezone, dryRun === true);
  return exitCodes.ok;
}

function printChanges(
  { terminal, say }: CommandContext,
  changes: readonly ConfigurationChange[],
  timezone: TimezoneChange | null,
  dryRun: boolean,
): void {
  if (changes.length === 0 && timezone === null) {
    terminal.out(say({ en: "Nothing differs.", de: "Nichts ist anders." }));
    return;
  }
  if (timezone !== null) terminal.out(`~ timezone: ${timezone.from} → ${timezone.to}`);
  for (const change of changes) terminal.out(say(changeText(change)));
  if (dryRun)
    terminal.note(say({ en: "Nothing was changed (--dry-run).", de: "Nichts wurde geändert (--dry-run)." }));
}

/** One line without any value: names and fields only. */
export function changeText({
  part,
  name,
  change,
  fields,
  moved_to_dlq: moved = 0,
}: ConfigurationChange): Texts {
  const german = part === "source" ? "Quelle" : "Ziel";
  switch (change) {
    case "added":
      return { en: `+ ${part} ${name}: added`, de: `+ ${german} ${name}: neu` };
    case "enabled":
      return { en: `+ ${part} ${name}: back again`, de: `+ ${german} ${name}: wieder da` };
    case "changed": {
      const list = fields.length === 0 ? "" : ` (${fields.join(", ")})`;
      return { en: `~ ${part} ${name}: changed${list}`, de: `~ ${german} ${name}: geändert${list}` };
    }
    case "removed":
      return {
        en: `- ${part} ${name}: switched off${moved === 0 ? "" : `; ${moved} undelivered → DLQ`}`,
        de: `- ${german} ${name}: abgeschaltet${moved === 0 ? "" : `; ${moved} nicht zugestellt → DLQ`}`,
      };
  }
}
