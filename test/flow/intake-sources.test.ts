// Who may post, how much and how often: authentication, limits, pause, removal and open intake (docs/contract.md, Who
// may post).
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listSenderNotices } from "../../src/ledger/intake/sender-notices.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnOneServer } from "../support/database.ts";
import type { FreshDatabase, TestServer } from "../support/database.ts";
import { postLead, rawExchange, signedHeaders, statusOf } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const body = '{"name":"Ömer"}';
const secret = "korrekt-pferd-batterie-🔑";
const aDayMs = 86_400_000;

function withNode(server: TestServer, configuration: () => Parameters<typeof startTestApp>[1]) {
  const scene: { database?: FreshDatabase; app?: TestApp } = {};
  const app = (): TestApp => {
    if (scene.app === undefined) throw new Error("the node is not started");
    return scene.app;
  };
  beforeAll(async () => {
    scene.database = await ledgerDatabase(server);
    scene.app = await startTestApp(scene.database, configuration());
  });
  afterAll(async () => {
    await scene.app?.stop();
    await scene.database?.drop();
  });
  const rows = async (text: string, values: unknown[] = []) =>
    (await app().installation.database.query<Record<string, unknown>>(text, values)).rows;
  return { app, rows };
}

describeOnOneServer("Sources", (server) => {
  describe("that are configured", () => {
    const { app, rows } = withNode(server, () => ({
      sources: [
        testSource("signed", {
          auth: {
            kind: "hmac",
            secrets: [
              { value: secret, notAfter: null },
              { value: "old", notAfter: new Date(Date.now() + aDayMs) },
              { value: "expired", notAfter: new Date(Date.now() - 1_000) },
            ],
          },
        }),
        testSource("token", {
          auth: {
            kind: "token",
            secrets: [
              { value: "tök-1", notAfter: null },
              { value: "expired", notAfter: new Date(Date.now() - 1_000) },
            ],
          },
        }),
        testSource("small", { bodyLimitBytes: 1_000 }),
        testSource("locked", {
          bodyLimitBytes: 1_000,
          auth: { kind: "token", secrets: [{ value: "t", notAfter: null }] },
        }),
        testSource("slow", { rateLimit: { requests: 3, perMs: 60_000 } }),
        testSource("paused", { paused: "refuse" }),
      ],
      destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
    }));
    const send = (source: string, headers: Record<string, string>, key = `s-${Math.random()}`, text = body) =>
      postLead(app().url, { path: `/webhook/lead/${source}`, key, body: text, headers });
    const expectDenied = (answer: Answer, code: string) => {
      expect([answer.status, answer.json["code"]]).toEqual([401, code]);
      expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
      expect(answer.json).not.toHaveProperty("run_id");
    };

    it("a good signature lets in, with each secret that is valid", async () => {
      expect((await send("signed", signedHeaders(secret, body))).status).toBe(202);
      expect((await send("signed", signedHeaders("old", body))).status).toBe(202);
      const upper = signedHeaders(secret, body);
      upper["x-signature"] = `sha256=${upper["x-signature"]?.slice(7).toUpperCase()}`;
      expect((await send("signed", upper)).status).toBe(202);
    });

    it("the signature is over the raw bytes, also of an unreadable body", async () => {
      const broken = '{"a":';
      expect((await send("signed", signedHeaders(secret, broken), "raw-1", broken)).status).toBe(422);
    });

    it("each way in which a signature fails is told by its own code, and nothing is stored", async () => {
      const before = await rows(
        "SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM dlq) AS dlq",
      );
      const good = () => signedHeaders(secret, body);
      const without = (name: string) =>
        Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));
      expectDenied(await send("signed", {}), "credentials_missing");
      expectDenied(await send("signed", without("x-signature")), "credentials_missing");
      expectDenied(await send("signed", without("x-timestamp")), "timestamp_missing");
      expectDenied(await send("signed", { ...good(), "x-timestamp": "gestern" }), "timestamp_invalid");
      expectDenied(await send("signed", { ...good(), "x-timestamp": "-5" }), "timestamp_invalid");
      expectDenied(
        await send("signed", signedHeaders(secret, body, Date.now() - 310_000)),
        "timestamp_stale",
      );
      expectDenied(
        await send("signed", signedHeaders(secret, body, Date.now() + 310_000)),
        "timestamp_stale",
      );
      expectDenied(await send("signed", signedHeaders("wrong", body)), "credentials_wrong");
      expectDenied(await send("signed", signedHeaders("expired", body)), "credentials_wrong");
      expectDenied(await send("signed", signedHeaders(secret, `${body} `)), "credentials_wrong");
      expectDenied(await send("signed", { ...good(), "x-signature": "sha256=" }), "credentials_wrong");
      expectDenied(await send("signed", { ...good(), "x-signature": "sha1=abc" }), "credentials_wrong");
      const bodyOnly = createHmac("sha256", secret).update(body).digest("hex");
      expectDenied(
        await send("signed", { ...good(), "x-signature": `sha256=${bodyOnly}` }),
        "credentials_wrong",
      );
      expect(
        await rows("SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM dlq) AS dlq"),
      ).toEqual(before);
    });

    it("a timestamp may be off by less than five minutes in both directions", async () => {
      for (const offMs of [-290_000, 290_000]) {
        expect((await send("signed", signedHeaders(secret, body, Date.now() + offMs))).status).toBe(202);
      }
    });

    it("a token is taken from Authorization and from X-Api-Key, as the secret's UTF-8 bytes", async () => {
      const bytes = Buffer.from("tök-1").toString("latin1");
      expect((await send("token", { authorization: `Bearer ${bytes}` })).status).toBe(202);
      expect((await send("token", { authorization: `bearer ${bytes}` })).status).toBe(202);
      expect((await send("token", { "x-api-key": bytes })).status).toBe(202);
      expectDenied(await send("token", {}), "credentials_missing");
      expectDenied(await send("token", { authorization: "Basic dGVzdA==" }), "credentials_missing");
      expectDenied(await send("token", { authorization: "Bearer wrong" }), "credentials_wrong");
      expectDenied(await send("token", { "x-api-key": "expired" }), "credentials_wrong");
    });

    it("a source that is not configured is told so, also by the header and as the default", async () => {
      expectDenied(await send("nobody", {}), "source_unknown");
      expectDenied(
        await postLead(app().url, { key: "u", body: {}, headers: { "x-source": "nobody" } }),
        "source_unknown",
      );
      expectDenied(await postLead(app().url, { key: "u", body: {} }), "source_unknown");
    });

    it("a name that cannot be one is told so with 400", async () => {
      for (const path of ["/webhook/lead/a%00b", "/webhook/lead/%0A", `/webhook/lead/${"n".repeat(256)}`]) {
        const answer = await postLead(app().url, { path, key: "n", body: {} });
        expect([answer.status, answer.json["code"]]).toEqual([400, "source_name_invalid"]);
      }
    });

    it("a body over the source's limit is refused with 413 before it is read or authenticated, and nothing is kept", async () => {
      const large = JSON.stringify({ text: "x".repeat(1_000) });
      for (const source of ["small", "locked"]) {
        const answer = await send(source, {}, "large", large);
        expect([answer.status, answer.json["code"]]).toEqual([413, "body_too_large"]);
      }
      const announced =
        "POST /webhook/lead/small HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{";
      expect(statusOf(await rawExchange(app().url, announced, { answers: 1 }))).toBe(413);
      expect(await rows("SELECT 1 FROM runs WHERE idempotency_key = 'large'")).toEqual([]);
    });

    it("a sender of far too much still gets the answer, however it sends", async () => {
      const huge = Buffer.alloc(8_000_000, "x");
      for (let round = 0; round < 5; round++) {
        const answer = await postLead(app().url, { path: "/webhook/lead/small", key: "huge", body: huge });
        expect(answer.status).toBe(413);
      }
    });

    it("a body of unknown length is read up to the source's limit and no further", async () => {
      const chunk = (size: number) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;
      const head =
        "POST /webhook/lead/small HTTP/1.1\r\nHost: h\r\nIdempotency-Key: c\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
      // It never ends, so only a server that stops reading can answer.
      expect(statusOf(await rawExchange(app().url, head + chunk(900) + chunk(101), { answers: 1 }))).toBe(
        413,
      );
      const small = `${(12).toString(16)}\r\n{"name":"AB"\r\n1\r\n}\r\n0\r\n\r\n`;
      expect(statusOf(await rawExchange(app().url, head + small, { answers: 1 }))).toBe(202);
    });

    it("the limit counts to the byte", async () => {
      const exactly = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;
      expect((await send("small", {}, "at-limit", exactly(1_000))).status).toBe(202);
      expect((await send("small", {}, "over-limit", exactly(1_001))).status).toBe(413);
    });

    it("more requests than the rate allows are put off with 429 and Retry-After", async () => {
      const answers = [];
      for (let i = 0; i < 5; i++) answers.push(await send("slow", {}, `rate-${i}`));
      expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 429, 429]);
      const seconds = Number(answers[3]?.headers.get("retry-after"));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(21);
      expect(answers[3]?.json["code"]).toBe("rate_limited");
      expect(await rows("SELECT 1 FROM runs WHERE idempotency_key LIKE 'rate-%'")).toHaveLength(3);
    });

    it("a source that is paused with refuse puts its senders off with 503 and Retry-After", async () => {
      const answer = await send("paused", {});
      expect([answer.status, answer.json["code"]]).toEqual([503, "source_paused"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    });

    it("other media types are refused with 415, unknown codings too, with a word about what is taken", async () => {
      const text = "Please call me: +49 30 1234567";
      for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded", ";;;"]) {
        const answer = await send("small", { "content-type": type }, "text", text);
        expect([answer.status, answer.json["code"]], type).toEqual([415, "media_type_unsupported"]);
      }
      const zipped = await send("small", { "content-encoding": "zstd" });
      expect([zipped.status, zipped.json["code"]]).toEqual([415, "content_coding_unsupported"]);
      expect(zipped.headers.get("accept-encoding")).toBe("gzip, deflate, br, identity");
      expect(zipped.json["reason"]).toBe('Content-Encoding is "zstd".');
      for (const coding of ["identity", "UTF-8", "utf8", "Identity, utf-8", "none", "us-ascii", "8bit"])
        expect((await send("small", { "content-encoding": coding })).status, coding).toBe(202);
    });

    it("JSON is read as JSON whatever it is called, and answer and activity tell that the sender should be corrected", async () => {
      const lead = '{"email":"a+b@example.com","text":"1 + 1 & 2"}';
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await send("small", form, "called-a-form", lead);
      expect([answer.status, answer.json["status"], answer.json["warning"]]).toEqual([
        ...[202, "accepted"],
        {
          code: "content_type_wrong",
          detail: expect.stringMatching(
            /JSON, but Content-Type says "application\/x-www-form-urlencoded"/,
          ) as string,
        },
      ]);
      const [event] = await rows(
        "SELECT payload -> 'body' AS body FROM audit_events WHERE run_id = $1 AND event_type = 'lead_received'",
        [answer.json["run_id"]],
      );
      expect(event?.["body"]).toEqual(JSON.parse(lead));
      const again = await send("small", { ...form, "accept-language": "de" }, "called-a-form", lead);
      expect([again.status, again.json["status"]]).toEqual([200, "duplicate"]);
      expect(JSON.stringify(again.json["warning"])).toContain("berichtigen Sie den Absender");
      const broken = await send("small", form, "broken", '{"email":"a@example.com",}');
      expect([broken.status, broken.json["code"]]).toEqual([422, "json_malformed"]);
      expect(broken.json["warning"]).toMatchObject({ code: "content_type_wrong" });
      const untyped =
        "POST /webhook/lead/small HTTP/1.1\r\nHost: h\r\nIdempotency-Key: m\r\nContent-Length: 2\r\n\r\n{}";
      expect(statusOf(await rawExchange(app().url, untyped, { answers: 1 }))).toBe(202);
      const { database } = app().installation;
      await vi.waitFor(async () => {
        const [notice] = await listSenderNotices(database);
        expect(notice).toMatchObject({
          source: "small",
          code: "content_type_wrong",
          requests: 4,
          sent: null,
        });
      }, 30_000);
    });

    it("problems are told in German to whoever prefers it", async () => {
      const german = await send("nobody", { "accept-language": "de-AT,de;q=0.9,en;q=0.8" });
      const english = await send("nobody", { "accept-language": "en-GB,en;q=0.9,de;q=0.1" });
      expect(german.json["code"]).toBe(english.json["code"]);
      expect(german.json["title"]).not.toBe(english.json["title"]);
    });
  });

  it("denied requests are in the log as one summary per source and code, at the latest when the node stops", async () => {
    const database = await ledgerDatabase(server);
    const app = await startTestApp(database, {
      sources: [
        testSource("signed", { auth: { kind: "hmac", secrets: [{ value: secret, notAfter: null }] } }),
      ],
    });
    for (let i = 0; i < 7; i++) await postLead(app.url, { path: "/webhook/lead/signed", key: "k", body: {} });
    for (let i = 0; i < 3; i++) await postLead(app.url, { path: "/webhook/lead/nobody", key: "k", body: {} });
    await app.stop();
    const again = await startTestApp(database);
    const { rows } = await again.installation.database.query<{ source: string; code: string; count: number }>(
      `SELECT payload ->> 'source' AS source, payload ->> 'code' AS code, sum((payload ->> 'count')::int)::int AS count
       FROM audit_events WHERE event_type = 'request_denied' AND actor = 'webhook' GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { source: "nobody", code: "source_unknown", count: 3 },
      { source: "signed", code: "credentials_missing", count: 7 },
    ]);
    await again.stop();
    await database.drop();
  });

  it("a source that was removed from the configuration is unknown from then on; its runs stay", async () => {
    const database = await ledgerDatabase(server);
    const before = await startTestApp(database, { sources: [testSource("fair"), testSource("website")] });
    expect((await postLead(before.url, { path: "/webhook/lead/fair", key: "f-1", body: {} })).status).toBe(
      202,
    );
    await before.stop();
    const after = await startTestApp(database, { sources: [testSource("website")] });
    const answer = await postLead(after.url, { path: "/webhook/lead/fair", key: "f-1", body: {} });
    expect([answer.status, answer.json["code"]]).toEqual([401, "source_unknown"]);
    const { rows } = await after.installation.database.query("SELECT source FROM runs");
    expect(rows).toEqual([{ source: "fair" }]);
    await after.stop();
    await database.drop();
  });

  describe("under open intake", () => {
    const { app, rows } = withNode(server, () => ({
      openIntake: true,
      sources: [testSource("signed", { auth: { kind: "token", secrets: [{ value: "t", notAfter: null }] } })],
      destinations: [
        testDestination("crm", "http://127.0.0.1:9/", { paused: true }),
        testDestination("news", "http://127.0.0.1:9/", { paused: true }),
      ],
    }));

    it("anyone may post as any name, with the default key and to all destinations", async () => {
      const answer = await postLead(app().url, { path: "/webhook/lead/whoever", key: "o-1", body: {} });
      expect(answer.status).toBe(202);
      const found = await rows("SELECT destination FROM internal.deliveries WHERE run_id = $1 ORDER BY 1", [
        answer.json["run_id"],
      ]);
      expect(found.map((row) => row["destination"])).toEqual(["crm", "news"]);
      const unnamed = await postLead(app().url, { key: "o-2", body: {} });
      expect(unnamed.status).toBe(202);
      expect((await postLead(app().url, { path: "/webhook/lead/whoever", body: {} })).status).toBe(400);
      const large = JSON.stringify({ a: "x".repeat(256 * 1024) });
      expect((await postLead(app().url, { key: "o-3", body: large })).status).toBe(413);
    });

    it("a configured source keeps its own credentials", async () => {
      const answer = await postLead(app().url, { path: "/webhook/lead/signed", key: "o-4", body: {} });
      expect([answer.status, answer.json["code"]]).toEqual([401, "credentials_missing"]);
    });
  });
});
