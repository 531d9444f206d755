// leadledger db setbacks | acknowledge: the database no longer has what it had before
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { countParser } from "../frame/arguments.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { Texts } from "../frame/language.ts";
import { printTable } from "../frame/table.ts";
import { noteTimezone } from "../frame/times.ts";
import type { TimeText } from "../frame/times.ts";

export function registerSetbacks(db: Command, context: CommandContext): void {
  const { say } = context;
  const list = addCommand(db, context, {
    usage: "setbacks",
    summary: {
      en: "times at which the database had gone back: a restored backup, a standby that was behind",
      de: "wann die Datenbank zurückgefallen war: eine eingespielte Sicherung, ein Standby im Rückstand",
    },
    examples: ["leadledger db setbacks"],
  });
  act<CommonOptions>(list, context, (options) =>
    withApi(context, options, async ({ api, times }) => {
      const { items } = await api.call("GET /database/setbacks");
      if (options.json === true) printJson(context, { items });
      else printSetbacks(context, items, times);
      return exitCodes.ok;
    }),
  );
  const acknowledge = addCommand(db, context, {
    usage: "acknowledge",
    summary: {
      en: "take note of a setback: the alarm ends, nothing comes back",
      de: "einen Rückfall zur Kenntnis nehmen: Der Alarm endet, zurück kommt dadurch nichts",
    },
    examples: ["leadledger db acknowledge 1"],
  }).argument(
    "<setback_id>",
    say({ en: "its number", de: "seine Nummer" }),
    countParser(context, Number.MAX_SAFE_INTEGER),
  );
  act<CommonOptions>(acknowledge, context, (options, [id]) =>
    withApi(context, options, async ({ api }) => {
      const setback = await api.call("POST /database/setbacks/:setback_id/acknowledge", {
        params: { setback_id: String(id) },
      });
      if (options.json === true) printJson(context, setback);
      else
        context.terminal.out(
          say({
            en: `Noted (${setback.acknowledged_by}).`,
            de: `Zur Kenntnis genommen (${setback.acknowledged_by}).`,
          }),
        );
      return exitCodes.ok;
    }),
  );
}

function printSetbacks(
  context: CommandContext,
  items: Answer<"GET /database/setbacks">["items"],
  times: TimeText,
): void {
  const { terminal, say } = context;
  const timeOf = (time: Date | string): string => times.at(new Date(time));
  if (items.length === 0) {
    terminal.out(
      say({
        en: "None: the database has everything it had.",
        de: "Keiner: Die Datenbank hat alles, was sie hatte.",
      }),
    );
    return;
  }
  printTable(
    terminal,
    [
      { title: say({ en: "id", de: "Nr." }) },
      { title: say({ en: "noticed", de: "bemerkt" }) },
      { title: say({ en: "missing", de: "fehlt" }), wraps: true },
      { title: say({ en: "acknowledged", de: "bestätigt" }) },
    ],
    items.map((each) => [
      String(each.setback_id),
      timeOf(each.noticed_at),
      say(missingText(each, times)),
      each.acknowledged_at === null
        ? say({ en: "no", de: "nein" })
        : `${timeOf(each.acknowledged_at)} ${each.acknowledged_by ?? ""}`,
    ]),
  );
  noteTimezone(context, times);
}

interface Missing {
  readonly events_max: number | null;
  readonly leads_missing: number | null;
  readonly other_server: boolean;
  readonly since: Date | string | null;
  readonly until: Date | string;
}

/** What is missing, as a part of a sentence: also for the doctor. */
export function missingText(
  { since, until, events_max, leads_missing, other_server }: Missing,
  times: TimeText,
): Texts {
  const timeOf = (time: Date | string): string => times.at(new Date(time));
  const of =
    leads_missing === null
      ? null
      : { en: `${leads_missing} leads confirmed last`, de: `${leads_missing} zuletzt bestätigte Leads` };
  const most =
    events_max === null
      ? null
      : {
          en: `at most ${events_max} log entries, and so leads`,
          de: `höchstens ${events_max} Protokolleinträge, also höchstens so viele Leads`,
        };
  const from =
    since === null
      ? { en: "everything", de: "alles" }
      : { en: `what came after ${timeOf(since)}`, de: `was nach ${timeOf(since)} kam` };
  const server = other_server
    ? { en: "; it is another server", de: "; es ist ein anderer Server" }
    : { en: "", de: "" };
  const amount = (language: "en" | "de"): string =>
    [of, most].flatMap((each) => each?.[language] ?? []).join(", ");
  return {
    en: `${from.en} until ${timeOf(until)}: ${amount("en")}${server.en}`,
    de: `${from.de}, bis ${timeOf(until)}: ${amount("de")}${server.de}`,
  };
}
