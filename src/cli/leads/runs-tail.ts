// leadledger runs tail: leads as they come in, until it is interrupted
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { runFilterMembers, runFilterWords } from "../../http/api/leads/run-filter.ts";
import type { Loose } from "../../http/api/frame/call-types.ts";
import { withApi } from "../frame/api-client.ts";
import type { Api, ApiClient, Query } from "../frame/api-client.ts";
import { act, addCommand } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { noteTimezone } from "../frame/times.ts";
import { runStateText } from "./run-item.ts";
import type { RunItem } from "./run-item.ts";

const lookEveryMs = 1_000;
/** More than can come in between two looks, and a lead that is committed late still shows. */
const lookedAtItems = 500;

export function registerRunsTail(runs: Command, context: CommandContext): void {
  const tail = addCommand(runs, context, {
    usage: "tail",
    summary: { en: "leads as they come in", de: "Leads, wie sie eingehen" },
    details: {
      en: "One line per lead, and another whenever its state changes. Ctrl-C ends it. With --json one JSON object per line.",
      de: "Eine Zeile je Lead und eine weitere, sooft sich sein Stand ändert. Strg-C beendet es. Mit --json ein JSON-Objekt je Zeile.",
    },
    examples: ["leadledger runs tail", "leadledger runs tail --source website --json | jq .run_id"],
  });
  addFilterOptions(tail, context, runFilterMembers, runFilterWords);
  act<CommonOptions & FilterOptions>(tail, context, (options) =>
    withApi(context, options, (place) => follow(context, place, options)),
  );
}

async function follow(
  context: CommandContext,
  { api, times }: ApiClient,
  { json, ...options }: CommonOptions & FilterOptions,
): Promise<ExitCode> {
  const { terminal, language } = context;
  const query = filterSaid(runFilterMembers, options);
  const told = new Map((await newest(api, query)).map((run) => [run.run_id, stateOf(run)]));
  if (json !== true) noteTimezone(context, times);
  for (;;) {
    for (const run of (await newest(api, query)).toReversed()) {
      if (told.get(run.run_id) === stateOf(run)) continue;
      told.set(run.run_id, stateOf(run));
      if (json === true) {
        terminal.out(writeExactly(run));
        continue;
      }
      const state = runStateText(run, { language, times, now: new Date() });
      terminal.out([times.at(new Date(run.received_at)), run.run_id, run.source, state].join("  "));
    }
    forgetOldest(told);
    await delay(lookEveryMs);
  }
}

/** One page, however few of its leads match: going on would read the whole history, every second. */
async function newest(api: Api, query: Partial<Loose<Query<"GET /runs">>>): Promise<readonly RunItem[]> {
  const page = await api.call("GET /runs", { query: { ...query, limit: lookedAtItems, names: false } });
  return page.items;
}

function stateOf({ status, outcome, next_retry_at }: RunItem): string {
  return `${status} ${outcome ?? ""} ${next_retry_at ?? ""}`;
}

/** What fell out of the newest ones long ago is not told again. */
function forgetOldest(told: Map<string, string>): void {
  for (const runId of told.keys()) {
    if (told.size <= 4 * lookedAtItems) return;
    told.delete(runId);
  }
}
