// Where a case stands, in the words of people.
import { entryState, ofKnown } from "../../src/domain/attention/state-words.ts";
import type { EntryStanding, StateName } from "../../src/domain/attention/state-words.ts";
import type { Entry } from "../api/types.ts";
import { State } from "../ui/state.tsx";
import type { Tone } from "../ui/state.tsx";
import { useStateWords } from "../ui/state-words.ts";

export function EntryState({ entry }: { readonly entry: EntryStanding & Pick<Entry, "next_retry_at"> }) {
  const words = useStateWords();
  const state = entryState(entry, new Date());
  return <State tone={ofKnown(tones, state, "quiet")}>{words(state, entry.next_retry_at)}</State>;
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
  being_tried: "healing",
  corrected: "good",
  discarded: "quiet",
  superseded: "byHand",
  kept_first: "quiet",
  taken_in: "good",
  change: "good",
  given_up: "quiet",
};
