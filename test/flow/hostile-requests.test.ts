// Requests that are built to be understood differently by two programs, paths and headers that want to be more than
// names, and senders that go away: one clear answer or none, nothing stored that was not meant, and a clean log.
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { codeOf, exchangeRaw, openRaw } from "../support/raw-socket.ts";
import type { RawAnswer } from "../support/raw-socket.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

const [server] = inject("servers");
if (server === undefined) throw new Error("no database server");

let database: FreshDatabase;
let app: TestApp;
const warnings: string[] = [];
const noteWarning = (warning: Error): void => void warnings.push(String(warning));
beforeAll(async () => {
  process.on("warning", noteWarning);
  database = await ledgerDatabase(server);
  app = await startTestApp(database, { sources: [testSource("website"), testSource("..")] });
});
// After every case: the node takes leads, and its log and its process complain about nothing.
afterEach(async () => {
  const answer = await postLead(app.url, { path, key: `neighbour-${Math.random()}`, body: {} });
  expect(answer.status).toBe(202);
  const lines = app.log.filter(({ level, event }) => {
    return level === "error" || (level === "warn" && event !== "requests_denied");
  });
  expect([...lines.splice(0), ...warnings.splice(0)]).toEqual([]);
});
afterAll(async () => {
  await app.stop();
  await database.drop();
  process.off("warning", noteWarning);
});

const path = "/webhook/lead/website";
const head = (key: string, more: string, target = path): string =>
  `POST ${target} HTTP/1.1\r\nHost: h\r\nIdempotency-Key: ${key}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
const leadTo = (target: string, key: string): string => `${head(key, "Content-Length: 2", target)}{}`;

const storedKeys = async (): Promise<string[]> => {
  const { rows } = await app.installation.database.query<{ idempotency_key: string }>(
    "SELECT idempotency_key FROM runs WHERE idempotency_key NOT LIKE 'neighbour-%' ORDER BY 1",
  );
  return rows.map((row) => row.idempotency_key);
};

const told = (answers: readonly RawAnswer[]): string[] =>
  answers.map((answer) => [answer.status, codeOf(answer)].filter(Boolean).join(" "));

/** What a program that understands the first request differently would take for the next one. */
const smuggled = leadTo(path, "smuggled");
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

describe("a request that may be understood in two ways is answered with 400, and nothing of it is stored", () => {
  const both = (transferEncoding: string): string => `Content-Length: 4\r\n${transferEncoding}`;
  const lead = '{"a":1}';
  it.each<[name: string, bytes: string]>([
    ["Content-Length and Transfer-Encoding", `${head("k", both("Transfer-Encoding: chunked"))}0\r\n\r\n`],
    [
      "Transfer-Encoding and Content-Length",
      `${head("k", "Transfer-Encoding: chunked\r\nContent-Length: 4")}0\r\n\r\n`,
    ],
    ["two Content-Lengths that differ", `${head("k", "Content-Length: 2\r\nContent-Length: 7")}{}`],
    ["two Content-Lengths that are equal", `${head("k", "Content-Length: 2\r\nContent-Length: 2")}{}`],
    ["a list of Content-Lengths", `${head("k", "Content-Length: 2, 2")}{}`],
    ["a Content-Length with a plus", `${head("k", "Content-Length: +2")}{}`],
    ["a Content-Length with a minus", `${head("k", "Content-Length: -2")}{}`],
    ["a hexadecimal Content-Length", `${head("k", "Content-Length: 0x2")}{}`],
    ["a Content-Length with a point", `${head("k", "Content-Length: 2.0")}{}`],
    ["a Content-Length with an exponent", `${head("k", "Content-Length: 2e0")}{}`],
    ["a Content-Length with a space inside", `${head("k", "Content-Length: 2 2")}{}`],
    ["an empty Content-Length", `${head("k", "Content-Length: ")}{}`],
    ["a Content-Length of 25 digits", `${head("k", "Content-Length: 1000000000000000000000002")}{}`],
    ["a Content-Length with a vertical tab", `${head("k", "Content-Length: \x0b2")}{}`],
    ["a space before the colon of Content-Length", `${head("k", "Content-Length : 2")}{}`],
    [
      "a space before the colon of Transfer-Encoding",
      `${head("k", both("Transfer-Encoding : chunked"))}0\r\n\r\n`,
    ],
    ["a tab before the colon", `${head("k", both("Transfer-Encoding\t: chunked"))}0\r\n\r\n`],
    ["xchunked", `${head("k", "Transfer-Encoding: xchunked")}${chunked(lead)}`],
    ["chunkedx", `${head("k", "Transfer-Encoding: chunkedx")}${chunked(lead)}`],
    ["chunked in quotes", `${head("k", 'Transfer-Encoding: "chunked"')}${chunked(lead)}`],
    ["chunked twice in a list", `${head("k", "Transfer-Encoding: chunked, chunked")}${chunked(lead)}`],
    [
      "chunked twice in two lines",
      `${head("k", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")}${chunked(lead)}`,
    ],
    ["chunked, then identity", `${head("k", "Transfer-Encoding: chunked, identity")}${chunked(lead)}`],
    [
      "chunked and identity in two lines",
      `${head("k", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")}${chunked(lead)}`,
    ],
    ["identity", `${head("k", "Transfer-Encoding: identity")}${chunked(lead)}`],
    ["gzip, chunked", `${head("k", "Transfer-Encoding: gzip, chunked")}${chunked(lead)}`],
    ["chunked; q=1", `${head("k", "Transfer-Encoding: chunked; q=1")}${chunked(lead)}`],
    ["an empty Transfer-Encoding", `${head("k", "Transfer-Encoding: ")}${chunked(lead)}`],
    ["chunked after a vertical tab", `${head("k", both("Transfer-Encoding: \x0bchunked"))}0\r\n\r\n`],
    ["chunked after a NUL", `${head("k", both("Transfer-Encoding: \0chunked"))}0\r\n\r\n`],
    ["chunked on a folded line", `${head("k", both("Transfer-Encoding:\r\n chunked"))}0\r\n\r\n`],
    ["a folded header", `${head("k", "X-A: b\r\n c\r\nContent-Length: 2")}{}`],
    ["a folded first header", `POST ${path} HTTP/1.1\r\n X: y\r\nHost: h\r\n\r\n`],
    ["a header without a colon", `${head("k", "Content-Length\r\nContent-Length: 2")}{}`],
    ["a header without a name", `${head("k", ": x\r\nContent-Length: 2")}{}`],
    ["a NUL in a header", `${head("k", "X-A: a\0b\r\nContent-Length: 2")}{}`],
    ["a NUL in a header's name", `${head("k", "X-\0A: b\r\nContent-Length: 2")}{}`],
    ["a NUL in the request line", leadTo(`${path}\0`, "k")],
    ["a carriage return inside a header", `${head("k", "X-A: a\rb\r\nContent-Length: 2")}{}`],
    ["a header in parentheses", `${head("k", "X(A): b\r\nContent-Length: 2")}{}`],
    ["a chunk size with a plus", `${head("k", "Transfer-Encoding: chunked")}+7\r\n${lead}\r\n0\r\n\r\n`],
    ["a chunk size with a minus", `${head("k", "Transfer-Encoding: chunked")}-7\r\n${lead}\r\n0\r\n\r\n`],
    ["a chunk size with 0x", `${head("k", "Transfer-Encoding: chunked")}0x7\r\n${lead}\r\n0\r\n\r\n`],
    [
      "a chunk size with a space before it",
      `${head("k", "Transfer-Encoding: chunked")} 7\r\n${lead}\r\n0\r\n\r\n`,
    ],
    [
      "a chunk size beyond 64 bits",
      `${head("k", "Transfer-Encoding: chunked")}10000000000000007\r\n${lead}\r\n0\r\n\r\n`,
    ],
    ["no chunk size", `${head("k", "Transfer-Encoding: chunked")}\r\n${lead}\r\n0\r\n\r\n`],
    [
      "a chunk that is longer than its size",
      `${head("k", "Transfer-Encoding: chunked")}2\r\n${lead}\r\n0\r\n\r\n`,
    ],
    [
      "chunk extensions of 100 kB",
      `${head("k", "Transfer-Encoding: chunked")}7;${"x".repeat(100_000)}\r\n${lead}\r\n0\r\n\r\n`,
    ],
    [
      "a line feed alone in a chunk extension",
      `${head("k", "Transfer-Encoding: chunked")}7;a\nb\r\n${lead}\r\n0\r\n\r\n`,
    ],
    [
      "a line feed alone after a chunk size",
      `${head("k", "Transfer-Encoding: chunked")}7\n${lead}\r\n0\r\n\r\n`,
    ],
    ["a line feed alone after a chunk", `${head("k", "Transfer-Encoding: chunked")}7\r\n${lead}\n0\r\n\r\n`],
    [
      "a bare carriage return after a chunk size",
      `${head("k", "Transfer-Encoding: chunked")}7\rX${lead}\r\n0\r\n\r\n`,
    ],
    ["an unknown version", leadTo(path, "k").replace("HTTP/1.1", "HTTP/1.9")],
    ["HTTP/2 in plain text", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["HTTP/0.9", `POST ${path}\r\n`],
    ["two Hosts", leadTo(path, "k").replace("Host: h", "Host: h\r\nHost: i")],
    ["a method that does not exist", leadTo(path, "k").replace("POST", "POST0")],
    ["a method in lower case", leadTo(path, "k").replace("POST", "post")],
    ["line feeds alone", leadTo(path, "k").replaceAll("\r\n", "\n")],
    ["a line feed alone after one header", leadTo(path, "k").replace("Host: h\r\n", "Host: h\n")],
    [
      "headers that end with a line feed alone",
      `${head("k", "Content-Length: 2").replace(/\r\n\r\n$/, "\r\n\n")}{}`,
    ],
  ])("%s", async (name, bytes) => {
    const before = await storedKeys();
    const answers = await exchangeRaw(app.url, bytes + smuggled);
    expect(told(answers), name).toEqual(["400 request_malformed"]);
    expect(answers[0]?.headers.get("connection")).toBe("close");
    expect(await storedKeys()).toEqual(before);
  });

  it("HTTP/1.0 with chunks: 400, because no program of that age would know them", async () => {
    const old = head("k", "Transfer-Encoding: chunked").replace("HTTP/1.1", "HTTP/1.0");
    expect(told(await exchangeRaw(app.url, `${old}${chunked("{}")}${smuggled}`))).toEqual([
      "400 request_malformed",
    ]);
  });

  it("chunks in every allowed spelling are one lead, and what follows them is the next one", async () => {
    const spellings = ["chunked", "Chunked", "chunked ", "\tchunked"];
    for (const [index, spelling] of spellings.entries()) {
      const first = `${head(`spelling ${index}`, `Transfer-Encoding: ${spelling}`)}7;name=value;other="x"\r\n{"a":1}\r\n00\r\nX-Trailer: y\r\n\r\n`;
      const answers = await exchangeRaw(app.url, first + leadTo(path, `after spelling ${index}`), 2);
      expect(told(answers)).toEqual(["202", "202"]);
    }
    expect(await storedKeys()).toContain("after spelling 3");
  });

  it("a trailer cannot name another key or another source", async () => {
    const first = `${head("before the trailer", "Transfer-Encoding: chunked", "/webhook/lead")}2\r\n{}\r\n0\r\nX-Source: website\r\nIdempotency-Key: from the trailer\r\n\r\n`;
    const [answer] = await exchangeRaw(app.url, first, 1);
    expect(told([answer as RawAnswer])).toEqual(["401 source_unknown"]);
    expect(await storedKeys()).not.toContain("from the trailer");
  });

  it("trailers without end are answered with 4xx and closed", async () => {
    const trailers = "X-Trailer: y\r\n".repeat(10_000);
    const answers = await exchangeRaw(
      app.url,
      `${head("k", "Transfer-Encoding: chunked")}2\r\n{}\r\n0\r\n${trailers}\r\n`,
    );
    expect(told(answers)).toEqual(["431 headers_too_large"]);
  });

  it("200 headers are read; one more, or 16 kB of them, are too many", async () => {
    const lines = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}:\r\n`).join("");
    const request = (more: string): string => `${head("headers", `${more}Content-Length: 2`)}{}`;
    expect(told(await exchangeRaw(app.url, request(lines(196)), 1))).toEqual(["202"]);
    for (const tooMany of [lines(197), lines(1_500), lines(10_000), `a: ${"x".repeat(17_000)}\r\n`]) {
      const answers = await exchangeRaw(app.url, request(tooMany) + smuggled);
      expect(told(answers)).toEqual(["431 headers_too_large"]);
    }
    expect(await storedKeys()).not.toContain("smuggled");
  });
});

describe("paths", () => {
  it.each<[target: string, answer: string]>([
    ["/webhook/lead/%2e%2e/website", "404 not_found"],
    ["/webhook/lead/../lead/website", "404 not_found"],
    ["/webhook/lead/website/..", "404 not_found"],
    ["/webhook/./lead/website", "404 not_found"],
    ["/webhook/lead/%2e%2e", "202"],
    ["/webhook/lead/website%2f..", "401 source_unknown"],
    ["/webhook/lead/..%2f..%2fhealth", "401 source_unknown"],
    ["/webhook/lead/%252e%252e", "401 source_unknown"],
    ["/webhook/lead/website%00", "400 source_name_invalid"],
    ["/webhook/lead/%00", "400 source_name_invalid"],
    ["/webhook/lead/website%0d%0aX-Injected:%20yes", "400 source_name_invalid"],
    ["/webhook/lead/%c0%af", "400 request_malformed"],
    ["/webhook/lead/%", "400 request_malformed"],
    ["/webhook/lead/%u0041", "400 request_malformed"],
    ["/webhook/lead/web\u00e9", "400 request_malformed"],
    ["//webhook//lead//website", "202"],
    ["/webhook/lead/website/", "202"],
    ["/webhook/lead//", "401 source_unknown"],
    ["/webhook/lead/website?source=other#fragment", "202"],
    ["/webhook/lead/website;source=other", "401 source_unknown"],
    ["/WEBHOOK/LEAD/website", "404 not_found"],
    ["/webhook/lead\\website", "404 not_found"],
    ["http://example/webhook/lead/website", "202"],
    ["http://user:password@example:99/webhook/lead/website", "202"],
    ["HTTP://[::1]/webhook/lead/website", "202"],
    ["ftp://example/webhook/lead/website", "404 not_found"],
    ["http://", "400 request_malformed"],
    ["*", "404 not_found"],
    ["webhook/lead/website", "400 request_malformed"],
    [`/webhook/lead/${"n".repeat(255)}`, "401 source_unknown"],
    [`/webhook/lead/${"n".repeat(256)}`, "400 source_name_invalid"],
    [`/webhook/lead/${"n".repeat(5_000)}`, "400 request_malformed"],
    [`/${"n".repeat(12_000)}`, "404 not_found"],
    [`/${"n".repeat(100_000)}`, "431 headers_too_large"],
    [`/webhook/lead/website?${"n".repeat(12_000)}`, "202"],
    [`/webhook/lead/${"%41".repeat(4_000)}`, "400 request_malformed"],
    ["/".repeat(12_000), "404 not_found"],
    [`/webhook/lead/${"%25".repeat(4_000)}`, "400 request_malformed"],
  ])("%.60s", async (target, answer) => {
    const key = `path ${target}`.slice(0, 100).replaceAll(/[^ -~]/g, "?");
    expect(told(await exchangeRaw(app.url, Buffer.from(leadTo(target, key)), 1))).toEqual([answer]);
  });

  it.each([
    "/*x",
    "/webhook/lead*x",
    "/:",
    "/:(",
    "/webhook/lead/:(",
    "/webhook/lead/:a([)",
    "/webhook/lead/:a((((x+)+)+)+$)",
    "/webhook/lead/:a(x+x+)+y-:b",
    "/:a-:b.:c",
    "/health/:(*",
    "/health::",
    "/__proto__",
    "/constructor",
  ])(
    "%s is a path and not a pattern: 404 or 405 for every method, never an error of ours",
    async (target) => {
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
        const request = `${method} ${target} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n`;
        const [answer] = await exchangeRaw(app.url, request, 1);
        const name = `${method} ${target}`;
        if (method === "POST" && target.startsWith("/webhook/lead/")) expect(answer?.status, name).toBe(401);
        else expect([404, 405], name).toContain(answer?.status);
      }
    },
  );

  it("CONNECT opens no tunnel: the connection is closed without an answer", async () => {
    const answers = await exchangeRaw(app.url, "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n");
    expect(answers).toEqual([]);
  });

  it("an upgrade to another protocol is not taken up, the lead is", async () => {
    const upgrade = head("upgrade", "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\nContent-Length: 2");
    expect(told(await exchangeRaw(app.url, `${upgrade}{}`, 1))).toEqual(["202"]);
  });
});

describe("what a sender writes appears in no header of an answer and splits no line of the log", () => {
  const injected = [
    "%0d%0aX-Injected:%20yes%0d%0a%0d%0a",
    "%0aX-Injected:yes",
    "%e2%80%a8X-Injected",
    "%c2%85X-Injected",
  ];
  const raw = [
    "\\r\\nX-Injected: yes",
    "a\tX-Injected: yes",
    "Ä\u010dX-Injected: yes",
    "\u010d\u010aX-Injected: yes",
  ];
  const clean = (answer: RawAnswer | undefined): void => {
    expect(answer?.status).toBeGreaterThanOrEqual(200);
    const names = new Set([
      ...["content-type", "content-length", "date", "connection", "keep-alive"],
      ...["www-authenticate", "accept-encoding", "retry-after", "allow"],
    ]);
    for (const [name, value] of answer?.headers ?? []) {
      expect(names).toContain(name);
      expect(value).not.toMatch(/inject/i);
    }
  };

  it("in the source's name, encoded in the path or as it is in X-Source", async () => {
    for (const name of injected)
      clean((await exchangeRaw(app.url, leadTo(`/webhook/lead/${name}`, "k"), 1))[0]);
    for (const name of raw) {
      const request = `${head("k", `X-Source: ${name}\r\nContent-Length: 2`, "/webhook/lead")}{}`;
      clean((await exchangeRaw(app.url, Buffer.from(request), 1))[0]);
    }
  });

  it("in the key, the media type, the language, the credentials and the content coding", async () => {
    for (const name of [
      "Idempotency-Key",
      "Content-Type",
      "Accept-Language",
      "Authorization",
      "X-Api-Key",
      "Content-Encoding",
    ]) {
      for (const value of [...injected, ...raw]) {
        const request = `POST ${path} HTTP/1.1\r\nHost: h\r\n${name}: ${value}\r\nContent-Length: 2\r\n\r\n{}`;
        clean((await exchangeRaw(app.url, Buffer.from(request), 1))[0]);
      }
    }
  });

  it("in the fields of a body that is refused", async () => {
    const answer = await postLead(app.url, {
      path,
      key: "refused with a line break",
      body: '{"a\\r\\nX-Injected: yes":1,"a\\r\\nX-Injected: yes":2}',
    });
    expect(answer.status).toBe(422);
    expect([...answer.headers.keys()]).not.toContain("x-injected");
  });

  it("no field of the log has a control character", () => {
    expect(app.log.length).toBeGreaterThan(0);
    const values = app.log.flatMap(({ fields }) => Object.values(fields).map(String));
    expect(values.filter((value) => /[\p{Cc}\u2028\u2029]/u.test(value))).toEqual([]);
  });
});

describe("compressed bodies", () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, 0x20)));
  it.each([
    ["gzip", 413, "body_too_large"],
    ["identity, GZIP", 413, "body_too_large"],
    ["x-gzip", 413, "body_too_large"],
    ["gzip, gzip", 413, "body_too_large"],
    ["deflate", 400, "content_coding_broken"],
    ["br", 400, "content_coding_broken"],
    ["zstd", 415, "content_coding_unsupported"],
    ["bomb", 415, "content_coding_unsupported"],
    ["gzip, gzip, gzip, gzip", 415, "content_coding_unsupported"],
  ])("%s: 10 MB of blanks are never made of 10 kB", async (coding, status, code) => {
    const headers = { "content-encoding": coding };
    const answer = await postLead(app.url, { path, key: `coding ${coding}`, body: bomb, headers });
    expect([answer.status, answer.json["code"]]).toEqual([status, code]);
    const accepted = answer.headers.get("accept-encoding");
    expect(accepted).toBe(status === 415 ? "gzip, deflate, br, identity" : null);
  });
});

describe("senders that go away", () => {
  const requests = {
    "a plain lead": (index: number) => leadTo(path, `aborted ${index}`),
    "a lead that takes the router": (index: number) => leadTo("//webhook/lead/websit%65", `routed ${index}`),
    "a lead in chunks": (index: number) =>
      head(`chunks ${index}`, "Transfer-Encoding: chunked") + chunked("{}"),
    "a plain health check": () => "GET /health HTTP/1.1\r\nHost: h\r\n\r\n",
    "a health check that takes the router": () => "GET //health/ HTTP/1.1\r\nHost: h\r\n\r\n",
    metrics: () => "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n",
    "a body that is too large": (index: number) => `${head(`large ${index}`, "Content-Length: 999999")}{`,
    "a path that is not there": () => "POST /nothing HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n12345",
  };
  it.each(Object.entries(requests))(
    "%s: reset after every byte, and right after the last one",
    async (_, bytesOf) => {
      const length = bytesOf(0).length;
      const steps = Array.from({ length: length + 20 }, (__, index) => Math.min(index, length));
      for (const [index, cut] of steps.entries()) {
        const raw = await openRaw(app.url);
        await raw.send(bytesOf(index).slice(0, cut));
        raw.reset();
      }
      await until("all connections to be gone", async () => {
        const answers = await exchangeRaw(app.url, "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n", 1);
        return answers[0]?.status === 200;
      });
    },
  );

  it("what was sent whole before the reset is stored or not, but never twice", async () => {
    for (let index = 0; index < 50; index++) {
      const raw = await openRaw(app.url);
      await raw.send(leadTo(path, `whole ${index}`));
      raw.reset();
    }
    for (let index = 0; index < 50; index++) {
      const again = await postLead(app.url, { path, key: `whole ${index}`, body: {} });
      expect([200, 202]).toContain(again.status);
    }
    const keys = (await storedKeys()).filter((key) => key.startsWith("whole "));
    expect(keys).toHaveLength(50);
  });
});
