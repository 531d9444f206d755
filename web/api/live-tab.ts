// How a tab hears of live events: from the tab that holds the stream for all of them, through a worker that they share, or,
// where a browser has neither, by a stream of its own for as long as somebody looks at it.
import { addressOf } from "./client.ts";
import { hearByLeader } from "./live-leader.ts";
import { basePath } from "./root.ts";
import { openLiveStream } from "./live-stream.ts";
import type { LiveNews } from "./live-stream.ts";
import type { ToWorker } from "./live-worker.ts";

const joinEveryMs = 60_000;

/** Ends with the function that is returned. */
export function hearLive(tell: (news: LiveNews) => void): () => void {
  // Browsers have locks over TLS and on the machine itself, and shared workers over plain http, too; phones have no such.
  if ("locks" in navigator)
    return hearByLeader(`leadledger-live ${basePath}`, addressOf("GET /events"), tell);
  return "SharedWorker" in window ? hearShared(tell) : hearWhileVisible(tell);
}

function hearShared(tell: (news: LiveNews) => void): () => void {
  const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), { type: "module" });
  const own: { end: (() => void) | null } = { end: null };
  const say = (message: ToWorker): void => worker.port.postMessage(message);
  const join = (): void => say("join");
  const leave = (): void => say("leave");
  const joinWhenSeen = (): void => {
    if (document.visibilityState === "visible") join();
  };
  worker.port.onmessage = ({ data }: MessageEvent<LiveNews>) => tell(data);
  // Its file could not be loaded, after an upgrade for example.
  worker.onerror = () => {
    own.end ??= hearWhileVisible(tell);
  };
  const timer = window.setInterval(join, joinEveryMs);
  // A page that is kept for the button "back" is not there meanwhile.
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", join);
  document.addEventListener("visibilitychange", joinWhenSeen);
  join();
  return () => {
    window.clearInterval(timer);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", join);
    document.removeEventListener("visibilitychange", joinWhenSeen);
    leave();
    worker.port.close();
    own.end?.();
  };
}

function hearWhileVisible(tell: (news: LiveNews) => void): () => void {
  let close: (() => void) | null = null;
  let hasLooked = false;
  const follow = (): void => {
    if (document.visibilityState !== "visible") {
      close?.();
      close = null;
    } else if (close === null) {
      const wasAway = hasLooked;
      hasLooked = true;
      close = openLiveStream(addressOf("GET /events"), (news) =>
        tell(news.kind === "up" && wasAway ? { kind: "up", missed: true } : news),
      );
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close?.();
  };
}
