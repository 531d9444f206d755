// A lead as the API lists it, and its state in words.
import type { Run } from "../ledger/runs.ts";
import { withTimes } from "./api-workplace.ts";
import type { Wire } from "./api-workplace.ts";
import type { Cell } from "./table.ts";
import { runState } from "./words.ts";
import type { WordParts } from "./words.ts";

export type RunItem = Wire<Run>;

export function runOf(item: RunItem): Run {
  return withTimes<Run>(item, ["received_at", "processed_at", "next_retry_at"]);
}

/** Says of a test lead that it is one. */
export function runStateWithTest(run: Run, words: WordParts): Cell {
  const state = runState(run, words);
  if (!run.test) return state;
  return typeof state === "object" && state !== null
    ? { ...state, text: `${state.text} (Test)` }
    : `${String(state)} (Test)`;
}

/** The same as plain text. */
export function runStateText(item: RunItem, words: WordParts): string {
  const state = runStateWithTest(runOf(item), words);
  return typeof state === "object" && state !== null ? state.text : String(state);
}
