// What is turned away and may hold a lead is kept aside: bounded, encrypted, found by its person, and told
// (docs/contract.md, Quarantine).
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRateLimiter } from "../../src/domain/sources/rate-limiter.ts";
import { quarantinedBytesMax, quarantinedPerSourceMax } from "../../src/domain/attention/quarantine.ts";
import { createPersonIndex } from "../../src/intake/person-index.ts";
import { openContent } from "../../src/intake/quarantine-content.ts";
import { createQuarantine } from "../../src/intake/quarantine.ts";
import type { TurnedAway } from "../../src/intake/quarantine.ts";
import { dropExpired } from "../../src/ledger/attention/quarantine.ts";
import { trySignIn } from "../support/accounts.ts";
import { apiClient, testAdminKey } from "../support/api-client.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { postLead, rawExchange, signedHeaders } from "../support/webhook-client.ts";
import { until } from "../support/until.ts";

const token = { kind: "token", secrets: [{ value: "t", notAfter: null }] } as const;
const hmac = { kind: "hmac", secrets: [{ value: "s", notAfter: null }] } as const;
const linkedin = { kind: "linkedin-lead-sync", secrets: [{ value: "s", notAfter: null }] } as const;
const ads = {
  kind: "google-ads-lead-form",
  secrets: [{ value: "planted-key", notAfter: null }],
} as const;
const credentials = { authorization: "Bearer t" };
const lead = '{"name":"Erika","email":"erika@example.com","phone":"+49 30 23125042"}';

describeOnEachServer("the quarantine", (server) => {
  const scene: { database?: FreshDatabase; app?: TestApp } = {};
  const app = (): TestApp => {
    if (scene.app === undefined) throw new Error("the node is not started");
    return scene.app;
  };
  const rows = async (text: string, values: unknown[] = []) =>
    (await app().installation.database.query<Record<string, unknown>>(text, values)).rows;
  const keptOf = async (source: string) =>
    rows(
      `SELECT error_code, authenticated, is_whole, size_bytes, email_hash, phone_hash, content, quarantine_id,
         received_at FROM internal.quarantine WHERE source = $1 ORDER BY received_at`,
      [source],
    );
  const opened = (source: string, row: Record<string, unknown>) =>
    openContent(
      app().installation.contentBox,
      {
        source,
        quarantineId: String(row["quarantine_id"]),
        receivedAtMs: (row["received_at"] as Date).getTime(),
      },
      row["content"] as Buffer,
    );

  beforeAll(async () => {
    scene.database = await ledgerDatabase(server);
    scene.app = await startTestApp(
      scene.database,
      {
        sources: [
          testSource("token", { auth: token, bodyLimitBytes: 1_000 }),
          testSource("signed", { auth: hmac, bodyLimitBytes: 1_000 }),
          testSource("keeping", { auth: token, onBadCredentials: "quarantine" }),
          testSource("timed", { auth: hmac, bodyLimitBytes: 1_000, onBadCredentials: "quarantine" }),
          testSource("large", { auth: token, bodyLimitBytes: 100_000 }),
          testSource("chunks", { bodyLimitBytes: 1_000 }),
          testSource("packed"),
          testSource("packed-ads", { auth: ads, onBadCredentials: "quarantine" }),
          testSource("ads", { auth: ads, bodyLimitBytes: 1_000, onBadCredentials: "quarantine" }),
        ],
      },
      { adminKey: testAdminKey },
    );
  });
  afterAll(async () => {
    await scene.app?.stop();
    await scene.database?.drop();
  });

  it("keeps what had valid credentials and no usable key, type or size, as it was sent", async () => {
    const large = JSON.stringify({ name: "x".repeat(2_000), email: "gross@example.com" });
    const sent: readonly (readonly [string, Record<string, string>, string])[] = [
      ["idempotency_key_missing", {}, lead],
      ["idempotency_key_invalid", { "idempotency-key": "a", "x-idempotency-key": "b" }, lead],
      [
        "media_type_unsupported",
        { "content-type": "application/xml", "idempotency-key": "c" },
        "<email>xml@example.com</email>",
      ],
      ["content_coding_unsupported", { "content-encoding": "zstd", "idempotency-key": "d" }, "(\u{b5}/"],
      ["body_too_large", { "idempotency-key": "e" }, large],
    ];
    for (const [code, headers, body] of sent) {
      const answer = await postLead(app().url, {
        path: "/webhook/lead/token",
        body,
        headers: { ...credentials, ...headers },
      });
      expect([answer.json["code"], answer.json["quarantine_id"]]).toEqual([code, undefined]);
    }
    await until("all of it is kept", async () => (await keptOf("token")).length === sent.length);
    const kept = await keptOf("token");
    for (const [code, headers, body] of sent) {
      const row = kept.find(({ error_code }) => error_code === code) ?? {};
      expect(row).toMatchObject({ authenticated: true, is_whole: true, size_bytes: Buffer.byteLength(body) });
      const content = opened("token", row);
      expect(content.body.toString()).toBe(body);
      expect(content.headers).toEqual({ "content-type": "application/json", ...headers });
      expect((row["content"] as Buffer).includes(body)).toBe(false);
      expect(() => opened("signed", row)).toThrow("cannot be read");
    }
    expect(kept.filter(({ email_hash }) => email_hash !== null)).toHaveLength(4);
    expect(await rows("SELECT 1 FROM runs UNION ALL SELECT 1 FROM dlq")).toEqual([]);
    expect(await rows("SELECT source, kept FROM internal.quarantine_daily WHERE source = 'token'")).toEqual([
      { source: "token", kept: sent.length },
    ]);
  });

  it("keeps no secret that stands in a body, however it came and whyever it is kept", async () => {
    const body = (key: string, text = ""): string =>
      JSON.stringify({ lead_id: "1", google_key: key, user_column_data: [], text });
    const twoKeys = { "idempotency-key": "a", "x-idempotency-key": "b" };
    const packed = { ...twoKeys, "content-encoding": "gzip", "content-type": "application/json" };
    for (const [code, headers, sent] of [
      ["credentials_wrong", {}, body("planted-key-of-another")],
      ["body_too_large", {}, body("planted-key", "x".repeat(2_000))],
      ["idempotency_key_invalid", packed, gzipSync(body("planted-key"))],
    ] as const) {
      await fetch(`${app().url}/webhook/lead/ads`, { method: "POST", headers, body: sent });
      const [row] = await until("it is kept", async () => {
        const kept = (await keptOf("ads")).filter(({ error_code: each }) => each === code);
        return kept.length > 0 && kept;
      });
      const content = opened("ads", row ?? {});
      expect(content.body.toString()).toContain('"user_column_data"');
      expect(content.body.toString()).not.toContain("planted-key");
    }
  });

  it("keeps what cannot be unpacked, and shows nobody the key that may be in it; of other kinds it is shown", async () => {
    const cut = gzipSync(JSON.stringify({ google_key: "planted-key", lead_id: "9" })).subarray(0, 40);
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    // Of a kind whose key stands in the body, and of one whose key does not.
    for (const [source, isWithheld] of [
      ["packed-ads", true],
      ["packed", false],
    ] as const) {
      await fetch(`${app().url}/webhook/lead/${source}`, { method: "POST", headers, body: cut });
      const [row] = await until("it is kept", async () => {
        const kept = await keptOf(source);
        return kept.length > 0 && kept;
      });
      expect(opened(source, row ?? {}).body.equals(cut)).toBe(true);
      const { json } = await apiClient(app().url).get(
        `/quarantine/${String(row?.["quarantine_id"])}?reveal=true`,
      );
      expect(json).toMatchObject({
        body: null,
        body_base64: isWithheld ? null : cut.toString("base64"),
        body_withheld: isWithheld,
      });
    }
  });

  it("keeps nothing of bad credentials, unless the source says so: then the 401 names it", async () => {
    const bad = { headers: { authorization: "Bearer wrong" }, key: "k", body: lead };
    const rejected = await postLead(app().url, { path: "/webhook/lead/token", ...bad });
    expect([rejected.status, rejected.json["quarantine_id"]]).toEqual([401, undefined]);
    const kept = await postLead(app().url, { path: "/webhook/lead/keeping", ...bad });
    expect([kept.status, kept.json["code"]]).toEqual([401, "credentials_wrong"]);
    expect(kept.json["quarantine_id"]).toMatch(/^[0-9a-f-]{36}$/);
    await until("it is kept", async () => (await keptOf("keeping")).length === 1);
    const [row] = await keptOf("keeping");
    expect(row).toMatchObject({ authenticated: false, quarantine_id: kept.json["quarantine_id"] });
  });

  it("keeps nothing that may have been recorded, and what a clock that is ahead has signed", async () => {
    const send = async (secret: string, ageMs: number, body = lead): Promise<unknown> => {
      const headers = { ...signedHeaders(secret, body, Date.now() - ageMs), "idempotency-key": "r" };
      const { json } = await postLead(app().url, { path: "/webhook/lead/timed", body, headers });
      return [json["code"], typeof json["quarantine_id"]];
    };
    expect(await send("s", 3_600_000)).toEqual(["timestamp_stale", "undefined"]);
    expect(await send("wrong", 3_600_000)).toEqual(["timestamp_stale", "undefined"]);
    await send("s", 3_600_000, JSON.stringify({ name: "x".repeat(2_000) }));
    expect(await send("s", -3_600_000)).toEqual(["timestamp_stale", "string"]);
    expect(await send("expired", 0)).toEqual(["credentials_wrong", "string"]);
    // The same request again, with good credentials, is the lead that it was.
    expect([await send("s", 0), await send("s", 0)]).toEqual([
      [undefined, "undefined"],
      [undefined, "undefined"],
    ]);
    await until("they are written", async () => (await keptOf("timed")).length === 2);
  });

  it("keeps the beginning of what is far too large, and of what is signed only what can be proven", async () => {
    const body = JSON.stringify({ email: "lang@example.com", picture: "p".repeat(3 * quarantinedBytesMax) });
    const answer = await postLead(app().url, {
      path: "/webhook/lead/large",
      key: "k",
      body,
      headers: credentials,
    });
    expect(answer.status).toBe(413);
    const chunked = `POST /webhook/lead/chunks HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n`;
    await rawExchange(app().url, `${chunked}800\r\n${"x".repeat(2_048)}\r\n0\r\n\r\n`, { answers: 1 });
    const short = JSON.stringify({ email: "kurz@example.com", text: "t".repeat(2_000) });
    for (const each of [short, body]) {
      const headers = signedHeaders("s", each);
      const refused = await postLead(app().url, {
        path: "/webhook/lead/signed",
        key: "k",
        body: each,
        headers,
      });
      expect(refused.status).toBe(413);
    }
    await until("they are kept", async () => {
      const kept = [await keptOf("large"), await keptOf("chunks"), await keptOf("signed")];
      return kept.every(({ length }) => length === 1);
    });
    const [large] = await keptOf("large");
    expect(large).toMatchObject({ is_whole: false, size_bytes: body.length });
    expect(large?.["email_hash"]).not.toBeNull();
    expect(opened("large", large ?? {}).body.toString()).toBe(body.slice(0, quarantinedBytesMax));
    const [signed] = await keptOf("signed");
    expect(opened("signed", signed ?? {}).body.toString()).toBe(short);
    const [chunks] = await keptOf("chunks");
    expect(chunks).toMatchObject({ is_whole: true, size_bytes: 2_048 });
  });

  describe("of a node that stops before it is written", () => {
    const turnAway = async (node: TestApp, source: string) => {
      const answer = await postLead(node.url, {
        path: `/webhook/lead/${source}`,
        headers: credentials,
        body: lead,
      });
      expect(answer.json["code"]).toBe("idempotency_key_missing");
    };
    const startBehind = async () => {
      const database = await ledgerDatabase(server);
      const url = new URL(database.url);
      const line = await startTcpProxy(Number(url.port));
      url.host = `127.0.0.1:${line.port}`;
      const sources = [
        testSource("web", { auth: token }),
        testSource("shop", { auth: token }),
        testSource("linkedin", { auth: linkedin }),
      ];
      // Refused sign-ins are written when it stops, and not before.
      const intervals = { refusedSignInsMs: 600_000 };
      const node = await startTestApp({ url: url.href }, { sources }, { intervals });
      return { database, line, node };
    };
    const lose = async (node: TestApp) => {
      await postLead(node.url, { path: "/webhook/lead/web", headers: credentials, key: "k", body: lead });
      await until("the database is missed", () => node.log.some(({ event }) => event === "database_lost"));
    };
    const lost = (node: TestApp) =>
      node.log
        .filter(({ event }) => event === "quarantine_lost" || event === "counts_lost")
        .map(({ level, fields }) => ({ level, ...fields }));

    it("is not called taken: who wants somebody erased has to say so again", async () => {
      const { database, line, node } = await startBehind();
      const body =
        '{"type":"LEAD_ACTION","leadAction":"DELETED","leadGenFormResponse":"urn:li:leadGenFormResponse:1"}';
      const erase = () =>
        postLead(node.url, {
          path: "/webhook/lead/linkedin",
          headers: { "x-li-signature": createHmac("sha256", "s").update(`hmacsha256=${body}`).digest("hex") },
          body,
        });
      await line.set("refuse");
      await lose(node);
      expect(await erase()).toMatchObject({ status: 503, json: { code: "ledger_unavailable" } });
      await line.set("pass");
      await until("the database is back", async () => (await erase()).status === 200);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const { rows: kept } = await client.query("SELECT error_code FROM internal.quarantine");
      await client.end();
      expect(kept).toEqual([{ error_code: "erasure_requested" }]);
      await node.stop();
      await line.close();
      await database.drop();
    });

    it("is written at the end, if the database is back by then", async () => {
      const { database, line, node } = await startBehind();
      await line.set("refuse");
      await lose(node);
      await turnAway(node, "web");
      await line.set("pass");
      await node.stop();
      expect(lost(node)).toEqual([]);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const { rows: kept } = await client.query("SELECT source FROM internal.quarantine");
      await client.end();
      expect(kept).toEqual([{ source: "web" }]);
      await line.close();
      await database.drop();
    });

    it("is told by source, if the database stays away, and so is what was only counted", async () => {
      const { database, line, node } = await startBehind();
      expect((await trySignIn(node.url, "nobody", "wrong password")).status).toBe(401);
      await line.set("refuse");
      await lose(node);
      for (const source of ["web", "shop", "web"]) await turnAway(node, source);
      for (const key of ["k1", "k2"]) {
        const headers = { ...credentials, "content-type": "text/plain" };
        await postLead(node.url, { path: "/webhook/lead/web", headers, key, body: lead });
      }
      await node.stop();
      expect(lost(node)).toEqual([
        { level: "warn", count: 3, sources: "web: 2, shop: 1" },
        { level: "warn", refused_sign_ins: 1, sender_notices: 2 },
      ]);
      expect(JSON.stringify(node.log)).not.toContain("erika");
      await line.close();
      await database.drop();
    });
  });

  describe("is bounded", () => {
    const turnedAway = (index: number, authenticated = true): TurnedAway => ({
      source: "many",
      receivedAtMs: 1_700_000_000_000 + index,
      errorCode: "idempotency_key_missing",
      authenticated,
      headers: {},
      body: Buffer.from(lead),
      isWhole: true,
      sizeBytes: lead.length,
    });
    const quarantineOf = (isThere: () => boolean, nowMs = 0) => {
      const log: [string, unknown][] = [];
      const quarantine = createQuarantine({
        database: app().installation.database,
        box: app().installation.contentBox,
        isThere,
        persons: createPersonIndex(Buffer.alloc(32)),
        rateLimiter: createRateLimiter(() => nowMs),
        isConfigured: (name) => name === "many",
        log: (_level, event, fields) => void log.push([event, fields?.["count"]]),
      });
      return { quarantine, log };
    };

    it("in number: the oldest give way, those without credentials before all others, and it is counted", async () => {
      const { quarantine } = quarantineOf(() => true);
      quarantine.keep(turnedAway(9_999, false));
      for (let index = 0; index < quarantinedPerSourceMax + 5; index += 1) quarantine.keep(turnedAway(index));
      await quarantine.flush();
      const [kept] = await rows(
        `SELECT count(*)::int AS requests, min(received_at) AS oldest, bool_and(authenticated) AS authenticated
         FROM internal.quarantine WHERE source = 'many'`,
      );
      expect(kept).toEqual({
        requests: quarantinedPerSourceMax,
        authenticated: true,
        oldest: new Date(1_700_000_000_005),
      });
      expect(
        await rows("SELECT kept, displaced FROM internal.quarantine_daily WHERE source = 'many'"),
      ).toEqual([{ kept: quarantinedPerSourceMax + 6, displaced: 6 }]);
      const [told] = await rows(
        `SELECT sum((payload ->> 'count')::int)::int AS count FROM audit_events
         WHERE event_type = 'quarantine_dropped' AND payload ->> 'why' = 'displaced'`,
      );
      expect(told).toEqual({ count: 6 });
    });

    it("in time: after seven days it is dropped, and counted", async () => {
      await dropExpired(app().installation.database, () => Promise.resolve());
      expect(await keptOf("many")).toEqual([]);
      expect(await rows("SELECT expired FROM internal.quarantine_daily WHERE source = 'many'")).toEqual([
        { expired: quarantinedPerSourceMax },
      ]);
    });

    it("in memory: what has no room while the database is away is counted, in the log too", async () => {
      let isThere = false;
      const { quarantine, log } = quarantineOf(() => isThere);
      const ids = Array.from({ length: 2_003 }, (_, index) => quarantine.keep(turnedAway(index)));
      expect(ids.filter((id) => id === null)).toHaveLength(3);
      await quarantine.flush();
      await quarantine.flush();
      expect(log).toEqual([["quarantine_full", 3]]);
      isThere = true;
      await quarantine.flush();
      const [counted] = await rows("SELECT not_kept FROM internal.quarantine_daily WHERE source = 'many'");
      expect(counted).toEqual({ not_kept: 3 });
    });
  });
});
