// Ordering an operation from the command line: its filter's options, a count beforehand, and its progress until it ends.
import type { Command } from "commander";
import { dlqFilterMembers, dlqFilterWords } from "../../http/api/attention/dlq-filter.ts";
import { createOperationRunner } from "../../operations/runner.ts";
import type { ApiCalls } from "../../api.ts";
import type { Api, ApiClient } from "../frame/api-client.ts";
import { rateParser } from "../frame/arguments.ts";
import { printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { OperationView } from "./operation-words.ts";
import { operationProgress, operationSummary } from "./operation-words.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { withProgress } from "../frame/progress.ts";
import { createReadableLog } from "../frame/readable-log.ts";

export interface OrderOptions extends CommonOptions, FilterOptions {
  readonly all?: boolean;
  readonly rate?: number;
  readonly dryRun?: boolean;
}

/** `--reason` is why it is ordered. */
const otherNames = { reason: "entry-reason" };

/** The options that say which entries, how fast, and whether at all. */
export function addOrderOptions(command: Command, context: CommandContext): void {
  const { say } = context;
  command.option("--all", say({ en: "all that are open", de: "alle offenen" }));
  addFilterOptions(command, context, dlqFilterMembers, dlqFilterWords, otherNames);
  addPaceOptions(command, context);
}

export function addPaceOptions(command: Command, context: CommandContext): void {
  const { say } = context;
  command
    .option(
      "--rate <per_second>",
      say({ en: "at most so many per second", de: "höchstens so viele je Sekunde" }),
      rateParser(context),
    )
    .option("--dry-run", say({ en: "count only, change nothing", de: "nur zählen, nichts ändern" }));
}

/** Whether a filter is given. */
export function isOrder(options: OrderOptions): boolean {
  return options.all === true || Object.keys(entryFilterOf(options)).length > 0;
}

export function entryFilterOf(options: OrderOptions) {
  return filterSaid(dlqFilterMembers, options, otherNames);
}

type OrderBody = ApiCalls["POST /operations"]["body"];

export interface Order {
  readonly target: {
    readonly action: OrderBody["action"];
    readonly filter: NonNullable<OrderBody["filter"]>;
  };
  readonly reason: string | undefined;
  readonly at?: string | undefined;
  readonly destination?: string | undefined;
}

/** Counts only, or orders it and shows its progress until it ends. */
export async function orderAndFollow(
  context: CommandContext,
  apiClient: ApiClient,
  { target, reason, at, destination }: Order,
  { rate, dryRun, json }: Pick<OrderOptions, "rate" | "dryRun" | "json">,
): Promise<ExitCode> {
  const { api } = apiClient;
  if (dryRun === true) {
    const counted = await api.call("POST /operations/preview", { body: target });
    if (json === true) printJson(context, counted);
    else {
      const { total } = counted;
      context.terminal.out(
        context.say({
          en: `${total} match; nothing was changed.`,
          de: `${total} passen; es wurde nichts geändert.`,
        }),
      );
    }
    return exitCodes.ok;
  }
  const body: OrderBody = {
    ...target,
    reason: reason ?? "",
    ...(at === undefined ? {} : { at }),
    ...(destination === undefined ? {} : { destination }),
    ...(rate === undefined ? {} : { rate_per_second: rate }),
  };
  const ordered = await api.call("POST /operations", { body });
  if (json !== true) {
    const id = ordered.operation_id;
    context.terminal.note(context.say({ en: `Operation ${id}`, de: `Sammelaktion ${id}` }));
  }
  return follow(context, apiClient, ordered, json);
}

const askEveryMs = 200;

/** Until it ends; where no node runs, this process does it. */
export async function follow(
  context: CommandContext,
  apiClient: ApiClient,
  operation: OperationView,
  json: boolean | undefined,
): Promise<ExitCode> {
  let current = operation;
  const last = await withProgress(
    context.terminal,
    () => operationProgress(context, current),
    async () => {
      while (isAtWork(current)) {
        if (await nobodyRuns(apiClient)) await doHere(context, apiClient);
        else await new Promise((resolve) => setTimeout(resolve, askEveryMs));
        current = await read(apiClient.api, operation.operation_id);
      }
      return current;
    },
  );
  if (json === true) printJson(context, last);
  else for (const line of operationSummary(context, last)) context.terminal.out(line);
  return last.status === "done" && last.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

function isAtWork({ status }: OperationView): boolean {
  return status === "pending" || status === "running";
}

function read(api: Api, id: string): Promise<OperationView> {
  return api.call("GET /operations/:operation_id", { params: { operation_id: id } });
}

async function nobodyRuns({ api, installation }: ApiClient): Promise<boolean> {
  if (installation === null) return false;
  const { node_runs: nodeRuns } = await api.call("GET /system");
  return !nodeRuns;
}

async function doHere(context: CommandContext, { installation }: ApiClient): Promise<void> {
  if (installation === null) return;
  const { database, node } = installation;
  const log = createReadableLog(context.terminal, "warn");
  const { conflictReader } = await import("../../api.ts");
  const readConflict = conflictReader(installation, context.kinds);
  await createOperationRunner({ database, node, log, readConflict }).run();
}
