// leadledger kpi clients: the figures of some days, summed by client of an agency.
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import { dayBefore, today } from "./days.ts";

interface ClientsOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly client?: string;
}

/** Today among them. */
const daysDefault = 30;

export function registerKpiClients(kpi: Command, context: CommandContext): void {
  const { say, terminal, language } = context;
  const clients = addCommand(kpi, context, {
    usage: "clients",
    summary: { en: "of an agency: the sums by client", de: "einer Agentur: die Summen je Kunde" },
    details: {
      en: "The sums over all clients are those of `leadledger kpi show`. What came through sources without a client stands under –.",
      de: "Die Summen über alle Kunden sind die von `leadledger kpi show`. Was über Quellen ohne Kunden kam, steht unter –.",
    },
    examples: [
      "leadledger kpi clients",
      "leadledger kpi clients --from 2026-10-01 --to 2026-10-31 --client moebel-koeln",
    ],
  })
    .option(
      "--from <day>",
      say({
        en: `the first day (default: ${daysDefault} days)`,
        de: `der erste Tag (sonst ${daysDefault} Tage)`,
      }),
    )
    .option("--to <day>", say({ en: "the last day (default: today)", de: "der letzte Tag (sonst heute)" }))
    .option("--client <name>", say({ en: "of this one alone", de: "nur von diesem" }));
  act<ClientsOptions>(clients, context, (options) =>
    withApi(context, options, async ({ api, times }) => {
      const { to = today(times.timezone), client } = options;
      const from = options.from ?? dayBefore(to, daysDefault - 1);
      const query = { from, to, ...(client === undefined ? {} : { client }) };
      const { items } = await api.call("GET /kpi/clients", { query });
      if (options.json === true) {
        printJson(context, { timezone: times.timezone, from, to, items });
        return exitCodes.ok;
      }
      const number = new Intl.NumberFormat(language === "de" ? "de-DE" : "en-GB");
      const right = { align: "right" } as const;
      printTable(
        terminal,
        [
          { title: say({ en: "client", de: "Kunde" }) },
          { title: say({ en: "received", de: "eingegangen" }), ...right },
          { title: say({ en: "processed", de: "verarbeitet" }), ...right },
          { title: say({ en: "failed", de: "gescheitert" }), ...right },
          { title: say({ en: "average ms", de: "Schnitt ms" }), ...right },
        ],
        items.map((row) => [
          row.client ?? "–",
          number.format(row.received_count),
          number.format(row.processed_count),
          number.format(row.failed_count),
          row.avg_processing_ms === null ? "–" : number.format(row.avg_processing_ms),
        ]),
      );
      noteTimezone(context, times);
      return exitCodes.ok;
    }),
  );
}
