// leadledger runs deliver-anyway: what was taken for a repeat of a lead becomes a lead of its own.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";

interface DeliverOptions extends CommonOptions {
  readonly event?: string;
  readonly reason: string;
}

export function registerRunsDeliverAnyway(runs: Command, context: CommandContext): void {
  const { say } = context;
  const deliver = addCommand(runs, context, {
    usage: "deliver-anyway",
    summary: {
      en: "deliver a repeat as a lead of its own",
      de: "eine Wiederholung trotzdem zustellen, als eigenen Lead",
    },
    details: {
      en: "Of a lead that came twice with the same content and no key of its own. Without --event the newest repeat that was not delivered. Doing it again changes nothing.",
      de: "Bei einem Lead, der mit demselben Inhalt und ohne eigene Kennung zweimal kam. Ohne --event die neueste Wiederholung, die nicht zugestellt wurde. Noch einmal ausgeführt, ändert es nichts.",
    },
    examples: [
      'leadledger runs deliver-anyway 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --reason "ordered twice"',
    ],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option(
      "--event <event_id>",
      say({ en: "which repeat (see runs show)", de: "welche Wiederholung (siehe runs show)" }),
    )
    .requiredOption(
      "--reason <text>",
      say({ en: "why; it stays in the log", de: "warum; bleibt im Protokoll" }),
      noteParser(context),
    );
  act<DeliverOptions>(deliver, context, (options, [runId = ""]) => perform(context, runId, options));
}

async function perform(
  context: CommandContext,
  runId: string,
  { event, reason, ...options }: DeliverOptions,
): Promise<ExitCode> {
  const { say, terminal } = context;
  return withApi(context, options, async ({ api }) => {
    const found = await api.find("GET /runs/:run_id", { params: { run_id: runId } });
    const repeat = found?.repeats.findLast((each) =>
      event === undefined ? each.delivered_as === null : String(each.event_id) === event,
    );
    if (found === null || repeat === undefined) {
      terminal.note(
        say({
          en: `Lead ${runId} has no such repeat. \`leadledger runs show ${runId}\` lists them.`,
          de: `Der Lead ${runId} hat keine solche Wiederholung. \`leadledger runs show ${runId}\` führt sie auf.`,
        }),
      );
      return exitCodes.failed;
    }
    const answer = await api.call("POST /runs/:run_id/repeats/:event_id/deliver", {
      params: { run_id: found.run_id, event_id: repeat.event_id },
      body: { reason },
    });
    if (options.json === true) printJson(context, answer);
    else
      terminal.out(
        say({
          en: `The repeat is a lead of its own now: ${answer.run_id}`,
          de: `Die Wiederholung ist jetzt ein eigener Lead: ${answer.run_id}`,
        }),
      );
    return exitCodes.ok;
  });
}
