// leadledger kpi hourly and kpi durations: figures finer than days, and how long leads took.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { ApiClient, Item } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import type { TimeText } from "../frame/times.ts";
import { dayBefore, today } from "./days.ts";

interface RangeOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly client?: string;
}
interface HourlyOptions extends RangeOptions {
  readonly source?: string;
  readonly destination?: string;
}

const hourlyDaysDefault = 1;
const durationsDaysDefault = 30;
const rowsMax = 100_000;
const right = { align: "right" } as const;

export function registerKpiHourly(kpi: Command, context: CommandContext): void {
  const { say } = context;
  const hourly = addCommand(kpi, context, {
    usage: "hourly",
    summary: { en: "the figures of each hour", de: "die Zahlen jeder Stunde" },
    details: {
      en: "By source, or with --destination of one destination. Leads count in the hour they were received, as they stand now; duplicates and what was turned away in the hour it came.",
      de: "Je Quelle, oder mit --destination eines Ziels. Leads zählen in der Stunde ihres Eingangs, mit ihrem heutigen Stand; Wiederholungen und Abgewiesenes in der Stunde, in der es kam.",
    },
    examples: [
      "leadledger kpi hourly",
      "leadledger kpi hourly --source website --from 2026-10-01 --to 2026-10-07 --json",
      "leadledger kpi hourly --destination crm",
    ],
  })
    .option("--source <name>", say({ en: "of this source alone", de: "nur dieser Quelle" }))
    .option("--destination <name>", say({ en: "of this destination", de: "dieses Ziels" }));
  withRange(hourly, context, hourlyDaysDefault);
  act<HourlyOptions>(hourly, context, (options) =>
    withApi(context, options, (place) =>
      options.destination === undefined
        ? showSources(context, place, options)
        : showDestination(context, place, options, options.destination),
    ),
  );

  const durations = addCommand(kpi, context, {
    usage: "durations",
    summary: { en: "how long leads took", de: "wie lange Leads brauchten" },
    details: {
      en: "Half, 95 % and 99 % of the leads took no longer, estimated to within a quarter.",
      de: "Die Hälfte, 95 % und 99 % der Leads brauchten nicht länger, auf ein Viertel genau geschätzt.",
    },
    examples: [
      "leadledger kpi durations",
      "leadledger kpi durations --from 2026-10-01 --to 2026-10-31 --json",
    ],
  });
  withRange(durations, context, durationsDaysDefault);
  act<RangeOptions>(durations, context, (options) =>
    withApi(context, options, (place) => showDurations(context, place, options)),
  );
}

function withRange(command: Command, { say }: CommandContext, daysDefault: number): void {
  command
    .option(
      "--from <day>",
      say({
        en: `the first day (default: ${daysDefault} days)`,
        de: `der erste Tag (sonst ${daysDefault} Tage)`,
      }),
    )
    .option("--to <day>", say({ en: "the last day (default: today)", de: "der letzte Tag (sonst heute)" }))
    .option("--client <name>", say({ en: "of this client alone", de: "nur dieses Kunden" }));
}

function rangeOf({ to: last, from, client }: RangeOptions, timezone: string, daysDefault: number) {
  const to = last ?? today(timezone);
  return {
    from: from ?? dayBefore(to, daysDefault - 1),
    to,
    ...(client === undefined ? {} : { client }),
  };
}

async function showSources(context: CommandContext, { api, times }: ApiClient, options: HourlyOptions) {
  const range = rangeOf(options, times.timezone, hourlyDaysDefault);
  const { source } = options;
  const query = { ...range, ...(source === undefined ? {} : { source }) };
  const rows = await api.items("GET /kpi/hourly", query, rowsMax);
  if (options.json === true) {
    printJson(context, { timezone: times.timezone, ...range, items: rows });
    return exitCodes.ok;
  }
  printSources(context, rows, times);
  noteTimezone(context, times);
  return exitCodes.ok;
}

function printSources(
  context: CommandContext,
  rows: readonly Item<"GET /kpi/hourly">[],
  times: TimeText,
): void {
  const { terminal, say, language } = context;
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
  const duration = durationText(language);
  printTable(
    terminal,
    [
      { title: say({ en: "hour", de: "Stunde" }) },
      { title: say({ en: "source", de: "Quelle" }) },
      { title: say({ en: "received", de: "eingegangen" }), ...right },
      { title: say({ en: "processed", de: "verarbeitet" }), ...right },
      { title: say({ en: "failed", de: "gescheitert" }), ...right },
      { title: say({ en: "repeated", de: "wiederholt" }), ...right },
      { title: say({ en: "turned away", de: "abgewiesen" }), ...right },
      { title: "95 %", ...right },
    ],
    rows.map((row) => [
      hourText(row.hour, times),
      row.source,
      number.format(row.received_count),
      number.format(row.processed_count),
      row.failed_count > 0 ? { text: number.format(row.failed_count), colour: "yellow" } : "0",
      number.format(row.duplicate_count),
      number.format(row.conflict_count + row.refused_count + row.quarantined_count + row.denied_count),
      duration(row.processed.p95_ms),
    ]),
  );
}

async function showDestination(
  context: CommandContext,
  { api, times }: ApiClient,
  options: HourlyOptions,
  destination: string,
) {
  const { terminal, say, language } = context;
  const range = rangeOf(options, times.timezone, hourlyDaysDefault);
  const rows = await api.items("GET /kpi/hourly/destinations", { ...range, destination }, rowsMax);
  if (options.json === true) {
    printJson(context, { timezone: times.timezone, ...range, items: rows });
    return exitCodes.ok;
  }
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
  const duration = durationText(language);
  printTable(
    terminal,
    [
      { title: say({ en: "hour", de: "Stunde" }) },
      { title: say({ en: "delivered", de: "zugestellt" }), ...right },
      { title: say({ en: "failed attempts", de: "gescheiterte Versuche" }), ...right },
      { title: say({ en: "entries", de: "Klärfälle" }), ...right },
      { title: "50 %", ...right },
      { title: "95 %", ...right },
    ],
    rows.map((row) => [
      hourText(row.hour, times),
      number.format(row.delivered_count),
      number.format(row.failed_attempt_count),
      number.format(row.entry_count),
      duration(row.delivery.p50_ms),
      duration(row.delivery.p95_ms),
    ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}

async function showDurations(context: CommandContext, { api, times }: ApiClient, options: RangeOptions) {
  const { terminal, say, language } = context;
  const range = rangeOf(options, times.timezone, durationsDaysDefault);
  const told = await api.call("GET /kpi/distribution", { query: range });
  if (options.json === true) {
    printJson(context, { timezone: times.timezone, ...range, ...told });
    return exitCodes.ok;
  }
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
  const duration = durationText(language);
  const processed = say({ en: "until processed", de: "bis verarbeitet" });
  const first = say({ en: "until first delivered", de: "bis zuerst zugestellt" });
  const rows = [
    { of: say({ en: "all", de: "alle" }), until: processed, summary: told.processed },
    { of: say({ en: "all", de: "alle" }), until: first, summary: told.first_delivery },
    ...told.sources.flatMap(({ source: of, processed: summary, first_delivery: firstDelivery }) => [
      { of, until: processed, summary },
      { of, until: first, summary: firstDelivery },
    ]),
    ...told.destinations.map(({ destination: of, delivery: summary }) => ({
      of,
      until: say({ en: "until delivered there", de: "bis dort zugestellt" }),
      summary,
    })),
  ];
  printTable(
    terminal,
    [
      { title: say({ en: "source or destination", de: "Quelle oder Ziel" }) },
      { title: say({ en: "time", de: "Dauer" }) },
      { title: say({ en: "leads", de: "Leads" }), ...right },
      { title: "50 %", ...right },
      { title: "95 %", ...right },
      { title: "99 %", ...right },
    ],
    rows
      .filter(({ summary }) => summary.count > 0)
      .map(({ of, until, summary }) => [
        of,
        until,
        number.format(summary.count),
        duration(summary.p50_ms),
        duration(summary.p95_ms),
        duration(summary.p99_ms),
      ]),
  );
  noteTimezone(context, times);
  return exitCodes.ok;
}

/** Without the seconds, which are none. */
function hourText(hour: Date | string, times: TimeText): string {
  return times.at(new Date(hour)).slice(0, -3);
}

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** In the largest unit of which it has two, to one digit behind the point. */
function durationText(language: CommandContext["language"]): (ms: number | null) => string {
  const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB", { maximumFractionDigits: 1 });
  const units = [
    [2 * dayMs, dayMs, "d"],
    [2 * hourMs, hourMs, "h"],
    [2 * minuteMs, minuteMs, "min"],
    [2 * secondMs, secondMs, "s"],
  ] as const;
  return (ms) => {
    if (ms === null) return "–";
    const unit = units.find(([from]) => ms >= from);
    return unit === undefined ? `${number.format(ms)} ms` : `${number.format(ms / unit[1])} ${unit[2]}`;
  };
}
