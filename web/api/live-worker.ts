// Holds the one stream of live events that all tabs of a browser share, where tabs have no locks to agree on a leader
// (live-leader.ts): over plain http.
import { openLiveStream } from "./live-stream.ts";
import type { LiveNews } from "./live-stream.ts";

/** From a tab; it joins again from time to time, so that one that has crashed is noticed. */
export type ToWorker = "join" | "leave";

interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
  readonly location: { readonly href: string };
}

/** Background tabs may say so once a minute only. */
const silentMaxMs = 150_000;

const scope = globalThis as unknown as WorkerScope;
const tabs = new Map<MessagePort, number>();
/** Those that were forgotten and may come back. */
const metBefore = new WeakSet<MessagePort>();
let close: (() => void) | null = null;
let standing: "unknown" | "up" | "down" = "unknown";

function tell(news: LiveNews): void {
  if (news.kind === "up" || news.kind === "down") standing = news.kind;
  forgetSilentTabs();
  for (const tab of tabs.keys()) tab.postMessage(news);
}

function join(tab: MessagePort): void {
  const isNew = !tabs.has(tab);
  tabs.set(tab, Date.now());
  if (close === null) close = openLiveStream(new URL("../api/v1/events", scope.location.href).href, tell);
  if (!isNew) return;
  // A tab that was asleep has missed what the others were told.
  const missed = metBefore.has(tab);
  metBefore.add(tab);
  if (standing === "up") tab.postMessage({ kind: "up", missed } satisfies LiveNews);
  else if (standing === "down") tab.postMessage({ kind: "down" } satisfies LiveNews);
}

function leave(tab: MessagePort): void {
  tabs.delete(tab);
  if (tabs.size > 0) return;
  close?.();
  close = null;
  standing = "unknown";
}

function forgetSilentTabs(): void {
  const now = Date.now();
  for (const [tab, heardAt] of tabs) if (now - heardAt > silentMaxMs) leave(tab);
}

scope.onconnect = ({ ports: [tab] }) => {
  if (tab === undefined) return;
  tab.onmessage = ({ data }: MessageEvent<ToWorker>) => (data === "join" ? join(tab) : leave(tab));
};
