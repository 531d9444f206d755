// Where the leads of a source go, as the command line says it: option, question, and member of an entry.
import type { Api } from "../frame/api-client.ts";
import { askedFor } from "../frame/ask.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../frame/language.ts";

export const toOptionText: Texts = {
  en: "destinations, comma-separated; all: those of the future too; none: nobody",
  de: "Ziele, durch Kommas getrennt; all: alle, auch künftige; none: niemand",
};

/** As a person typed it; null: all. */
export function destinationsOf(to: string): readonly string[] | null {
  if (to === "all") return null;
  return to === "none" ? [] : to.split(",").map((name) => name.trim());
}

/** Asks on a terminal for what was not said; null: nobody said it. */
export async function chosenDestinations(
  context: CommandContext,
  api: Api,
  to: string | undefined,
): Promise<{ readonly to: readonly string[] | null } | null> {
  const typed = to ?? (await askedFor(context, () => toQuestion(context, api)));
  return typed === null ? null : { to: destinationsOf(typed) };
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
