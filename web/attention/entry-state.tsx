// Where a case stands, in the words of people.
import type { Entry } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { State } from "../ui/state.tsx";

type Standing = Pick<Entry, "status" | "kind" | "next_retry_at" | "resolution">;

export function EntryState({ entry }: { readonly entry: Standing }) {
  const text = useTexts(texts);
  const { shortTime } = useFormat();
  const { status, kind, next_retry_at: nextAt, resolution } = entry;
  switch (status) {
    case "open":
      if (nextAt !== null) return <State tone="healing">{text.retrying(shortTime(nextAt))}</State>;
      return <State tone="bad">{kind === "refused" ? text.refused : text.needsDecision}</State>;
    case "retrying":
      return <State tone="healing">{text.beingTried}</State>;
    case "resolved":
      return resolution === "delivered" || resolution === "corrected" ? (
        <State tone="good">{text[resolution]}</State>
      ) : (
        <State tone={resolution === "discarded" ? "quiet" : "byHand"}>
          {resolution === "discarded" || resolution === "superseded" ? text[resolution] : text.byHand}
        </State>
      );
    case "dead":
      return <State tone="quiet">{text.givenUp}</State>;
  }
}

const texts = {
  de: {
    refused: "Unlesbar, aufbewahrt",
    needsDecision: "Klärung nötig",
    retrying: (at: string) => `Wird erneut versucht, nächster Versuch ${at}`,
    beingTried: "Wird gerade versucht",
    delivered: "Zugestellt",
    corrected: "Berichtigt",
    discarded: "Verworfen",
    superseded: "Durch berichtigte Daten ersetzt",
    byHand: "Von Hand erledigt",
    givenUp: "Aufgegeben",
  },
  en: {
    refused: "Unreadable, kept",
    needsDecision: "Needs a decision",
    retrying: (at: string) => `Retrying at ${at}`,
    beingTried: "Being tried now",
    delivered: "Delivered",
    corrected: "Corrected",
    discarded: "Discarded",
    superseded: "Replaced by corrected data",
    byHand: "Settled by hand",
    givenUp: "Given up",
  },
};
