// leadledger dlq list | show
import type { Command } from "commander";
import { dlqStatuses } from "../../domain/leads/run.ts";
import type { DlqStatus } from "../../domain/leads/run.ts";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { withApi } from "../frame/api-client.ts";
import type { Answer, ApiClient } from "../frame/api-client.ts";
import { countParser, dlqIdsParser } from "../frame/arguments.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { dlqFilterMembers, dlqFilterWords } from "../../http/api/attention/dlq-filter.ts";
import { act, addCommand, addGroup, printJson, revealText } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { registerDlqActions } from "./dlq-actions.ts";
import { registerDlqEdit } from "./dlq-edit.ts";
import { registerDlqGroups } from "./dlq-groups.ts";
import { noteUnknownEntry, printEntries } from "./dlq-list.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printRecord } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import { entryState, reasonText } from "../frame/words.ts";

interface ListOptions extends CommonOptions, FilterOptions {
  readonly status?: readonly (DlqStatus | "all")[];
  readonly limit: number;
}

/** Of `status`, `all` is the command's own. */
const listedMembers = {
  ...dlqFilterMembers,
  status: { type: "array", items: { type: "string", enum: [...dlqStatuses, "all"] } },
};

interface ShowOptions extends CommonOptions {
  readonly reveal?: boolean;
}

const listedMax = 10_000;
const openStatuses: readonly DlqStatus[] = ["open", "retrying"];

export function registerDlq(program: Command, context: CommandContext): void {
  const { say } = context;
  const dlq = addGroup(
    program,
    context,
    "dlq",
    {
      en: "look at and settle what needs attention (DLQ entries)",
      de: "Klärfälle (DLQ-Einträge) ansehen und erledigen",
    },
    ["leadledger dlq list", "leadledger dlq retry 17 18"],
  );
  const all = addCommand(dlq, context, {
    usage: "list",
    summary: { en: "what needs attention, newest first", de: "Klärfälle, die neuesten zuerst" },
    details: {
      en: "Without --status: entries that are open or being tried.",
      de: "Ohne --status: offene Einträge und solche, die gerade versucht werden.",
    },
    examples: ["leadledger dlq list", "leadledger dlq list --status dead --destination crm"],
  });
  const list = addFilterOptions(all, context, listedMembers, dlqFilterWords).option(
    "--limit <count>",
    say({ en: "how many at most", de: "höchstens so viele" }),
    countParser(context, listedMax),
    20,
  );
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, (place) => listEntries(context, place, options)),
  );

  const show = addCommand(dlq, context, {
    usage: "show",
    summary: { en: "an entry with its payload", de: "ein Eintrag mit seinem Inhalt" },
    examples: ["leadledger dlq show 17", "leadledger dlq show 17 --json | jq '.items[0].payload'"],
  })
    .argument(
      "<dlq_id...>",
      say({ en: "one or several entries", de: "ein oder mehrere Einträge" }),
      dlqIdsParser(context),
    )
    .option("--reveal", say(revealText));
  act<ShowOptions>(show, context, (options, ids) =>
    withApi(context, options, (place) => showEntries(context, place, ids.map(Number), options)),
  );
  registerDlqGroups(dlq, context);
  registerDlqActions(dlq, context);
  registerDlqEdit(dlq, context);
}

type EntryItem = Answer<"GET /dlq/:dlq_id">;

async function listEntries(
  context: CommandContext,
  { api, times }: ApiClient,
  { limit, json, ...options }: ListOptions,
): Promise<ExitCode> {
  const { status = openStatuses } = options;
  const query = {
    ...filterSaid(dlqFilterMembers, options),
    status: status.some((each) => each === "all") ? dlqStatuses : (status as readonly DlqStatus[]),
  };
  const items = await api.items("GET /dlq", query, limit);
  if (json === true) printJson(context, { items });
  else if (items.length === 0) {
    context.terminal.note(context.say({ en: "Nothing needs attention.", de: "Keine Klärfälle." }));
  } else {
    printEntries(context, items, times, "of_all");
    noteTimezone(context, times);
  }
  return exitCodes.ok;
}

async function showEntries(
  context: CommandContext,
  { api, times }: ApiClient,
  ids: readonly number[],
  { json, reveal }: ShowOptions,
): Promise<ExitCode> {
  const found: EntryItem[] = [];
  for (const id of ids) {
    const item = await api.find("GET /dlq/:dlq_id", { params: { dlq_id: id }, query: { reveal } });
    if (item === null) noteUnknownEntry(context, id);
    else found.push(item);
  }
  if (found.length === 0) return exitCodes.failed;
  if (json === true) printJson(context, { items: found });
  else {
    found.forEach((entry, index) => {
      if (index > 0) context.terminal.out("");
      printEntry(context, entry, times);
    });
    noteTimezone(context, times);
  }
  return found.length === ids.length ? exitCodes.ok : exitCodes.failed;
}

function printEntry(context: CommandContext, entry: EntryItem, times: ApiClient["times"]): void {
  const { language, say, terminal } = context;
  const reason = reasonText(entry.error_code, entry.reason, language);
  const time = (at: string | null): string | null => (at === null ? null : times.at(new Date(at)));
  printRecord(terminal, [
    ["dlq_id", entry.dlq_id],
    [say({ en: "state", de: "Stand" }), entryState(entry, { language, times, now: new Date() })],
    [say({ en: "reason", de: "Grund" }), reason],
    [say({ en: "detail", de: "Einzelheiten" }), reason === entry.reason ? null : entry.reason],
    ["error_code", entry.error_code],
    [say({ en: "kind", de: "Art" }), entry.kind],
    [say({ en: "source", de: "Quelle" }), entry.source],
    [say({ en: "destination", de: "Ziel" }), entry.destination],
    ["run_id", entry.run_id],
    [say({ en: "retries", de: "Wiederholungen" }), entry.retry_count],
    [say({ en: "since", de: "seit" }), time(entry.created_at)],
    [say({ en: "next attempt", de: "nächster Versuch" }), time(entry.next_retry_at)],
    [say({ en: "closed", de: "abgeschlossen" }), time(entry.closed_at)],
    [say({ en: "resolution", de: "Erledigung" }), entry.resolution],
    [say({ en: "note", de: "Notiz" }), entry.note],
    [say({ en: "tries again", de: "versucht erneut" }), entry.reopened_from],
    [say({ en: "payload", de: "Inhalt" }), entry.payload === null ? null : writeExactly(entry.payload)],
  ]);
}
