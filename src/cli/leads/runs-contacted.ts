// leadledger runs contacted: somebody spoke with the person, or that is taken back.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";

interface ContactedOptions extends CommonOptions {
  readonly at?: string;
  readonly undo?: boolean;
  readonly reason?: string;
}

export function registerRunsContacted(runs: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const contacted = addCommand(runs, context, {
    usage: "contacted",
    summary: { en: "mark a lead as contacted", de: "einen Lead als kontaktiert vermerken" },
    details: {
      en: "For speed to lead (`leadledger sla`). The first mark stands; --undo takes it back.",
      de: "Für die Zeit bis zum Kontakt (`leadledger sla`). Der erste Vermerk gilt; --undo nimmt ihn zurück.",
    },
    examples: [
      "leadledger runs contacted 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      'leadledger runs contacted 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --undo --reason "another lead"',
    ],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option("--at <time>", say({ en: "when (default: now)", de: "wann (sonst jetzt)" }))
    .option("--undo", say({ en: "take it back", de: "zurücknehmen" }))
    .option(
      "--reason <text>",
      say({ en: "why it is taken back", de: "warum es zurückgenommen wird" }),
      noteParser(context),
    );
  act<ContactedOptions>(contacted, context, (options, [runId = ""]) =>
    withApi(context, options, async ({ api, times }) => {
      const { at, undo, reason, json } = options;
      const params = { run_id: runId };
      const answer =
        undo === true
          ? await api.call("DELETE /runs/:run_id/contacted", {
              params,
              body: reason === undefined ? {} : { reason },
            })
          : await api.call("POST /runs/:run_id/contacted", { params, body: at === undefined ? {} : { at } });
      const { contacted: contact } = answer;
      if (json === true) printJson(context, answer);
      else if (contact === null) terminal.out(say({ en: "Not contacted.", de: "Nicht kontaktiert." }));
      else {
        const when = times.at(new Date(contact.contacted_at));
        terminal.out(say({ en: `Contacted: ${when}`, de: `Kontaktiert: ${when}` }));
      }
      return exitCodes.ok;
    }),
  );
}
