// leadledger apply: makes the database's configuration what leadledger.yaml says
import type { Command } from "commander";
import type { Configuration } from "../../config/configuration.ts";
import { clientIn } from "../../domain/clients/client.ts";
import { sourcesThatSendTo } from "../../config/managed-part.ts";
import { saidOfClients } from "../../config/client-problem.ts";
import { say as sayProblem } from "../../config/problem-texts.ts";
import { toStoredSection } from "../../config/sections/managed-section.ts";
import { destinationsWithoutSource, fromStored, toStored } from "../../config/stored-configuration.ts";
import { judgeTimezone } from "../../config/judge-timezone.ts";
import { compareConfiguration, readConfiguration } from "../../ledger/configuration/configuration.ts";
import type {
  AllowedRemovals,
  Applied,
  Compared,
  ConfigurationChange,
  NamedPart,
  StoredConfiguration,
} from "../../ledger/configuration/configuration.ts";
import { compareTargets } from "../../ledger/sla/targets.ts";
import { compareSections } from "../../ledger/configuration/sections.ts";
import type { ClientFault } from "../../ledger/configuration/client-fault.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf, withInstallation } from "../frame/command-installation.ts";
import type { LocalInstallation } from "../frame/command-installation.ts";
import { loadFile, loadFileAloud, sayProblems, surroundingsOf } from "../frame/configuration-file.ts";
import { confirmed } from "../frame/ask.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Language, Texts } from "../frame/language.ts";
import { timezoneText } from "../frame/timezone-text.ts";

interface ApplyOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
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
      en: "All nodes know the new sources and destinations within two seconds. What the file no longer names is switched off, and its undelivered leads go to the DLQ; that needs --yes, or a yes on the terminal. open_intake and trust_proxy are read when `serve` starts.",
      de: "Alle Knoten kennen die neuen Quellen und Ziele binnen zwei Sekunden. Was nicht mehr in der Datei steht, wird abgeschaltet; noch nicht zugestellte Leads daran werden Klärfälle; dafür braucht es --yes oder ein Ja am Terminal. open_intake und trust_proxy liest `serve` bei seinem Start.",
    },
    examples: [
      "leadledger apply --dry-run",
      "leadledger apply --yes",
      "LEADLEDGER_CONFIG=/etc/leadledger.yaml leadledger apply",
    ],
  })
    .option("--dry-run", say({ en: "only show what would change", de: "nur zeigen, was sich ändern würde" }))
    .option(
      "--yes",
      say({
        en: "also switch off what the file no longer names",
        de: "auch abschalten, was nicht mehr in der Datei steht",
      }),
    );
  act<ApplyOptions>(apply, context, async (options) => {
    const environment = environmentOf(context);
    if (environment === null) return exitCodes.usage;
    // A mistake in the file is found before a database is looked for.
    const readable = await loadFile(environment.configPath, context, null);
    if (!readable.ok) {
      sayProblems(context, readable.problems);
      return exitCodes.usage;
    }
    return withInstallation(context, async (place) => {
      const around = await surroundingsOf(place.installation);
      const loaded = await loadFileAloud(context, environment.configPath, around);
      if (loaded === null) return exitCodes.usage;
      for (const warning of loaded.warnings)
        context.terminal.note(context.terminal.paintNote("yellow", warning));
      return applyLoaded(context, place, loaded.configuration, options);
    });
  });
}

async function applyLoaded(
  context: CommandContext,
  { installation, times, environment: { configPath } }: LocalInstallation,
  configuration: Configuration,
  { dryRun, yes, json }: ApplyOptions,
): Promise<ExitCode> {
  const { applyFile } = await import("../../app.ts");
  const { database, secretBox } = installation;
  const { timezone: zone } = configuration;
  const misfit = zone === null ? null : await judgeTimezone(database, zone);
  if (misfit !== null) {
    // One that is in force already keeps nobody from changing everything else.
    const isInForce = zone === times.timezone;
    const { terminal, language } = context;
    terminal.note(
      terminal.paintNote(isInForce ? "yellow" : "red", timezoneText(configPath, misfit, language)),
    );
    if (!isInForce) return exitCodes.usage;
  }
  const desired = toStored(configuration, secretBox, context.kinds);
  const compared = await compareConfiguration(database, desired);
  if (json !== true) sayNewSenders(context, compared, desired, await readConfiguration(database));
  const apply = (allowed: AllowedRemovals): Promise<Applied> =>
    applyFile(installation, context.actor, configuration, allowed, context.kinds);
  const sections = (configuration.sections ?? []).map(({ section, entry }) =>
    toStoredSection(section, entry, secretBox),
  );
  const sla = configuration.sla === undefined ? [] : await compareTargets(database, configuration.sla);
  let applied: Applied =
    dryRun === true
      ? {
          kind: "applied",
          changes: [...compared.changes, ...(await compareSections(database, sections)), ...sla],
          takenOver: compared.takenOver,
        }
      : await apply(yes === true ? "all" : "none");
  if (applied.kind === "refused") {
    if (json === true) {
      printJson(context, { applied: false, needs_yes: applied.removals });
      return exitCodes.unconfirmed;
    }
    if (!(await maySwitchOff(context, applied.removals))) return exitCodes.unconfirmed;
    applied = await apply("all");
  }
  if (applied.kind === "across_clients") {
    const { terminal, language } = context;
    if (json === true) printJson(context, { applied: false, across_clients: applied.fault });
    terminal.note(terminal.paintNote("red", notAppliedText(configPath, applied.fault, language)));
    return exitCodes.usage;
  }
  // Only what is allowed to remove everything is never refused.
  const { changes, takenOver } = applied.kind === "applied" ? applied : { changes: [], takenOver: [] };
  const timezone = zone === null || times.timezone === zone ? null : { from: times.timezone, to: zone };
  if (json === true)
    printJson(context, { applied: dryRun !== true, timezone, changes, taken_over: takenOver });
  else printChanges(context, changes, timezone, dryRun === true);
  const nowThere = fromStored(await readConfiguration(database), secretBox, context.kinds);
  const fresh = new Set(changes.flatMap(({ part, name }) => (part === "destination" ? [name] : [])));
  for (const destination of destinationsWithoutSource(nowThere).filter((name) => fresh.has(name))) {
    const said = { code: "nobody_sends_there", params: { destination } } as const;
    context.terminal.note(context.terminal.paintNote("yellow", sayProblem(said, context.language)));
  }
  for (const part of takenOver)
    context.terminal.note(context.terminal.paintNote("yellow", context.say(takenOverText(part))));
  return exitCodes.ok;
}

/** Before it is done: which sources will send to each destination that is new. */
function sayNewSenders(
  { terminal, say }: CommandContext,
  { changes, takenOver }: Compared,
  desired: StoredConfiguration,
  there: StoredConfiguration,
): void {
  const isPassedOver = new Set(takenOver.map(({ part, name }) => `${part} ${name}`));
  const sources = new Map(there.sources.map((source) => [source.name, source]));
  for (const source of desired.sources)
    if (!isPassedOver.has(`source ${source.name}`)) sources.set(source.name, source);
  for (const { name, change } of changes.filter(({ part }) => part === "destination")) {
    const destination = desired.destinations.find((each) => each.name === name);
    if (destination === undefined || (change !== "added" && change !== "enabled")) continue;
    const senders = sourcesThatSendTo({ name, client: clientIn(destination.settings) }, [
      ...sources.values(),
    ]);
    if (senders.length === 0) continue;
    const list = senders.join(", ");
    terminal.note(
      say({
        en: `Leads of these sources go to ${name} from now on: ${list}`,
        de: `Leads dieser Quellen gehen ab jetzt auch an ${name}: ${list}`,
      }),
    );
  }
}

/** Says what would be switched off; whether somebody at the terminal wants it. */
async function maySwitchOff(
  context: CommandContext,
  removals: readonly ConfigurationChange[],
): Promise<boolean> {
  const { terminal, say } = context;
  terminal.note(
    terminal.paintNote(
      "yellow",
      say({
        en: "The file no longer names these; applied, it switches them off:",
        de: "In der Datei stehen diese nicht mehr; angewendet, schaltet sie sie ab:",
      }),
    ),
  );
  for (const { part, name } of removals) terminal.note(say(partText(part, name)));
  const yes = await confirmed(context, say({ en: "Switch them off?", de: "Abschalten?" }));
  if (yes === true) return true;
  terminal.note(
    yes === null
      ? say({
          en: "Nothing was changed. `leadledger apply --yes` does it.",
          de: "Nichts wurde geändert. `leadledger apply --yes` tut es.",
        })
      : say({ en: "Nothing was changed.", de: "Nichts wurde geändert." }),
  );
  return false;
}

function partText(part: ConfigurationChange["part"], name: string): Texts {
  return { en: `- ${part} ${name}`, de: `- ${germanParts[part]} ${name}` };
}

const germanParts = {
  source: "Quelle",
  destination: "Ziel",
  section: "Abschnitt",
  sla: "Servicelevel",
} as const;

/** Leads of one client would have gone to another. */
export function notAppliedText(configPath: string, fault: ClientFault, language: Language): string {
  const said = saidOfClients(fault);
  const before = { en: `${configPath} was not applied`, de: `${configPath} wurde nicht angewendet` };
  return `${before[language]}: ${sayProblem(said, language)} [${said.code}]`;
}

/** The file's entry is passed over. */
export function takenOverText({ part, name }: NamedPart): Texts {
  return {
    en: `The ${part} ${name} was taken over into the dashboard: what the file says about it no longer counts. Delete its entry from the file.`,
    de: `${part === "source" ? "Die Quelle" : "Das Ziel"} ${name} wurde in die Oberfläche übernommen: Was in der Datei dazu steht, gilt nicht mehr. Löschen Sie den Eintrag aus der Datei.`,
  };
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
  const german = germanParts[part];
  switch (change) {
    case "added":
      return { en: `+ ${part} ${name}: added`, de: `+ ${german} ${name}: neu` };
    case "enabled":
      return { en: `+ ${part} ${name}: back again`, de: `+ ${german} ${name}: wieder da` };
    case "changed": {
      const list = fields.length === 0 ? "" : ` (${fields.join(", ")})`;
      return { en: `~ ${part} ${name}: changed${list}`, de: `~ ${german} ${name}: geändert${list}` };
    }
    case "taken_over":
      return {
        en: `~ ${part} ${name}: taken over into the dashboard`,
        de: `~ ${german} ${name}: in die Oberfläche übernommen`,
      };
    case "removed":
      return {
        en: `- ${part} ${name}: switched off${moved === 0 ? "" : `; ${moved} undelivered → DLQ`}`,
        de: `- ${german} ${name}: abgeschaltet${moved === 0 ? "" : `; ${moved} nicht zugestellt → DLQ`}`,
      };
  }
}
