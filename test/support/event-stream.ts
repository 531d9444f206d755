// Reads a stream of server-sent events for tests, as a browser would.
import { testAdminKey } from "./api-client.ts";
import { until } from "./until.ts";

export interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventStream {
  readonly status: number;
  readonly contentType: string | null;
  readonly events: readonly SentEvent[];
  readonly comments: readonly string[];
  /** The server has ended it. */
  readonly hasEnded: boolean;
  /** Waits for an event that fulfils this. */
  find(what: string, is: (event: SentEvent) => boolean): Promise<SentEvent>;
  close(): void;
}

export interface StreamOptions {
  readonly key?: string;
  /** Of somebody who is signed in; then no key is sent. */
  readonly cookie?: string;
  readonly query?: string;
  readonly lastEventId?: string;
}

export async function openEventStream(
  url: string,
  { key = testAdminKey, cookie, query = "", lastEventId }: StreamOptions = {},
): Promise<EventStream> {
  const ending = new AbortController();
  const response = await fetch(`${url}/api/v1/events${query}`, {
    signal: ending.signal,
    headers: {
      ...(cookie === undefined ? { authorization: `Bearer ${key}` } : { cookie }),
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    },
  });
  const events: SentEvent[] = [];
  const comments: string[] = [];
  let hasEnded = false;
  const read = async (): Promise<void> => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) take(block);
    }
  };
  const take = (block: string): void => {
    const fields = block.split("\n").map((line) => /^([^:]*): ?(.*)$/.exec(line)?.slice(1) ?? []);
    for (const [name, value] of fields) if (name === "") comments.push(value ?? "");
    const field = (wanted: string): string => fields.find(([name]) => name === wanted)?.[1] ?? "";
    if (field("data") === "") return;
    const data = JSON.parse(field("data")) as SentEvent["data"];
    events.push({ id: field("id"), event: field("event"), data });
  };
  void read()
    .catch(() => undefined)
    .then(() => (hasEnded = true));
  return {
    status: response.status,
    contentType: response.headers.get("content-type"),
    events,
    comments,
    get hasEnded() {
      return hasEnded;
    },
    find: (what, is) => until(what, () => events.find(is) ?? null),
    close: () => ending.abort(),
  };
}
