// leadledger source watch: what arrives at a source, taken or refused with the reason, until it is interrupted
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { writeExactly } from "../../domain/values/exact-json.ts";
import { withApi } from "../frame/api-client.ts";
import type { Api, ApiClient, Answer } from "../frame/api-client.ts";
import { act, addCommand } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { noteTimezone } from "../frame/times.ts";
import { runStateText } from "../leads/run-item.ts";

const lookEveryMs = 1_000;
/** More than can come in between two looks. */
const lookedAtItems = 100;

interface WatchOptions extends CommonOptions {
  readonly once?: boolean;
}

export function registerSourceWatch(group: Command, context: CommandContext): void {
  const { say } = context;
  const watch = addCommand(group, context, {
    usage: "watch",
    summary: {
      en: "watch requests arrive, refused ones with the reason",
      de: "zusehen, wie Anfragen ankommen, abgewiesene mit dem Grund",
    },
    details: {
      en: "One line per lead, and one whenever requests were refused: how many, why, what was looked for and what was there. Ctrl-C ends it. With --json one JSON object per line.",
      de: "Eine Zeile je Lead und eine, sooft Anfragen abgewiesen wurden: wie viele, warum, was gesucht wurde und was da war. Strg-C beendet es. Mit --json ein JSON-Objekt je Zeile.",
    },
    examples: ["leadledger source watch website", "leadledger source watch website --once"],
  })
    .argument("<name>", say({ en: "source", de: "Quelle" }))
    .option("--once", say({ en: "end with the first lead", de: "mit dem ersten Lead enden" }));
  act<WatchOptions>(watch, context, (options, [name = ""]) =>
    withApi(context, options, async (place) => {
      // Refuses a name that there is not.
      await place.api.call("GET /sources/:name", { params: { name } });
      return follow(context, place, name, options);
    }),
  );
}

async function follow(
  context: CommandContext,
  { api, times }: ApiClient,
  name: string,
  { json, once }: WatchOptions,
): Promise<ExitCode> {
  const { terminal, say, language } = context;
  const known = new Set((await newest(api, name)).map(({ run_id: id }) => id));
  const told = new Map((await refused(api, name)).map((each) => [each.error_code, each.count]));
  if (json !== true) {
    noteTimezone(context, times);
    terminal.note(say({ en: "Waiting for requests …", de: "Warten auf Anfragen …" }));
  }
  for (;;) {
    for (const each of await refused(api, name)) {
      const before = told.get(each.error_code) ?? 0;
      told.set(each.error_code, each.count);
      if (each.count <= before) continue;
      const { error_code: code, detail, last_at: at } = each;
      const count = each.count - before;
      if (json === true) terminal.out(writeExactly({ refused: { code, count, detail, at } }));
      else {
        const what = say({ en: `refused (${count}): ${code}`, de: `abgewiesen (${count}): ${code}` });
        terminal.out(
          [times.at(new Date(at)), terminal.paint("red", what), detail ?? ""].join("  ").trimEnd(),
        );
      }
    }
    for (const run of (await newest(api, name)).filter(({ run_id: id }) => !known.has(id)).toReversed()) {
      known.add(run.run_id);
      if (json === true) terminal.out(writeExactly(run));
      else {
        const state = runStateText(run, { language, times, now: new Date() });
        terminal.out([times.at(new Date(run.received_at)), run.run_id, state].join("  "));
      }
      if (once === true) return exitCodes.ok;
    }
    await delay(lookEveryMs);
  }
}

type Refused = Answer<"GET /activity">["sources"][number]["refused_last_24h"];

async function refused(api: Api, name: string): Promise<Refused> {
  const { sources } = await api.call("GET /activity");
  return sources.find(({ source }) => source === name)?.refused_last_24h ?? [];
}

async function newest(api: Api, source: string) {
  return (await api.call("GET /runs", { query: { source, limit: lookedAtItems, names: false } })).items;
}
