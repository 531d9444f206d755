// leadledger dead-mans-switch show | set | remove: the address that is called while all works
import type { Command } from "commander";
import { deadMansSwitchFields, deadMansSwitchSection } from "../../config/sections/dead-mans-switch.ts";
import type { SilenceReason } from "../../domain/figures/dead-mans-switch.ts";
import type { Answer } from "../frame/api-client.ts";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { printRecord } from "../frame/table.ts";
import type { TimeText } from "../frame/times.ts";
import {
  addFieldOptions,
  entryOfOptions,
  fieldOptionsOf,
} from "../sources-and-destinations/field-options.ts";
import type { OptionValues } from "../sources-and-destinations/field-options.ts";

const options = fieldOptionsOf([
  {
    kind: deadMansSwitchSection.name,
    label: deadMansSwitchSection.label,
    help: deadMansSwitchSection.label,
    fields: deadMansSwitchFields,
  },
]);

export function registerDeadMansSwitch(program: Command, context: CommandContext): void {
  const group = addGroup(
    program,
    context,
    "dead-mans-switch",
    {
      en: "the address that is called while all works",
      de: "die Adresse, die aufgerufen wird, solange alles geht",
    },
    [
      "leadledger dead-mans-switch set --address https://hc-ping.com/0f3c5a4e",
      "leadledger dead-mans-switch show",
    ],
  );
  const show = addCommand(group, context, {
    usage: "show",
    summary: {
      en: "which address it is, and whether it is called",
      de: "welche es ist, und ob sie aufgerufen wird",
    },
    details: {
      en: "Ends with 1 while it is not called, and says why.",
      de: "Endet mit 1, solange sie nicht aufgerufen wird, und sagt, warum.",
    },
    examples: ["leadledger dead-mans-switch show"],
  });
  act(show, context, (given) =>
    withApi(context, given, async ({ api, times }) => {
      const answer = await api.call("GET /dead-mans-switch");
      print(context, answer, times, given);
      return answer.silent_since === null ? exitCodes.ok : exitCodes.failed;
    }),
  );
  const set = addFieldOptions(
    addCommand(group, context, {
      usage: "set",
      summary: { en: "say which address it is", de: "angeben, welche es ist" },
      details: {
        en: "What is not said stays as it is.",
        de: "Was nicht angegeben wird, bleibt, wie es ist.",
      },
      examples: ["leadledger dead-mans-switch set --address https://hc-ping.com/0f3c5a4e --every 1m"],
    }),
    context,
    options,
    "change",
  );
  act<CommonOptions & OptionValues>(set, context, (given) => {
    const body = entryOfOptions(context, options, given);
    if (body === null) return Promise.resolve(exitCodes.usage);
    return withApi(context, given, async ({ api, times }) =>
      print(context, await api.call("PUT /dead-mans-switch", { body }), times, given),
    );
  });
  const remove = addCommand(group, context, {
    usage: "remove",
    summary: { en: "call no address any more", de: "keine Adresse mehr aufrufen" },
    examples: ["leadledger dead-mans-switch remove"],
  });
  act(remove, context, (given) =>
    withApi(context, given, async ({ api, times }) => {
      await api.call("DELETE /dead-mans-switch");
      return print(context, await api.call("GET /dead-mans-switch"), times, given);
    }),
  );
}

function print(
  context: CommandContext,
  answer: Answer<"GET /dead-mans-switch">,
  times: TimeText,
  { json }: CommonOptions,
): ExitCode {
  const { terminal, say } = context;
  const { origin, every, called_at: calledAt, silent_since: silentSince, managed_by: managedBy } = answer;
  if (json === true) printJson(context, answer);
  else if (origin === null)
    terminal.out(
      say({
        en: "No address is called. When everything fails, nobody outside notices: `leadledger dead-mans-switch set`.",
        de: "Es wird keine Adresse aufgerufen. Fällt alles aus, merkt es draußen niemand: `leadledger dead-mans-switch set`.",
      }),
    );
  else
    printRecord(terminal, [
      [say({ en: "address", de: "Adresse" }), `${origin}/…`],
      [say({ en: "called every", de: "Aufruf alle" }), every],
      [
        say({ en: "last called", de: "zuletzt aufgerufen" }),
        calledAt === null ? null : times.at(new Date(calledAt)),
      ],
      [
        say({ en: "silent since", de: "stumm seit" }),
        silentSince === null ? null : times.at(new Date(silentSince)),
      ],
      [
        say({ en: "because", de: "weil" }),
        answer.reasons.length === 0
          ? null
          : answer.reasons.map((reason) => say(reasonTexts[reason])).join("; "),
      ],
      [
        say({ en: "changed in", de: "geändert wird es" }),
        managedBy === "file"
          ? "leadledger.yaml"
          : say({ en: "dashboard, API, command line", de: "in Oberfläche, API, Befehlszeile" }),
      ],
    ]);
  return exitCodes.ok;
}

const reasonTexts: Readonly<Record<SilenceReason, { readonly en: string; readonly de: string }>> = {
  intake: { en: "leads cannot be taken", de: "Leads lassen sich nicht annehmen" },
  database: { en: "the database does not write", de: "die Datenbank schreibt nicht" },
  delivery: { en: "leads are not delivered", de: "Leads werden nicht zugestellt" },
  deliveries_stopped: { en: "all deliveries are stopped", de: "alle Zustellungen sind angehalten" },
  address: { en: "the address does not answer", de: "die Adresse antwortet nicht" },
};
