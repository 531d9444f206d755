// GET /runs and /runs/:run_id: leads are found by whatever is known of them, page by page, and persons stay masked.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createApiKey } from "../../../src/ledger/accounts/api-keys.ts";
import { newApiKey, tokenHash } from "../../../src/accounts/token.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { always, startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Item {
  readonly run_id: string;
  readonly idempotency_key: string;
  readonly status: string;
}

describe("Leads over the API", () => {
  let database: FreshDatabase;
  let app: TestApp;
  let sink: Sink;
  let broken: Sink;
  let admin: ApiClient;
  let viewer: ApiClient;
  const leads: Record<string, string> = {};

  async function send(key: string, source: string, body: Record<string, unknown> | string): Promise<string> {
    const answer = await postLead(app.url, { path: `/webhook/lead/${source}`, key, body });
    leads[key] = String(answer.json["run_id"]);
    return leads[key];
  }
  const sql = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await app.installation.database.query(text, values)).rows as Row[];

  async function keysOf(query: string, client = admin): Promise<string[]> {
    const { status, json, text } = await client.get(`/runs?${query}`);
    expect(status, text).toBe(200);
    return (json["items"] as Item[]).map(({ idempotency_key }) => idempotency_key);
  }

  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    sink = await startSink();
    broken = await startSink(always({ kind: "answer", status: 400 }));
    app = await startTestApp(
      database,
      {
        sources: [
          testSource("website", { to: ["crm"] }),
          testSource("partner", { to: ["broken"], person: { email: "/who", phone: null } }),
          testSource("nowhere", { to: [] }),
        ],
        destinations: [testDestination("crm", sink.url), testDestination("broken", broken.url)],
      },
      { adminKey: testAdminKey },
    );
    admin = apiClient(app.url);
    const { key, prefix } = newApiKey();
    await createApiKey(app.installation.database, "cli:test", {
      name: "viewer",
      role: "viewer",
      prefix,
      keyHash: tokenHash(key),
      expiresAt: null,
      clients: null,
    });
    viewer = apiClient(app.url, key);

    await send("k1", "website", {
      name: "Anna Muster",
      email: "Anna@Example.com",
      telefon: "0151 12345678",
      budget: 5000,
      gclid_id: 1,
      grand: 1,
    });
    await send("k2", "partner", { who: "boss@example.org", wish: "ring boss@example.org or +49 30 1234567" });
    await send("k3", "nowhere", { name: "Bert" });
    await send("k4", "website", "this is not JSON at all");
    await send("carla@example.com", "website", { email: "carla@example.com" });
    await until("every lead to end", async () => {
      const rows = await sql<{ count: number }>("SELECT count(*) FROM runs WHERE status = 'accepted'");
      return rows[0]?.count === 0;
    });
    await sql("INSERT INTO runs (run_id, idempotency_key, source, test) VALUES ($1, 'k5', 'website', true)", [
      randomUUID(),
    ]);
  });
  afterAll(async () => {
    await app.stop();
    await Promise.all([sink.close(), broken.close()]);
    await database.drop();
  });

  it("come newest first, each with where it stands", async () => {
    const { json } = await admin.get("/runs");
    expect((json["items"] as Item[]).map(({ status }) => status)).toEqual([
      ...["accepted", "processed", "failed", "processed", "failed", "processed"],
    ]);
    expect(json["next_cursor"]).toBeNull();
  });

  it.each([
    ["status=failed", ["k4", "k2"]],
    ["status=accepted", ["k5"]],
    ["status=failed&status=accepted", ["k5", "k4", "k2"]],
    ["source=partner", ["k2"]],
    ["source=nobody", []],
    ["destination=broken", ["k2"]],
    ["outcome=no_destination", ["k3"]],
    ["error_code=body_unreadable", []],
    ["idempotency_key=k3", ["k3"]],
    ["test=true", ["k5"]],
    ["test=false&status=accepted", []],
    ["refused=true", ["k4"]],
    ["refused=false&status=failed", ["k2"]],
    ["needs_decision=true", ["k4", "k2"]],
    ["needs_decision=true&refused=false", ["k2"]],
    ["needs_decision=false&status=failed", []],
    ["retrying=true", []],
    ["given_up=true", []],
    ["given_up=false&status=failed", ["k4", "k2"]],
    ["email=anna%40EXAMPLE.com", ["k1"]],
    ["phone=%2B49%20151%2012345678", ["k1"]],
    ["received_from=2030-01-01T00:00:00Z", []],
    ["received_to=2030-01-01T00:00:00Z&source=partner", ["k2"]],
    ["error_message=BROKEN&source=partner", ["k2"]],
    ["error_message=%25&source=partner", []],
  ])("are found by %s", async (query, keys) => {
    expect(await keysOf(query)).toEqual(keys);
  });

  it("are found by their id, their error code and a text in the reason", async () => {
    const [failed] = await sql<{ error_code: string; error_message: string }>(
      "SELECT error_code, error_message FROM runs WHERE run_id = $1",
      [leads["k2"]],
    );
    const { error_code: code = "", error_message: reason = "" } = failed ?? {};
    expect(await keysOf(`run_id=${leads["k2"]}`)).toEqual(["k2"]);
    expect(await keysOf(`error_code=${code}`)).toEqual(["k2"]);
    expect(await keysOf(`error_message=${encodeURIComponent(reason.slice(3, 20).toUpperCase())}`)).toContain(
      "k2",
    );
    expect(await keysOf("error_message=%25")).not.toContain("k4");
  });

  it("are found by a person only for roles that may see persons", async () => {
    expect(await viewer.get("/runs?email=anna@example.com")).toMatchObject({
      status: 403,
      json: { code: "forbidden" },
    });
    expect(await viewer.get("/runs?phone=015112345678")).toMatchObject({ status: 403 });
    expect(await admin.get("/runs?email=nobody")).toMatchObject({
      status: 400,
      json: { code: "request_invalid" },
    });
  });

  it("say what is wrong with a filter or a cursor", async () => {
    expect(await admin.get("/runs?status=lost")).toMatchObject({ status: 400 });
    expect(await admin.get("/runs?colour=red")).toMatchObject({ status: 400 });
    for (const cursor of ["nonsense", Buffer.from('["x"]').toString("base64url")]) {
      expect(await admin.get(`/runs?cursor=${cursor}`)).toMatchObject({
        status: 400,
        json: { code: "cursor_invalid" },
      });
    }
  });

  it("hide an address that serves as a key", async () => {
    expect(await keysOf("email=carla@example.com")).toEqual(["c***@e***.com"]);
  });

  it("show one lead with body, story, deliveries and entries, its person masked", async () => {
    const { status, json, text } = await admin.get(`/runs/${leads["k1"]}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      run_id: leads["k1"],
      status: "processed",
      outcome: "delivered",
      deliveries: [{ attempt: 1, http_status: 200, remote_id: null, proven: true }],
      dlq: [],
      body: { name: "A*** M***", email: "A***@E***.com", telefon: "***78", budget: 5000 },
    });
    const timeline = json["timeline"] as { event_type: string }[];
    expect(timeline.map(({ event_type }) => event_type)).toEqual([
      ...["lead_received", "lead_delivered", "lead_processed"],
    ]);
    expect(text.toLowerCase()).not.toContain("anna");
  });

  it("mask what the source's pointers point to, in entries and events too", async () => {
    const { json, text } = await viewer.get(`/runs/${leads["k2"]}`);
    expect(json).toMatchObject({ body: { who: "b***@e***.org", wish: "ring b***@e***.org or ***67" } });
    expect(json["dlq"]).toMatchObject([
      { destination: "broken", payload: { body: { who: "b***@e***.org" } } },
    ]);
    expect(text).not.toContain("boss");
  });

  it("show the person in full to who may see it and asks, and record that", async () => {
    expect(await viewer.get(`/runs/${leads["k1"]}?reveal=true`)).toMatchObject({ status: 403 });
    const { json } = await admin.get(`/runs/${leads["k1"]}?reveal=true`);
    expect(json).toMatchObject({ body: { name: "Anna Muster", email: "Anna@Example.com" } });
    const shown = await sql(
      "SELECT actor, event_type, payload FROM audit_events WHERE event_type = 'person_data_shown'",
    );
    expect(shown).toEqual([
      { actor: "key:environment", event_type: "person_data_shown", payload: { run_id: leads["k1"] } },
    ]);
  });

  it("are found by the id of a request that repeated them", async () => {
    const arrival = randomUUID();
    await sql(
      `INSERT INTO audit_events (run_id, event_type, payload)
       VALUES ($1, 'duplicate_received', jsonb_build_object('arrival_id', $2::text))`,
      [leads["k3"], arrival],
    );
    expect(await admin.get(`/runs/${arrival}`)).toMatchObject({
      status: 200,
      json: { run_id: leads["k3"] },
    });
    expect(await admin.get(`/runs/${randomUUID()}`)).toMatchObject({
      status: 404,
      json: { code: "run_unknown" },
    });
  });

  it("are told apart once given up or tried again, and events name who did it", async () => {
    const { key, prefix } = newApiKey();
    await createApiKey(app.installation.database, "cli:test", {
      name: "night shift",
      role: "operator",
      prefix,
      keyHash: tokenHash(key),
      expiresAt: null,
      clients: null,
    });
    const operator = apiClient(app.url, key);
    const [entry] = await sql<{ dlq_id: number }>("SELECT dlq_id FROM dlq WHERE run_id = $1", [leads["k2"]]);
    const id = entry?.dlq_id ?? 0;
    expect(await operator.post(`/dlq/${id}/dead`, { reason: "wrong number" })).toMatchObject({ status: 200 });
    expect(await keysOf("given_up=true")).toEqual(["k2"]);
    expect(await keysOf("needs_decision=true")).toEqual(["k4"]);
    const later = { at: new Date(Date.now() + 3_600_000).toISOString() };
    expect(await operator.post(`/dlq/${id}/retry`, later)).toMatchObject({ status: 200 });
    expect(await keysOf("given_up=true")).toEqual([]);
    expect(await keysOf("retrying=true&needs_decision=false")).toEqual(["k2"]);
    const { json } = await viewer.get(`/runs/${leads["k2"]}`);
    const events = json["timeline"] as { event_type: string; actor_name: string | null }[];
    expect(events.find(({ event_type }) => event_type === "dlq_dead")?.actor_name).toBe("night shift");
    expect(events.find(({ event_type }) => event_type === "lead_received")?.actor_name).toBeNull();
  });

  it("write numbers as they were sent", async () => {
    const id = await send(
      "digits",
      "website",
      '{"gclid":12345678901234567890,"price":1.10,"n":0.1234567890123456789}',
    );
    const { text } = await admin.get(`/runs/${id}`);
    expect(text).toContain('"gclid":12345678901234567890');
    expect(text).toContain('"n":0.1234567890123456789');
    expect(text).toContain('"price":1.10');
    expect((await admin.get(`/runs/${id}?reveal=true`)).text).toContain('"gclid":12345678901234567890');
  });
});
