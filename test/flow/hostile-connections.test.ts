// Slow, idle, endless and far too many connections: they are told 408 and closed, and real senders go on beside them.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { defaultHttpLimits } from "../../src/http/http-limits.ts";
import type { HttpLimits } from "../../src/http/http-limits.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startLimitedServer } from "../support/hostile-server.ts";
import type { LimitedServer } from "../support/hostile-server.ts";
import { codeOf, openRaw } from "../support/raw-socket.ts";
import type { RawSocket } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

/** What a busy machine may add to a time limit. */
const patienceMs = 4_000;
const dripEveryMs = 20;

const [server] = inject("servers");
if (server === undefined) throw new Error("no database server");

let database: FreshDatabase;
let app: TestApp;
let opened: RawSocket[] = [];
beforeAll(async () => {
  database = await ledgerDatabase(server);
  app = await startTestApp(database, { sources: [testSource("website")] });
});
afterEach(() => {
  for (const { socket } of opened) socket.destroy();
  opened = [];
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

async function open(url: string): Promise<RawSocket> {
  const raw = await openRaw(url);
  opened.push(raw);
  return raw;
}

function openMany(url: string, count: number): Promise<RawSocket[]> {
  return Promise.all(Array.from({ length: count }, () => open(url)));
}

const headOf = (key: string, lengthBytes: number, more = ""): string =>
  `POST /webhook/lead/website HTTP/1.1\r\nHost: h\r\nIdempotency-Key: ${key}\r\n` +
  `Content-Type: application/json\r\n${more}Content-Length: ${lengthBytes}\r\n\r\n`;
const leadOf = (key: string, body = "{}"): string => headOf(key, Buffer.byteLength(body)) + body;

const storedRuns = async (key: string): Promise<number> => {
  const text = "SELECT 1 FROM runs WHERE idempotency_key = $1";
  return (await app.installation.database.query(text, [key])).rows.length;
};

const sendLead = (url: string, key: string) =>
  postLead(url, { path: "/webhook/lead/website", key, body: { key } });

/** Sends one byte after the other, until the connection is closed; resolves then. */
async function drip(raw: RawSocket, byte: string): Promise<void> {
  const timer = setInterval(() => raw.socket.write(byte), dripEveryMs);
  try {
    expect(await raw.closed()).toBe(true);
  } finally {
    clearInterval(timer);
  }
}

/** Nobody gets an answer from the ledger while `during` runs. */
async function whileRunsAreLocked(during: () => Promise<void>): Promise<void> {
  const holder = await app.installation.database.pool.connect();
  try {
    await holder.query("BEGIN; LOCK TABLE runs IN ACCESS EXCLUSIVE MODE");
    await during();
  } finally {
    await holder.query("COMMIT");
    holder.release();
  }
}

describe("whoever is too slow", () => {
  const limits: Partial<HttpLimits> = {
    headersTimeoutMs: 300,
    requestTimeoutMs: 600,
    keepAliveTimeoutMs: 400,
    lateCheckEveryMs: 50,
  };
  let limited: LimitedServer;
  beforeEach(async () => {
    limited = await startLimitedServer(app, limits);
  });
  afterEach(async () => {
    expect(limited.log.filter(({ level }) => level === "error")).toEqual([]);
    await limited.stop();
  });
  const isLeft = (): Promise<number> =>
    until("the server to let go of every connection", async () => {
      return (await limited.connections()) === 0 && 1;
    });

  it("headers that drip: 408 when their time is over, then the connection is closed from both sides", async () => {
    const raw = await open(limited.url);
    const startedMs = performance.now();
    await raw.send("POST /webhook/lead/website HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    await drip(raw, "x");
    const tookMs = performance.now() - startedMs;
    expect(raw.answers().map((answer) => [answer.status, codeOf(answer)])).toEqual([
      [408, "request_timeout"],
    ]);
    expect(raw.answers()[0]?.headers.get("connection")).toBe("close");
    expect(tookMs).toBeGreaterThanOrEqual(300);
    expect(tookMs).toBeLessThan(300 + patienceMs);
    // Our half stays open, and we drip on: the server must wait neither for us to close it nor for silence.
    const timer = setInterval(() => raw.socket.write("x"), dripEveryMs);
    await isLeft().finally(() => clearInterval(timer));
  });

  it("a body that drips: 408, nothing is stored, and the same lead is taken when it is sent again", async () => {
    const raw = await open(limited.url);
    const startedMs = performance.now();
    await raw.send(headOf("drips", 100_000));
    await drip(raw, " ");
    expect(raw.answers().map(codeOf)).toEqual(["request_timeout"]);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(600);
    await isLeft();
    expect(await storedRuns("drips")).toBe(0);
    expect((await sendLead(limited.url, "drips")).status).toBe(202);
  });

  it("chunks that drip: 408", async () => {
    const raw = await open(limited.url);
    await raw.send(headOf("chunks drip", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked"));
    await drip(raw, "1\r\n \r\n");
    expect(raw.answers().map(codeOf)).toEqual(["request_timeout"]);
    await isLeft();
  });

  it("what comes after a 408 is no lead any more, although it completes the request", async () => {
    const raw = await open(limited.url);
    await raw.send(headOf("too late", 2));
    await raw.answered(1);
    await raw.send(`{}${leadOf("too late as well")}`);
    await isLeft();
    expect(raw.answers()).toHaveLength(1);
    expect(await storedRuns("too late")).toBe(0);
    expect(await storedRuns("too late as well")).toBe(0);
  });

  it("a connection that says nothing at all is closed", async () => {
    const raw = await open(limited.url);
    expect(await raw.closed(300 + patienceMs)).toBe(true);
    await isLeft();
  });

  it("between two requests a connection is closed without a word", async () => {
    const raw = await open(limited.url);
    await raw.send(leadOf("then nothing"));
    expect((await raw.answered(1))[0]?.status).toBe(202);
    expect(await raw.closed(400 + patienceMs)).toBe(true);
    expect(raw.answers()).toHaveLength(1);
    await isLeft();
  });

  it("a later request that drips gets its 408 after the answers to the earlier ones", async () => {
    const raw = await open(limited.url);
    await raw.send(leadOf("in time") + headOf("not in time", 10));
    await drip(raw, "");
    expect(raw.answers().map(({ status }) => status)).toEqual([202, 408]);
    await isLeft();
  });

  it("a body that is too large has one answer, also when the rest of it drips until its time is over", async () => {
    const raw = await open(limited.url);
    await raw.send(headOf("too large", 10_000_000));
    await drip(raw, "x");
    expect(raw.answers().map(({ status }) => status)).toEqual([413]);
    await isLeft();
  });

  it("a chunked body that is too large has one answer, also when a broken chunk follows", async () => {
    const raw = await open(limited.url);
    await raw.send(headOf("too large", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked"));
    await raw.send(`50000\r\n${"x".repeat(0x50000)}\r\n`);
    await raw.answered(1);
    await raw.send("zz\r\n".repeat(100));
    expect(await raw.closed()).toBe(true);
    expect(raw.answers().map(({ status }) => status)).toEqual([413]);
    await isLeft();
  });
});

it("whoever does not read the answers is cut off, however much they have asked for", async () => {
  const limited = await startLimitedServer(app, { silenceTimeoutMs: 500 });
  const raw = await open(limited.url);
  raw.socket.pause();
  raw.socket.write("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n".repeat(500));
  await until("the answers to have begun", () => limited.requests() > 0);
  await until("the server to let go of it", async () => (await limited.connections()) === 0);
  await limited.stop();
});

it("rubbish after a lead waits for the lead's answer, and is heard of once, however much of it there is", async () => {
  const warnings: string[] = [];
  const noteWarning = (warning: Error): void => void warnings.push(String(warning));
  process.on("warning", noteWarning);
  const raw = await open(app.url);
  await whileRunsAreLocked(async () => {
    await raw.send(leadOf("before rubbish"));
    for (let piece = 1; piece <= 30; piece++) await raw.send("rubbish\r\n\r\n".repeat(1_000));
    expect(raw.said()).toBe("");
  });
  await raw.closed();
  process.off("warning", noteWarning);
  expect(raw.answers().map(({ status }) => status)).toEqual([202, 400]);
  expect(warnings).toEqual([]);
});

describe("pipelined requests", () => {
  it("500 of them have 500 answers in their order", async () => {
    const kinds = [
      { request: (index: number) => leadOf(`pipelined ${index}`), answer: "202" },
      { request: (index: number) => leadOf(`pipelined ${index}`, "{"), answer: "422 json_malformed" },
      { request: () => "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n", answer: "200" },
      { request: () => "GET /health HTTP/1.1\r\nHost: h\r\n\r\n", answer: "200" },
      { request: () => "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n", answer: "404 not_found" },
      {
        request: () => headOf("x", 0).replace("application/json", "text/plain"),
        answer: "415 media_type_unsupported",
      },
      { request: () => "PUT /webhook/lead HTTP/1.1\r\nHost: h\r\n\r\n", answer: "405 method_not_allowed" },
    ];
    const sent = Array.from({ length: 500 }, (_, index) => {
      const kind = kinds[(index * 3 + (index >> 3)) % kinds.length];
      if (kind === undefined) throw new Error("no such kind");
      return { bytes: kind.request(index), answer: kind.answer };
    });
    const raw = await open(app.url);
    await raw.send(sent.map(({ bytes }) => bytes).join(""));
    const answers = await raw.answered(sent.length);
    const told = answers.map((answer) => [answer.status, codeOf(answer)].filter(Boolean).join(" "));
    expect(told).toEqual(sent.map(({ answer }) => answer));
  });
});

describe("many connections", () => {
  it("2,000 idle ones, some in the middle of a request: intake answers beside them as before", async () => {
    expect(defaultHttpLimits.connectionsMax).toBeGreaterThan(2_000);
    const idle = await openMany(app.url, 2_000);
    for (const [index, raw] of idle.entries()) {
      if (index % 3 === 1) await raw.send("POST /webhook/lead/website HTTP/1.1\r\nHost: h\r\n");
      if (index % 3 === 2) await raw.send(`${headOf(`idle ${index}`, 1_000)}{`);
    }
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => sendLead(app.url, `beside ${index}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect((await fetch(`${app.url}/health`)).status).toBe(200);
    expect(idle.filter(({ socket }) => socket.readyState !== "open")).toEqual([]);
  });

  describe("more than there may be", () => {
    const connectionsMax = 50;
    let limited: LimitedServer;
    beforeEach(async () => {
      limited = await startLimitedServer(app, { connectionsMax });
    });
    afterEach(() => limited.stop());

    it("those that have been of no use for the longest time give way, and every new sender gets in", async () => {
      const sender = await open(limited.url);
      await sender.send(leadOf("sender 0"));
      await sender.answered(1);
      for (let wave = 1; wave <= 10; wave++) {
        await openMany(limited.url, 30);
        await sender.send(leadOf(`sender ${wave}`));
        expect((await sender.answered(wave + 1)).at(-1)?.status).toBe(202);
        const stranger = await open(limited.url);
        await stranger.send(leadOf(`stranger ${wave}`));
        expect((await stranger.answered(1))[0]?.status).toBe(202);
        await until("the others to be gone", async () => (await limited.connections()) <= connectionsMax);
      }
    });

    it("whoever has begun a request is told 408, whoever has not is closed without a word", async () => {
      const silent = await open(limited.url);
      const answered = await open(limited.url);
      await answered.send(leadOf("answered before"));
      await answered.answered(1);
      const inHeaders = await open(limited.url);
      await inHeaders.send("POST /webhook/lead HTTP/1.1\r\n");
      const inBody = await open(limited.url);
      await inBody.send(headOf("in the body", 10));
      const all = [silent, answered, inHeaders, inBody];
      await until("the server to have read them", () => limited.requests() === 2);
      await openMany(limited.url, 2 * connectionsMax);
      for (const raw of all) expect(await raw.closed()).toBe(true);
      expect(all.map((raw) => raw.answers().map(({ status }) => status))).toEqual([[], [202], [408], [408]]);
    });

    it("whoever waits for an answer of ours is not closed", async () => {
      const waiting = await open(limited.url);
      await whileRunsAreLocked(async () => {
        await waiting.send(leadOf("waits"));
        await until("it to wait", () => limited.requests() === 1);
        await openMany(limited.url, 3 * connectionsMax);
        await until("the others to be gone", async () => (await limited.connections()) <= connectionsMax);
      });
      expect((await waiting.answered(1))[0]?.status).toBe(202);
    });

    it("when all of them wait for an answer, a new one is closed, and gets in as soon as one is answered", async () => {
      const waiting = await openMany(limited.url, connectionsMax);
      await whileRunsAreLocked(async () => {
        for (const [index, raw] of waiting.entries()) await raw.send(leadOf(`all wait ${index}`));
        await until("all of them to wait", () => limited.requests() === connectionsMax);
        const refused = await open(limited.url);
        expect(await refused.closed()).toBe(true);
        expect(refused.said()).toBe("");
      });
      for (const raw of waiting) expect((await raw.answered(1))[0]?.status).toBe(202);
      expect((await sendLead(limited.url, "after all")).status).toBe(202);
    });

    it("answers that nobody reads do not keep a connection from giving way", async () => {
      const deaf = await openMany(limited.url, connectionsMax);
      for (const { socket } of deaf) {
        socket.pause();
        socket.write("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n".repeat(20));
      }
      for (let index = 0; index < 10; index++) {
        expect((await sendLead(limited.url, `beside the deaf ${index}`)).status).toBe(202);
      }
    });
  });
});

describe("memory for bodies", () => {
  it("is bounded for all together: the oldest unfinished body is told 408, a sender who sends is not", async () => {
    const limited = await startLimitedServer(app, { bodiesUnderWayMaxBytes: 200_000 });
    const slow = await openMany(limited.url, 10);
    for (const [index, raw] of slow.entries()) {
      await raw.send(headOf(`half a body ${index}`, 60_000));
      await raw.send(" ".repeat(30_000));
    }
    const told = await until("some of them to give way", () => {
      const codes = slow.map((raw) => raw.answers().map(codeOf).join());
      return codes.filter(Boolean).length >= 4 && codes;
    });
    // The oldest ones, and no others.
    const count = told.filter(Boolean).length;
    expect(told).toEqual([
      ...Array<string>(count).fill("request_timeout"),
      ...Array<string>(10 - count).fill(""),
    ]);
    const sender = await open(limited.url);
    const body = JSON.stringify({ text: "x".repeat(50_000) });
    await sender.send(headOf("in two pieces", body.length));
    await sender.send(body.slice(0, 20_000));
    await sender.send(body.slice(20_000));
    expect((await sender.answered(1))[0]?.status).toBe(202);
    await limited.stop();
  });

  it("does not grow with the number of pieces: 1,000,000 chunks of one byte cost about one byte each", async () => {
    const connections = await openMany(app.url, 10);
    const pieces = 100_000;
    const chunks = "1\r\n \r\n".repeat(pieces);
    const beforeBytes = process.memoryUsage().rss;
    const starts = connections.map(async (raw, index) => {
      const head = headOf(`pieces ${index}`, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
      await raw.send(`${head}2\r\n{}\r\n`);
      await raw.send(chunks);
    });
    await Promise.all(starts);
    for (const raw of connections) await raw.send("0\r\n\r\n");
    for (const raw of connections) expect((await raw.answered(1, 60_000))[0]?.status).toBe(202);
    const grownMiB = (process.memoryUsage().rss - beforeBytes) / 1024 / 1024;
    console.log(
      `memory for ${connections.length} bodies of ${pieces} chunks: ${grownMiB.toFixed(0)} MiB more`,
    );
    expect(grownMiB).toBeLessThan(150);
  });
});
