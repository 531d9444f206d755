// One stream of live events, held open: mended when it breaks, and judged to be away when it stays so.

/** Topics of GET /events. */
export const topics = ["run", "dlq", "operation", "configuration", "kpi", "audit", "many"] as const;
export type Topic = (typeof topics)[number];

export type LiveNews =
  | { readonly kind: "topic"; readonly topic: Topic }
  /** `missed`: something may have happened while it was away. */
  | { readonly kind: "up"; readonly missed: boolean }
  | { readonly kind: "down" }
  /** The server says no: nobody is signed in any more, or it cannot just now. It is asked again. */
  | { readonly kind: "refused" };

/** A stream that the server ends comes again within this; what stays away for longer is an outage. */
const patienceMs = 3_000;
const reopenMs = 5_000;

/** Ends with the function that is returned. */
export function openLiveStream(address: string, tell: (news: LiveNews) => void): () => void {
  let stream: EventSource;
  let judging: ReturnType<typeof setTimeout> | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let wasDown = false;
  const connect = (): void => {
    stream = new EventSource(address);
    for (const topic of topics) stream.addEventListener(topic, () => tell({ kind: "topic", topic }));
    stream.addEventListener("open", () => {
      clearTimeout(judging);
      judging = undefined;
      tell({ kind: "up", missed: wasDown });
      wasDown = false;
    });
    stream.addEventListener("error", () => {
      wasDown = true;
      // From the first of several failures on.
      judging ??= setTimeout(() => tell({ kind: "down" }), patienceMs);
      // A broken line the browser mends by itself; an answer that says no, such as 503, is the end for it.
      if (stream.readyState !== EventSource.CLOSED) return;
      tell({ kind: "refused" });
      clearTimeout(reopening);
      reopening = setTimeout(connect, reopenMs);
    });
  };
  connect();
  return () => {
    stream.close();
    clearTimeout(judging);
    clearTimeout(reopening);
  };
}
