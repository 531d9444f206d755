// A lead as the API lists it, and its state in words.
import type { Item } from "../frame/api-client.ts";
import type { Cell } from "../frame/table.ts";
import { runState } from "../frame/words.ts";
import type { WordContext } from "../frame/words.ts";

export type RunItem = Item<"GET /runs">;

/** Says of a test lead that it is one. */
export function runStateWithTest(run: Omit<RunItem, "lead" | "names_withheld">, words: WordContext): Cell {
  const state = runState(run, words);
  if (!run.test) return state;
  return typeof state === "object" && state !== null
    ? { ...state, text: `${state.text} (Test)` }
    : `${String(state)} (Test)`;
}

/** The same as plain text. */
export function runStateText(item: RunItem, words: WordContext): string {
  const state = runStateWithTest(item, words);
  return typeof state === "object" && state !== null ? state.text : String(state);
}
