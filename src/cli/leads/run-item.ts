// A lead as the API lists it, and its state in words.
import { leadSignText } from "../../domain/destinations/receipt-words.ts";
import type { Item } from "../frame/api-client.ts";
import type { Cell } from "../frame/table.ts";
import { runState } from "../frame/words.ts";
import type { WordContext } from "../frame/words.ts";

export type RunItem = Item<"GET /runs">;

/** Says of a test lead that it is one, and what is to know of how it arrived. */
export function runStateWithTest(run: Omit<RunItem, "lead" | "names_withheld">, words: WordContext): Cell {
  const state = runState(run, words);
  const isPainted = typeof state === "object" && state !== null;
  const signs = run.signs.map((sign) => leadSignText(sign, words.language));
  const text = [isPainted ? state.text : String(state), ...signs].join(", ") + (run.test ? " (Test)" : "");
  if (signs.length > 0) return { text, colour: "yellow" };
  return isPainted ? { ...state, text } : text;
}

/** The same as plain text. */
export function runStateText(item: RunItem, words: WordContext): string {
  const state = runStateWithTest(item, words);
  return typeof state === "object" && state !== null ? state.text : String(state);
}
