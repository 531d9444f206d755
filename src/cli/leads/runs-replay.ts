// leadledger runs replay: leads delivered once more, to one destination.
import type { Command } from "commander";
import { runFilterMembers, runFilterWords } from "../../http/api/leads/run-filter.ts";
import { withApi } from "../frame/api-client.ts";
import { noteParser, runIdParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { addPaceOptions, orderAndFollow } from "../attention/operation-order.ts";

interface ReplayOptions extends CommonOptions, FilterOptions {
  readonly to: string;
  readonly reason?: string;
  readonly all?: boolean;
  readonly rate?: number;
  readonly dryRun?: boolean;
}

/** `--to` is the destination. */
const otherNames = { received_from: "received-from", received_to: "received-to" };

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
    .option("--all", say({ en: "all leads", de: "alle Leads" }));
  addFilterOptions(replay, context, runFilterMembers, runFilterWords, otherNames);
  addPaceOptions(replay, context);
  act<ReplayOptions>(replay, context, (options, [runId]) => perform(context, runId, options));
}

async function perform(
  context: CommandContext,
  runId: string | undefined,
  options: ReplayOptions,
): Promise<ExitCode> {
  const { to, reason, all, dryRun } = options;
  const filter = filterSaid(runFilterMembers, options, otherNames);
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
