// Whether the lead is safe, at a glance.
import { ofKnown } from "../../src/domain/attention/state-words.ts";
import type { ErrorExplanation } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { State } from "../ui/state.tsx";
import type { Tone } from "../ui/state.tsx";

const tones: Readonly<Record<ErrorExplanation["safe"], Tone>> = {
  yes: "good",
  no: "bad",
  uncertain: "healing",
};

interface SafeStateProps {
  readonly safe: ErrorExplanation["safe"];
  /** Absent: yes or no alone. */
  readonly children?: string;
}

export function SafeState({ safe, children }: SafeStateProps) {
  const text = useTexts(texts);
  return <State tone={ofKnown(tones, safe, "quiet")}>{children ?? ofKnown<string>(text, safe, safe)}</State>;
}

const texts = {
  de: { yes: "Ja", no: "Nein", uncertain: "Kommt darauf an" },
  en: { yes: "Yes", no: "No", uncertain: "It depends" },
};
