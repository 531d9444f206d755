// How a destination is doing, in a word and a colour: whether leads get there.
import { circuitState } from "../../src/domain/attention/state-words.ts";
import type { CircuitStateName } from "../../src/domain/attention/state-words.ts";
import type { Destination, DestinationActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { useActivity } from "../sources-and-destinations/part-queries.ts";
import { State } from "../ui/state.tsx";
import type { Tone } from "../ui/state.tsx";
import { useCircuitWords, useLimitWaitWords } from "../ui/state-words.ts";

export function DestinationHealth({ destination }: { readonly destination: Destination }) {
  const text = useTexts(texts);
  const circuitWords = useCircuitWords();
  const limitWaitWords = useLimitWaitWords();
  const { count } = useFormat();
  const activity = useActivity().data?.destinations.find((each) => each.destination === destination.name);
  const { tone, words } = healthOf(destination, activity, text, {
    count,
    circuitWords,
    limitWaitWords,
  });
  return <State tone={tone}>{words}</State>;
}

/** Only a person can mend what these say. */
const toMend: Readonly<Record<string, CircuitStateName>> = {
  destination_auth: "credentials_refused",
  destination_configuration: "needs_mending",
  destination_expression: "needs_mending",
};

interface Wording {
  readonly count: (value: number) => string;
  readonly circuitWords: ReturnType<typeof useCircuitWords>;
  readonly limitWaitWords: ReturnType<typeof useLimitWaitWords>;
}

function healthOf(
  { enabled, paused, sends, circuit, waits }: Destination,
  activity: DestinationActivity | undefined,
  text: (typeof texts)["de"],
  { count, circuitWords, limitWaitWords }: Wording,
): { readonly tone: Tone; readonly words: string } {
  if (!enabled) return { tone: "quiet", words: text.removed };
  const state = paused ? null : circuitState(circuit, new Date());
  if (state !== null) return { tone: circuitTones[state], words: circuitWords(state, circuit.next_probe_at) };
  if (activity === undefined) return { tone: "quiet", words: paused ? text.paused : text.unknown };
  const { waiting, overdue, retrying, need_decision: undecided, last_failure: failure } = activity;
  if (paused)
    return { tone: "byHand", words: waiting > 0 ? text.pausedWaiting(count(waiting)) : text.paused };
  const mending = retrying + undecided > 0 ? toMend[failure?.error_code ?? ""] : undefined;
  if (mending !== undefined) return { tone: "bad", words: circuitWords(mending) };
  if (undecided > 0) return { tone: "bad", words: text.undecided(undecided, count(undecided)) };
  if (waits !== null) return { tone: "healing", words: limitWaitWords(waits.for, waits.until) };
  if (overdue > 0) return { tone: "bad", words: text.overdue(count(overdue)) };
  if (retrying > 0) return { tone: "healing", words: text.retrying(retrying, count(retrying)) };
  if (!sends) return { tone: "quiet", words: text.external };
  return { tone: "good", words: text.good };
}

const circuitTones: Readonly<Record<CircuitStateName, Tone>> = {
  asks_for_pause: "healing",
  left_alone: "healing",
  one_tries: "healing",
  next_tries: "healing",
  credentials_refused: "bad",
  needs_mending: "bad",
};

const texts = {
  de: {
    removed: "Entfernt",
    paused: "Angehalten",
    pausedWaiting: (count: string) => `Angehalten, ${count} warten`,
    unknown: "Wird ermittelt …",
    undecided: (leads: number, count: string) =>
      leads === 1 ? "1 Lead braucht Klärung" : `${count} Leads brauchen Klärung`,
    overdue: (count: string) => `${count} seit mehr als fünf Minuten fällig`,
    retrying: (leads: number, count: string) =>
      leads === 1 ? "1 Lead wird erneut versucht" : `${count} Leads werden erneut versucht`,
    external: "Eigenes Programm holt die Leads ab",
    good: "In Ordnung",
  },
  en: {
    removed: "Removed",
    paused: "Paused",
    pausedWaiting: (count: string) => `Paused, ${count} waiting`,
    unknown: "Finding out …",
    undecided: (leads: number, count: string) =>
      leads === 1 ? "1 lead needs a decision" : `${count} leads need a decision`,
    overdue: (count: string) => `${count} due for more than five minutes`,
    retrying: (leads: number, count: string) =>
      leads === 1 ? "1 lead is retried" : `${count} leads are retried`,
    external: "A program of your own fetches the leads",
    good: "All is well",
  },
};
