// leadledger kpi show | hourly | durations | clients | rebuild
import type { Command } from "commander";
import { rebuildKpis } from "../../ledger/figures/kpi-daily.ts";
import { rebuildSlaDays } from "../../ledger/sla/evaluate.ts";
import { withApi } from "../frame/api-client.ts";
import type { ApiClient, Item } from "../frame/api-client.ts";
import { registerKpiClients } from "./kpi-clients.ts";
import { registerKpiHourly } from "./kpi-hourly.ts";
import { countParser } from "../frame/arguments.ts";
import { addFilterOptions, filterSaid } from "../frame/filter-options.ts";
import type { FilterOptions } from "../frame/filter-options.ts";
import { kpiFilterMembers, kpiFilterWords } from "../../http/api/figures/kpi-filter.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { withInstallation } from "../frame/command-installation.ts";
import type { LocalInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { withProgress } from "../frame/progress.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";

interface ShowOptions extends CommonOptions, FilterOptions {
  readonly days?: number;
}

const daysMax = 36_600;
const daysDefault = 7;

export function registerKpi(program: Command, context: CommandContext): void {
  const { say } = context;
  const kpi = addGroup(
    program,
    context,
    "kpi",
    { en: "figures by day and hour", de: "Zahlen je Tag und Stunde" },
    [
      "leadledger kpi show --days 30",
      "leadledger kpi hourly --source website",
      "leadledger kpi durations",
      "leadledger kpi clients --from 2026-10-01 --to 2026-10-31",
      "leadledger kpi rebuild",
    ],
  );
  const show = addCommand(kpi, context, {
    usage: "show",
    summary: {
      en: "received, delivered, failed, open, per day",
      de: "eingegangen, zugestellt, fehlgeschlagen, offen, je Tag",
    },
    details: {
      en: "Leads count on the day they were received, as they stand now. Test leads are not counted.",
      de: "Leads zählen am Tag ihres Eingangs, mit ihrem heutigen Stand. Testleads zählen nicht.",
    },
    examples: [
      "leadledger kpi show",
      "leadledger kpi show --days 30 --json",
      "leadledger kpi show --from 2026-10-01 --to 2026-10-31",
    ],
  }).option(
    "--days <count>",
    say({
      en: `how many days at most, the newest first (default: ${daysDefault}; with --from all)`,
      de: `höchstens so viele Tage, die neuesten zuerst (sonst ${daysDefault}; mit --from alle)`,
    }),
    countParser(context, daysMax),
  );
  addFilterOptions(show, context, kpiFilterMembers, kpiFilterWords);
  act<ShowOptions>(show, context, (options) =>
    withApi(context, options, (place) => showDays(context, place, options)),
  );

  registerKpiHourly(kpi, context);
  registerKpiClients(kpi, context);

  const rebuild = addCommand(kpi, context, {
    usage: "rebuild",
    summary: {
      en: "count all days and hours afresh, of service levels too; must change nothing",
      de: "alle Tage und Stunden neu zählen, auch die der Servicelevel; darf nichts ändern",
    },
    examples: ["leadledger kpi rebuild"],
  });
  act(rebuild, context, (options) =>
    withInstallation(context, (place) => rebuildAll(context, place, options)),
  );
}

async function showDays(
  context: CommandContext,
  { api, times }: ApiClient,
  { days, json, ...options }: ShowOptions,
): Promise<ExitCode> {
  const filter = filterSaid(kpiFilterMembers, options);
  const daysAtMost = days ?? (options["from"] === undefined ? daysDefault : daysMax);
  const rows = await api.items("GET /kpi/daily", filter, daysAtMost);
  if (json === true) {
    printJson(context, { timezone: times.timezone, items: rows });
    return exitCodes.ok;
  }
  if (rows.length === 0) {
    context.terminal.note(context.say({ en: "No leads yet.", de: "Noch keine Leads." }));
    return exitCodes.ok;
  }
  printDays(context, rows);
  noteTimezone(context, times);
  return exitCodes.ok;
}

function printDays(
  { terminal, say, language }: CommandContext,
  rows: readonly Item<"GET /kpi/daily">[],
): void {
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
  const right = { align: "right" } as const;
  printTable(
    terminal,
    [
      { title: say({ en: "day", de: "Tag" }) },
      { title: say({ en: "received", de: "eingegangen" }), ...right },
      { title: say({ en: "processed", de: "verarbeitet" }), ...right },
      { title: say({ en: "failed", de: "gescheitert" }), ...right },
      { title: say({ en: "open", de: "Klärfälle" }), ...right },
      { title: say({ en: "average ms", de: "Schnitt ms" }), ...right },
    ],
    rows.map((row) => [
      dayText(row, language),
      number.format(row.received_count),
      number.format(row.processed_count),
      row.failed_count > 0 ? { text: number.format(row.failed_count), colour: "yellow" } : "0",
      number.format(row.dlq_open_count),
      row.avg_processing_ms === null ? "–" : number.format(row.avg_processing_ms),
    ]),
  );
}

function dayText(
  { day, by_hand: byHand }: Item<"GET /kpi/daily">,
  language: CommandContext["language"],
): string {
  if (language === "en") return byHand ? `${day} (by hand)` : day;
  const german = day.split("-").toReversed().join(".");
  return byHand ? `${german} (von Hand)` : german;
}

async function rebuildAll(
  context: CommandContext,
  { installation: { database } }: LocalInstallation,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const { terminal, say, actor } = context;
  const counting = say({ en: "Counting all days afresh", de: "Alle Tage werden neu gezählt" });
  const wrong = await withProgress(
    terminal,
    () => counting,
    () => rebuildKpis(database, actor),
  );
  const countingSla = say({ en: "Counting service levels afresh", de: "Servicelevel werden neu gezählt" });
  const wrongSla = await withProgress(
    terminal,
    () => countingSla,
    () => rebuildSlaDays(database, actor),
  );
  if (json === true) {
    printJson(context, { wrong_days: wrong, wrong_sla_days: wrongSla });
    return exitCodes.ok;
  }
  for (const { sla, day } of wrongSla)
    terminal.out(
      say({
        en: `Service level ${sla}, ${day}: wrong before, right now`,
        de: `Servicelevel ${sla}, ${day}: vorher falsch, jetzt richtig`,
      }),
    );
  if (wrong.length === 0 && wrongSla.length > 0) return exitCodes.ok;
  if (wrong.length === 0) {
    terminal.out(
      say({ en: "Counted afresh: all figures were right.", de: "Neu gezählt: Alle Zahlen stimmten." }),
    );
  } else {
    const days = wrong.join(", ");
    terminal.out(
      say({
        en: `Counted afresh. Wrong before, right now: ${days}`,
        de: `Neu gezählt. Vorher falsch, jetzt richtig: ${days}`,
      }),
    );
  }
  return exitCodes.ok;
}
