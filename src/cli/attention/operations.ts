// leadledger operation list | show | pause | resume | cancel
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { operationFilterMembers, operationFilterWords } from "../../http/api/attention/operation-filter.ts";
import { withApi } from "../frame/api-client.ts";
import { countParser } from "../frame/arguments.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { operationState } from "../../domain/attention/state-words.ts";
import { actionText, operationProgress, operationSummary } from "./operation-words.ts";
import type { OperationView } from "./operation-words.ts";
import { printRecord, printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import type { TimeText } from "../frame/times.ts";

interface ListOptions extends CommonOptions, FilterOptions {
  readonly limit: number;
}

const listedMax = 500;
const exampleId = "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11";

export function registerOperations(program: Command, context: CommandContext): void {
  const { say } = context;
  const group = addGroup(
    program,
    context,
    "operation",
    {
      en: "look at and steer operations: the same done to many entries or leads",
      de: "Sammelaktionen ansehen und steuern: dasselbe für viele Klärfälle oder Leads",
    },
    ["leadledger operation list", `leadledger operation pause ${exampleId}`],
  );
  const list = addCommand(group, context, {
    usage: "list",
    summary: { en: "operations, the newest first", de: "Sammelaktionen, die neuesten zuerst" },
    examples: ["leadledger operation list", "leadledger operation list --status running paused"],
  });
  addFilterOptions(list, context, operationFilterMembers, operationFilterWords).option(
    "--limit <count>",
    say({ en: "how many at most", de: "höchstens so viele" }),
    countParser(context, listedMax),
    20,
  );
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, async ({ api, times }) => {
      const filter = filterSaid(operationFilterMembers, options);
      const { items } = await api.call("GET /operations", { query: { ...filter, limit: options.limit } });
      if (options.json === true) printJson(context, { items });
      else printOperations(context, items, times);
      return exitCodes.ok;
    }),
  );
  addOne(group, context, "show", { en: "how far an operation is", de: "wie weit eine Sammelaktion ist" });
  addOne(group, context, "pause", {
    en: "stop it after the batch under way",
    de: "nach der laufenden Teilmenge anhalten",
  });
  addOne(group, context, "resume", { en: "go on", de: "fortsetzen" });
  addOne(group, context, "cancel", {
    en: "end it; what was done stays done",
    de: "beenden; was getan ist, bleibt getan",
  });
}

function addOne(
  group: Command,
  context: CommandContext,
  verb: "show" | "pause" | "resume" | "cancel",
  summary: { readonly en: string; readonly de: string },
): void {
  const command = addCommand(group, context, {
    usage: verb,
    summary,
    examples: [`leadledger operation ${verb} ${exampleId}`],
  }).argument("<operation_id>", context.say({ en: "its id", de: "ihre Nummer" }), operationIdParser(context));
  act(command, context, (options, [id = ""]) =>
    withApi(context, options, async ({ api, times }): Promise<ExitCode> => {
      const params = { operation_id: id };
      const operation = await (verb === "show"
        ? api.call("GET /operations/:operation_id", { params })
        : api.call(`POST /operations/:operation_id/${verb}`, { params }));
      if (options.json === true) printJson(context, operation);
      else if (verb === "show") printOperation(context, operation, times);
      else for (const line of operationSummary(context, operation)) context.terminal.out(line);
      return exitCodes.ok;
    }),
  );
}

function operationIdParser({ say }: CommandContext): (text: string) => string {
  return (text) => {
    if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
    throw new InvalidArgumentError(
      say({
        en: "An operation_id is a UUID; `leadledger operation list` shows them.",
        de: "Eine operation_id ist eine UUID; `leadledger operation list` zeigt sie.",
      }),
    );
  };
}

function printOperations(context: CommandContext, items: readonly OperationView[], times: TimeText): void {
  const { say, terminal } = context;
  if (items.length === 0) {
    terminal.note(say({ en: "No operations yet.", de: "Noch keine Sammelaktionen." }));
    return;
  }
  printTable(
    terminal,
    [
      { title: "operation_id" },
      { title: say({ en: "ordered", de: "beauftragt" }), wraps: true },
      { title: say({ en: "what", de: "was" }), wraps: true },
      { title: say({ en: "state", de: "Stand" }), wraps: true },
      { title: say({ en: "who", de: "wer" }), wraps: true },
      { title: say({ en: "reason", de: "Grund" }), wraps: true },
    ],
    items.map((item) => [
      item.operation_id,
      times.at(new Date(item.created_at)),
      actionText(context, item),
      operationProgress(context, item),
      item.actor,
      item.reason,
    ]),
  );
  noteTimezone(context, times);
}

function printOperation(context: CommandContext, operation: OperationView, times: TimeText): void {
  const { say, terminal } = context;
  const time = (at: string | null): string | null => (at === null ? null : times.at(new Date(at)));
  printRecord(terminal, [
    ["operation_id", operation.operation_id],
    [say({ en: "what", de: "was" }), actionText(context, operation)],
    [
      say({ en: "filter", de: "Filter" }),
      operation.filter === null ? null : JSON.stringify(operation.filter),
    ],
    [say({ en: "ids", de: "Nummern" }), operation.ids],
    [say({ en: "reason", de: "Grund" }), operation.reason],
    [say({ en: "who", de: "wer" }), operation.actor],
    [say({ en: "per second", de: "je Sekunde" }), operation.rate_per_second],
    [say({ en: "state", de: "Stand" }), say(operationState(operation.status))],
    [say({ en: "ordered", de: "beauftragt" }), time(operation.created_at)],
    [say({ en: "begun", de: "begonnen" }), time(operation.started_at)],
    [say({ en: "ended", de: "beendet" }), time(operation.finished_at)],
  ]);
  for (const line of operationSummary(context, operation)) terminal.out(line);
  noteTimezone(context, times);
}
