// Tells live views what happens. The log is looked at once a second for all of them together, and only while there are some.
import type { KpiDay } from "../../ledger/figures/kpi-daily.ts";
import type { Readable } from "node:stream";
import type { LiveClient } from "./live-client.ts";
import { createLiveClient } from "./live-client.ts";
import type { LiveEventSource, LiveLog } from "./live-log.ts";
import { eventsToldMax, followLog } from "./live-log.ts";
import type { Listener, LiveMessage } from "./live-message.ts";
import { concernsCredentials, kpiMessage, manyMessage, messageOf } from "./live-message.ts";

export interface LiveFeedDeps {
  readonly events: LiveEventSource;
  readonly today: () => Promise<KpiDay | null>;
  readonly nowMs: () => number;
  /** The database could not be asked; it is asked again. */
  readonly onFailure: (error: unknown) => void;
  /** So many more streams are open now, or fewer. */
  readonly onCount?: (more: 1 | -1) => void;
  /** All streams end; new ones do not begin. */
  readonly stopping: AbortSignal;
}

export interface LiveFeed {
  /** null: there are too many already. `after`: where a stream before this one broke off. */
  open(listener: AllowedListener, after: number | null): Promise<Readable | null>;
}

export interface AllowedListener extends Listener {
  readonly isStillAllowed: () => Promise<boolean>;
}

const lookEveryMs = 1_000;
const heartbeatEveryMs = 15_000;
export const clientsMax = 200;
/** Then a client has to come again. */
const streamLimitMs = 15 * 60_000;

export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const { events, today, nowMs, onFailure, stopping, onCount = () => undefined } = deps;
  const clients = new Map<LiveClient, AllowedListener>();
  let opening = 0;
  let log: Promise<LiveLog> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastHeartbeatMs = 0;
  let figures = "";

  let isListening = false;
  function endWhenStopping(): void {
    if (isListening) return;
    isListening = true;
    stopping.addEventListener("abort", () => {
      for (const client of clients.keys()) client.end();
    });
  }

  async function look(): Promise<void> {
    const following = log;
    if (following === null) return;
    try {
      const here = await following;
      const news = await here.next();
      const isHeartbeat = nowMs() - lastHeartbeatMs >= heartbeatEveryMs;
      // Before anything is told to them. What ends by itself is found at the heartbeat.
      if (isHeartbeat || news.kind === "many" || news.events.some(concernsCredentials)) await endForbidden();
      tell(news.kind === "many" ? [manyMessage] : news.events.map(messageOf), here.position);
      tell(await changedFigures(), here.position);
    } catch (error) {
      onFailure(error);
    }
    if (nowMs() - lastHeartbeatMs >= heartbeatEveryMs) {
      lastHeartbeatMs = nowMs();
      for (const client of clients.keys()) client.heartbeat();
    }
    if (clients.size + opening > 0) timer = setTimeout(() => void look(), lookEveryMs);
    else {
      timer = null;
      log = null;
    }
  }

  function tell(messages: readonly LiveMessage[], position: number): void {
    for (const client of clients.keys()) client.tell(messages, position);
  }

  /** Whose key or session has ended, or whose role is a different one by now, has to come again. */
  async function endForbidden(): Promise<void> {
    try {
      for (const [client, listener] of clients) if (!(await listener.isStillAllowed())) client.end();
    } catch (error) {
      // The database was there a moment ago. What was read from it is told; the question is asked again.
      onFailure(error);
    }
  }

  async function changedFigures(): Promise<LiveMessage[]> {
    const day = await today();
    const now = JSON.stringify(day);
    const isNews = day !== null && figures !== "" && now !== figures;
    figures = now;
    return isNews ? [kpiMessage(day)] : [];
  }

  /** What somebody missed who had everything up to `after`. */
  async function missed(after: number, latest: number): Promise<LiveMessage[]> {
    if (after >= latest) return [];
    const since = await events.after(after, eventsToldMax + 1);
    return since.length > eventsToldMax ? [manyMessage] : since.map(messageOf);
  }

  function keep(client: LiveClient, listener: AllowedListener): void {
    clients.set(client, listener);
    onCount(1);
    const limit = setTimeout(() => client.end(), streamLimitMs);
    limit.unref();
    client.stream.once("close", () => {
      clearTimeout(limit);
      if (clients.delete(client)) onCount(-1);
    });
    if (stopping.aborted) client.end();
  }

  return {
    async open(listener, after) {
      if (clients.size + opening >= clientsMax || stopping.aborted) return null;
      endWhenStopping();
      opening += 1;
      try {
        log ??= followLog(events, nowMs);
        const here = await log.catch((error: unknown) => {
          log = null;
          throw error;
        });
        timer ??= setTimeout(() => void look(), lookEveryMs);
        const client = createLiveClient(listener);
        // From now on it hears what is told to all; what it missed may come twice, but nothing is left out.
        keep(client, listener);
        if (after !== null) client.tell(await missed(after, here.position), here.position);
        return client.stream;
      } finally {
        opening -= 1;
      }
    },
  };
}
