// leadledger audit show | list: a run's story, and what happened in the whole installation
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { withApi } from "../frame/api-client.ts";
import type { ApiClient, Item } from "../frame/api-client.ts";
import { countParser, runIdParser } from "../frame/arguments.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { auditFilterMembers, auditFilterWords } from "../../http/api/log/audit-filter.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { noteUnknownRun } from "../leads/runs.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";

interface ShowOptions extends CommonOptions {
  readonly payloads?: boolean;
}

export function registerAudit(program: Command, context: CommandContext): void {
  const { say } = context;
  const audit = addGroup(program, context, "audit", { en: "what happened", de: "was geschah" }, [
    "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
  ]);
  const show = addCommand(audit, context, {
    usage: "show",
    summary: { en: "a lead's story, step by step", de: "die Geschichte eines Leads, Schritt für Schritt" },
    examples: [
      "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --payloads",
    ],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option(
      "--payloads",
      say({
        en: "with everything that was stored, the lead's data too",
        de: "mit allem Gespeicherten, auch den Daten des Leads",
      }),
    );
  act<ShowOptions>(show, context, (options, [runId = ""]) =>
    withApi(context, options, (place) => showStory(context, place, runId, options)),
  );

  const all = addCommand(audit, context, {
    usage: "list",
    summary: { en: "what happened in the installation, newest first", de: "was geschah, das Neueste zuerst" },
    details: {
      en: "Who did what, leads and configuration alike. Health checks are left out unless asked for.",
      de: "Wer was getan hat, bei Leads wie bei der Konfiguration. Health-Checks fehlen, wenn man sie nicht verlangt.",
    },
    examples: [
      "leadledger audit list --actor user:3",
      "leadledger audit list --type configuration_changed --limit 100",
    ],
  });
  const list = addFilterOptions(all, context, auditFilterMembers, auditFilterWords).option(
    "--limit <count>",
    say({ en: "how many at most", de: "höchstens so viele" }),
    countParser(context, listedMax),
    20,
  );
  act<ListOptions>(list, context, (options) =>
    withApi(context, options, (place) => listEvents(context, place, options)),
  );
}

interface ListOptions extends CommonOptions, FilterOptions {
  readonly limit: number;
}

const listedMax = 10_000;

type EventItem = Item<"GET /audit-events">;

async function listEvents(
  context: CommandContext,
  { api, times }: ApiClient,
  { limit, json, ...options }: ListOptions,
): Promise<ExitCode> {
  const items = await api.items("GET /audit-events", filterSaid(auditFilterMembers, options), limit);
  if (json === true) {
    printJson(context, { items });
    return exitCodes.ok;
  }
  printTable(
    context.terminal,
    [
      { title: context.say({ en: "time", de: "Zeit" }), wraps: true },
      { title: context.say({ en: "event", de: "Ereignis" }) },
      { title: context.say({ en: "by", de: "durch" }), wraps: true },
      { title: "run_id" },
      { title: context.say({ en: "details", de: "Einzelheiten" }), wraps: true },
    ],
    items.map((event) => [
      times.precisely(new Date(event.event_time)),
      event.event_type,
      event.actor,
      event.run_id ?? "–",
      essence(event),
    ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}

async function showStory(
  context: CommandContext,
  { api, times }: ApiClient,
  runId: string,
  { json, payloads }: ShowOptions,
): Promise<ExitCode> {
  const run = await api.find("GET /runs/:run_id", { params: { run_id: runId }, query: { reveal: payloads } });
  if (run === null) return noteUnknownRun(context, runId);
  if (json === true) {
    printJson(context, { run_id: runId, items: run.timeline });
    return exitCodes.ok;
  }
  printTable(
    context.terminal,
    [
      { title: context.say({ en: "time", de: "Zeit" }), wraps: true },
      { title: context.say({ en: "event", de: "Ereignis" }) },
      { title: context.say({ en: "by", de: "durch" }), wraps: true },
      { title: context.say({ en: "details", de: "Einzelheiten" }), wraps: true },
    ],
    run.timeline.map((event) => [
      times.precisely(new Date(event.event_time)),
      event.event_type,
      event.actor,
      payloads === true ? writeExactly(event.payload) : essence(event),
    ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}

/** The lead's own data is long and personal: it is shown only when asked for. */
const leftOut = new Set(["body", "body_base64", "sha256", "at", "response", "run_id"]);

/** `destination=crm attempt=2 http_status=503`; the payload's plain values, in the order in which they were written. */
export function essence({ payload }: Pick<EventItem, "payload">): string {
  return Object.entries(payload ?? {})
    .flatMap(([name, value]) =>
      leftOut.has(name) || value === null
        ? []
        : [`${name}=${typeof value === "string" ? value : writeExactly(value)}`],
    )
    .join(" ");
}
