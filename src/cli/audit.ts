// leadledger audit show: a run's story
import type { Command } from "commander";
import { runStory } from "../ledger/audit-events.ts";
import type { AuditEvent } from "../ledger/audit-events.ts";
import { findRun } from "../ledger/runs.ts";
import { runIdParser } from "./arguments.ts";
import { act, addCommand, addGroup, printJson } from "./command.ts";
import type { CommandContext, CommonOptions } from "./command.ts";
import { withInstallation } from "./command-installation.ts";
import type { Workplace } from "./command-installation.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { noteUnknownRun } from "./runs.ts";
import { printTable } from "./table.ts";
import { noteTimezone } from "./times.ts";

interface ShowOptions extends CommonOptions {
  readonly payloads?: boolean;
}

export function registerAudit(program: Command, context: CommandContext): void {
  const { say } = context;
  const audit = addGroup(program, context, "audit", { en: "what happened", de: "was geschah" }, [
    "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
  ]);
  const show = addCommand(audit, context, {
    usage: "show",
    summary: { en: "a lead's story, step by step", de: "die Geschichte eines Leads, Schritt für Schritt" },
    examples: [
      "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11",
      "leadledger audit show 0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11 --payloads",
    ],
  })
    .argument("<run_id>", say({ en: "the lead's id", de: "die Nummer des Leads" }), runIdParser(context))
    .option(
      "--payloads",
      say({
        en: "with everything that was stored, the lead's data too",
        de: "mit allem Gespeicherten, auch den Daten des Leads",
      }),
    );
  act<ShowOptions>(show, context, (options, [runId = ""]) =>
    withInstallation(context, (place) => showStory(context, place, runId, options)),
  );
}

async function showStory(
  context: CommandContext,
  { installation: { database }, times }: Workplace,
  runId: string,
  { json, payloads }: ShowOptions,
): Promise<ExitCode> {
  if ((await findRun(database, runId)) === null) return noteUnknownRun(context, runId);
  const events = await runStory(database, runId);
  if (json === true) {
    printJson(context, { run_id: runId, items: events });
    return exitCodes.ok;
  }
  printTable(
    context.terminal,
    [
      { title: context.say({ en: "time", de: "Zeit" }), wraps: true },
      { title: context.say({ en: "event", de: "Ereignis" }) },
      { title: context.say({ en: "by", de: "durch" }), wraps: true },
      { title: context.say({ en: "details", de: "Einzelheiten" }), wraps: true },
    ],
    events.map((event) => [
      times.precisely(event.event_time),
      event.event_type,
      event.actor,
      payloads === true ? JSON.stringify(event.payload) : essence(event),
    ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}

/** The lead's own data is long and personal: it is shown only when asked for. */
const leftOut = new Set(["body", "body_base64", "sha256", "at", "response", "run_id"]);

/** `destination=crm attempt=2 http_status=503`; the payload's plain values, in the order in which they were written. */
export function essence({ payload }: Pick<AuditEvent, "payload">): string {
  return Object.entries(payload ?? {})
    .flatMap(([name, value]) =>
      leftOut.has(name) || value === null
        ? []
        : [`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`],
    )
    .join(" ");
}
