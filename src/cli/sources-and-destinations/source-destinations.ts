// Where the leads of a source go, as the command line says it: option, question, and member of an entry.
import type { GroupEntry, ToEntry } from "../../domain/leads/distribution.ts";
import type { Api } from "../frame/api-client.ts";
import { askedFor } from "../frame/ask.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";

export const toOptionText: Texts = {
  en: "destinations, comma-separated; anna/bernd/carla:2: each lead to one of these, in turns or by weights; all: those of the future too; none: nobody",
  de: "Ziele, durch Kommas getrennt; anna/bernd/carla:2: jeder Lead an eines davon, reihum oder nach Gewicht; all: alle, auch künftige; none: niemand",
};

export const skipPausedText: Texts = {
  en: "of those that take turns, paused ones are left out; otherwise leads are kept for them",
  de: "angehaltene unter denen, die sich abwechseln, werden ausgelassen; sonst werden Leads für sie aufbewahrt",
};

/** As a person typed it; null: all. */
export function destinationsOf(to: string, skipPaused = false): readonly ToEntry[] | null {
  if (to === "all") return null;
  return to === "none" ? [] : to.split(",").map((each) => entryIn(each.trim(), skipPaused));
}

function entryIn(typed: string, skipPaused: boolean): ToEntry {
  if (!typed.includes("/")) return typed;
  const one_of = typed.split("/").map((member) => {
    const [destination = "", weight] = member.split(":").map((part) => part.trim());
    return weight === undefined ? destination : { destination, weight: Number(weight) };
  });
  return skipPaused ? { one_of, skip_paused: true } : { one_of };
}

/** As it is typed. */
export function typedTo(to: readonly ToEntry[]): string {
  const typedMember = (member: GroupEntry["one_of"][number]): string =>
    typeof member === "string" ? member : `${member.destination}:${member.weight ?? 1}`;
  return to
    .map((entry) => (typeof entry === "string" ? entry : entry.one_of.map(typedMember).join("/")))
    .join(", ");
}

/** Asks on a terminal for what was not said; null: nobody said it. */
export async function chosenDestinations(
  context: CommandContext,
  api: Api,
  to: string | undefined,
  skipPaused: boolean | undefined,
): Promise<{ readonly to: readonly ToEntry[] | null } | null> {
  const typed = to ?? (await askedFor(context, () => toQuestion(context, api)));
  return typed === null ? null : { to: destinationsOf(typed, skipPaused) };
}

const namedMax = 500;

async function toQuestion({ say }: CommandContext, api: Api): Promise<string> {
  const { items } = await api.call("GET /destinations", { query: { enabled: true, limit: namedMax } });
  const names = items.map(({ name }) => `${name}; `).join("");
  return say({
    en: `Where do its leads go? ${names}all: everywhere, those of the future too; none: nobody.`,
    de: `Wohin gehen die Leads? ${names}all: an alle Ziele, auch künftige; none: an niemanden.`,
  });
}
