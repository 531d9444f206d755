// How a destination is doing, in a word and a colour: whether leads get there.
import type { Destination, DestinationActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { useActivity } from "../sources-and-destinations/part-queries.ts";
import { State } from "../ui/state.tsx";
import type { Tone } from "../ui/state.tsx";

export function DestinationHealth({ destination }: { readonly destination: Destination }) {
  const text = useTexts(texts);
  const { count, shortTime } = useFormat();
  const activity = useActivity().data?.destinations.find((each) => each.destination === destination.name);
  const { tone, words } = healthOf(destination, activity, text, { count, shortTime });
  return <State tone={tone}>{words}</State>;
}

/** The receiver does not accept what LeadLedger shows it; only a person can mend that. */
const credentialsRefused = "destination_auth";

function healthOf(
  { enabled, paused, sends, circuit }: Destination,
  activity: DestinationActivity | undefined,
  text: (typeof texts)["de"],
  {
    count,
    shortTime,
  }: { readonly count: (value: number) => string; readonly shortTime: (iso: string) => string },
): { readonly tone: Tone; readonly words: string } {
  if (!enabled) return { tone: "quiet", words: text.removed };
  if (!paused && circuit.state !== "closed") return leftAlone(circuit, text, shortTime);
  if (activity === undefined) return { tone: "quiet", words: paused ? text.paused : text.unknown };
  const { waiting, overdue, retrying, need_decision: undecided, last_failure: failure } = activity;
  if (paused)
    return { tone: "byHand", words: waiting > 0 ? text.pausedWaiting(count(waiting)) : text.paused };
  const isRefused = failure?.error_code === credentialsRefused && retrying + undecided > 0;
  if (isRefused) return { tone: "bad", words: text.credentials };
  if (undecided > 0) return { tone: "bad", words: text.undecided(undecided, count(undecided)) };
  if (overdue > 0) return { tone: "bad", words: text.overdue(count(overdue)) };
  if (retrying > 0) return { tone: "healing", words: text.retrying(retrying, count(retrying)) };
  if (!sends) return { tone: "quiet", words: text.external };
  return { tone: "good", words: text.good };
}

function leftAlone(
  { state, reason, next_probe_at: at }: Destination["circuit"],
  text: (typeof texts)["de"],
  shortTime: (iso: string) => string,
): { readonly tone: Tone; readonly words: string } {
  if (reason === credentialsRefused) return { tone: "bad", words: text.credentials };
  if (state === "half_open") return { tone: "healing", words: text.tries };
  const isOver = at === null || new Date(at).getTime() <= Date.now();
  const asks = reason === "destination_throttled";
  if (isOver) return { tone: "healing", words: text.nextLead };
  return { tone: "healing", words: (asks ? text.asksForPause : text.leftAlone)(shortTime(at)) };
}

const texts = {
  de: {
    asksForPause: (time: string) => `Das Ziel bittet um eine Pause bis ${time}`,
    leftAlone: (time: string) => `Wird bis ${time} in Ruhe gelassen`,
    tries: "Ein Lead probiert, ob es wieder geht",
    nextLead: "Wird mit dem nächsten Lead wieder versucht",
    removed: "Entfernt",
    paused: "Angehalten",
    pausedWaiting: (count: string) => `Angehalten, ${count} warten`,
    unknown: "Wird ermittelt …",
    credentials: "Empfänger lehnt die Zugangsdaten ab",
    undecided: (leads: number, count: string) =>
      leads === 1 ? "1 Lead braucht Klärung" : `${count} Leads brauchen Klärung`,
    overdue: (count: string) => `${count} seit mehr als fünf Minuten fällig`,
    retrying: (leads: number, count: string) =>
      leads === 1 ? "1 Lead wird erneut versucht" : `${count} Leads werden erneut versucht`,
    external: "Eigenes Programm holt die Leads ab",
    good: "In Ordnung",
  },
  en: {
    asksForPause: (time: string) => `The destination asks for a pause until ${time}`,
    leftAlone: (time: string) => `Left alone until ${time}`,
    tries: "One lead is trying whether it works again",
    nextLead: "Will be tried again with the next lead",
    removed: "Removed",
    paused: "Paused",
    pausedWaiting: (count: string) => `Paused, ${count} waiting`,
    unknown: "Finding out …",
    credentials: "The receiver refuses the credentials",
    undecided: (leads: number, count: string) =>
      leads === 1 ? "1 lead needs a decision" : `${count} leads need a decision`,
    overdue: (count: string) => `${count} due for more than five minutes`,
    retrying: (leads: number, count: string) =>
      leads === 1 ? "1 lead is retried" : `${count} leads are retried`,
    external: "A program of your own fetches the leads",
    good: "All is well",
  },
};
