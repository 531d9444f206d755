// What the ledger's states are called where people read them (docs/contract.md, Words for people); commands and JSON
// keep the technical words.
import { failureText } from "../../domain/errors/failure-texts.ts";
import type { ListedEntry } from "../../ledger/attention/dlq.ts";
import type { Run } from "../../ledger/leads/runs.ts";
import type { Language, Texts } from "./language.ts";
import type { Cell } from "./table.ts";
import type { TimeText } from "./times.ts";

export interface WordParts {
  readonly language: Language;
  readonly times: TimeText;
  readonly now: Date;
}

/** A run's state as a table cell: `delivered`, `retrying at 14:05`. */
export function runState(run: Run, { language, times, now }: WordParts): Cell {
  switch (run.status) {
    case "accepted":
      return run.is_held ? { text: runWords.held[language], colour: "yellow" } : runWords.accepted[language];
    case "processed":
      return processedState(run.outcome, language);
    case "failed":
      if (run.refused) return { text: runWords.refused[language], colour: "yellow" };
      if (run.needs_decision) return { text: runWords.decision[language], colour: "yellow" };
      if (run.next_retry_at !== null)
        return retryingAt(run.next_retry_at, times.soon(run.next_retry_at, now), now)[language];
      if (run.open_entries > 0) return runWords.attempting[language];
      if (run.given_up) return { text: runWords.dead[language], colour: "red" };
      // Nothing holds it: it was set to failed with SQL, and nothing will happen by itself.
      return { text: runWords.decision[language], colour: "yellow" };
  }
}

/** A DLQ entry's state. */
export function entryState(entry: ListedEntry, { language, times, now }: WordParts): Cell {
  switch (entry.status) {
    case "open":
      if (entry.kind === "refused") return { text: runWords.refused[language], colour: "yellow" };
      if (entry.kind === "conflict") return { text: runWords.conflict[language], colour: "yellow" };
      if (entry.next_retry_at === null) return { text: runWords.decision[language], colour: "yellow" };
      return retryingAt(entry.next_retry_at, times.soon(entry.next_retry_at, now), now)[language];
    case "retrying":
      return runWords.attempting[language];
    case "resolved":
      return { text: runWords.settled[language], colour: "green" };
    case "dead":
      return { text: runWords.dead[language], colour: "red" };
  }
}

/** Why, in the reader's language where the code is known; the stored sentence is English and has the particulars. */
export function reasonText(code: string | null, stored: string, language: Language): string {
  if (language === "en" || code === null) return stored;
  return failureText(code, language) ?? stored;
}

const runWords = {
  accepted: { en: "being delivered", de: "in Zustellung" },
  held: { en: "held: its source is paused", de: "angehalten (Quelle)" },
  delivered: { en: "delivered", de: "zugestellt" },
  byHand: { en: "settled by hand", de: "von Hand erledigt" },
  nobody: { en: "no destination", de: "ohne Ziel" },
  refused: { en: "unreadable, kept", de: "unlesbar, aufbewahrt" },
  conflict: { en: "other data under a used key", de: "andere Daten unter bekannter Kennung" },
  decision: { en: "needs a decision", de: "Klärung nötig" },
  attempting: { en: "being tried", de: "wird gerade versucht" },
  settled: { en: "settled", de: "erledigt" },
  dead: { en: "given up", de: "aufgegeben" },
} as const satisfies Record<string, Texts>;

function processedState(outcome: Run["outcome"], language: Language): Cell {
  switch (outcome) {
    case "no_destination":
      return { text: runWords.nobody[language], colour: "red" };
    case "resolved_by_hand":
      return runWords.byHand[language];
    case "delivered":
    case null:
      return { text: runWords.delivered[language], colour: "green" };
  }
}

function retryingAt(at: Date, shown: string, now: Date): Texts {
  if (at <= now) return { en: "retrying now", de: "wird jetzt erneut versucht" };
  return { en: `retrying at ${shown}`, de: `wird erneut versucht, nächster Versuch ${shown}` };
}
