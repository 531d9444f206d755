// leadledger report daily | weekly: what is sent by mail, on the terminal or as a page to print
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { reportNames } from "../../domain/figures/report.ts";
import type { ReportName } from "../../domain/figures/report.ts";
import { reportLetter, reportPage } from "../../mail/report-letter.ts";
import { withApi } from "../frame/api-client.ts";
import type { ApiClient } from "../frame/api-client.ts";
import { act, addCommand, addGroup, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";

interface ReportOptions extends CommonOptions {
  readonly date?: string;
  readonly html?: string;
  readonly send?: string;
  readonly client?: string;
}

export function registerReport(program: Command, context: CommandContext): void {
  const { say } = context;
  const group = addGroup(
    program,
    context,
    "report",
    {
      en: "figures beside those of the week before, and what needs attention",
      de: "Zahlen neben denen der Vorwoche, und was Aufmerksamkeit braucht",
    },
    ["leadledger report daily", "leadledger report weekly --html week.html --date 2026-11-29"],
  );
  for (const report of reportNames) {
    const command = addCommand(group, context, {
      usage: report,
      summary:
        report === "daily"
          ? { en: "of one day: yesterday", de: "eines Tages: von gestern" }
          : { en: "of seven days: up to yesterday", de: "von sieben Tagen: bis gestern" },
      details: {
        en: "As it is sent by mail (reports in leadledger.yaml): the same figures as in the dashboard, no person's data.",
        de: "So, wie er als E-Mail kommt (reports in leadledger.yaml): dieselben Zahlen wie in der Oberfläche, keine Personendaten.",
      },
      examples: [
        `leadledger report ${report}`,
        `leadledger report ${report} --date 2026-11-29 --html report.html`,
        `leadledger report ${report} --send anna@example.com`,
      ],
    })
      .option(
        "--date <day>",
        say({ en: "the last day that it speaks of", de: "der letzte Tag, von dem er handelt" }),
      )
      .option("--html <file>", say({ en: "write a page to print", de: "eine Seite zum Drucken schreiben" }))
      .option("--send <address>", say({ en: "send it by mail, now", de: "als E-Mail senden, jetzt" }))
      .option("--client <name>", say({ en: "only of this client", de: "nur von diesem Kunden" }));
    act<ReportOptions>(command, context, (options) =>
      withApi(context, options, (place) => show(context, place, report, options)),
    );
  }
}

async function show(
  context: CommandContext,
  { api }: ApiClient,
  report: ReportName,
  { date, html, send, client, json }: ReportOptions,
): Promise<ExitCode> {
  const { terminal, say, language } = context;
  const day = date === undefined ? {} : { day: date };
  if (send !== undefined) {
    const outcome = await api.call("POST /reports/:report/send", {
      params: { report },
      body: { to: send, language, ...day },
    });
    if (json === true) printJson(context, outcome);
    else if (outcome.sent)
      terminal.out(
        say({
          en: `The mail server took it for ${send}.`,
          de: `Der Mailserver hat ihn für ${send} genommen.`,
        }),
      );
    else terminal.note(terminal.paintNote("red", `${outcome.message ?? ""} [${outcome.code ?? ""}]`));
    return outcome.sent ? exitCodes.ok : exitCodes.failed;
  }
  const figures = await api.call("GET /reports/:report", {
    params: { report },
    query: { ...day, ...(client === undefined ? {} : { client }) },
  });
  const place = { language, publicUrl: null, client: client ?? "" };
  if (html !== undefined) await writeFile(html, reportPage(figures, place));
  if (json === true) printJson(context, figures);
  else if (html === undefined) terminal.out(reportLetter(figures, place).text.trimEnd());
  else terminal.note(say({ en: `Written to ${html}.`, de: `Nach ${html} geschrieben.` }));
  return exitCodes.ok;
}
