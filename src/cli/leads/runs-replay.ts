// leadledger runs replay: leads delivered once more, to one destination.
import type { Command } from "commander";
import { Option } from "commander";
import { runStatuses } from "../../domain/leads/run.ts";
import type { RunStatus } from "../../domain/leads/run.ts";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser, timeOrDayParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addPaceOptions, orderAndFollow } from "../attention/operation-order.ts";

interface ReplayOptions extends CommonOptions {
  readonly to: string;
  readonly reason?: string;
  readonly status?: RunStatus;
  readonly source?: string;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
  readonly all?: boolean;
  readonly rate?: number;
  readonly dryRun?: boolean;
}

export function registerRunsReplay(runs: Command, context: CommandContext): void {
  const { say } = context;
  const replay = addCommand(runs, context, {
    usage: "replay",
    summary: { en: "deliver once more, to one destination", de: "noch einmal zustellen, an ein Ziel" },
    details: {
      en: "To a destination that was added later, or that has lost leads. One lead by its id, or all that a filter matches (an operation). A new delivery of the same lead, never a second lead; a processed lead stays processed.",
      de: "An ein Ziel, das später dazukam oder Leads verloren hat. Ein Lead mit seiner Nummer oder alle, auf die ein Filter passt (eine Sammelaktion). Eine neue Zustellung desselben Leads, nie ein zweiter Lead; ein zugestellter bleibt zugestellt.",
    },
    examples: [
      'leadledger runs replay 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --to erp --reason "lost there"',
      'leadledger runs replay --to erp --source website --received-from 2026-07-01T00:00:00Z --reason "added later"',
    ],
  })
    .argument("[run_id]", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .requiredOption("--to <destination>", say({ en: "the destination", de: "das Ziel" }))
    .option(
      "--reason <text>",
      say({ en: "why; it stays in the log (required)", de: "warum; bleibt im Protokoll (erforderlich)" }),
      noteParser(context),
    )
    .addOption(
      new Option(
        "--status <status>",
        say({ en: "those of this status", de: "die mit diesem Status" }),
      ).choices(runStatuses),
    )
    .option("--source <name>", say({ en: "those from this source", de: "die aus dieser Quelle" }))
    .option(
      "--received-from <time>",
      say({ en: "received at this time or later", de: "eingegangen seit dieser Zeit" }),
      timeOrDayParser(context),
    )
    .option(
      "--received-to <time>",
      say({ en: "received before this time", de: "eingegangen vor dieser Zeit" }),
      timeOrDayParser(context),
    )
    .option("--all", say({ en: "all leads", de: "alle Leads" }));
  addPaceOptions(replay, context);
  act<ReplayOptions>(replay, context, (options, [runId]) => perform(context, runId, options));
}

async function perform(
  context: CommandContext,
  runId: string | undefined,
  options: ReplayOptions,
): Promise<ExitCode> {
  const { to, reason, status, source, receivedFrom, receivedTo, all, dryRun } = options;
  const filter = Object.fromEntries(
    Object.entries({
      status: status === undefined ? undefined : [status],
      source,
      received_from: receivedFrom,
      received_to: receivedTo,
    }).filter(([, value]) => value !== undefined),
  );
  const isOrder = all === true || Object.keys(filter).length > 0;
  const isOne = runId !== undefined;
  if (isOne === isOrder || (reason === undefined && dryRun !== true)) {
    context.terminal.note(
      context.say({
        en: "Either one run_id, or a filter (--source, --status, …) or --all; and --reason, which stays in the log.",
        de: "Entweder eine run_id oder ein Filter (--source, --status, …) oder --all; dazu --reason, der Grund bleibt im Protokoll.",
      }),
    );
    return exitCodes.usage;
  }
  return withApi(context, options, async (apiClient) => {
    if (runId === undefined) {
      const target = { action: "runs.replay" as const, filter };
      return orderAndFollow(context, apiClient, { target, reason, destination: to }, options);
    }
    const body = { destination: to, reason: reason ?? "" };
    const answer = await apiClient.api.call("POST /runs/:run_id/replay", { params: { run_id: runId }, body });
    if (options.json === true) printJson(context, answer);
    else
      context.terminal.out(
        context.say({ en: `is delivered to ${to} once more.`, de: `wird noch einmal an ${to} zugestellt.` }),
      );
    return exitCodes.ok;
  });
}
