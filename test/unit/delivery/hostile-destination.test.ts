// Destinations that mean harm: whatever they do on the wire, an attempt ends within its timeout, as the outcome that is
// documented, is sent once, and costs little memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AttemptResult, Sender } from "../../../src/kinds/destinations/sender.ts";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { always, startSink } from "../../support/sink.ts";
import type { Sink, SinkAnswer } from "../../support/sink.ts";

const closers: (() => Promise<unknown> | undefined)[] = [];

afterEach(async () => {
  // Receivers first: a sender waits for what is under way.
  for (const close of closers.splice(0)) await close();
});

async function sinkThat(answer: SinkAnswer): Promise<Sink> {
  const sink = await startSink(always(answer));
  closers.unshift(() => sink.close());
  return sink;
}

function senderTo(url: string, own: Partial<HttpDestination>): Sender {
  const sender = httpSender(url, own);
  closers.push(() => sender.close());
  return sender;
}

/** A TCP server for what happens below HTTP. */
async function tcpThat(
  behave: (socket: Socket) => void,
  pauseOnConnect = false,
): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ pauseOnConnect }, (socket) => {
    sockets.add(socket.on("error", () => undefined));
    behave(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.unshift(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return once(server, "close");
  });
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size };
}

async function timed(attempt: Promise<AttemptResult>): Promise<AttemptResult & { tookMs: number }> {
  const startedMs = performance.now();
  const result = await attempt;
  return { ...result, tookMs: performance.now() - startedMs };
}

const timeoutMs = 500;
/** For two busy cores. */
const graceMs = 1_000;
const hundredMegabytes = 100_000_000;
const header = `x-${"n".repeat(30)}: ${"v".repeat(1_000)}\r\n`;

describe("a destination that never finishes", () => {
  it.each<[string, SinkAnswer]>([
    ["sends one byte of its headers at a time", { kind: "drip", part: "head", status: 200, everyMs: 20 }],
    [
      "sends interim answers without end",
      {
        kind: "raw_flood",
        first: "",
        again: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        bytes: Infinity,
      },
    ],
    ["sends half of its headers", { kind: "raw", bytes: "HTTP/1.1 200 OK\r\nx-half: " }],
  ])("(%s) is a timeout", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await timed(senderTo(sink.url, { timeoutMs }).attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_timeout", class: "transient" });
    expect(result.tookMs).toBeLessThan(timeoutMs + graceMs);
    expect(sink.requests).toHaveLength(1);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
  });

  it("because it drips TLS one byte at a time is a timeout, and so is its probe", async () => {
    const record = Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xfc]);
    const { port } = await tcpThat((socket) => {
      let sent = 0;
      const timer = setInterval(() => socket.write(Buffer.of(record[sent++] ?? 0)), 20);
      socket.once("close", () => clearInterval(timer));
    });
    const sender = senderTo(`https://127.0.0.1:${port}/`, { timeoutMs });
    const result = await timed(sender.attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_timeout" });
    expect(result.tookMs).toBeLessThan(timeoutMs + graceMs);
    const startedMs = performance.now();
    expect(await sender.probe()).toMatchObject({ reachable: false, code: "destination_timeout" });
    expect(performance.now() - startedMs).toBeLessThan(timeoutMs + graceMs);
  });

  it("because it never reads the lead is a timeout", async () => {
    const { port } = await tcpThat(() => undefined, true);
    const sent = message(undefined, JSON.stringify({ note: "x".repeat(16_000_000) }));
    const sender = senderTo(`http://127.0.0.1:${port}/`, { timeoutMs });
    const result = await timed(sender.attempt(sent, neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_timeout" });
    expect(result.tookMs).toBeLessThan(timeoutMs + graceMs);
  });

  it("because it accepts no connection is a timeout, and so is its probe", async () => {
    const { port, stop } = await startDeafListener();
    closers.unshift(stop);
    const fillers = await fillBacklog(port);
    closers.unshift(() => {
      for (const filler of fillers) filler.destroy();
      return undefined;
    });
    const sender = senderTo(`http://127.0.0.1:${port}/`, { timeoutMs });
    const result = await timed(sender.attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_timeout", class: "transient" });
    expect(result.tookMs).toBeLessThan(timeoutMs + graceMs);
    expect(await sender.probe()).toMatchObject({ reachable: false, code: "destination_timeout" });
  });
});

describe("a destination that closes early", () => {
  it.each<[string, SinkAnswer]>([
    ["before its answer", { kind: "close" }],
    ["before its answer, with a reset", { kind: "reset" }],
    ["in the middle of its headers", { kind: "raw", bytes: "HTTP/1.1 200 OK\r\nx-half: ", thenClose: true }],
    ["in the middle of its headers, with a reset", { kind: "raw", bytes: "HTTP/1.1 200 O", thenReset: true }],
  ])("(%s) lost the connection, and the lead was sent once", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await timed(senderTo(sink.url, { timeoutMs: 5_000 }).attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_connection_lost", class: "transient" });
    expect(result.tookMs).toBeLessThan(graceMs);
    expect(sink.requests).toHaveLength(1);
    expect(sink.connectionsMade()).toBe(1);
  });

  it.each<[string, SinkAnswer]>([
    ["in the middle of its body", { kind: "cut_body", status: 200 }],
    [
      "after its headers, with a reset",
      { kind: "raw", bytes: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", thenReset: true },
    ],
  ])("(%s) has said yes", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await senderTo(sink.url, { timeoutMs: 5_000 }).attempt(message(), neverAborted);
    expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 200 });
    expect(sink.requests).toHaveLength(1);
  });

  it.each<[string, (socket: Socket) => void]>([
    ["closes every connection at once", (socket) => socket.end()],
    ["resets every connection at once", (socket) => socket.resetAndDestroy()],
  ])("that %s is connected to once per attempt", async (_what, behave) => {
    const { port, connections } = await tcpThat(behave);
    const sender = senderTo(`http://127.0.0.1:${port}/`, { timeoutMs: 5_000 });
    const result = await timed(sender.attempt(message(), neverAborted));
    // The system may see the reset before it says that there is a connection.
    expect(result.outcome).toMatchObject({
      code: expect.stringMatching(/^destination_(connect|connection_lost)$/) as string,
      class: "transient",
    });
    expect(result.tookMs).toBeLessThan(graceMs);
    expect(connections()).toBe(1);
  });
});

describe("a destination that answers too much", () => {
  it.each<[string, SinkAnswer]>([
    ["100 MB with content-length", { kind: "flood", status: 200, bytes: hundredMegabytes }],
    ["100 MB in chunks", { kind: "flood", status: 200, bytes: hundredMegabytes, framing: "chunked" }],
    ["an endless body", { kind: "flood", status: 200, bytes: Infinity, framing: "chunked" }],
    [
      "an endless name of a chunk",
      {
        kind: "raw_flood",
        first: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
        again: "x",
        bytes: Infinity,
      },
    ],
    [
      "100 MB of trailers",
      {
        kind: "raw_flood",
        first: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n",
        again: header,
        bytes: hundredMegabytes,
      },
    ],
  ])("(%s) has said yes, and is not listened to any longer", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await timed(senderTo(sink.url, { timeoutMs: 30_000 }).attempt(message(), neverAborted));
    expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 200 });
    expect(result.durationMs).toBeLessThan(900);
    expect(result.tookMs).toBeLessThan(1_000 + graceMs);
    expect(Buffer.byteLength(result.response?.bodyExcerpt ?? "")).toBeLessThanOrEqual(2_048);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
  });

  it("(100 MB of headers) is not understood, and is not listened to any longer", async () => {
    const sink = await sinkThat({
      kind: "raw_flood",
      first: "HTTP/1.1 200 OK\r\n",
      again: header,
      bytes: hundredMegabytes,
    });
    const result = await timed(senderTo(sink.url, { timeoutMs: 30_000 }).attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ code: "destination_bad_response", class: "transient" });
    expect(result.tookMs).toBeLessThan(graceMs);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
    expect(sink.bytesSent()).toBeLessThan(20_000_000);
  });

  it("holds up no other destination's attempts meanwhile", async () => {
    const good = await sinkThat({ kind: "answer", status: 200 });
    const bad = await sinkThat({
      kind: "raw_flood",
      first: "",
      again: "HTTP/1.1 103 Early Hints\r\n\r\n",
      bytes: Infinity,
    });
    const noise = Array.from({ length: 4 }, () =>
      senderTo(bad.url, { timeoutMs: 2_000 }).attempt(message(), neverAborted),
    );
    await vi.waitFor(() => expect(bad.requests).toHaveLength(4), 30_000);
    const sender = senderTo(good.url, {});
    const durationsMs: number[] = [];
    for (let attempts = 0; attempts < 20; attempts += 1)
      durationsMs.push((await timed(sender.attempt(message(), neverAborted))).tookMs);
    durationsMs.sort((a, b) => a - b);
    expect(durationsMs[10]).toBeLessThan(200);
    for (const end of await Promise.all(noise))
      expect(end.outcome).toMatchObject({ code: "destination_timeout" });
  });
});

/** A process that listens and never comes to accept. */
async function startDeafListener(): Promise<{ port: number; stop: () => Promise<unknown> }> {
  const script = `
    const server = require("node:net").createServer();
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:fs").writeSync(1, server.address().port + "\\n");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const stop = (): Promise<unknown> => {
    child.kill("SIGKILL");
    return exited;
  };
  return { port: Number(first.value), stop };
}

/** Connects until the system's own queue is full and a connection hangs. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let count = 0; count < 16; count += 1) {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    const connected = await Promise.race([
      once(socket, "connect").then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    if (!connected) return sockets;
  }
  throw new Error("the queue in front of a server that accepts nothing does not fill up here");
}
