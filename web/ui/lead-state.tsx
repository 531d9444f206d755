// Where a lead stands, in the words of people.
import { Fragment } from "react";
import { leadState, ofKnown } from "../../src/domain/attention/state-words.ts";
import type { LeadStanding, StateName } from "../../src/domain/attention/state-words.ts";
import { leadSignText } from "../../src/domain/destinations/receipt-words.ts";
import type { Lead } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { State } from "./state.tsx";
import type { Tone } from "./state.tsx";
import { useStateWords } from "./state-words.ts";

type Standing = LeadStanding & Pick<Lead, "next_retry_at" | "other_open_entries" | "signs">;

export function LeadState({ lead }: { readonly lead: Standing }) {
  const text = useTexts(leadStateTexts);
  const words = useStateWords();
  const { language } = useLanguage();
  const state = leadState(lead, new Date());
  return (
    <>
      <State tone={ofKnown(tones, state, "quiet")}>{words(state, lead.next_retry_at)}</State>
      {lead.other_open_entries === 0 ? null : (
        <>
          {" "}
          <State tone="bad">{text.otherEntries(lead.other_open_entries)}</State>
        </>
      )}
      {lead.signs.map((sign) => (
        <Fragment key={sign}>
          {" "}
          <State tone="waiting">{leadSignText(sign, language)}</State>
        </Fragment>
      ))}
    </>
  );
}

const tones: Readonly<Record<StateName, Tone>> = {
  accepted: "waiting",
  held: "waiting",
  held_for_source: "waiting",
  held_for_data: "waiting",
  delivered: "good",
  resolved_by_hand: "byHand",
  withdrawn: "byHand",
  skipped: "quiet",
  no_destination: "bad",
  refused: "bad",
  conflict: "bad",
  needs_decision: "bad",
  retrying: "healing",
  retrying_now: "healing",
  being_tried: "bad",
  corrected: "good",
  discarded: "quiet",
  superseded: "quiet",
  kept_first: "quiet",
  taken_in: "good",
  change: "good",
  given_up: "bad",
};

const leadStateTexts = {
  de: {
    otherEntries: (count: number) => (count === 1 ? "dazu ein Klärfall" : `dazu ${count} Klärfälle`),
  },
  en: {
    otherEntries: (count: number) =>
      count === 1 ? "and a case needs attention" : `and ${count} cases need attention`,
  },
};
