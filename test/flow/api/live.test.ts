// GET /events: live views hear what happens, miss nothing, learn nothing of persons, and hold nobody up.
import { connect } from "node:net";
import { describe, expect, inject, it } from "vitest";
import { clientsMax } from "../../../src/http/live/live-feed.ts";
import { createApiKey } from "../../../src/ledger/accounts/api-keys.ts";
import { newApiKey, tokenHash } from "../../../src/accounts/token.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { makeUser, signIn } from "../../support/accounts.ts";
import { openEventStream } from "../../support/event-stream.ts";
import type { EventStream } from "../../support/event-stream.ts";
import { open } from "../../support/ledger.ts";
import { always, startSink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

/** A look at the log each second, and a slow machine; sooner than the heartbeat, which ends them as well. */
const fewSecondsMs = 12_000;

describe("Live events", () => {
  const scene = useApiScene(async () => {
    const broken = await startSink(always({ kind: "answer", status: 400 }));
    return {
      sources: [testSource("website", { to: ["broken"] }), testSource("nowhere", { to: [] })],
      destinations: [testDestination("broken", broken.url)],
    };
  });
  const send = async (source: string, key: string): Promise<string> => {
    const body = { name: "Dora Muster", email: "dora@example.com" };
    const answer = await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body });
    return String(answer.json["run_id"]);
  };

  it("tell of a lead from its arrival to the DLQ, by ids, types and states alone", async () => {
    const stream = await openEventStream(scene.app.url);
    expect(stream).toMatchObject({ status: 200, contentType: "text/event-stream" });
    const runId = await send("website", "live-1");
    const of = (type: string) =>
      stream.find(type, ({ data }) => data["run_id"] === runId && data["event_type"] === type);
    expect(await of("lead_received")).toMatchObject({ event: "run", data: { status: "accepted" } });
    expect(await of("dlq_created")).toMatchObject({
      event: "dlq",
      data: { status: "open", destination: "broken", dlq_id: expect.any(Number) as number },
    });
    expect(await of("lead_failed")).toMatchObject({ event: "run", data: { status: "failed" } });
    expect(JSON.stringify(stream.events)).not.toMatch(/dora/i);
    stream.close();
  });

  it("tell the day's figures when they change", async () => {
    const stream = await openEventStream(scene.app.url);
    await send("nowhere", "live-kpi");
    const { data } = await stream.find("the figures", ({ event }) => event === "kpi");
    expect(data).toMatchObject({ received_count: expect.any(Number) as number });
    stream.close();
  });

  it("leave nothing out after a break: Last-Event-ID goes on where it was", async () => {
    const first = await openEventStream(scene.app.url);
    const before = await send("nowhere", "live-2");
    const { id } = await first.find("the lead", ({ data }) => data["run_id"] === before);
    first.close();
    const missed = await send("nowhere", "live-3");
    await until("it is processed", async () => {
      const rows = await scene.query("SELECT FROM runs WHERE run_id = $1 AND status = 'processed'", [missed]);
      return rows.length === 1;
    });
    const second = await openEventStream(scene.app.url, { lastEventId: id });
    await second.find(
      "what was missed",
      ({ data }) => data["run_id"] === missed && data["status"] === "processed",
    );
    second.close();
  });

  it("tell of an event that was committed after those that came later", async () => {
    const stream = await openEventStream(scene.app.url);
    const slow = open(scene.database.url, 1);
    const client = await slow.pool.connect();
    await client.query("BEGIN");
    const { rows } = await client.query<{ event_id: number }>(
      "INSERT INTO audit_events (event_type) VALUES ('configuration_changed') RETURNING event_id",
    );
    const late = rows[0]?.event_id;
    const after = await send("nowhere", "live-4");
    await stream.find("the later one", ({ data }) => data["run_id"] === after);
    await client.query("COMMIT");
    client.release();
    await slow.close();
    const told = await stream.find("the late one", ({ data }) => data["event_id"] === late);
    expect(told.event).toBe("configuration");
    // Before that, whoever broke off would have gone on before it.
    const position = stream.events.find(({ data }) => data["run_id"] === after)?.id;
    expect(Number(position)).toBeLessThan(Number(late));
    stream.close();
  });

  it("say that much happened instead of telling more than anybody can show", async () => {
    const stream = await openEventStream(scene.app.url);
    await scene.query(
      "INSERT INTO audit_events (event_type) SELECT 'configuration_changed' FROM generate_series(1, 1000)",
    );
    await stream.find("the summary", ({ event }) => event === "many");
    expect(stream.events.filter(({ event }) => event === "configuration").length).toBeLessThan(1000);
    stream.close();
  });

  it("keep health checks to themselves unless asked, and the audit log to those who may read it", async () => {
    const { key, prefix } = newApiKey();
    await createApiKey(scene.app.installation.database, "cli:test", {
      name: "viewer",
      role: "viewer",
      prefix,
      keyHash: tokenHash(key),
      expiresAt: null,
      clients: null,
    });
    const admin = await openEventStream(scene.app.url, { query: "?health_checks=true" });
    const viewer = await openEventStream(scene.app.url, { key });
    await fetch(`${scene.app.url}/health`);
    await scene.query("INSERT INTO audit_events (event_type) VALUES ('signed_in')");
    const last = await send("nowhere", "live-5");
    await admin.find("the health check", ({ event }) => event === "health");
    await admin.find("the sign-in", ({ event }) => event === "audit");
    await viewer.find("the lead", ({ data }) => data["run_id"] === last);
    expect(viewer.events.filter(({ event }) => event === "health" || event === "audit")).toEqual([]);
    admin.close();
    viewer.close();
  });

  it("are there for whoever is signed in, and end at once with the session or the key", async () => {
    const { database } = scene.app.installation;
    await makeUser(database, "lea", "viewer");
    const browser = await signIn(scene.app.url, "lea");
    const bySession = await openEventStream(scene.app.url, { cookie: browser.cookie });
    expect(bySession).toMatchObject({ status: 200, contentType: "text/event-stream" });
    const { key, prefix } = newApiKey();
    const made = await createApiKey(database, "cli:test", {
      name: "wall",
      role: "viewer",
      prefix,
      keyHash: tokenHash(key),
      expiresAt: null,
      clients: null,
    });
    const byKey = await openEventStream(scene.app.url, { key });
    const another = await openEventStream(scene.app.url);
    const before = await send("nowhere", "live-6");
    for (const stream of [bySession, byKey])
      await stream.find("the lead", ({ data }) => data["run_id"] === before);

    expect((await browser.delete("/session")).status).toBe(204);
    await until("the stream of the session ends", () => bySession.hasEnded, fewSecondsMs);
    expect(byKey.hasEnded).toBe(false);
    await scene.api.post(`/api-keys/${String(made?.key_id)}/revoke`);
    await until("the stream of the key ends", () => byKey.hasEnded, fewSecondsMs);
    const after = await send("nowhere", "live-7");
    await another.find("the lead", ({ data }) => data["run_id"] === after);
    for (const stream of [bySession, byKey])
      expect(stream.events.some(({ data }) => data["run_id"] === after)).toBe(false);
    expect((await openEventStream(scene.app.url, { cookie: browser.cookie })).status).toBe(401);
    another.close();
  });

  it("end when the role is a different one, so that nobody goes on hearing what is not for them", async () => {
    const user = await makeUser(scene.app.installation.database, "paul", "privacy");
    const { cookie } = await signIn(scene.app.url, "paul");
    const stream = await openEventStream(scene.app.url, { cookie });
    expect((await scene.api.patch(`/users/${user.user_id}`, { role: "viewer" })).status).toBe(200);
    await until("the stream ends", () => stream.hasEnded, fewSecondsMs);
  });

  it(
    "show by a comment that they live, and end then if the key has ended by itself",
    { tags: "thorough" },
    async () => {
      const { key, prefix } = newApiKey();
      await createApiKey(scene.app.installation.database, "cli:test", {
        name: "short",
        role: "viewer",
        prefix,
        keyHash: tokenHash(key),
        expiresAt: null,
        clients: null,
      });
      const lasting = await openEventStream(scene.app.url);
      const ending = await openEventStream(scene.app.url, { key });
      await scene.query("UPDATE internal.api_keys SET expires_at = clock_timestamp() WHERE name = 'short'");
      await until("the heartbeat", () => lasting.comments.includes("still there"));
      await until("the other stream ends", () => ending.hasEnded, fewSecondsMs);
      expect(lasting.hasEnded).toBe(false);
      lasting.close();
    },
  );

  it("are limited in number; whoever comes later is told when to come again", async () => {
    const streams: EventStream[] = [];
    for (let opened = 0; opened < clientsMax; opened += 20)
      streams.push(...(await Promise.all(Array.from({ length: 20 }, () => openEventStream(scene.app.url)))));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    const refused = await scene.api.get("/events");
    expect(refused).toMatchObject({ status: 503, json: { code: "too_many_streams" } });
    expect(refused.headers.get("retry-after")).toBe("5");
    streams.pop()?.close();
    await until("there is room again", async () => {
      const stream = await openEventStream(scene.app.url);
      streams.push(stream);
      return stream.status === 200;
    });
    for (const stream of streams) stream.close();
  });

  it("need credentials", async () => {
    expect((await fetch(`${scene.app.url}/api/v1/events`)).status).toBe(401);
    const head = await fetch(`${scene.app.url}/api/v1/events`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${testAdminKey}` },
    });
    expect(head.status).toBe(200);
  });

  it("end when the node stops, which does not wait for them", async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    const database = await ledgerDatabase(server);
    const app = await startTestApp(database, {}, { adminKey: testAdminKey });
    const stream = await openEventStream(app.url);
    // A reader that reads nothing does not hold it up either.
    const deaf = connect(Number(new URL(app.url).port), "127.0.0.1");
    deaf.pause();
    deaf.on("error", () => undefined);
    deaf.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${testAdminKey}\r\n\r\n`);
    const began = performance.now();
    await app.stop();
    expect(performance.now() - began).toBeLessThan(20_000);
    await until("the stream has ended", () => stream.hasEnded);
    deaf.destroy();
    await database.drop();
  });
});
