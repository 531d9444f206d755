// How a source is doing, in a word and a colour: whether leads come, and whether senders are turned away.
import type { Activity, RefusedRequests, Source } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { useActivity } from "../sources-and-destinations/part-queries.ts";
import { State } from "../ui/state.tsx";
import { isAboutCredentials } from "../overview/alarm-sentences.ts";
import type { Tone } from "../ui/state.tsx";

export function SourceHealth({ source }: { readonly source: Source }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const activity = useActivity().data;
  const { tone, words } = healthOf(source, activity, text, count);
  return <State tone={tone}>{words}</State>;
}

/** Since then leads have come, so it may be mended, or be another sender's. */
export function isOver({ last_at: at }: RefusedRequests, lastReceivedAt: string | null): boolean {
  return lastReceivedAt !== null && lastReceivedAt > at;
}

function healthOf(
  { name, enabled, paused, to }: Source,
  activity: Activity | undefined,
  text: (typeof texts)["de"],
  count: (value: number) => string,
): { readonly tone: Tone; readonly words: string } {
  if (!enabled) return { tone: "quiet", words: text.removed };
  if (paused) return { tone: "byHand", words: text.paused };
  const own = activity?.sources.find(({ source }) => source === name);
  if (activity === undefined || own === undefined) return { tone: "quiet", words: text.unknown };
  const { refused_last_24h: refused, last_received_at: last, failed_today: failed } = own;
  const now = refused.filter((each) => !isOver(each, last));
  const withCredentials = sum(now.filter(({ error_code: code }) => isAboutCredentials(code)));
  if (withCredentials > 0) return { tone: "bad", words: text.credentials(count(withCredentials)) };
  if (now.length > 0) return { tone: "bad", words: text.refused(count(sum(now))) };
  // What it sends, nobody gets: worse than a few that failed.
  const reached = to?.length ?? activity.destinations.length;
  if (reached === 0) return { tone: "bad", words: text.nobody };
  if (failed > 0) return { tone: "healing", words: text.failed(count(failed)) };
  if (last === null) return { tone: "waiting", words: text.noneYet };
  return { tone: "good", words: text.good };
}

function sum(refused: readonly RefusedRequests[]): number {
  return refused.reduce((total, { count }) => total + count, 0);
}

const texts = {
  de: {
    removed: "Entfernt",
    paused: "Angehalten",
    unknown: "Wird ermittelt …",
    credentials: (count: string) => `Zugangsdaten abgewiesen (${count})`,
    refused: (count: string) => `Anfragen abgewiesen (${count})`,
    failed: (count: string) => `Nimmt Leads an, heute ${count} nicht zugestellt`,
    nobody: "Ohne Ziel: Niemand bekommt diese Leads",
    noneYet: "Wartet auf den ersten Lead",
    good: "Nimmt Leads an",
  },
  en: {
    removed: "Removed",
    paused: "Paused",
    unknown: "Finding out …",
    credentials: (count: string) => `Credentials refused (${count})`,
    refused: (count: string) => `Requests refused (${count})`,
    failed: (count: string) => `Takes leads, ${count} not delivered today`,
    nobody: "Without destination: nobody gets these leads",
    noneYet: "Waits for its first lead",
    good: "Takes leads",
  },
};
