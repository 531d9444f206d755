// The answers of POST /webhook/lead to good leads, to the letter of the contract (docs/contract.md, Posting a lead),
// and what they leave.
import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { postLead } from "../support/webhook-client.ts";

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeOnEachServer("Taking leads", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {
      sources: [
        testSource("website"),
        testSource("unknown"),
        testSource("ads", { key: { kind: "pointer", pointer: "/lead/id" } }),
        testSource("Bäcker 🥨/Nord"),
        testSource("nobody", { to: [] }),
      ],
      destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
    });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const rows = async (text: string, values: unknown[] = []) =>
    (await app.installation.database.query<Record<string, unknown>>(text, values)).rows;
  const storyOf = async (runId: unknown) =>
    rows("SELECT event_type, actor, payload FROM audit_events WHERE run_id = $1 ORDER BY event_time", [
      runId,
    ]);
  const bodyOf = async (runId: unknown) => (await storyOf(runId))[0]?.["payload"] as Record<string, unknown>;

  it("a new lead is answered with 202, its status and its run_id, and nothing else", async () => {
    const answer = await postLead(app.url, {
      path: "/webhook/lead/website",
      key: "c-1",
      body: { name: "Anna" },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(Object.keys(answer.json)).toEqual(["status", "run_id"]);
    expect(answer.json["status"]).toBe("accepted");
    expect(answer.json["run_id"]).toMatch(uuidV7);
    const [run] = await rows("SELECT * FROM runs WHERE run_id = $1", [answer.json["run_id"]]);
    expect(run).toMatchObject({ source: "website", idempotency_key: "c-1", status: "accepted", test: false });
  });

  it("its lead_received event holds time, source, body and the hash of the raw body, by the webhook", async () => {
    const text = '{ "name": "Ämil",\n "id": 12345678901234567890 }';
    const answer = await postLead(app.url, { path: "/webhook/lead/website", key: "c-2", body: text });
    const [event, ...more] = await storyOf(answer.json["run_id"]);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ event_type: "lead_received", actor: "webhook" });
    const payload = event?.["payload"] as Record<string, unknown>;
    expect(Object.keys(payload).toSorted()).toEqual(["at", "body", "sha256", "source"]);
    expect(payload["source"]).toBe("website");
    expect(payload["sha256"]).toBe(createHash("sha256").update(text).digest("hex"));
    expect(Math.abs(Date.parse(String(payload["at"])) - Date.now())).toBeLessThan(60_000);
  });

  it("the same lead again is a duplicate, in each state of the run", async () => {
    const body = { name: "Berta" };
    const first = await postLead(app.url, { path: "/webhook/lead/website", key: "c-3", body });
    const runId = first.json["run_id"];
    const again = () =>
      postLead(app.url, { path: "/webhook/lead/website", key: "c-3", body: '{"name" : "Berta"}' });
    const duplicate = (state: string) => ({ status: "duplicate", run_id: runId, existing_status: state });
    const accepted = await again();
    expect(accepted.status).toBe(200);
    expect(accepted.json).toEqual(duplicate("accepted"));
    await rows(
      "INSERT INTO dlq (run_id, kind, destination, reason, error_code) VALUES ($1, 'delivery', 'crm', 'down', 'connect')",
      [runId],
    );
    expect((await again()).json).toEqual(duplicate("failed"));
    await rows("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [runId]);
    expect((await again()).json).toEqual(duplicate("processed"));
    const types = (await storyOf(runId)).map((event) => event["event_type"]);
    expect(types.filter((type) => type === "duplicate_received")).toHaveLength(3);
    expect(types.filter((type) => type === "lead_received")).toHaveLength(1);
  });

  it("without X-Source the source is `unknown`, with it the one named, in UTF-8 too", async () => {
    const plain = await postLead(app.url, { key: "c-4", body: {} });
    const name = Buffer.from("Bäcker 🥨/Nord").toString("latin1");
    const named = await postLead(app.url, { key: "c-4", body: {}, headers: { "x-source": name } });
    const inPath = await postLead(app.url, {
      path: `/webhook/lead/${encodeURIComponent("Bäcker 🥨/Nord")}`,
      key: "c-4",
      body: {},
    });
    expect([plain.status, named.status, inPath.status]).toEqual([202, 202, 200]);
    expect(inPath.json["run_id"]).toBe(named.json["run_id"]);
    const found = await rows("SELECT source FROM runs WHERE idempotency_key = 'c-4' ORDER BY source");
    expect(found.map((run) => run["source"])).toEqual(["Bäcker 🥨/Nord", "unknown"]);
  });

  it("a slash too many or too few in the path loses no lead", async () => {
    for (const path of ["//webhook/lead/website", "/webhook/lead/website/", "/webhook//lead/website?utm=1"]) {
      const answer = await postLead(app.url, { path, key: `slash ${path}`, body: {} });
      expect(answer.status, path).toBe(202);
    }
  });

  it("a key means the same quoted, bare, and as X-Idempotency-Key", async () => {
    const send = (headers: Record<string, string>) =>
      postLead(app.url, { path: "/webhook/lead/website", body: { name: "C" }, headers });
    const first = await send({ "idempotency-key": '"c-5"' });
    expect(first.status).toBe(202);
    for (const headers of [
      { "idempotency-key": "c-5" },
      { "x-idempotency-key": "c-5" },
      { "x-idempotency-key": '"c-5"' },
    ]) {
      const again = await send(headers);
      expect(again.json).toMatchObject({ status: "duplicate", run_id: first.json["run_id"] });
    }
  });

  it("the same key of another source is another lead", async () => {
    const one = await postLead(app.url, { path: "/webhook/lead/website", key: "c-6", body: {} });
    const two = await postLead(app.url, { path: "/webhook/lead/unknown", key: "c-6", body: { other: true } });
    expect([one.status, two.status]).toEqual([202, 202]);
  });

  it("a request without a key is told so with 400 and stored nowhere", async () => {
    const before = await rows("SELECT count(*) FROM audit_events");
    const answer = await postLead(app.url, { path: "/webhook/lead/website", body: {} });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ code: "idempotency_key_missing", status: 400 });
    expect(answer.json).not.toHaveProperty("run_id");
    expect(await rows("SELECT count(*) FROM audit_events")).toEqual(before);
  });

  it("keys may have 255 bytes; longer, empty and ambiguous ones are refused with 400", async () => {
    const send = (headers: Record<string, string>) =>
      postLead(app.url, { path: "/webhook/lead/website", body: {}, headers });
    expect((await send({ "idempotency-key": "k".repeat(255) })).status).toBe(202);
    for (const headers of [
      { "idempotency-key": "k".repeat(256) },
      { "idempotency-key": "" },
      { "idempotency-key": '""' },
      { "idempotency-key": '"open' },
      { "idempotency-key": "a", "x-idempotency-key": "b" },
    ]) {
      const answer = await send(headers);
      expect(answer.status, JSON.stringify(headers).slice(0, 60)).toBe(400);
      expect(answer.json["code"]).toBe("idempotency_key_invalid");
    }
  });

  it("a form is stored as the object of its fields, a repeated one as a list", async () => {
    const body = new URLSearchParams([
      ["name", "Jürgen 100%"],
      ["interesse", "Dach"],
      ["interesse", "Fassade"],
    ]);
    const answer = await postLead(app.url, { path: "/webhook/lead/website", key: "c-7", body });
    expect(answer.status).toBe(202);
    const { body: stored } = await bodyOf(answer.json["run_id"]);
    expect(stored).toEqual({ name: "Jürgen 100%", interesse: ["Dach", "Fassade"] });
  });

  it("a multipart form is stored with its files, and sent again with another boundary it is a duplicate", async () => {
    const form = () => {
      const data = new FormData();
      data.append("name", "Käthe");
      data.append("plan", new Blob([Uint8Array.of(0, 255, 1)]), "dach.png");
      return data;
    };
    const answer = await postLead(app.url, { path: "/webhook/lead/website", key: "c-8", body: form() });
    expect(answer.status).toBe(202);
    const { body: stored } = await bodyOf(answer.json["run_id"]);
    expect(stored).toMatchObject({
      name: "Käthe",
      plan: { filename: "dach.png", base64: "AP8B", size_bytes: 3 },
    });
    const again = await postLead(app.url, { path: "/webhook/lead/website", key: "c-8", body: form() });
    expect(again.json).toMatchObject({ status: "duplicate", run_id: answer.json["run_id"] });
  });

  it("a key behind a pointer is exact beyond 2^53, and needs no header", async () => {
    const send = (id: string) =>
      postLead(app.url, { path: "/webhook/lead/ads", body: `{"lead":{"id":${id}}}` });
    const [one, two] = [await send("90071992547409931"), await send("90071992547409932")];
    expect([one.status, two.status]).toEqual([202, 202]);
    expect((await send("90071992547409931")).json).toMatchObject({
      status: "duplicate",
      run_id: one.json["run_id"],
    });
    const [run] = await rows("SELECT idempotency_key FROM runs WHERE run_id = $1", [two.json["run_id"]]);
    expect(run?.["idempotency_key"]).toBe("90071992547409932");
  });

  it("a lead that goes to nobody is processed at once and says no_destination", async () => {
    const answer = await postLead(app.url, { path: "/webhook/lead/nobody", key: "c-9", body: {} });
    expect(answer.status).toBe(202);
    const [run] = await rows("SELECT status, outcome FROM runs WHERE run_id = $1", [answer.json["run_id"]]);
    expect(run).toEqual({ status: "processed", outcome: "no_destination" });
    const types = (await storyOf(answer.json["run_id"])).map((event) => event["event_type"]);
    expect(types).toEqual(["lead_received", "lead_processed"]);
    const again = await postLead(app.url, { path: "/webhook/lead/nobody", key: "c-9", body: {} });
    expect(again.json["existing_status"]).toBe("processed");
  });

  it("a person is found again by the keyed hash of address and number, however they were written", async () => {
    const send = (key: string, body: Record<string, string>) =>
      postLead(app.url, { path: "/webhook/lead/website", key, body });
    await send("p-1", { email: "Erika.Muster@Example.DE", telefon: "0170 1234567" });
    await send("p-2", { "E-Mail": " erika.muster@example.de ", phone: "+49 (170) 1234567" });
    const personKey = app.installation.keys.subkey("person-index");
    const hash = (kind: string, value: string) =>
      createHmac("sha256", personKey).update(`${kind}:${value}`).digest().subarray(0, 16);
    expect(
      await rows("SELECT 1 FROM runs WHERE email_hash = $1", [hash("email", "erika.muster@example.de")]),
    ).toHaveLength(2);
    expect(
      await rows("SELECT 1 FROM runs WHERE phone_hash = $1", [hash("phone", "+491701234567")]),
    ).toHaveLength(2);
  });

  describe("in other ways than POST", () => {
    it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])(
      "%s is answered with 405 and Allow: POST",
      async (method) => {
        const response = await fetch(`${app.url}/webhook/lead/website`, { method });
        expect(response.status).toBe(405);
        expect(response.headers.get("allow")).toBe("POST");
      },
    );
  });

  it("health is written into the log as an event, livez and readyz are not", async () => {
    const count = async () =>
      await rows("SELECT payload, actor FROM audit_events WHERE event_type = 'health_check'");
    const before = (await count()).length;
    for (const path of ["/livez", "/readyz", "/metrics"])
      expect((await fetch(app.url + path)).status).toBe(200);
    expect((await count()).length).toBe(before);
    const health = await fetch(`${app.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: "ok" });
    const events = await count();
    expect(events.length).toBe(before + 1);
    expect(events.at(-1)).toMatchObject({
      actor: "system",
      payload: { check: "health", at: expect.any(String) as string },
    });
  });
});
