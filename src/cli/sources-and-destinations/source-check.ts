// leadledger source check: whether leads will come and can be fetched, as the vendor says
import type { Command } from "commander";
import { withApi } from "../frame/api-client.ts";
import type { Answer } from "../frame/api-client.ts";
import { act, addCommand, printJson } from "../frame/command.ts";
import type { CommandContext } from "../frame/command.ts";
import { exitCodes } from "../frame/exit-codes.ts";

type Item = Answer<"POST /sources/:name/check">["items"][number];

export function registerSourceCheck(group: Command, context: CommandContext): void {
  const { say, terminal } = context;
  const check = addCommand(group, context, {
    usage: "check",
    summary: {
      en: "ask Meta or LinkedIn whether leads will come",
      de: "Meta oder LinkedIn fragen, ob Leads kommen werden",
    },
    details: {
      en: "With the source's token: is it good, is the page or organisation subscribed, may leads be fetched. Nothing is changed there.",
      de: "Mit dem Token der Quelle: ob es gültig ist, die Seite oder Organisation abonniert ist und Leads abgeholt werden dürfen. Geändert wird dort nichts.",
    },
    examples: ["leadledger source check meta"],
  }).argument("<name>", say({ en: "source", de: "Quelle" }));
  act(check, context, (options, [name = ""]) =>
    withApi(context, options, async ({ api }) => {
      const checked = await api.call("POST /sources/:name/check", { params: { name } });
      if (options.json === true) printJson(context, checked);
      else if (checked.items.length === 0) terminal.note(say(nobody));
      else for (const item of checked.items) printItem(context, item);
      return checked.items.some(({ state }) => state === "wrong") ? exitCodes.failed : exitCodes.ok;
    }),
  );
}

function printItem({ terminal }: CommandContext, { state, label, found, todo }: Item): void {
  terminal.out(`${terminal.paint(colours[state], signs[state])} ${label}: ${found}`);
  if (todo !== null) terminal.out(`  → ${todo}`);
}

const signs = { ok: "✓", wrong: "✗", unknown: "?" } as const;
const colours = { ok: "green", wrong: "red", unknown: "yellow" } as const;

const nobody = {
  en: "There is nobody to ask about a source of this kind.",
  de: "Bei einer Quelle dieser Art gibt es niemanden zu fragen.",
} as const;
