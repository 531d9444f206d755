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
  /** From now on no more than this goes through each connection, in either direction. */
  narrow(bytesPerSecond: number): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What no longer gets through. */
  swallows: "nothing" | "answers" | "everything";
  readonly late: Readonly<Record<Direction, Late[]>>;
}

/** To the database, or back. */
type Direction = "there" | "back";

interface Late {
  readonly dueMs: number;
  readonly chunk: Buffer;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const port = await choosePort();
  const links = new Set<Link>();
  const swallowed = new Set<Socket>();
  let state: LineState = "pass";
  let bytesPerMs = Infinity;
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
    const link: Link = { client, upstream, swallows, late: { there: [], back: [] } };
    links.add(link);
    upstream.on("error", () => undefined);
    client.on("data", (chunk) => {
      if (passes(link, "there")) pass(link, "there", chunk);
    });
    upstream.on("data", (chunk) => {
      if (passes(link, "back")) pass(link, "back", chunk);
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

  function pass(link: Link, direction: Direction, chunk: Buffer): void {
    const late = link.late[direction];
    if (bytesPerMs === Infinity && late.length === 0) {
      socketOf(link, direction).write(chunk);
      return;
    }
    const freeMs = late.at(-1)?.dueMs ?? performance.now();
    late.push({ dueMs: freeMs + chunk.length / bytesPerMs, chunk });
    if (late.length === 1) passLate(link, direction);
  }

  function passLate(link: Link, direction: Direction): void {
    const next = link.late[direction][0];
    if (next === undefined) return;
    setTimeout(() => {
      link.late[direction].shift();
      const socket = socketOf(link, direction);
      if (passes(link, direction) && !socket.destroyed) socket.write(next.chunk);
      passLate(link, direction);
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
    narrow: (bytesPerSecond) => void (bytesPerMs = bytesPerSecond / 1_000),
    close: stopListening,
  };
}

function passes({ swallows }: Link, direction: Direction): boolean {
  return direction === "there" ? swallows !== "everything" : swallows === "nothing";
}

function socketOf(link: Link, direction: Direction): Socket {
  return direction === "there" ? link.upstream : link.client;
}
