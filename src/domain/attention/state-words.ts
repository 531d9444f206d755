// Where a lead, a delivery, an entry of the DLQ, a circuit and an operation stand, and what people call it: the one table
// that terminal and browser read. Commands and JSON keep the technical words. Pure: the browser loads this file as it is.
import type { InBothLanguages } from "../configuration/form-words.ts";
import type { CircuitState } from "../destinations/circuit.ts";
import type { HeldReason } from "../destinations/held.ts";
import type { OperationStatus } from "./operation.ts";
import type { DlqKind, DlqStatus, RunOutcome, RunStatus } from "../leads/run.ts";

/** As they stand in a sentence; `{at}` is a time. */
export const stateWords = {
  accepted: { en: "being delivered", de: "in Zustellung" },
  held: { en: "held", de: "zurückgehalten" },
  held_for_source: {
    en: "held until its source is resumed",
    de: "angehalten, bis die Quelle fortgesetzt wird",
  },
  held_for_data: { en: "waits for its data", de: "wartet auf seine Daten" },
  delivered: { en: "delivered", de: "zugestellt" },
  resolved_by_hand: { en: "settled by hand", de: "von Hand erledigt" },
  withdrawn: { en: "withdrawn", de: "zurückgezogen" },
  skipped: { en: "not sent: condition not met", de: "nicht gesendet: Bedingung nicht erfüllt" },
  no_destination: { en: "no destination", de: "ohne Ziel" },
  refused: { en: "unreadable, kept", de: "unlesbar, aufbewahrt" },
  conflict: { en: "other data under a used key", de: "andere Daten unter bekannter Kennung" },
  needs_decision: { en: "needs a decision", de: "Klärung nötig" },
  retrying: { en: "retrying at {at}", de: "wird erneut versucht, nächster Versuch {at}" },
  retrying_now: { en: "retrying now", de: "wird jetzt erneut versucht" },
  being_tried: { en: "being tried", de: "wird gerade versucht" },
  corrected: { en: "corrected", de: "berichtigt" },
  discarded: { en: "discarded", de: "verworfen" },
  superseded: { en: "replaced by corrected data", de: "durch berichtigte Daten ersetzt" },
  kept_first: { en: "kept, the first lead stands", de: "aufbewahrt, der erste Lead gilt" },
  taken_in: { en: "taken in as a lead of its own", de: "als eigener Lead angenommen" },
  change: { en: "delivered as a change", de: "als Änderung zugestellt" },
  given_up: { en: "given up", de: "aufgegeben" },
} as const satisfies Readonly<Record<string, InBothLanguages>>;
export type StateName = keyof typeof stateWords;

type Time = Date | string;

export interface LeadStanding {
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly refused: boolean;
  readonly needs_decision: boolean;
  readonly given_up: boolean;
  readonly is_held: boolean;
  readonly next_retry_at: Time | null;
  readonly open_entries: number;
}

/** Of a delivery that is held. */
export function heldState(reason: HeldReason | null): StateName {
  if (reason === "incomplete") return "held_for_data";
  return reason === "source_paused" ? "held_for_source" : "held";
}

/** A lead's state; `retrying` goes with its `next_retry_at`. What waits for a person comes before what heals itself. */
export function leadState(lead: LeadStanding, now: Date): StateName {
  switch (lead.status) {
    case "accepted":
      return lead.is_held ? "held" : "accepted";
    case "processed":
      return lead.outcome ?? "delivered";
    case "failed":
      if (lead.refused) return "refused";
      if (lead.needs_decision) return "needs_decision";
      if (lead.next_retry_at !== null) return retrying(lead.next_retry_at, now);
      // Entries that are being tried at this moment have no next time.
      if (lead.open_entries > 0) return "being_tried";
      // Else nothing holds it: it was set to failed with SQL, and nothing will happen by itself.
      return lead.given_up ? "given_up" : "needs_decision";
    default:
      return lead.status;
  }
}

export interface EntryStanding {
  readonly status: DlqStatus;
  readonly kind: DlqKind;
  readonly next_retry_at: Time | null;
  readonly resolution: string | null;
}

/** An entry's state; `retrying` goes with its `next_retry_at`. */
export function entryState(
  { status, kind, next_retry_at: next, resolution }: EntryStanding,
  now: Date,
): StateName {
  switch (status) {
    case "open":
      if (next !== null) return retrying(next, now);
      return kind === "refused" || kind === "conflict" ? kind : "needs_decision";
    case "retrying":
      return "being_tried";
    case "resolved":
      return resolutionStates.find((known) => known === resolution) ?? "resolved_by_hand";
    case "dead":
      return "given_up";
    default:
      return status;
  }
}

/** Other resolutions are words of whoever settled it. */
const resolutionStates = [
  "delivered",
  "corrected",
  "discarded",
  "superseded",
  "kept_first",
  "taken_in",
  "change",
  "withdrawn",
  "skipped",
] as const;

/** What a state is called, `at` being its time as the reader writes it. */
export function stateText(state: StateName, language: "en" | "de", at = ""): string {
  return ofKnown<InBothLanguages>(stateWords, state, asItIs(state))[language].replace("{at}", at);
}

/**
 * What a table says of a word. A page stays open while its installation is upgraded, and meets words that are newer than
 * itself: whatever the types say, `otherwise` stands for those.
 */
export function ofKnown<Of>(table: Readonly<Record<string, Of>>, word: string, otherwise: Of): Of {
  return Object.hasOwn(table, word) ? (table[word] ?? otherwise) : otherwise;
}

function asItIs(word: string): InBothLanguages {
  return { en: word, de: word };
}

function retrying(at: Time, now: Date): StateName {
  return new Date(at) <= now ? "retrying_now" : "retrying";
}

const operationStateWords = {
  pending: { en: "about to begin", de: "beginnt gleich" },
  running: { en: "running", de: "läuft" },
  paused: { en: "paused", de: "angehalten" },
  cancelled: { en: "cancelled", de: "abgebrochen" },
  done: { en: "done", de: "fertig" },
  failed: { en: "failed", de: "gescheitert" },
} as const satisfies Readonly<Record<OperationStatus, InBothLanguages>>;

export function operationState(status: OperationStatus): InBothLanguages {
  return ofKnown<InBothLanguages>(operationStateWords, status, asItIs(status));
}

/** Of a destination that is left alone; `{at}` is when it is tried again. */
export const circuitWords = {
  asks_for_pause: {
    en: "the destination asks for a pause until {at}",
    de: "das Ziel bittet um eine Pause bis {at}",
  },
  left_alone: { en: "left alone until {at}", de: "wird bis {at} in Ruhe gelassen" },
  one_tries: { en: "one lead is trying whether it works again", de: "ein Lead probiert, ob es wieder geht" },
  next_tries: {
    en: "will be tried again with the next lead",
    de: "wird mit dem nächsten Lead wieder versucht",
  },
  credentials_refused: {
    en: "the receiver refuses the credentials",
    de: "Empfänger lehnt die Zugangsdaten ab",
  },
  needs_mending: {
    en: "set up wrongly: somebody has to mend it",
    de: "falsch eingerichtet: muss berichtigt werden",
  },
} as const satisfies Readonly<Record<string, InBothLanguages>>;
export type CircuitStateName = keyof typeof circuitWords;

/** What a circuit's state is called, `at` being the time of its next probe as the reader writes it. */
export function circuitText(state: CircuitStateName, language: "en" | "de", at: string): string {
  return ofKnown<InBothLanguages>(circuitWords, state, asItIs(state))[language].replace("{at}", at);
}

/** Of a destination whose leads wait for its limits or opening hours; `{at}` is until when. */
export const limitWaitWords = {
  opening_hours: { en: "closed until {at}", de: "geschlossen bis {at}" },
  limit: { en: "limit used up until {at}", de: "Grenze ausgeschöpft bis {at}" },
} as const satisfies Readonly<Record<string, InBothLanguages>>;

export function limitWaitText(
  reason: keyof typeof limitWaitWords,
  language: "en" | "de",
  at: string,
): string {
  return limitWaitWords[reason][language].replace("{at}", at);
}

export interface CircuitStanding {
  readonly state: CircuitState;
  readonly reason: string | null;
  readonly next_probe_at: Time | null;
}

/** Whether a circuit that opened for this reason closes only when a person has mended something. */
export function needsMending(reason: string | null): boolean {
  return reason === "destination_auth" || needsSettings(reason);
}

/** Whether what has to be mended is a setting, here or there. */
export function needsSettings(reason: string | null): boolean {
  return configurationCodes.some((code) => code === reason);
}

/** Those of the class `needs_configuration`. */
export const configurationCodes = [
  "destination_configuration",
  "destination_redirect",
  "destination_address_forbidden",
  "destination_misconfigured",
  "destination_expression",
] as const;

/** Why it was left alone, where no single answer asked for it. */
export function failureCountText({
  failed,
  of,
}: {
  readonly failed: number;
  readonly of: number;
}): InBothLanguages {
  return failed === of
    ? { en: `the last ${of} attempts failed`, de: `die letzten ${of} Versuche schlugen fehl` }
    : {
        en: `${failed} of the last ${of} attempts failed`,
        de: `${failed} der letzten ${of} Versuche schlugen fehl`,
      };
}

/** null: leads are sent. */
export function circuitState(
  { state, reason, next_probe_at: next }: CircuitStanding,
  now: Date,
): CircuitStateName | null {
  if (state === "closed") return null;
  if (reason === "destination_auth") return "credentials_refused";
  if (needsSettings(reason)) return "needs_mending";
  if (state === "half_open") return "one_tries";
  if (next === null || new Date(next) <= now) return "next_tries";
  return reason === "destination_throttled" ? "asks_for_pause" : "left_alone";
}
