// leadledger runs release | withdraw: what becomes of a lead that is held because an earlier one is of the same person.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";

interface HeldOptions extends CommonOptions {
  readonly reason: string;
}

type Decision = "release" | "withdraw";

export function registerRunsHeld(runs: Command, context: CommandContext): void {
  register(runs, context, "release", {
    en: "deliver a lead that is held because an earlier one is of the same person",
    de: "einen Lead zustellen, der wegen eines früheren derselben Person zurückgehalten wird",
  });
  register(runs, context, "withdraw", {
    en: "do not deliver a lead that is held because an earlier one is of the same person",
    de: "einen Lead nicht zustellen, der wegen eines früheren derselben Person zurückgehalten wird",
  });
}

function register(runs: Command, context: CommandContext, decision: Decision, summary: Texts): void {
  const { say } = context;
  const command = addCommand(runs, context, {
    usage: decision,
    summary,
    details: {
      en: "Of a source with `same_person: { then: hold }`. The lead stays either way, and the reason in its history.",
      de: "Bei einer Quelle mit `same_person: { then: hold }`. Der Lead bleibt in jedem Fall, die Begründung in seinem Verlauf.",
    },
    examples: [`leadledger runs ${decision} 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --reason "called back"`],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .requiredOption(
      "--reason <text>",
      say({ en: "why; it stays in the log", de: "warum; bleibt im Protokoll" }),
      noteParser(context),
    );
  act<HeldOptions>(command, context, (options, [runId = ""]) => perform(context, decision, runId, options));
}

async function perform(
  context: CommandContext,
  decision: Decision,
  runId: string,
  { reason, ...options }: HeldOptions,
): Promise<ExitCode> {
  return withApi(context, options, async ({ api }) => {
    const order = { params: { run_id: runId }, body: { reason } };
    const answer =
      decision === "release"
        ? await api.call("POST /runs/:run_id/held/release", order)
        : await api.call("POST /runs/:run_id/held/withdraw", order);
    const names = answer.destinations.join(", ");
    if (options.json === true) printJson(context, answer);
    else context.terminal.out(context.say(done[decision](names)));
    return exitCodes.ok;
  });
}

const done: Readonly<Record<Decision, (names: string) => Texts>> = {
  release: (names) => ({
    en: `Released, on its way to: ${names}`,
    de: `Freigegeben, unterwegs an: ${names}`,
  }),
  withdraw: (names) => ({
    en: `Withdrawn, not delivered to: ${names}`,
    de: `Zurückgezogen, nicht zugestellt an: ${names}`,
  }),
};
