// leadledger dlq groups: what needs attention, by cause
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { ApiClient } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import { reasonText } from "../frame/words.ts";

export function registerDlqGroups(dlq: Command, context: CommandContext): void {
  const groups = addCommand(dlq, context, {
    usage: "groups",
    summary: { en: "what needs attention, by cause", de: "Klärfälle nach ihrer Ursache" },
    details: {
      en: "Open entries of one cause together: how many, since when, how many wait for a person. `dlq retry` takes the same destination and code as options and treats them all.",
      de: "Offene Klärfälle einer Ursache zusammen: wie viele, seit wann, wie viele auf einen Menschen warten. `dlq retry` nimmt dasselbe Ziel und denselben Code als Optionen und behandelt sie alle.",
    },
    examples: [
      "leadledger dlq groups",
      'leadledger dlq retry --destination crm --code destination_auth --reason "token renewed"',
    ],
  });
  act(groups, context, (options) =>
    withApi(context, options, (place) => listGroups(context, place, options)),
  );
}

async function listGroups(
  context: CommandContext,
  { api, times }: ApiClient,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const { terminal, say, language } = context;
  const { items } = await api.call("GET /dlq/groups");
  if (json === true) {
    printJson(context, { items });
    return exitCodes.ok;
  }
  if (items.length === 0) {
    terminal.note(say({ en: "Nothing needs attention.", de: "Keine Klärfälle." }));
    return exitCodes.ok;
  }
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
  printTable(
    terminal,
    [
      { title: say({ en: "entries", de: "Klärfälle" }), align: "right" },
      { title: say({ en: "to decide", de: "zu klären" }), align: "right" },
      { title: say({ en: "since", de: "seit" }), wraps: true },
      { title: say({ en: "where", de: "wo" }), wraps: true },
      { title: "error_code" },
      { title: say({ en: "reason", de: "Grund" }), wraps: true },
    ],
    items.map((group) => [
      number.format(group.count),
      group.need_decision > 0 ? { text: number.format(group.need_decision), colour: "yellow" } : "0",
      times.at(new Date(group.since)),
      group.destination ?? group.source ?? "–",
      group.error_code ?? "–",
      reasonText(group.error_code, group.reason, language),
    ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}
