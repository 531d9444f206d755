// Where a lead stands, in the words of people.
import type { Lead } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import type { Format } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { State } from "./state.tsx";
import type { Tone } from "./state.tsx";

type Standing = Pick<
  Lead,
  | "status"
  | "outcome"
  | "refused"
  | "next_retry_at"
  | "needs_decision"
  | "is_held"
  | "given_up"
  | "open_entries"
  | "other_open_entries"
>;

export function LeadState({ lead }: { readonly lead: Standing }) {
  const text = useTexts(leadStateTexts);
  const format = useFormat();
  return (
    <>
      <State tone={toneOf(lead)}>{wordsOf(lead, text, format)}</State>
      {lead.other_open_entries === 0 ? null : (
        <>
          {" "}
          <State tone="bad">{text.otherEntries(lead.other_open_entries)}</State>
        </>
      )}
    </>
  );
}

function toneOf({ status, outcome, next_retry_at: nextAt, needs_decision: needsDecision }: Standing): Tone {
  switch (status) {
    case "accepted":
      return "waiting";
    case "processed":
      if (outcome === "no_destination") return "bad";
      return outcome === "resolved_by_hand" ? "byHand" : "good";
    case "failed":
      return nextAt !== null && !needsDecision ? "healing" : "bad";
  }
}

function wordsOf(lead: Standing, text: LeadStateTexts, { shortTime }: Format): string {
  switch (lead.status) {
    case "accepted":
      return lead.is_held ? text.held : text.accepted;
    case "processed":
      return lead.outcome === null ? text.delivered : text[lead.outcome];
    case "failed":
      if (lead.refused) return text.refused;
      if (lead.needs_decision) return text.needsDecision;
      if (lead.next_retry_at !== null) return text.retrying(shortTime(lead.next_retry_at));
      if (lead.given_up) return text.givenUp;
      // Entries that are being tried right now have no next time.
      return lead.open_entries > 0 ? text.beingTried : text.needsDecision;
  }
}

const leadStateTexts = {
  de: {
    accepted: "In Zustellung",
    held: "Angehalten",
    delivered: "Zugestellt",
    resolved_by_hand: "Von Hand erledigt",
    no_destination: "Ohne Ziel",
    refused: "Unlesbar, aufbewahrt",
    needsDecision: "Klärung nötig",
    retrying: (at: string) => `Wird erneut versucht, nächster Versuch ${at}`,
    beingTried: "Wird gerade versucht",
    givenUp: "Aufgegeben",
    otherEntries: (count: number) => (count === 1 ? "dazu ein Klärfall" : `dazu ${count} Klärfälle`),
  },
  en: {
    accepted: "Being delivered",
    held: "Held",
    delivered: "Delivered",
    resolved_by_hand: "Settled by hand",
    no_destination: "Without destination",
    refused: "Unreadable, kept",
    needsDecision: "Needs a decision",
    retrying: (at: string) => `Retrying at ${at}`,
    beingTried: "Being tried now",
    givenUp: "Given up",
    otherEntries: (count: number) =>
      count === 1 ? "and a case needs attention" : `and ${count} cases need attention`,
  },
};
type LeadStateTexts = (typeof leadStateTexts)["de"];
