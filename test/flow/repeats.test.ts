// A source whose header is preferred: what comes without one is recognised by its content, and no lead is lost by that.
import { afterAll, beforeAll, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { apiClient, testAdminKey } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

interface Detail {
  readonly repeats: { event_id: number; received_at: string; delivered_as: string | null }[];
  readonly body: Record<string, unknown>;
  readonly idempotency_key: string;
}

describeOnEachServer("A source whose header is preferred", (server) => {
  let database: FreshDatabase;
  let sink: Sink;
  let app: TestApp;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    sink = await startSink();
    app = await startTestApp(
      database,
      {
        sources: [testSource("form", { key: { kind: "header_preferred", windowMs: 600_000 } })],
        destinations: [testDestination("crm", sink.url)],
      },
      { adminKey: testAdminKey },
    );
  });
  afterAll(async () => {
    await app.stop();
    await sink.close();
    await database.drop();
  });
  const send = (body: object | string, key?: string) =>
    postLead(app.url, {
      path: "/webhook/lead/form",
      body: typeof body === "string" ? body : { ...body },
      ...(key === undefined ? {} : { key }),
    });
  const detail = async (runId: unknown): Promise<Detail> =>
    (await apiClient(app.url).get(`/runs/${String(runId)}`)).json as unknown as Detail;

  it("takes the same content about the same person once, shows the repeat, and delivers it anyway, once", async () => {
    const lead = { email: "anna@example.com", text: "Please call", timestamp: 1 };
    const first = await send(lead);
    const second = await send({
      timestamp: 2,
      text: "Please call",
      email: "anna@example.com",
      utm_source: "x",
    });
    expect([first.status, second.status]).toEqual([202, 200]);
    expect(second.json).toMatchObject({ status: "duplicate", run_id: first.json["run_id"] });
    const { repeats, idempotency_key: key } = await detail(first.json["run_id"]);
    expect(key).toMatch(/^hmac:[0-9a-f]{64}:/);
    expect(repeats).toMatchObject([{ delivered_as: null }]);

    const path = `/runs/${String(first.json["run_id"])}/repeats/${repeats[0]?.event_id}/deliver`;
    const delivered = await apiClient(app.url).post(path, { reason: "ordered twice" });
    const again = await apiClient(app.url).post(path, { reason: "ordered twice" });
    expect([delivered.status, again.status]).toEqual([202, 202]);
    expect(again.json).toEqual(delivered.json);
    const runId = String(delivered.json["run_id"]);
    expect(runId).not.toBe(first.json["run_id"]);
    expect((await detail(first.json["run_id"])).repeats).toMatchObject([{ delivered_as: runId }]);
    expect((await detail(runId)).body).toMatchObject({ timestamp: 2, utm_source: "x" });
    await until("the delivery", () => sink.requests.some(({ id }) => id === `${runId}:crm`));
    expect(sink.requests.filter(({ id }) => id === `${runId}:crm`)).toHaveLength(1);
    const unknown = await apiClient(app.url).post(`/runs/${runId}/repeats/1/deliver`, { reason: "x" });
    expect([unknown.status, unknown.json["code"]]).toEqual([404, "repeat_unknown"]);
  });

  it("takes content without a person, another content, and what comes under a header, each as a lead", async () => {
    const leads = [
      await send({ text: "no person" }),
      await send({ text: "no person" }),
      await send({ email: "b@example.com", text: "1" }),
      await send({ email: "b@example.com", text: "2" }),
      await send({ email: "b@example.com", text: "1" }, "k1"),
      await send({ email: "b@example.com", text: "1" }, "k2"),
    ];
    expect(leads.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 202]);
    expect((await send({ email: "b@example.com", text: "1" }, "k1")).status).toBe(200);
  });

  it("keeps the same broken bytes once", async () => {
    const [one, two] = [await send('{"email":"c@example.com",'), await send('{"email":"c@example.com",')];
    expect([one.status, two.status]).toEqual([422, 422]);
    expect(two.json["dlq_id"]).toBe(one.json["dlq_id"]);
  });

  it("is what a new source gets where nothing is said of its key", async () => {
    const api = apiClient(app.url);
    const made = await api.post("/sources", { name: "new", auth: { kind: "none" }, to: null });
    const strict = await api.post("/sources", {
      name: "strict",
      auth: { kind: "none" },
      key: null,
      to: null,
    });
    expect([made.json["key"], strict.json["key"]]).toEqual([{ header: "preferred", body_hash: "10m" }, null]);
    const changed = await api.patch("/sources/strict", { key: { header: "preferred" } });
    expect(changed.json["key"]).toEqual({ header: "preferred", body_hash: "10m" });
    const mixed = await api.patch("/sources/strict", { key: { header: "required", body_hash: "1m" } });
    expect([mixed.status, JSON.stringify(mixed.json["problems"])]).toEqual([
      422,
      expect.stringContaining("key_rule_choice"),
    ]);
  });
});
