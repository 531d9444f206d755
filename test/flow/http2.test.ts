// HTTP/2 on the own TLS listener: the same answers, and the same guards, as over HTTP/1.1.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { createServer } from "../../src/http/server.ts";
import type { HttpLimits } from "../../src/http/http-limits.ts";
import { makeUser, testPassword } from "../support/accounts.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { nodeRequest } from "../support/node-request.ts";
import { until } from "../support/until.ts";

const tlsFile = (kind: string): string => join(import.meta.dirname, `../support/tls/crm.test.${kind}.pem`);
const tls = { certPath: tlsFile("cert"), keyPath: tlsFile("key") };

const sessions: ClientHttp2Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});

async function open(port: number): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${port}`, {
    ca: readFileSync(tls.certPath),
    servername: "crm.test",
  });
  session.on("error", () => undefined);
  sessions.push(session);
  await once(session, "connect");
  return session;
}

interface H2Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

async function answerOf(stream: ClientHttp2Stream): Promise<H2Answer> {
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { status: Number(headers[":status"]), headers, text: Buffer.concat(chunks).toString("utf8") };
}

function ask(
  session: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string | Buffer,
) {
  const stream = session.request({
    ":path": path,
    ":method": body === undefined ? "GET" : "POST",
    ":authority": "leads.example",
    ...headers,
  });
  stream.end(body);
  return answerOf(stream);
}

const json = { "content-type": "application/json" };

describe("over HTTP/2", () => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(
      database,
      { sources: [testSource("website", { bodyLimitBytes: 1_000 })] },
      { tls },
    );
    await makeUser(app.installation.database, "anna", "admin");
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  it("a hundred leads on one connection are taken, each once, and each repeat is recognised", async () => {
    const session = await open(app.app.port);
    const send = (key: number) =>
      ask(session, "/webhook/lead/website", { ...json, "idempotency-key": `h2-${key}` }, `{"name":"${key}"}`);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, key) => send(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await send(7)).toMatchObject({
      status: 200,
      text: expect.stringContaining("duplicate") as string,
    });
    const { rows } = await app.installation.database.query(
      "SELECT FROM runs WHERE idempotency_key LIKE 'h2-%'",
    );
    expect(rows).toHaveLength(100);
  });

  it.each<[string, OutgoingHttpHeaders, string | Buffer, number, string]>([
    ["no key", json, "{}", 400, "idempotency_key_missing"],
    ["two keys", { ...json, "idempotency-key": ["a", "b"] }, "{}", 400, "idempotency_key_invalid"],
    [
      "a body that is too large",
      { ...json, "idempotency-key": "l" },
      Buffer.alloc(2_000, 32),
      413,
      "body_too_large",
    ],
    ["a body that cannot be read", { ...json, "idempotency-key": "u" }, "{", 422, "json_malformed"],
    ["a Host that is not the authority", { ...json, host: "other.example" }, "{}", 400, "request_malformed"],
  ])("what is wrong is said as ever: %s", async (_name, headers, body, status, code) => {
    const answer = await ask(await open(app.app.port), "/webhook/lead/website", headers, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ code });
  });

  it("one signs in, sees pages, documentation and live events, and the cookie is Secure", async () => {
    const session = await open(app.app.port);
    const login = JSON.stringify({ login: "anna@example.com", password: testPassword });
    const signedIn = await ask(
      session,
      "/api/v1/session",
      { ...json, origin: "https://leads.example" },
      login,
    );
    expect(signedIn.status).toBe(201);
    const [setCookie = ""] = signedIn.headers["set-cookie"] as string[];
    expect(setCookie).toMatch(/; Secure$/);
    const cookie = setCookie.split(";")[0] ?? "";
    const samples = await ask(session, "/api/v1/sources/website/samples", { cookie });
    expect(samples.text).toContain("https://leads.example/webhook/lead/website");
    for (const path of ["/", "/api/docs/", "/api/openapi.json", "/health", "/metrics", "/livez"]) {
      expect({ path, status: (await ask(session, path)).status }).toEqual({ path, status: 200 });
    }
    expect((await ask(session, "/nothing")).status).toBe(404);
    const events = session.request({ ":path": "/api/v1/events", cookie });
    const [first] = (await once(events, "data")) as [Buffer];
    expect(first.toString()).toContain("retry:");
    events.close(constants.NGHTTP2_CANCEL);
  });

  it("HTTP/1.1 on the same port goes on, with and without ALPN", async () => {
    for (const path of ["/livez", "/health"]) {
      expect((await nodeRequest({ port: app.app.port, path, tls: true })).status).toBe(200);
    }
  });

  it("who breaks off in the middle of a body, or of an answer, leaves nothing behind and disturbs nobody", async () => {
    const session = await open(app.app.port);
    for (let round = 0; round < 20; round += 1) {
      const stream = session.request({
        ":path": "/webhook/lead/website",
        ":method": "POST",
        ...json,
        "content-length": "20",
        "idempotency-key": `x${round}`,
      });
      stream.on("error", () => undefined);
      stream.write('{"name":');
      const asked = session.request({ ":path": "/health" });
      asked.on("error", () => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      stream.close(constants.NGHTTP2_CANCEL);
      asked.close(constants.NGHTTP2_CANCEL);
    }
    expect((await ask(session, "/livez")).status).toBe(200);
    // What has come until then is no lead, and no unreadable one either.
    const sent = await ask(session, "/webhook/lead/website", { ...json, "idempotency-key": "xa" }, "{}");
    expect(sent.status).toBe(202);
    const { rows } = await app.installation.database.query("SELECT FROM runs WHERE idempotency_key ~ '^x'");
    expect(rows).toHaveLength(1);
    expect(app.log.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("stops gracefully: what is under way is answered, the connection is told to go, and nothing hangs", async () => {
    const own = await startTestApp(database, { sources: [testSource("website")] }, { tls });
    const session = await open(own.app.port);
    const goaway = once(session, "goaway");
    const stream = session.request({
      ":path": "/webhook/lead/website",
      ":method": "POST",
      ...json,
      "idempotency-key": "last",
    });
    stream.write('{"name":');
    await ask(session, "/livez");
    const stopped = own.stop();
    await goaway;
    stream.end('"Erika"}');
    expect((await answerOf(stream)).status).toBe(202);
    await stopped;
  });
});

describe("over HTTP/2 nobody can keep what others need", () => {
  const limits = {
    headersTimeoutMs: 300,
    requestTimeoutMs: 300,
    keepAliveTimeoutMs: 600,
    lateCheckEveryMs: 50,
    connectionsMax: 4,
    silenceTimeoutMs: 500,
  };
  const material = { cert: readFileSync(tls.certPath), key: readFileSync(tls.keyPath) };

  async function listen(changes: Partial<HttpLimits> = {}) {
    const refused: string[] = [];
    const server = createServer({
      intake: {
        receive: () => Promise.reject(new Error("no lead comes to its end here")),
        bodyLimitBytes: () => 8 * 1024 * 1024,
        noteRefused: (_source: string | null, code: string) => refused.push(code),
      } as never,
      health: {
        recordHealthCheck: () => Promise.resolve(true),
        troubles: () => [],
        spool: () => null,
        canAccept: () => Promise.resolve(true),
        metrics: () => Promise.resolve({ contentType: "text/plain", text: "x".repeat(4 * 1024 * 1024) }),
        now: () => new Date(),
      },
      tls: material,
      log: () => undefined,
      limits: { ...limits, ...changes },
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as { port: number };
    return { server, port, refused };
  }

  it("a body that drips gets 408, and its stream ends", async () => {
    const { server, port, refused } = await listen();
    const session = await open(port);
    const stream = session.request({ ":path": "/webhook/lead/website", ":method": "POST", ...json });
    stream.on("error", () => undefined);
    const drip = setInterval(() => stream.write("x"), 20);
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers[":status"]).toBe(408);
    stream.resume();
    await once(stream, "close");
    clearInterval(drip);
    expect(refused).toEqual(["request_timeout"]);
    await server.close();
  });

  it("a connection without a request is closed, whatever it says otherwise", async () => {
    const { server, port } = await listen();
    const session = await open(port);
    const pings = setInterval(() => session.ping(() => undefined), 50);
    await once(session, "close");
    clearInterval(pings);
    await server.close();
  });

  it("an answer that nobody reads is cut off", async () => {
    const { server, port } = await listen();
    const session = await open(port);
    const stream = session.request({ ":path": "/metrics" });
    stream.on("error", () => undefined);
    await once(stream, "response");
    await once(stream, "close");
    await server.close();
  });

  it("connections beyond the limit take the place of those that are of no use, not of one that waits for its answer", async () => {
    const { server, port } = await listen({
      headersTimeoutMs: 60_000,
      requestTimeoutMs: 60_000,
      keepAliveTimeoutMs: 60_000,
    });
    const [oldest, ...others] = [await open(port), await open(port), await open(port), await open(port)];
    const closed = once(oldest, "close");
    const latest = await open(port);
    await closed;
    for (const session of [...others, latest]) expect((await ask(session, "/livez")).status).toBe(200);
    await server.close();
  });

  it("slow requests on few connections give way to others as slow connections do", async () => {
    const { server, port } = await listen({ requestTimeoutMs: 60_000 });
    const session = await open(port);
    const begun = Array.from({ length: 4 }, () => {
      const stream = session.request({ ":path": "/webhook/lead/website", ":method": "POST", ...json });
      stream.on("error", () => undefined);
      stream.write("{");
      return stream;
    });
    const [first] = begun;
    if (first === undefined) throw new Error("no stream");
    const gaveWay = once(first, "response") as Promise<[Record<string, unknown>]>;
    expect((await ask(await open(port), "/livez")).status).toBe(200);
    expect((await gaveWay)[0][":status"]).toBe(408);
    session.destroy();
    await server.close();
  });

  it("too many or too large headers end in an answer or a refusal, and the node goes on", async () => {
    const { server, port } = await listen();
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x-${index}`, "1"]));
    for (const headers of [many, { "x-large": "y".repeat(40_000) }]) {
      const session = await open(port);
      const stream = session.request({ ":path": "/livez", ...headers });
      stream.on("error", () => undefined);
      const outcome = await Promise.race([
        once(stream, "response").then(([answered]) =>
          Number((answered as Record<string, unknown>)[":status"]),
        ),
        once(stream, "close").then(() => "closed"),
      ]).catch(() => "closed");
      expect([431, "closed"]).toContain(outcome);
    }
    await until("the node to answer", async () => (await ask(await open(port), "/livez")).status === 200);
    await server.close();
  });
});
