// leadledger runs complete: the data of a lead that came as an id are fetched now, or it is delivered without them.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";

interface CompleteOptions extends CommonOptions {
  readonly deliverAnyway?: boolean;
  readonly reason: string;
}

export function registerRunsComplete(runs: Command, context: CommandContext): void {
  const { say } = context;
  const complete = addCommand(runs, context, {
    usage: "complete",
    summary: {
      en: "fetch the missing data of a lead now",
      de: "die fehlenden Daten eines Leads jetzt abholen",
    },
    details: {
      en: "Of a lead that Meta or LinkedIn told of by an id and whose data could not be fetched (see runs show). With --deliver-anyway it is delivered as it is, with its ids only.",
      de: "Bei einem Lead, den Meta oder LinkedIn nur mit einer Kennung gemeldet hat und dessen Daten sich nicht abholen ließen (siehe runs show). Mit --deliver-anyway wird er zugestellt, wie er ist, nur mit seinen Kennungen.",
    },
    examples: [
      'leadledger runs complete 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --reason "Leads Access given"',
      'leadledger runs complete 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --deliver-anyway --reason "deleted at Meta"',
    ],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option("--deliver-anyway", say({ en: "deliver it without its data", de: "ohne seine Daten zustellen" }))
    .requiredOption(
      "--reason <text>",
      say({ en: "why; it stays in the log", de: "warum; bleibt im Protokoll" }),
      noteParser(context),
    );
  act<CompleteOptions>(complete, context, (options, [runId = ""]) => perform(context, runId, options));
}

async function perform(
  context: CommandContext,
  runId: string,
  { deliverAnyway, reason, ...options }: CompleteOptions,
): Promise<ExitCode> {
  const { say, terminal } = context;
  return withApi(context, options, async ({ api }) => {
    const order = { params: { run_id: runId }, body: { reason } };
    const answer =
      deliverAnyway === true
        ? await api.call("POST /runs/:run_id/completion/deliver-anyway", order)
        : await api.call("POST /runs/:run_id/completion/retry", order);
    if (options.json === true) printJson(context, answer);
    else
      terminal.out(
        deliverAnyway === true
          ? say({
              en: "The lead is delivered as it is.",
              de: "Der Lead wird zugestellt, wie er ist.",
            })
          : say({
              en: "The data are fetched now. `leadledger runs show` says what became of it.",
              de: "Die Daten werden jetzt abgeholt. `leadledger runs show` sagt, was daraus wurde.",
            }),
      );
    return exitCodes.ok;
  });
}
