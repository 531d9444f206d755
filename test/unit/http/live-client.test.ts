// A live view that does not read is dropped before what waits for it fills the memory.
import { describe, expect, it } from "vitest";
import { createLiveClient, unreadBytesMax } from "../../../src/http/live/live-client.ts";
import type { LiveMessage } from "../../../src/http/live/live-message.ts";

const message: LiveMessage = { topic: "run", data: { event_id: 1, text: "x".repeat(1_000) } };
const listener = { role: "admin", healthChecks: false } as const;

describe("A live client", () => {
  it("is dropped when it reads nothing", () => {
    const client = createLiveClient(listener);
    for (let told = 0; told < unreadBytesMax / 500 && !client.stream.destroyed; told += 1) {
      client.tell([message], told);
    }
    expect(client.stream.destroyed).toBe(true);
    // Whatever is told to it now goes nowhere.
    client.tell([message], 0);
    client.heartbeat();
    client.end();
  });

  it("is told everything while it reads", async () => {
    const client = createLiveClient(listener);
    let bytes = 0;
    client.stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
    for (let told = 0; told < unreadBytesMax / 500; told += 1) {
      client.tell([message], told);
      await new Promise(setImmediate);
    }
    expect(client.stream.destroyed).toBe(false);
    expect(bytes).toBeGreaterThan(unreadBytesMax);
  });
});
