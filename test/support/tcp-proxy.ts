// A line between the program and its database that a test can cut in every way in which lines are cut.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";

export type LineState =
  | "pass"
  /** Nobody listens; connections that were there are reset. */
  | "refuse"
  /** Connections are taken and reset at once. */
  | "reset"
  /** Connections are taken, what is sent is swallowed, nothing is ever answered. */
  | "black_hole"
  /** What the program sends arrives, what the database answers does not: commits happen that nobody hears of. */
  | "half_open";

export interface TcpProxy {
  readonly port: number;
  /**
   * Connections that were caught by `black_hole` or `half_open` stay dead when the line is whole again, as behind a
   * firewall that has forgotten them: only who gives them up gets new ones.
   */
  set(state: LineState): Promise<void>;
  /** From now on every answer arrives so much later. */
  delayAnswers(ms: number): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What no longer gets through. */
  swallows: "nothing" | "answers" | "everything";
  readonly late: { readonly dueMs: number; readonly chunk: Buffer }[];
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const port = await choosePort();
  const links = new Set<Link>();
  const swallowed = new Set<Socket>();
  let state: LineState = "pass";
  let answerDelayMs = 0;
  let server: Server | null = null;

  function take(client: Socket): void {
    client.on("error", () => undefined);
    client.setNoDelay(true);
    if (state === "reset") client.resetAndDestroy();
    else if (state === "black_hole") swallow(client);
    else open(client);
  }

  function swallow(client: Socket): void {
    swallowed.add(client);
    client.resume();
    client.once("close", () => swallowed.delete(client));
  }

  function open(client: Socket): void {
    const upstream = connect(targetPort, loopbackHost);
    upstream.setNoDelay(true);
    const swallows = state === "half_open" ? "answers" : "nothing";
    const link: Link = { client, upstream, swallows, late: [] };
    links.add(link);
    upstream.on("error", () => undefined);
    client.on("data", (chunk) => {
      if (link.swallows !== "everything") upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (link.swallows === "nothing") answer(link, chunk);
    });
    // A lost line does not tell either end that the other has gone.
    upstream.once("close", () => {
      if (link.swallows === "nothing") client.destroy();
    });
    client.once("close", () => {
      if (link.swallows === "everything") return;
      upstream.destroy();
      links.delete(link);
    });
  }

  function answer(link: Link, chunk: Buffer): void {
    if (answerDelayMs === 0 && link.late.length === 0) {
      link.client.write(chunk);
      return;
    }
    link.late.push({ dueMs: performance.now() + answerDelayMs, chunk });
    if (link.late.length === 1) passLate(link);
  }

  function passLate(link: Link): void {
    const next = link.late[0];
    if (next === undefined) return;
    setTimeout(() => {
      link.late.shift();
      if (link.swallows === "nothing" && !link.client.destroyed) link.client.write(next.chunk);
      passLate(link);
    }, next.dueMs - performance.now());
  }

  async function listen(): Promise<void> {
    if (server !== null) return;
    server = createServer(take).listen(port, loopbackHost);
    await once(server, "listening");
  }

  async function stopListening(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    const closed = once(closing, "close");
    closing.close();
    for (const socket of swallowed) socket.resetAndDestroy();
    cutAll();
    await closed;
  }

  function cutAll(): void {
    for (const { client, upstream } of links) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    links.clear();
  }

  await listen();
  return {
    port,
    async set(next) {
      state = next;
      if (next === "refuse") return stopListening();
      await listen();
      if (next === "reset") cutAll();
      if (next === "black_hole") for (const link of links) link.swallows = "everything";
      if (next === "half_open") for (const link of links) link.swallows = "answers";
    },
    delayAnswers: (ms) => void (answerDelayMs = ms),
    close: stopListening,
  };
}
