// leadledger runs viewers: who saw the person of a lead
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer, ApiClient } from "../frame/api-client.ts";
import { runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";

export function registerRunsViewers(runs: Command, context: CommandContext): void {
  const { say } = context;
  const command = addCommand(runs, context, {
    usage: "viewers",
    summary: {
      en: "who saw the person of a lead: in lists, and in full",
      de: "wer die Person eines Leads gesehen hat: in Listen und ganz",
    },
    examples: ["leadledger runs viewers 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11"],
  }).argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context));
  act<CommonOptions>(command, context, (options, [runId = ""]) =>
    withApi(context, options, (place) => list(context, place, runId, options)),
  );
}

async function list(
  context: CommandContext,
  { api, times }: ApiClient,
  runId: string,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const found = await api.call("GET /runs/:run_id/viewers", { params: { run_id: runId } });
  if (json === true) printJson(context, found);
  else printViewers(context, found, times);
  return exitCodes.ok;
}

function printViewers(
  context: CommandContext,
  { items, has_more: hasMore }: Answer<"GET /runs/:run_id/viewers">,
  times: ApiClient["times"],
): void {
  const { terminal, say } = context;
  if (items.length === 0) {
    terminal.note(say({ en: "Nobody has seen it.", de: "Niemand hat sie gesehen." }));
    return;
  }
  const ways = {
    list: say({ en: "in a list, in the hour from then on", de: "in einer Liste, in der Stunde ab dann" }),
    whole: say({ en: "all of it", de: "alles" }),
  };
  printTable(
    terminal,
    [
      { title: say({ en: "when", de: "wann" }) },
      { title: say({ en: "who", de: "wer" }), wraps: true },
      { title: say({ en: "what", de: "was" }), wraps: true },
    ],
    items.map(({ viewer, viewer_name: name, shown, seen_at: at }) => [
      times.at(new Date(at)),
      name === null ? viewer : `${name} (${viewer})`,
      ways[shown],
    ]),
  );
  noteTimezone(context, times);
  if (hasMore) terminal.note(say({ en: "There are older ones.", de: "Es gibt ältere." }));
}
