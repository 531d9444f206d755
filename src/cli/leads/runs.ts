// leadledger runs list | show
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer, ApiClient } from "../frame/api-client.ts";
import { countParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, addGroup, printJson, revealText } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { printEntries } from "../attention/dlq-list.ts";
import { registerRunsComplete } from "./runs-complete.ts";
import { registerRunsContacted } from "./runs-contacted.ts";
import { registerRunsDeliverAnyway } from "./runs-deliver-anyway.ts";
import { registerRunsHeld } from "./runs-held.ts";
import { registerRunsViewers } from "./runs-viewers.ts";
import { registerRunsReplay } from "./runs-replay.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { runFilterMembers, runFilterWords } from "../../http/api/leads/run-filter.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { leadRows, whoText } from "./lead-words.ts";
import { printDeliveries, printLastAnswers } from "./run-deliveries.ts";
import { runStateWithTest } from "./run-item.ts";
import { registerRunsTail } from "./runs-tail.ts";
import { printRecord, printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import { reasonText } from "../frame/words.ts";

interface ListOptions extends CommonOptions, FilterOptions {
  readonly limit: number;
}

interface ShowOptions extends CommonOptions {
  readonly reveal?: boolean;
}

const listedMax = 10_000;

export function registerRuns(program: Command, context: CommandContext): void {
  const { say } = context;
  const runs = addGroup(
    program,
    context,
    "runs",
    { en: "look at leads (runs)", de: "Leads (Runs) ansehen" },
    ["leadledger runs list --status failed", "leadledger runs show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11"],
  );
  const list = addCommand(runs, context, {
    usage: "list",
    summary: {
      en: "the newest leads and where they stand",
      de: "die neuesten Leads und wie es um sie steht",
    },
    examples: [
      "leadledger runs list --status failed --source website",
      "leadledger runs list --email erika@example.com --from 2026-11-01",
      "leadledger runs list --json | jq '.items[].run_id'",
    ],
  });
  addFilterOptions(list, context, runFilterMembers, runFilterWords).option(
    "--limit <count>",
    say({ en: "how many at most", de: "höchstens so viele" }),
    countParser(context, listedMax),
    20,
  );
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, (place) => listNewest(context, place, options)),
  );
  registerRunsTail(runs, context);

  const show = addCommand(runs, context, {
    usage: "show",
    summary: {
      en: "one lead: state, deliveries, DLQ entries, what destinations answered last",
      de: "ein Lead: Stand, Zustellungen, Klärfälle, letzte Antworten der Ziele",
    },
    examples: ["leadledger runs show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11"],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option("--reveal", say(revealText));
  act<ShowOptions>(show, context, (options, [runId = ""]) =>
    withApi(context, options, (place) => showOne(context, place, runId, options)),
  );
  registerRunsReplay(runs, context);
  registerRunsDeliverAnyway(runs, context);
  registerRunsComplete(runs, context);
  registerRunsContacted(runs, context);
  registerRunsHeld(runs, context);
  registerRunsViewers(runs, context);
}

/** What `show` and `audit show` say about an id that nobody knows. */
export function noteUnknownRun(context: CommandContext, runId: string): ExitCode {
  context.terminal.note(
    context.say({
      en: `There is no lead ${runId}. \`leadledger runs list\` shows the newest ones.`,
      de: `Einen Lead ${runId} gibt es nicht. \`leadledger runs list\` zeigt die neuesten.`,
    }),
  );
  return exitCodes.failed;
}

async function listNewest(
  context: CommandContext,
  { api, times }: ApiClient,
  { limit, json, ...options }: ListOptions,
): Promise<ExitCode> {
  const items = await api.items("GET /runs", filterSaid(runFilterMembers, options), limit);
  if (json === true) {
    printJson(context, { items });
    return exitCodes.ok;
  }
  if (items.length === 0) {
    context.terminal.note(context.say({ en: "No leads match.", de: "Keine passenden Leads." }));
    return exitCodes.ok;
  }
  const { language, say, terminal } = context;
  const words = { language, times, now: new Date() };
  printTable(
    terminal,
    [
      { title: "run_id" },
      { title: say({ en: "received", de: "eingegangen" }) },
      { title: say({ en: "source", de: "Quelle" }), wraps: true },
      { title: say({ en: "who", de: "Wer" }), wraps: true },
      { title: say({ en: "state", de: "Stand" }), wraps: true },
    ],
    items.map((run) => [
      run.run_id,
      times.at(new Date(run.received_at)),
      run.source,
      whoText(run.lead),
      runStateWithTest(run, words),
    ]),
  );
  noteTimezone(context, times);
  if (items.some((run) => run.names_withheld)) terminal.note(terminal.paintNote("yellow", say(withheldText)));
  return exitCodes.ok;
}

const withheldText = {
  en: "Names are masked: who sees them could not be recorded just now. The log has `names_not_recorded`.",
  de: "Namen sind verdeckt: Wer sie sieht, ließ sich gerade nicht vermerken. Im Log steht `names_not_recorded`.",
};

async function showOne(
  context: CommandContext,
  { api, times }: ApiClient,
  askedFor: string,
  { json, reveal }: ShowOptions,
): Promise<ExitCode> {
  const found = await api.find("GET /runs/:run_id", { params: { run_id: askedFor }, query: { reveal } });
  if (found === null) return noteUnknownRun(context, askedFor);
  const { run_id: runId } = found;
  if (runId !== askedFor) noteToldAs(context, askedFor);
  if (json === true) {
    printJson(context, found);
    return exitCodes.ok;
  }
  const { dlq: entries, ...run } = found;
  const { language, say, terminal } = context;
  const words = { language, times, now: new Date() };
  const { error_code: code, error_message: stored } = run;
  const reason = stored === null ? null : reasonText(code, stored, language);
  printRecord(terminal, [
    ["run_id", run.run_id],
    [say({ en: "state", de: "Stand" }), runStateWithTest(run, words)],
    [say({ en: "source", de: "Quelle" }), run.source],
    ...leadRows(context, run.lead),
    [say({ en: "key", de: "Kennung" }), run.idempotency_key],
    [say({ en: "received", de: "eingegangen" }), times.at(new Date(run.received_at))],
    [
      say({ en: "done", de: "abgeschlossen" }),
      run.processed_at === null ? null : times.at(new Date(run.processed_at)),
    ],
    [say({ en: "reason", de: "Grund" }), reason],
    [say({ en: "detail", de: "Einzelheiten" }), reason === stored ? null : stored],
    ["error_code", code],
  ]);
  if (found.related_runs.length > 0) {
    terminal.out("");
    printTable(
      terminal,
      [
        { title: say({ en: "same person", de: "dieselbe Person" }) },
        { title: say({ en: "by", de: "über" }) },
      ],
      found.related_runs.map(({ run_id: id, by }) => [
        id,
        by === "email" ? say({ en: "e-mail", de: "E-Mail" }) : say({ en: "phone", de: "Telefon" }),
      ]),
    );
  }
  if (found.completion !== null) {
    terminal.out("");
    printCompletion(context, found.completion, times);
  }
  if (found.repeats.length > 0) {
    terminal.out("");
    printRepeats(context, found.repeats, times);
  }
  printDeliveries(context, found, times);
  if (entries.length > 0) {
    terminal.out("");
    printEntries(context, entries, times, "of_one_run");
  }
  printLastAnswers(context, found.last_attempts, words);
  noteTimezone(context, times);
  terminal.note(
    say({
      en: `What happened, step by step: leadledger audit show ${runId}`,
      de: `Was geschah, Schritt für Schritt: leadledger audit show ${runId}`,
    }),
  );
  return exitCodes.ok;
}

function printCompletion(
  { terminal, say }: CommandContext,
  completion: NonNullable<Answer<"GET /runs/:run_id">["completion"]>,
  times: ApiClient["times"],
): void {
  const { error_code: code, error_message: message, attempts, is_stuck: isStuck } = completion;
  terminal.out(
    isStuck
      ? say({
          en: "This lead came as an id, and its data cannot be fetched:",
          de: "Dieser Lead kam nur als Kennung, und seine Daten lassen sich nicht abholen:",
        })
      : say({
          en: "This lead came as an id; its data are still being fetched:",
          de: "Dieser Lead kam nur als Kennung; seine Daten werden noch abgeholt:",
        }),
  );
  printRecord(terminal, [
    [say({ en: "attempts", de: "Versuche" }), String(attempts)],
    [say({ en: "next", de: "nächster" }), times.at(new Date(completion.next_attempt_at))],
    [say({ en: "detail", de: "Einzelheiten" }), message],
    ["error_code", code],
  ]);
}

function printRepeats(
  { terminal, say }: CommandContext,
  repeats: Answer<"GET /runs/:run_id">["repeats"],
  times: ApiClient["times"],
): void {
  const count = repeats.length + 1;
  terminal.out(
    say({
      en: `This lead came ${count === 2 ? "twice" : `${count} times`}; it was taken in once:`,
      de: `Dieser Lead kam ${count === 2 ? "zweimal" : `${count}-mal`}; angenommen wurde er einmal:`,
    }),
  );
  printTable(
    terminal,
    [
      { title: "event_id", align: "right" },
      { title: say({ en: "came again", de: "noch einmal eingegangen" }) },
      { title: say({ en: "delivered anyway as", de: "trotzdem zugestellt als" }) },
    ],
    repeats.map(({ event_id, received_at, delivered_as }) => [
      ...[event_id, times.at(new Date(received_at)), delivered_as],
    ]),
  );
}

/** An id that was told during an outage may have turned out to be another lead's. */
function noteToldAs({ terminal, say }: CommandContext, toldId: string): void {
  terminal.note(
    say({
      en: `${toldId} came under a key that was known already. It belongs to this lead:`,
      de: `${toldId} kam unter einer Kennung, die schon bekannt war. Er gehört zu diesem Lead:`,
    }),
  );
}
