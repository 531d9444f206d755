// States as cells of a table, in the words that people know (domain/state-words.ts); commands and JSON keep the technical
// words.
import { failureText } from "../../domain/errors/failure-texts.ts";
import { entryState as stateOfEntry, leadState, stateText } from "../../domain/attention/state-words.ts";
import type { EntryStanding, LeadStanding, StateName } from "../../domain/attention/state-words.ts";
import type { Language } from "./language.ts";
import type { Cell } from "./table.ts";
import type { Colour } from "./terminal.ts";
import type { TimeText } from "./times.ts";

export interface WordContext {
  readonly language: Language;
  readonly times: TimeText;
  readonly now: Date;
}

/** A run's state as a table cell: `delivered`, `retrying at 14:05`. */
export function runState(run: LeadStanding, context: WordContext): Cell {
  return cellOf(leadState(run, context.now), run.next_retry_at, context);
}

/** A DLQ entry's state. */
export function entryState(entry: EntryStanding, context: WordContext): Cell {
  return cellOf(stateOfEntry(entry, context.now), entry.next_retry_at, context);
}

function cellOf(state: StateName, at: Date | string | null, { language, times, now }: WordContext): Cell {
  const text = stateText(state, language, at === null ? "" : times.soon(new Date(at), now));
  const colour = colours[state];
  return colour === null ? text : { text, colour };
}

const colours = {
  accepted: null,
  held: "yellow",
  held_for_source: "yellow",
  held_for_data: "yellow",
  delivered: "green",
  resolved_by_hand: null,
  withdrawn: null,
  skipped: null,
  no_destination: "red",
  refused: "yellow",
  conflict: "yellow",
  needs_decision: "yellow",
  retrying: null,
  retrying_now: null,
  being_tried: null,
  corrected: "green",
  discarded: null,
  superseded: null,
  kept_first: null,
  taken_in: "green",
  change: "green",
  given_up: "red",
} as const satisfies Readonly<Record<StateName, Colour | null>>;

/** Why, in the reader's language where the code is known; the stored sentence is English and has the particulars. */
export function reasonText(code: string | null, stored: string, language: Language): string {
  if (language === "en" || code === null) return stored;
  return failureText(code, language) ?? stored;
}
