// One open stream of live events. Who does not read what is sent is dropped, and comes back if it still lives.
import { Readable } from "node:stream";
import type { LiveMessage, Listener } from "./live-message.ts";
import { eventText, isFor } from "./live-message.ts";

export interface LiveClient {
  readonly stream: Readable;
  tell(messages: readonly LiveMessage[], position: number): void;
  heartbeat(): void;
  end(): void;
}

/** What is not read waits here; more of it means that nobody reads. */
export const unreadBytesMax = 256 * 1024;

/** Browsers come back after a break in so many milliseconds. */
const comeBackAfterMs = 2_000;

export function createLiveClient(listener: Listener): LiveClient {
  const stream = new Readable({ read: () => undefined, highWaterMark: unreadBytesMax });
  let hasEnded = false;
  const push = (text: string): void => {
    if (stream.destroyed || hasEnded) return;
    stream.push(text);
    if (stream.readableLength > unreadBytesMax) stream.destroy();
  };
  push(`retry: ${comeBackAfterMs}\n: LeadLedger\n\n`);
  return {
    stream,
    tell(messages, position) {
      const wanted = messages.filter((message) => isFor(message, listener));
      if (wanted.length > 0) push(wanted.map((message) => eventText(message, position)).join(""));
    },
    heartbeat: () => push(": still there\n\n"),
    end() {
      if (stream.destroyed || hasEnded) return;
      hasEnded = true;
      stream.push(null);
    },
  };
}
