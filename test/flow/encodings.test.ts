// However a body was encoded, packed or called, its lead arrives in readable letters, and what it was read from is kept
// (docs/contract.md, Encodings).
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { testAdminKey, apiClient } from "../support/api-client.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const hmac = { kind: "hmac", secrets: [{ value: "s", notAfter: null }] } as const;
const form = "application/x-www-form-urlencoded";
const bytes = (text: string, encoding: BufferEncoding = "utf8"): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, encoding));

describe("bodies in other encodings", () => {
  const scene: { database?: FreshDatabase; app?: TestApp } = {};
  const app = (): TestApp => {
    if (scene.app === undefined) throw new Error("the node is not started");
    return scene.app;
  };
  const rows = async (text: string, values: unknown[] = []) =>
    (await app().installation.database.query<Record<string, unknown>>(text, values)).rows;
  const payloadOf = async ({ json }: Answer, type = "lead_received") =>
    (
      await rows("SELECT payload FROM audit_events WHERE run_id = $1 AND event_type = $2", [
        json["run_id"],
        type,
      ])
    )[0]?.["payload"] as Record<string, unknown>;
  let keys = 0;
  const send = (
    body: Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
    source = "open",
  ): Promise<Answer> =>
    postLead(app().url, { path: `/webhook/lead/${source}`, key: `k${keys++}`, body, headers });

  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    scene.database = await ledgerDatabase(server);
    const sources = [testSource("open", { bodyLimitBytes: 10_000 }), testSource("signed", { auth: hmac })];
    scene.app = await startTestApp(scene.database, { sources }, { adminKey: testAdminKey });
  });
  afterAll(async () => {
    await scene.app?.stop();
    await scene.database?.drop();
  });

  it.each([
    ["application/json; charset=ISO-8859-1", '{"name":"J\xf6rg \x80","n":12345678901234567891}'],
    [form, "name=J%F6rg+%80&n=12345678901234567891"],
  ])("%s: its charset and the very bytes stand in its event", async (type, text) => {
    const body = bytes(text, "latin1");
    const answer = await send(body, { "content-type": type });
    expect(answer.status).toBe(202);
    expect(await payloadOf(answer)).toMatchObject({
      charset: "windows-1252",
      body: { name: "Jörg €" },
      body_base64: Buffer.from(body).toString("base64"),
    });
  });

  it("plain UTF-8 keeps nothing twice", async () => {
    const payload = await payloadOf(await send(bytes('{"name":"Jörg"}'), {}));
    expect(Object.keys(payload).sort()).toEqual(["at", "body", "sha256", "source"]);
  });

  it("the same lead in another charset is the same lead, and a repeat keeps no bytes", async () => {
    const post = (body: Uint8Array<ArrayBuffer>, charset: string) =>
      postLead(app().url, {
        path: "/webhook/lead/open",
        key: "one",
        body,
        headers: { "content-type": `application/json; charset=${charset}` },
      });
    const first = await post(bytes('{"name":"Jörg"}'), "utf-8");
    const again = await post(bytes('{"name":"J\xf6rg"}', "latin1"), "latin1");
    expect(again).toMatchObject({ status: 200, json: { run_id: first.json["run_id"] } });
    expect(await payloadOf(again, "duplicate_received")).not.toHaveProperty("body_base64");
  });

  it("gzip: the lead is what was packed, its digest that of what was sent", async () => {
    const body = new Uint8Array(gzipSync('{"name":"Jörg"}'));
    const answer = await send(body, { "content-encoding": "gzip" });
    const [row] = await rows("SELECT encode(sha256($1), 'hex') AS sha256", [Buffer.from(body)]);
    expect(await payloadOf(answer)).toMatchObject({
      content_coding: "gzip",
      body: { name: "Jörg" },
      sha256: row?.["sha256"],
    });
  });

  it("what was packed and cannot be read is kept unpacked, as a refused lead", async () => {
    const answer = await send(new Uint8Array(gzipSync('{"name":"J')), { "content-encoding": "gzip" });
    expect(answer).toMatchObject({ status: 422, json: { code: "json_malformed" } });
    const [entry] = await rows("SELECT payload FROM dlq WHERE dlq_id = $1", [answer.json["dlq_id"]]);
    expect(entry?.["payload"]).toMatchObject({
      content_coding: "gzip",
      body_base64: Buffer.from('{"name":"J').toString("base64"),
    });
  });

  it("a signature counts over what was sent, and over what a proxy has packed since; not over anything else", async () => {
    const packed = new Uint8Array(gzipSync('{"name":"Anna"}'));
    const seconds = String(Math.floor(Date.now() / 1_000));
    const signed = (over: Buffer, secret = "s") => ({
      "content-encoding": "gzip",
      "x-timestamp": seconds,
      "x-signature": `sha256=${createHmac("sha256", secret).update(`${seconds}.`).update(over).digest("hex")}`,
    });
    const overSent = signed(Buffer.from(packed));
    const overPlain = signed(Buffer.from('{"name":"Anna"}'));
    expect((await send(packed, overSent, "signed")).status).toBe(202);
    expect((await send(packed, overPlain, "signed")).status).toBe(202);
    for (const headers of [signed(Buffer.from("{}")), signed(Buffer.from(packed), "other")])
      expect((await send(packed, headers, "signed")).json["code"]).toBe("credentials_wrong");
  });

  it("what unpacks to too much is turned away, kept aside, and released as a lead", async () => {
    const packed = gzipSync(JSON.stringify({ email: "gross@example.com", text: "x".repeat(20_000) }));
    const answer = await send(new Uint8Array(packed), { "content-encoding": "gzip" });
    expect(answer).toMatchObject({ status: 413, json: { code: "body_too_large" } });
    expect(answer.json["reason"]).toMatch(/unpacked it may have at most 10000 bytes/);
    const kept = () =>
      rows("SELECT quarantine_id, email_hash FROM internal.quarantine WHERE source = 'open'");
    await until("it is kept", async () => (await kept()).length === 1);
    const [row] = await kept();
    expect(row?.["email_hash"]).not.toBeNull();
    const path = `/quarantine/${String(row?.["quarantine_id"])}/release`;
    const released = await apiClient(app().url).post(path, {});
    expect(released).toMatchObject({ status: 200, json: { result: "accepted" } });
  });
});
