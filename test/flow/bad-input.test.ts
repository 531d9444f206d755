// Whatever is sent: a documented 4xx, or stored exactly as it came; never a 500, never a lost neighbour, never a crash.
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { errorCatalogue } from "../../src/domain/errors/error-catalogue.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { postLead, rawExchange, statusOf } from "../support/webhook-client.ts";

const deep = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const randomText = randomBytes(7_500).toString("base64");

/** Kept as bytes, with a code that says why. */
const refusedBodies: readonly [name: string, body: string | Uint8Array<ArrayBuffer>, code: string][] = [
  ["an empty body", "", "body_empty"],
  ["a body of spaces", " \n\t", "body_empty"],
  ["invalid UTF-8", latin1('{"name":"M\xfcller"}'), "body_not_utf8"],
  ["an overlong encoding", latin1('{"a":"\xc0\x80"}'), "body_not_utf8"],
  ["an encoded surrogate", latin1('{"a":"\xed\xa0\x80"}'), "body_not_utf8"],
  ["an escaped NUL", '{"a":"\\u0000"}', "json_nul_character"],
  ["a NUL in a field name", '{"a\\u0000b":1}', "json_nul_character"],
  ["a raw NUL", '{"a":"\0"}', "json_nul_character"],
  ["half a surrogate pair", '{"a":"\\ud83d"}', "json_lone_surrogate"],
  ["a surrogate pair the wrong way round", '{"a":"\\ude00\\ud83d"}', "json_lone_surrogate"],
  ["5,000 levels", deep(5_000), "json_too_deep"],
  ["100,000 opened brackets", `{"a":${"[".repeat(100_000)}`, "json_too_deep"],
  ["1e100000", '{"a":1e100000}', "json_number_out_of_range"],
  ["1e-100000", '{"a":1e-100000}', "json_number_out_of_range"],
  ["1e309", '{"a":1e309}', "json_number_out_of_range"],
  ["an integer of 500 digits", `{"a":${"7".repeat(500)}}`, "json_number_out_of_range"],
  ["a fraction of 500 digits", `{"a":0.${"7".repeat(500)}}`, "json_number_out_of_range"],
  ["an exponent of 10,000 digits", `{"a":1e${"9".repeat(10_000)}}`, "json_number_out_of_range"],
  ["a field twice", '{"a":1,"a":2}', "json_duplicate_key"],
  ["a field twice, once escaped", '{"a":1,"\\u0061":2}', "json_duplicate_key"],
  ["a body cut off", '{"name":"Anna","email":"anna@', "json_malformed"],
  ["two values", '{"a":1}{"b":2}', "json_malformed"],
  ["a comma too many", '{"a":1,}', "json_malformed"],
  ["NaN", '{"a":NaN}', "json_malformed"],
  ["a comment", '{"a":1}//x', "json_malformed"],
  ["a list", '[{"a":1}]', "body_not_an_object"],
  ["a text", '"hello"', "body_not_an_object"],
  ["null", "null", "body_not_an_object"],
  ["compressed bytes that are not announced", new Uint8Array(gzipSync('{"a":1}')), "body_not_utf8"],
];

/** Stored exactly: what the database holds equals what was sent. */
const storedBodies: readonly [name: string, body: string][] = [
  ["an empty object", "{}"],
  [
    "__proto__, constructor and their like",
    '{"__proto__":{"admin":true},"constructor":{"prototype":1},"hasOwnProperty":0}',
  ],
  ["emoji, flags and families", '{"name":"👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪","🔑":"🥨"}'],
  ["right-to-left text and direction marks", '{"name":"שלום עולם \u202emoc.elpmaxe\u202c مرحبا"}'],
  ["composed and decomposed umlauts", '{"a":"ü","b":"u\u0308","ü":1,"u\u0308":2}'],
  ["control characters that are escaped", '{"a":"\\u0001\\u001f\\b\\f\\n\\r\\t\\u007f"}'],
  ["noncharacters and private ones", '{"a":"\\uffff\\ufffe\\ue000","b":"\u{10ffff}"}'],
  ["U+FFFD itself", '{"a":"\ufffd"}'],
  ["a number of 20 digits", '{"id":90071992547409931234}'],
  ["a number of 400 digits", `{"id":${"1234567890".repeat(40)}}`],
  ["1e308 and 1e-308", '{"a":1e308,"b":-1.5E-308,"c":1E+0000000000308}'],
  ["many kinds of zero and small numbers", '{"a":0,"b":0.0,"c":0e10,"d":1.10,"e":0.1e1}'],
  ["63 levels below the body", deep(64)],
  [
    "a text of 10,000 random characters, as value and as field name",
    JSON.stringify({ [randomText]: randomText }),
  ],
  [
    "10,000 fields",
    JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]))),
  ],
  ["empty names and empty texts", '{"":"","a":{"":[]," ":null}}'],
  ["SQL", `{"a":"'; DROP TABLE runs; --","b":"$1 \\\\ \\"{}\\" NULL"}`],
  ["array syntax of the database", '{"a":"{1,2,NULL}","b":"\\\\,\\"}{"}'],
];

describeOnEachServer("Bad input", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {
      sources: [testSource("website"), testSource("ads", { key: { kind: "pointer", pointer: "/id" } })],
      destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
    });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  // After every case: the process lives, takes leads, and has answered nothing with 500.
  afterEach(async () => {
    const answer = await postLead(app.url, {
      path: "/webhook/lead/website",
      key: `neighbour-${Math.random()}`,
      body: {},
    });
    expect(answer.status).toBe(202);
    expect(app.log.filter(({ event }) => event === "request_failed")).toEqual([]);
  });

  const rows = async (text: string, values: unknown[] = []) =>
    (await app.installation.database.query<Record<string, unknown>>(text, values)).rows;
  const path = "/webhook/lead/website";
  const runsCount = async () => Number((await rows("SELECT count(*) AS count FROM runs"))[0]?.["count"]);

  it.each(refusedBodies)("%s is refused with 422 and kept to the byte", async (name, body, code) => {
    const answer = await postLead(app.url, { path, key: `refused ${name}`, body });
    expect([answer.status, answer.json["code"]]).toEqual([422, code]);
    expect(errorCatalogue).toHaveProperty(code);
    const [entry] = await rows("SELECT payload ->> 'body_base64' AS kept FROM dlq WHERE dlq_id = $1", [
      answer.json["dlq_id"],
    ]);
    expect(Buffer.from(String(entry?.["kept"]), "base64").equals(Buffer.from(body))).toBe(true);
    const again = await postLead(app.url, { path, key: `refused ${name}`, body });
    expect(again.json).toEqual(answer.json);
  });

  it.each(storedBodies)("%s: stored as it was sent", async (name, body) => {
    const answer = await postLead(app.url, { path, key: `stored ${name}`, body });
    expect(answer.status, answer.text.slice(0, 300)).toBe(202);
    const [event] = await rows(
      "SELECT payload -> 'body' = $2::jsonb AS same FROM audit_events WHERE run_id = $1 AND event_type = 'lead_received'",
      [answer.json["run_id"], body],
    );
    expect(event).toEqual({ same: true });
    expect((await postLead(app.url, { path, key: `stored ${name}`, body })).json["status"]).toBe("duplicate");
  });

  it("a byte order mark before the JSON is no reason to refuse it", async () => {
    expect((await postLead(app.url, { path, key: "bom", body: '\ufeff{"a":1}' })).status).toBe(202);
  });

  it("keys of 10,000 random characters: 400 in the header, recognised by their hash behind a pointer", async () => {
    const inHeader = await postLead(app.url, { path, key: randomText, body: {} });
    expect([inHeader.status, inHeader.json["code"]]).toEqual([400, "idempotency_key_invalid"]);
    const send = (id: string) => postLead(app.url, { path: "/webhook/lead/ads", body: { id } });
    const first = await send(randomText);
    expect(first.status).toBe(202);
    expect((await send(randomText)).json).toMatchObject({
      status: "duplicate",
      run_id: first.json["run_id"],
    });
    expect((await send(`${randomText}x`)).status).toBe(202);
  });

  it("keys with umlauts and emoji are kept as they are, control characters are refused", async () => {
    const latin = (text: string) => Buffer.from(text).toString("latin1");
    const answer = await postLead(app.url, { path, key: latin("schlüssel-🔑"), body: {} });
    const [run] = await rows("SELECT idempotency_key FROM runs WHERE run_id = $1", [answer.json["run_id"]]);
    expect(run?.["idempotency_key"]).toBe("schlüssel-🔑");
    const bad =
      "POST /webhook/lead/website HTTP/1.1\r\nHost: h\r\nIdempotency-Key: a\tb\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    expect(statusOf(await rawExchange(app.url, bad, { answers: 1 }))).toBe(400);
  });

  it("forms: bad escapes, NUL and bad UTF-8 are refused and kept, odd ones are stored", async () => {
    const form = (key: string, body: string) =>
      postLead(app.url, {
        path,
        key,
        body,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    expect((await form("f1", "a=%00")).json["code"]).toBe("form_malformed");
    expect((await form("f2", "a=%FF%81")).json["code"]).toBe("body_not_utf8");
    expect((await form("f3", "")).json["code"]).toBe("body_empty");
    const odd = await form("f4", "100%=%zz&__proto__=x&=&a=%F0%9F%A5%A8&?b");
    expect(odd.status).toBe(202);
    const [event] = await rows("SELECT payload -> 'body' AS body FROM audit_events WHERE run_id = $1", [
      odd.json["run_id"],
    ]);
    expect(JSON.stringify(event?.["body"])).toContain("🥨");
    const multipart = (key: string, body: string) =>
      postLead(app.url, { path, key, body, headers: { "content-type": "multipart/form-data; boundary=x" } });
    expect(
      (await multipart("f5", '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1')).json["code"],
    ).toBe("multipart_malformed");
    expect((await multipart("f6", "")).json["code"]).toBe("body_empty");
  });

  describe("on the wire", () => {
    const lead = (key: string, body = '{"a":1}', more = "") =>
      `POST ${path} HTTP/1.1\r\nHost: h\r\nIdempotency-Key: ${key}\r\nContent-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const problemOf = (said: string) =>
      JSON.parse(said.slice(said.indexOf("\r\n\r\n") + 4)) as Record<string, unknown>;

    it("a body that is cut off by the connection is stored nowhere", async () => {
      const cut = lead("cut").replace("Content-Length: 7", "Content-Length: 700");
      const before = await runsCount();
      await rawExchange(app.url, cut, { cut: true });
      const halved = await rawExchange(app.url, cut, { half: true });
      expect([0, 400]).toContain(statusOf(halved));
      expect(await runsCount()).toBe(before);
      expect((await postLead(app.url, { path, key: "cut", body: { a: 1 } })).status).toBe(202);
    });

    it("a Content-Length that is too small: what it covers counts, the rest is no request", async () => {
      const said = await rawExchange(
        app.url,
        lead("short", '{"a":1}').replace("Content-Length: 7", "Content-Length: 5"),
      );
      expect(statusOf(said)).toBe(422);
      expect(
        said
          .split("HTTP/1.1 ")
          .slice(1)
          .map((part) => part.slice(0, 3)),
      ).toEqual(["422", "400"]);
    });

    it.each([
      ["nonsense as Content-Length", "Content-Length: abc"],
      ["a negative Content-Length", "Content-Length: -1"],
      ["two Content-Lengths", "Content-Length: 7\r\nContent-Length: 8"],
      ["Content-Length and Transfer-Encoding", "Content-Length: 7\r\nTransfer-Encoding: chunked"],
      ["an unknown Transfer-Encoding", "Transfer-Encoding: gzip"],
      ["a header without a name", ": x\r\nContent-Length: 7"],
      ["a header with a NUL", "X-A: a\0b\r\nContent-Length: 7"],
      ["a folded header", "X-A: a\r\n b\r\nContent-Length: 7"],
    ])("%s is answered with 400 and nothing is stored", async (name, header) => {
      const said = await rawExchange(app.url, lead(name).replace("Content-Length: 7", header));
      expect(statusOf(said)).toBe(400);
      expect(said).toContain("application/problem+json");
      expect(problemOf(said)["code"]).toBe("request_malformed");
      expect(await rows("SELECT 1 FROM runs WHERE idempotency_key = $1", [name])).toEqual([]);
    });

    it("a header of 100 kB is answered with 431", async () => {
      const said = await rawExchange(app.url, lead("large", "{}", `X-Large: ${"x".repeat(100_000)}\r\n`));
      expect(statusOf(said)).toBe(431);
      expect(problemOf(said)["code"]).toBe("headers_too_large");
    });

    it("requests sent without waiting for answers are all answered, in their order", async () => {
      const said = await rawExchange(app.url, lead("p1") + lead("p2", "{") + lead("p1") + lead("p3"), {
        answers: 4,
      });
      const statuses = said
        .split("HTTP/1.1 ")
        .slice(1)
        .map((part) => part.slice(0, 3));
      expect(statuses).toEqual(["202", "422", "200", "202"]);
    });

    it("a key with a comma is one key, two header lines are two keys and refused", async () => {
      expect(statusOf(await rawExchange(app.url, lead("Doe, Jane"), { answers: 1 }))).toBe(202);
      const [run] = await rows("SELECT 1 FROM runs WHERE idempotency_key = 'Doe, Jane'");
      expect(run).toBeDefined();
      const twice = lead("Doe", "{}", "Idempotency-Key: Jane\r\n");
      const said = await rawExchange(app.url, twice, { answers: 1 });
      expect([statusOf(said), problemOf(said)["code"]]).toEqual([400, "idempotency_key_invalid"]);
    });

    it("a broken chunk is answered with 400 after the answers to what came before it", async () => {
      const broken = lead("chunk")
        .replace("Content-Length: 7", "Transfer-Encoding: chunked")
        .replace(/\{.*$/, "zz\r\n");
      expect(statusOf(await rawExchange(app.url, broken))).toBe(400);
      const said = await rawExchange(app.url, lead("before the chunk") + broken);
      const statuses = said.split("HTTP/1.1 ").slice(1);
      expect(statuses.map((part) => part.slice(0, 3))).toEqual(["202", "400"]);
    });

    it("HTTP/1.0 is served, also without Host; HTTP/1.1 without Host is answered with 400", async () => {
      const old = lead("old").replace("HTTP/1.1", "HTTP/1.0").replace("Host: h\r\n", "");
      expect(statusOf(await rawExchange(app.url, old))).toBe(202);
      const said = await rawExchange(app.url, lead("no host").replace("Host: h\r\n", ""), { answers: 1 });
      expect(statusOf(said)).toBe(400);
      expect(problemOf(said)["code"]).toBe("request_malformed");
    });

    it("an absolute URL, as a proxy gets it, is served", async () => {
      const said = await rawExchange(app.url, lead("absolute").replace(path, `http://leads.example${path}`), {
        answers: 1,
      });
      expect(statusOf(said)).toBe(202);
    });

    it("Expect: 100-continue gets its interim answer, other expectations are ignored, the lead is stored", async () => {
      const said = await rawExchange(app.url, lead("expect", "{}", "Expect: 100-continue\r\n"), {
        answers: 2,
      });
      expect(said).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /);
      const other = await rawExchange(app.url, lead("expect-2", "{}", "Expect: the-unexpected\r\n"), {
        answers: 1,
      });
      expect(statusOf(other)).toBe(202);
    });

    it("paths that cannot be read are answered with 400, others with 404", async () => {
      for (const bad of ["/webhook/lead/%E0%A4", "/webhook/lead/%zz", "/webhook/lead/%ff"]) {
        const said = await rawExchange(app.url, lead("path").replace(path, bad), { answers: 1 });
        expect(statusOf(said), bad).toBe(400);
        expect(problemOf(said)["code"]).toMatch(/^(request_malformed|source_name_invalid)$/);
      }
      const long = await rawExchange(
        app.url,
        lead("path").replace(path, `/webhook/lead/${"n".repeat(5_000)}`),
        { answers: 1 },
      );
      expect(statusOf(long)).toBe(400);
      const nothing = await rawExchange(app.url, lead("path").replace(path, "/webhook/leads"), {
        answers: 1,
      });
      expect(statusOf(nothing)).toBe(404);
      expect(problemOf(nothing)["code"]).toBe("not_found");
    });

    it("what is no HTTP at all is answered with 400", async () => {
      for (const bytes of [
        "\x16\x03\x01\x02\x00\x01",
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      ]) {
        expect([0, 400]).toContain(statusOf(await rawExchange(app.url, bytes, { half: true })));
      }
    });
  });

  it("300 random requests: an answer below 500 or none, and the leads sent among them are all stored", async () => {
    const line = fc.oneof(
      fc.constant(`POST ${path} HTTP/1.1`),
      fc.constant("POST /webhook/lead HTTP/1.1"),
      fc
        .tuple(fc.constantFrom("POST", "GET", "PUT", "QUERY", "FOO"), fc.webPath())
        .map(([method, at]) => `${method} ${at || "/"} HTTP/1.1`),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    const header = fc.oneof(
      fc.constantFrom(
        "Host: h",
        "Content-Type: application/json",
        "Content-Type: multipart/form-data; boundary=b",
      ),
      fc.constantFrom(
        "Content-Type: application/x-www-form-urlencoded",
        "Transfer-Encoding: chunked",
        "X-Source: website",
      ),
      fc.string({ maxLength: 40 }).map((value) => `Idempotency-Key: ${value}`),
      fc.string({ unit: "binary", maxLength: 40 }).map((value) => `X-Source: ${value}`),
      fc.string({ maxLength: 30 }),
    );
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.constant("--b\r\n\r\n--b--"),
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.array(header, { maxLength: 6 }),
        body,
        fc.boolean(),
        async (first, headers, text, measured) => {
          const bytes = Buffer.from(text);
          const length = measured ? [`Content-Length: ${bytes.length}`] : [];
          const head = [first, ...headers, ...length].join("\r\n");
          const exchange = rawExchange(app.url, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]), {
            half: true,
          });
          const key = `among-${++number}`;
          const neighbour = postLead(app.url, { path, key, body: { key } });
          expect(statusOf(await exchange)).toBeLessThan(500);
          expect((await neighbour).status).toBe(202);
        },
      ),
      { numRuns: 300 },
    );
    await until("all neighbours to be stored", async () => {
      const found = await rows("SELECT 1 FROM runs WHERE idempotency_key LIKE 'among-%'");
      return found.length === number;
    });
  }, 120_000);
});
