// leadledger verify: are the books in order? Every lead, log entry and figure is looked at, and nothing is changed.
import type { Command } from "commander";
import type { Explanation } from "../../explanations/explanation.ts";
import type { Finding, FindingCode } from "../../verify/finding.ts";
import type { LookedAt, Verification } from "../../verify/verify.ts";
import { act, addCommand } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { withInstallation } from "../frame/command-installation.ts";
import type { LocalInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { withProgress } from "../frame/progress.ts";
import { printable, wrap } from "../frame/table.ts";

/** 0: intact, 1: findings, 2: it could not be verified, for whatever reason. */
const couldNot = exitCodes.usage;

export function registerVerify(program: Command, context: CommandContext): void {
  const verify = addCommand(program, context, {
    usage: "verify",
    summary: { en: "are the books in order?", de: "stimmen die Bücher?" },
    details: {
      en: "Looks at every lead, log entry, delivery and figure as they stand at one moment, and says what does not fit: stories with gaps, states that contradict each other, log entries that were changed, figures that are wrong. Changes nothing and holds up nobody, so LeadLedger may run meanwhile. With --json one finding per line.",
      de: "Prüft jeden Lead, jeden Protokolleintrag, jede Zustellung und jede Zahl in dem Stand, den sie in einem Augenblick haben, und nennt, was nicht passt: Geschichten mit Lücken, Stände, die sich widersprechen, geänderte Protokolleinträge, falsche Zahlen. Ändert nichts und hält niemanden auf; LeadLedger darf dabei laufen. Mit --json je Befund eine Zeile.",
    },
    examples: ["leadledger verify", "leadledger verify --json"],
    exitCodes: {
      en: "Exit codes: 0 the books are in order, 1 findings, 2 they could not be verified",
      de: "Rückgabewerte: 0 die Bücher stimmen, 1 Befunde, 2 sie ließen sich nicht prüfen",
    },
  });
  act(verify, context, async (options) => {
    const ended = await withInstallation(context, (place) => verifyHere(context, place, options));
    return ended === exitCodes.ok || ended === exitCodes.failed ? ended : couldNot;
  });
}

async function verifyHere(
  context: CommandContext,
  { installation: { database } }: LocalInstallation,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  // Only here: other commands have no use for them.
  const { verifyLedger } = await import("../../verify/verify.ts");
  const print = json === true ? printLine(context) : await printForPeople(context);
  let progress = context.say({ en: "Verifying the books", de: "Die Bücher werden geprüft" });
  const verification: Verification = {
    found: print,
    progress: (soFar, runsAbout) => void (progress = progressText(context, soFar, runsAbout)),
  };
  const looked = await withProgress(
    terminal,
    () => progress,
    () => verifyLedger(database, verification),
  );
  const summary = summaryText(context, looked);
  if (json === true) terminal.note(summary);
  else terminal.out(terminal.paint(looked.findings === 0 ? "green" : "red", summary));
  return looked.findings === 0 ? exitCodes.ok : exitCodes.failed;
}

function printLine({ terminal }: CommandContext): (finding: Finding) => void {
  return (finding) => terminal.out(JSON.stringify(finding));
}

/** What a finding means, and what to do about it, is said when it comes for the first time. */
async function printForPeople(context: CommandContext): Promise<(finding: Finding) => void> {
  const { terminal, language } = context;
  const { explain } = await import("../../explanations/catalogue.ts");
  const explained = new Map<FindingCode, Explanation>();
  return (finding) => {
    const code = finding.finding;
    const known = explained.get(code);
    const explanation = known ?? explain(code, language);
    // Progress stands on a line of its own, which is overwritten.
    if (terminal.noteIsTerminal) terminal.noteRaw("\r\u001b[K");
    terminal.out(
      `${terminal.paint("red", "✗")} ${placeText(context, finding)}: ${explanation?.title ?? code}`,
    );
    terminal.out(terminal.paint("dim", `  ${finding.table}: ${printable(finding.detail)} [${code}]`));
    if (known !== undefined || explanation === null) return;
    explained.set(code, explanation);
    const width = (terminal.outColumns ?? Infinity) - 2;
    const sentences = [explanation.what_happened, explanation.what_to_do].join(" ");
    for (const line of wrap(sentences, width)) terminal.out(`  ${line}`);
  };
}

function placeText({ say }: CommandContext, { run_id, event_id, dlq_id, day, source }: Finding): string {
  if (run_id !== undefined) return `Lead ${run_id}`;
  if (event_id !== undefined) return say({ en: `Log entry ${event_id}`, de: `Protokolleintrag ${event_id}` });
  if (dlq_id !== undefined) return say({ en: `Entry ${dlq_id}`, de: `Klärfall ${dlq_id}` });
  if (day === undefined) return say({ en: "Needs attention", de: "Klärfälle" });
  return source === undefined ? day : `${day}, ${printable(source)}`;
}

function progressText(
  { say, language }: CommandContext,
  { runs }: Readonly<LookedAt>,
  runsAbout: number | null,
): string {
  const number = numberFormat(language);
  const of =
    runsAbout === null || runsAbout < runs
      ? ""
      : say({ en: ` of about ${number.format(runsAbout)}`, de: ` von etwa ${number.format(runsAbout)}` });
  return say({
    en: `Verifying the books: ${number.format(runs)}${of} leads`,
    de: `Die Bücher werden geprüft: ${number.format(runs)}${of} Leads`,
  });
}

function summaryText({ say, language }: CommandContext, looked: Readonly<LookedAt>): string {
  const number = numberFormat(language);
  const [runs, events, deliveries, entries, findings] = [
    ...[looked.runs, looked.events, looked.deliveries, looked.entries, looked.findings],
  ].map((count) => number.format(count));
  const much = say({
    en: `Looked at ${runs} leads, ${events} log entries, ${deliveries} deliveries under way, ${entries} entries that need or needed attention, and all figures`,
    de: `Geprüft: ${runs} Leads, ${events} Protokolleinträge, ${deliveries} laufende Zustellungen, ${entries} Klärfälle und alle Zahlen`,
  });
  const verdict =
    looked.findings === 0
      ? say({ en: "The books are in order.", de: "Die Bücher stimmen." })
      : say({
          en: looked.findings === 1 ? "One finding." : `${findings} findings.`,
          de: looked.findings === 1 ? "Ein Befund." : `${findings} Befunde.`,
        });
  return `${much}. ${verdict}`;
}

function numberFormat(language: CommandContext["language"]): Intl.NumberFormat {
  return new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
}
