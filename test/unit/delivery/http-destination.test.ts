import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SenderDeps } from "../../../src/kinds/destinations/destination-kind.ts";
import type { AttemptResult, Sender } from "../../../src/kinds/destinations/sender.ts";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import { httpSender, message, neverAborted } from "../../support/http-destination.ts";
import { accept, always, sinkCa, startSink } from "../../support/sink.ts";
import type { Sink, SinkAnswer, SinkBehaviour, SinkOptions } from "../../support/sink.ts";

const open: Pick<Sink, "close">[] = [];

afterEach(async () => {
  // Sinks first: a sender waits for what is under way, and cutting it off ends that.
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function sinkThat(behaviour: SinkBehaviour | SinkAnswer, options: SinkOptions = {}): Promise<Sink> {
  const sink = await startSink(typeof behaviour === "function" ? behaviour : always(behaviour), options);
  open.push(sink);
  return sink;
}

function senderTo(url: string, own: Partial<HttpDestination> = {}, parts: Partial<SenderDeps> = {}): Sender {
  const sender = httpSender(url, own, parts);
  open.push(sender);
  return sender;
}

async function timed(attempt: Promise<AttemptResult>): Promise<AttemptResult & { tookMs: number }> {
  const startedMs = performance.now();
  const result = await attempt;
  return { ...result, tookMs: performance.now() - startedMs };
}

/** Closed after the test. */
async function listening(
  onConnection: (socket: Socket) => void,
): Promise<{ url: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true).on("error", () => undefined));
    onConnection(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), "close");
  };
  open.push({ close });
  return { url: `http://127.0.0.1:${port}/`, connections: () => sockets.size };
}

async function bytewise(socket: Socket, bytes: string): Promise<void> {
  for (const byte of bytes) {
    socket.write(byte);
    await nextTurn();
  }
  socket.end();
}

describe("a delivery", () => {
  it("is one POST with the lead, its id twice, and a signature that Standard Webhooks accepts", async () => {
    const sink = await sinkThat({ kind: "answer", status: 201, body: '{"id":7}' });
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const sender = senderTo(`${sink.url}?team=a%20b`, {
      secret,
      headers: { "X-Team": "inbound", "Content-Length": "1", "WEBHOOK-ID": "forged" },
    });
    const sent = message("0197f3a2-7c1e-7abc-8def-0123456789ab", '{"campaign_id":12345678901234567890}');

    const result = await sender.attempt(sent, neverAborted);

    expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 201 });
    expect(result.response).toMatchObject({ status: 201, bodyExcerpt: '{"id":7}' });
    expect(sink.requests).toHaveLength(1);
    const [request] = sink.requests;
    expect(request).toMatchObject({ method: "POST", path: "/leads?team=a%20b", body: sent.body });
    expect(request?.headers).toMatchObject({
      "webhook-id": `${sent.runId}:crm`,
      "idempotency-key": `${sent.runId}:crm`,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(sent.body)),
      "x-team": "inbound",
      "user-agent": "LeadLedger",
    });
    expect(() =>
      new Webhook(secret).verify(sent.body, request?.headers as Record<string, string>),
    ).not.toThrow();
  });

  it("reuses its connection, and opens no more than the concurrency allows", async () => {
    const sink = await sinkThat({ kind: "answer", status: 200, delayMs: 5 });
    const sender = senderTo(sink.url, { concurrency: 3 });
    const results = await Promise.all(
      Array.from({ length: 30 }, () => sender.attempt(message(), neverAborted)),
    );
    expect(results.every((result) => result.outcome.kind === "delivered")).toBe(true);
    expect(sink.requests).toHaveLength(30);
    expect(sink.connectionsMade()).toBe(3);
  });

  it("is not sent along a redirect, and says where it pointed", async () => {
    const elsewhere = await sinkThat(accept);
    const sink = await sinkThat({ kind: "answer", status: 307, headers: { location: elsewhere.url } });
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_redirect", class: "needs_configuration" });
    expect(result.outcome).toMatchObject({ message: expect.stringContaining(elsewhere.url) as string });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it("shows no key of an address that a redirect repeats", async () => {
    const location = "https://u:planted0@crm.example/hooks/planted1Planted1Planted1?api_key=planted2";
    const body = `Moved Permanently. Redirecting to ${location}`;
    const sink = await sinkThat({ kind: "answer", status: 308, headers: { location }, body });
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(JSON.stringify(result)).not.toMatch(/planted/i);
    expect(result.response?.headers).toMatchObject({ location: "https://crm.example/hooks/***?***" });
    expect(result.outcome).toMatchObject({
      message: expect.stringContaining("https://crm.example/") as string,
    });
  });

  it("keeps what a refusal said, and when to come again", async () => {
    const headers = { "retry-after": "120", "content-type": "text/plain" };
    const sink = await sinkThat({ kind: "answer", status: 429, headers, body: "zu viele\u0000" });
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_throttled", retryAfterMs: 120_000 });
    expect(result.response).toEqual({ status: 429, headers, bodyExcerpt: "zu viele\ufffd" });
  });

  // RFC 9110 section 15.2: any number of them, also where nobody expects one.
  const hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
  const goOn = "HTTP/1.1 100 Continue\r\n\r\n";
  it.each([
    ["103 Early Hints", hints],
    ["100 Continue that nobody asked for", goOn],
    ["100 Continue with headers and without words", "HTTP/1.1 100 \r\nserver: x\r\nx: HTTP/1.1 500\r\n\r\n"],
    ["100 Continue of HTTP/1.0", "HTTP/1.0 100 Continue\r\n\r\n"],
    ["102 Processing, several times", "HTTP/1.1 102 Processing\r\n\r\n".repeat(3)],
    ["several kinds", goOn + hints + goOn + "HTTP/1.1 199 Odd\r\n\r\n" + goOn],
  ])("is not disturbed by an interim answer: %s", async (_what, interim) => {
    const body = "HTTP/1.1 100 Continue\r\n\r\n{}";
    const bytes = `${interim}HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const server = await listening((socket) => socket.on("data", () => socket.write(bytes)));
    const sender = senderTo(server.url, { concurrency: 1 });
    for (const time of ["first", "second"]) {
      const result = await sender.attempt(message(time), neverAborted);
      expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 201 });
      expect(result.response?.bodyExcerpt).toBe(body);
    }
    expect(server.connections()).toBe(1);
  });

  it("is not disturbed by interim answers that come in pieces, nor by one before a refusal", async () => {
    const bytes = `${goOn}${hints}${goOn}HTTP/1.1 422 No\r\ncontent-length: 2\r\n\r\nno`;
    const server = await listening((socket) => socket.once("data", () => void bytewise(socket, bytes)));
    const result = await senderTo(server.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_rejected", httpStatus: 422 });
    expect(result.response?.bodyExcerpt).toBe("no");
  });

  it("with a header that HTTP cannot carry waits for a person", async () => {
    const sink = await sinkThat(accept);
    const sender = senderTo(sink.url, { headers: { "X-Team": "a\r\nX-Smuggled: 1" } });
    const result = await sender.attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_misconfigured", class: "needs_configuration" });
    expect(sink.requests).toHaveLength(0);
  });
});

describe("a destination that answers late or never", () => {
  const quick = { timeoutMs: 300 };

  it.each<[string, SinkAnswer]>([
    ["hangs", { kind: "hang" }],
    ["answers after the timeout", { kind: "answer", status: 200, delayMs: 700 }],
    ["drips one byte at a time", { kind: "drip", part: "head", status: 200, everyMs: 20 }],
  ])("that %s ends in time as a timeout", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await timed(senderTo(sink.url, quick).attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({
      code: "destination_timeout",
      class: "transient",
      message: "no answer from crm within 0.3 s",
    });
    expect(result.tookMs).toBeLessThan(1_500);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
  });

  it("that accepts the connection and never speaks TLS ends in time, and so does its probe", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const sender = senderTo(`https://127.0.0.1:${port}/`, quick);
    const result = await timed(sender.attempt(message(), neverAborted));
    const startedMs = performance.now();
    const reachability = await sender.probe();
    expect(performance.now() - startedMs).toBeLessThan(1_500);
    server.close();
    expect(reachability).toMatchObject({ reachable: false, code: "destination_timeout" });
    expect(result.outcome).toMatchObject({ code: "destination_timeout" });
    expect(result.tookMs).toBeLessThan(1_500);
  });

  it("whose name service hangs ends in time, and is asked once, not once per lead", async () => {
    const resolve = vi.fn(() => new Promise<string[]>(() => undefined));
    const sender = senderTo("http://crm.test/", quick, { resolve });
    const results = await Promise.all([1, 2, 3].map(() => timed(sender.attempt(message(), neverAborted))));
    for (const result of results) {
      expect(result.outcome).toMatchObject({ code: "destination_timeout" });
      expect(result.tookMs).toBeLessThan(1_500);
    }
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it("does not keep a lead for a connection that comes too late", async () => {
    let answer: (addresses: string[]) => void = () => undefined;
    const sink = await sinkThat(accept);
    const resolve = (): Promise<string[]> => new Promise((fulfil) => (answer = fulfil));
    const sender = senderTo(`http://crm.test:${sink.port}/`, { timeoutMs: 400 }, { resolve });
    const stop = new AbortController();
    const first = sender.attempt(message("first"), stop.signal);
    stop.abort();
    expect((await first).outcome).toMatchObject({ code: "delivery_interrupted" });
    const second = sender.attempt(message("second"), neverAborted);
    answer(["127.0.0.1"]);
    expect((await second).outcome).toMatchObject({ kind: "delivered" });
    expect(sink.requests.map((request) => request.id)).toEqual(["second:crm"]);
  });
});

describe("a destination that said yes", () => {
  it.each<[string, SinkAnswer]>([
    ["stalls in the body", { kind: "stall_body", status: 200 }],
    ["cuts the body off", { kind: "cut_body", status: 200 }],
    ["drips the body", { kind: "drip", part: "body", status: 200, everyMs: 20 }],
    ["sends 100 MB", { kind: "flood", status: 200, bytes: 100_000_000 }],
  ])("and then %s has the lead, and the outcome waits a second at most", async (_what, answer) => {
    const sink = await sinkThat(answer);
    const result = await timed(senderTo(sink.url, { timeoutMs: 30_000 }).attempt(message(), neverAborted));
    expect(result.outcome).toEqual({ kind: "delivered", httpStatus: 200 });
    expect(result.durationMs).toBeLessThan(900);
    expect(result.tookMs).toBeLessThan(5_000);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
    expect(sink.bytesSent()).toBeLessThan(20_000_000);
  });

  it("within the timeout only: a short one also ends the courtesy of reading on", async () => {
    const sink = await sinkThat({ kind: "stall_body", status: 200 });
    const result = await timed(senderTo(sink.url, { timeoutMs: 200 }).attempt(message(), neverAborted));
    expect(result.outcome).toMatchObject({ kind: "delivered" });
    expect(result.tookMs).toBeLessThan(900);
  });
});

describe("a destination that breaks off or talks nonsense", () => {
  it.each<[string, SinkAnswer, string]>([
    ["closes", { kind: "close" }, "destination_connection_lost"],
    ["resets", { kind: "reset" }, "destination_connection_lost"],
    ["answers in another protocol", { kind: "raw", bytes: "220 smtp ready\r\n" }, "destination_bad_response"],
    [
      "upgrades",
      { kind: "raw", bytes: "HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n" },
      "destination_bad_response",
    ],
    [
      "sends endless headers",
      { kind: "raw", bytes: `HTTP/1.1 200 OK\r\na: ${"b".repeat(100_000)}` },
      "destination_bad_response",
    ],
    [
      "sends a status that does not exist",
      { kind: "raw", bytes: "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n" },
      "destination_bad_response",
    ],
  ])("(%s) is a transient failure, and the lead was sent once", async (_what, answer, code) => {
    const sink = await sinkThat(answer);
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ kind: "failed", class: "transient", code });
    expect(sink.requests).toHaveLength(1);
  });

  it.each([
    ["one", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["half of one", "HTTP/1.1 10"],
    ["two kinds", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
  ])("by giving only an interim answer (%s) has not said yes", async (_what, bytes) => {
    const sink = await sinkThat({ kind: "raw", bytes, thenClose: true });
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_connection_lost", httpStatus: null });
  });

  it("on a connection kept from before does not get the lead a second time by itself", async () => {
    const sink = await sinkThat((request) =>
      request.id.startsWith("second") ? { kind: "close" } : { kind: "answer", status: 200 },
    );
    const sender = senderTo(sink.url, { concurrency: 1 });
    await sender.attempt(message("first"), neverAborted);
    const result = await sender.attempt(message("second"), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_connection_lost", class: "transient" });
    expect(sink.requests.map((request) => request.connection)).toEqual([1, 1]);
    expect((await sender.attempt(message("third"), neverAborted)).outcome.kind).toBe("delivered");
    expect(sink.countOf("second:crm")).toBe(1);
  });

  it("by refusing the connection is transient", async () => {
    const sink = await startSink();
    await sink.close();
    const result = await senderTo(sink.url).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_connect", class: "transient" });
    expect(result.outcome).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") as string });
    expect(result.response).toBeNull();
  });

  it("by having no address is transient", async () => {
    const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND crm.test"), { code: "ENOTFOUND" });
    const sender = senderTo("http://crm.test/", {}, { resolve: () => Promise.reject(notFound) });
    const result = await sender.attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_dns", class: "transient" });
    const nameless = senderTo("http://crm.test/", {}, { resolve: () => Promise.resolve([]) });
    expect((await nameless.attempt(message(), neverAborted)).outcome).toMatchObject({
      code: "destination_dns",
    });
  });

  it("recovers without being made anew", async () => {
    const first = await startSink();
    const sender = senderTo(first.url, { concurrency: 1 });
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    await first.close();
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("failed");
    await sinkThat(accept, { port: first.port });
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
  });
});

describe("TLS", () => {
  const named = { resolve: () => Promise.resolve(["127.0.0.1"]) };

  it("asks for the destination's name, and delivers when the certificate is good", async () => {
    const sink = await sinkThat(accept, { tls: true });
    const sender = senderTo(`https://crm.test:${sink.port}/leads`, {}, { ...named, ca: sinkCa });
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    expect(sink.serverNames).toEqual(["crm.test"]);
  });

  it("refuses a certificate that nobody vouches for", async () => {
    const sink = await sinkThat(accept, { tls: true });
    const result = await senderTo(`https://crm.test:${sink.port}/`, {}, named).attempt(
      message(),
      neverAborted,
    );
    expect(result.outcome).toMatchObject({ code: "destination_tls", class: "transient" });
    expect(sink.requests).toHaveLength(0);
  });

  it("refuses a certificate for another name", async () => {
    const sink = await sinkThat(accept, { tls: true });
    const sender = senderTo(`https://other.test:${sink.port}/`, {}, { ...named, ca: sinkCa });
    const result = await sender.attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_tls" });
    expect(sink.requests).toHaveLength(0);
  });

  it("that the other side does not speak is a TLS failure", async () => {
    const sink = await sinkThat(accept);
    const result = await senderTo(`https://127.0.0.1:${sink.port}/`).attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({ code: "destination_tls" });
  });
});

describe("without allow_private", () => {
  it.each([
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
    "localhost",
    "１２７.０.０.１",
  ])("http://%s is never connected to", async (host) => {
    const sink = await sinkThat(accept);
    const sender = senderTo(`http://${host}:${sink.port}/leads`, { allowPrivate: false });
    const result = await sender.attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({
      class: "needs_configuration",
      code: "destination_address_forbidden",
    });
    expect(await sender.probe()).toMatchObject({ reachable: false, code: "destination_address_forbidden" });
    expect(sink.connectionsMade()).toBe(0);
  });

  it("a public name that leads inside is never connected to", async () => {
    const sink = await sinkThat(accept);
    const resolve = (): Promise<string[]> => Promise.resolve(["127.0.0.1", "::1"]);
    const sender = senderTo(`http://crm.test:${sink.port}/`, { allowPrivate: false }, { resolve });
    const result = await sender.attempt(message(), neverAborted);
    expect(result.outcome).toMatchObject({
      code: "destination_address_forbidden",
      message: expect.stringContaining("crm.test at 127.0.0.1") as string,
    });
    expect(sink.connectionsMade()).toBe(0);
  });
});

describe("a name that resolves differently the second time", () => {
  it("is resolved once per connection, and that very address is connected to", async () => {
    const sink = await sinkThat(accept);
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    const resolve = vi.fn(() => Promise.resolve(answers.shift() ?? []));
    const sender = senderTo(`http://crm.test:${sink.port}/`, {}, { resolve });
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it("reaches the next address when the first one refuses", async () => {
    const sink = await sinkThat(accept);
    const resolve = (): Promise<string[]> => Promise.resolve(["127.0.0.2", "127.0.0.1"]);
    const sender = senderTo(`http://crm.test:${sink.port}/`, {}, { resolve });
    expect((await sender.attempt(message(), neverAborted)).outcome.kind).toBe("delivered");
  });
});

describe("stopping", () => {
  it("interrupts an attempt at once, as a transient failure", async () => {
    const sink = await sinkThat({ kind: "hang" });
    const stop = new AbortController();
    const attempt = timed(senderTo(sink.url, { timeoutMs: 30_000 }).attempt(message(), stop.signal));
    await vi.waitFor(() => expect(sink.requests).toHaveLength(1), 30_000);
    stop.abort();
    const result = await attempt;
    expect(result.outcome).toMatchObject({ code: "delivery_interrupted", class: "transient" });
    expect(result.tookMs).toBeLessThan(1_000);
    await vi.waitFor(() => expect(sink.connectionsOpen()).not.toContain(1), 30_000);
  });

  it("sends nothing any more when it was asked before", async () => {
    const sink = await sinkThat(accept);
    const result = await senderTo(sink.url).attempt(message(), AbortSignal.abort());
    expect(result.outcome).toMatchObject({ code: "delivery_interrupted" });
    expect(sink.connectionsMade()).toBe(0);
  });

  it("lets what is under way end, and drops the connections", async () => {
    const sink = await sinkThat({ kind: "answer", status: 200, delayMs: 100 });
    const sender = senderTo(sink.url);
    const attempt = sender.attempt(message(), neverAborted);
    await vi.waitFor(() => expect(sink.requests).toHaveLength(1), 30_000);
    await sender.close();
    expect((await attempt).outcome.kind).toBe("delivered");
    await vi.waitFor(() => expect(sink.connectionsOpen()).toEqual([]), 30_000);
    const late = await sender.attempt(message(), neverAborted);
    expect(late.outcome).toMatchObject({ code: "delivery_interrupted" });
  });
});

describe("the reachability that doctor shows", () => {
  it("is found out without sending anything", async () => {
    const sink = await sinkThat(accept);
    expect(await senderTo(sink.url).probe()).toMatchObject({ reachable: true, address: "127.0.0.1" });
    expect(sink.requests).toHaveLength(0);
  });

  it("says why a destination cannot be reached", async () => {
    const sink = await startSink();
    await sink.close();
    expect(await senderTo(sink.url).probe()).toMatchObject({ reachable: false, code: "destination_connect" });
  });
});
