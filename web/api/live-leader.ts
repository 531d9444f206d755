// One tab of the browser holds the stream of live events and tells the others: over HTTP/1.1 a browser has six connections
// for a host, and with a stream in each tab the seventh never loads. Who leads is who has the lock (W3C Web Locks); the
// browser passes it on when that tab is closed.
import { openLiveStream } from "./live-stream.ts";
import type { LiveNews } from "./live-stream.ts";

type Standing = "unknown" | "up" | "down";
type Message = LiveNews | { readonly kind: "ask" } | { readonly kind: "here"; readonly standing: Standing };

/** A tab that somebody looks at asks whether the leader still lives, which may have been put to sleep. */
const askEveryMs = 20_000;
const answerWithinMs = 3_000;

/** `name`: of the installation, among those of this origin. Ends with the function that is returned. */
export function hearByLeader(name: string, address: string, tell: (news: LiveNews) => void): () => void {
  const channel = new BroadcastChannel(name);
  const ended = new AbortController();
  let resign: (() => void) | null = null;
  let standing: Standing = "unknown";
  let unanswered: number | undefined;

  /** As long as it has the lock. `tookOver`: nobody has listened for a while. */
  const lead = (tookOver: boolean): Promise<void> => {
    let missed = tookOver;
    const close = openLiveStream(address, (news) => {
      const told: LiveNews = news.kind === "up" && missed ? { kind: "up", missed } : news;
      if (news.kind === "up") missed = false;
      if (news.kind === "up" || news.kind === "down") standing = news.kind;
      tell(told);
      channel.postMessage(told satisfies Message);
    });
    return new Promise<void>((resolve) => {
      resign = () => {
        resign = null;
        close();
        resolve();
      };
    });
  };
  const compete = async (options: LockOptions): Promise<void> => {
    try {
      await navigator.locks.request(name, options, (lock) =>
        // It may be granted when whoever asked has ended.
        lock === null || ended.signal.aborted ? undefined : lead(!options.ifAvailable),
      );
    } catch {
      // Another tab has taken the lock away, or this one has ended.
    }
    resign?.();
    standing = "unknown";
    if (!ended.signal.aborted) await compete({ signal: ended.signal });
  };

  const ask = (): void => {
    if (resign !== null || document.visibilityState !== "visible") return;
    channel.postMessage({ kind: "ask" } satisfies Message);
    unanswered ??= window.setTimeout(() => {
      unanswered = undefined;
      if (resign === null && !ended.signal.aborted) void compete({ steal: true });
    }, answerWithinMs);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "ask") {
      if (resign !== null) channel.postMessage({ kind: "here", standing } satisfies Message);
      return;
    }
    window.clearTimeout(unanswered);
    unanswered = undefined;
    if (data.kind !== "here") tell(data);
    else if (data.standing === "up") tell({ kind: "up", missed: false });
    else if (data.standing === "down") tell({ kind: "down" });
  };

  const timer = window.setInterval(ask, askEveryMs);
  document.addEventListener("visibilitychange", ask);
  void compete({ ifAvailable: true });
  return () => {
    ended.abort();
    resign?.();
    window.clearInterval(timer);
    window.clearTimeout(unanswered);
    document.removeEventListener("visibilitychange", ask);
    channel.close();
  };
}
