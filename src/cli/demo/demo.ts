// leadledger demo: a whole LeadLedger with invented senders and destinations, from the first lead to balanced books.
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { checkBooks, passed } from "../../demo/check-books.ts";
import { nameIn } from "../../demo/demo-sources.ts";
import { runDemo } from "../../demo/run-demo.ts";
import { makeScenario } from "../../demo/scenario.ts";
import { mostEventfulStory, seedQueries } from "../../demo/seed-queries.ts";
import type { Clock, Receipt } from "../../demo/send.ts";
import { summarise } from "../../demo/summary.ts";
import { readBooks, readWorkUnderWay } from "../../ledger/figures/books.ts";
import { libpqConnection } from "../../ledger/connection/database-url.ts";
import { openDatabase } from "../../ledger/connection/database.ts";
import { kpiNeedsRollUp, rebuildKpis } from "../../ledger/figures/kpi-daily.ts";
import { queryAsText } from "../../ledger/connection/query-as-text.ts";
import { readTimezone } from "../../ledger/settings/settings.ts";
import { ensureSqlRoles } from "../../ledger/accounts/sql-roles.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { reportFailure } from "../frame/command-installation.ts";
import { printEnd, printNextSteps, printVerdict } from "./demo-ending.ts";
import type { Interruption } from "./demo-interruption.ts";
import { listenForSignals, untilAborted } from "./demo-interruption.ts";
import { printResult } from "./demo-report.ts";
import { heading, paragraph } from "./demo-text.ts";
import type { DemoResult } from "./demo-report.ts";
import { FolderNotEmptyError, makeDemoFolder, openDemoSite, removeDemoFolder } from "./demo-site.ts";
import type { DemoSite } from "./demo-site.ts";
import { createStage } from "./demo-stage.ts";
import type { ShownStage } from "./demo-stage.ts";
import type { Finding } from "../../verify/finding.ts";
import { verifyLedger } from "../../verify/verify.ts";
import { storyLines } from "./demo-story.ts";
import { exitCodes, interruptedExitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { timeText } from "../frame/times.ts";

interface DemoOptions extends CommonOptions {
  readonly exit?: boolean;
  /** true: without a folder's name. */
  readonly keep?: string | true;
}

const pipeColumns = 80;
/** No run has this id. */
const nobody = "00000000-0000-0000-0000-000000000000";
const rollUpLimitMs = 5_000;
const rollUpLookEveryMs = 50;

export function registerDemo(program: Command, context: CommandContext): void {
  const { say } = context;
  const demo = addCommand(program, context, {
    usage: "demo",
    summary: {
      en: "shows everything with 500 invented leads",
      de: "zeigt alles an 500 erfundenen Leads",
    },
    details: {
      en: "Starts on an empty temporary folder with a CRM and a newsletter tool of its own, sends 500 leads, lets the CRM break down and recover, prints the result and checks the books. Your own data is not touched.",
      de: "Startet in einem leeren temporären Ordner mit eigenem CRM und Newsletter, sendet 500 Leads, lässt das CRM ausfallen und wiederkommen, zeigt das Ergebnis und prüft die Bücher. Ihre eigenen Daten bleiben unberührt.",
    },
    examples: ["leadledger demo", "leadledger demo --exit --lang de", "leadledger demo --keep ./demo"],
  })
    .option(
      "--exit",
      say({
        en: "end afterwards; 0 only if the books balance",
        de: "danach enden; 0 nur, wenn die Bücher stimmen",
      }),
    )
    .option(
      "--keep [folder]",
      say({
        en: "keep the data, in this empty or new folder",
        de: "die Daten behalten, in diesem leeren oder neuen Ordner",
      }),
    );
  act<DemoOptions>(demo, context, (options) => show(forPeople(context), options));
}

/** In a pipe, too, the demo is for people: as wide as a terminal usually is. */
function forPeople(context: CommandContext): CommandContext {
  const { terminal } = context;
  return { ...context, terminal: { ...terminal, outColumns: terminal.outColumns ?? pipeColumns } };
}

async function show(context: CommandContext, options: DemoOptions): Promise<ExitCode> {
  const keptFolder = typeof options.keep === "string" ? options.keep : null;
  let folder: string;
  try {
    folder = await makeDemoFolder(keptFolder);
  } catch (error) {
    if (!(error instanceof FolderNotEmptyError)) return reportFailure(context, error);
    context.terminal.note(context.say(notEmpty(error.message)));
    return exitCodes.usage;
  }
  const interruption = listenForSignals();
  let interruptedBy: ReturnType<Interruption["by"]> = null;
  try {
    return await showIn(folder, context, options, interruption);
  } catch (error) {
    interruptedBy = interruption.by();
    if (interruptedBy !== null)
      context.terminal.note(context.say({ en: "Interrupted.", de: "Abgebrochen." }));
    return interruptedBy === null ? reportFailure(context, error) : exitCodes.failed;
  } finally {
    if (options.keep === undefined) await removeDemoFolder(folder);
    interruption.forget();
    // What a shell expects of a command that was interrupted is none of the exit codes that commands return.
    if (interruptedBy !== null) process.exit(interruptedExitCodes[interruptedBy]);
  }
}

function notEmpty(folder: string): Texts {
  return {
    en: `${folder} is not empty. The demo starts on an empty folder: name another one.`,
    de: `${folder} ist nicht leer. Die Vorführung beginnt in einem leeren Ordner: Nennen Sie einen anderen.`,
  };
}

async function showIn(
  folder: string,
  context: CommandContext,
  options: DemoOptions,
  { signal }: Interruption,
): Promise<ExitCode> {
  const quiet = options.json === true;
  const stage = createStage(context, () => performance.now(), quiet);
  if (!quiet) printOpening(context);
  stage.begin("starting", null);
  let site: DemoSite | null = null;
  try {
    site = await openDemoSite(folder, context.language, context.kinds);
    stage.end("starting");
    const result = await play(site, context, stage, signal);
    const balanced = result.checks.every(passed);
    if (quiet) printJson(context, { folder, balanced, ...result });
    else printResult(context, result);
    if (!quiet) printVerdict(context, result.summary, balanced);
    if (options.exit !== true) {
      if (!quiet) printNextSteps(context, site, options.keep !== undefined);
      await untilAborted(signal);
      context.terminal.note(context.say({ en: "\nStopping …", de: "\nWird beendet …" }));
    } else if (!quiet) printEnd(context, site, options.keep !== undefined);
    return balanced ? exitCodes.ok : exitCodes.failed;
  } finally {
    stage.clear();
    await site?.close();
  }
}

function printOpening(context: CommandContext): void {
  heading(context, { en: "LeadLedger: the demo", de: "LeadLedger: die Vorführung" });
  paragraph(context, {
    en: "A solar company receives 500 leads: from its website, from landing pages, from a trade fair (messe) and from a comparison portal. They go to a CRM and to a newsletter tool; in between the CRM breaks down. People and companies are invented, everything else is real: requests, database, deliveries.",
    de: "Eine Solarfirma bekommt 500 Leads: von ihrer Website, von Landingpages, von der Messe und von einem Vergleichsportal. Die Leads gehen an ein CRM und einen Newsletter; zwischendurch fällt das CRM aus. Menschen und Firma sind erfunden, alles andere ist echt: Anfragen, Datenbank, Zustellungen.",
  });
  context.terminal.out("");
}

async function play(
  site: DemoSite,
  context: CommandContext,
  stage: ShownStage,
  signal: AbortSignal,
): Promise<DemoResult> {
  const { installation, baseUrl, secrets, crm } = site;
  const { database } = installation;
  const clock: Clock = {
    nowMs: Date.now,
    pause: (milliseconds) => pause(milliseconds, undefined, { signal }),
  };
  const receipts = await runDemo({
    scenario: makeScenario(),
    http: { baseUrl, secrets },
    crm,
    stage,
    clock,
    signal,
    workUnderWay: () => readWorkUnderWay(database),
  });
  stage.begin("checking", null);
  await kpisAreLive(site, clock);
  const result = await account(site, context, receipts);
  stage.end("checking");
  return result;
}

/** The daily figures follow within two seconds; the demo waits for that and does not do it itself. */
async function kpisAreLive({ installation }: DemoSite, clock: Clock): Promise<void> {
  const endMs = clock.nowMs() + rollUpLimitMs;
  while ((await kpiNeedsRollUp(installation.database)) && clock.nowMs() < endMs) {
    await clock.pause(rollUpLookEveryMs);
  }
}

async function account(
  site: DemoSite,
  context: CommandContext,
  receipts: readonly Receipt[],
): Promise<DemoResult> {
  const { database } = site.installation;
  const books = await readBooks(database);
  const findings: Finding[] = [];
  await verifyLedger(database, { found: (finding) => findings.push(finding) });
  const timezone = await readTimezone(database);
  const story = mostEventfulStory(books);
  const queries = await runQueries(site, timezone, story?.run.run_id ?? nobody);
  return {
    summary: summarise(books),
    denied: receipts.filter(({ answer }) => answer === "denied").length,
    story: {
      run_id: story?.run.run_id ?? "",
      name: nameIn(story?.run.body),
      lines: storyLines(context, timeText(timezone, context.language), story?.events ?? []),
    },
    checks: checkBooks({
      books,
      receipts,
      findings,
      wrongDays: await rebuildKpis(database, context.actor),
      received: { crm: site.crm.records, newsletter: site.newsletter.records },
    }),
    queries,
  };
}

/** As the role that `leadledger db url` gives to people. */
async function runQueries(
  { installation }: DemoSite,
  timezone: string,
  runId: string,
): Promise<DemoResult["queries"]> {
  const { database, databaseUrl, keys } = installation;
  const names = await ensureSqlRoles(database, { password: (role) => keys.sqlRolePassword(role) });
  const { uri: url } = libpqConnection(databaseUrl, names.sql, keys.sqlRolePassword(names.sql));
  const people = openDatabase({ url, connectionsMax: 1, applicationName: "leadledger demo" });
  try {
    const results: DemoResult["queries"][number][] = [];
    for (const query of seedQueries(runId)) {
      results.push({ ...query, result: await queryAsText(people, query.sql, timezone) });
    }
    return results;
  } finally {
    await people.close();
  }
}
