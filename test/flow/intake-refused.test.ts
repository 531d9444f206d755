// What cannot become a lead, or not under its key, is kept; a corrected body heals it (docs/contract.md, Bodies).
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const schema = {
  type: "object",
  required: ["email"],
  properties: { email: { type: "string" }, age: { type: "integer" } },
};

describeOnEachServer("Refused payloads", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let sink: Sink;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    sink = await startSink();
    app = await startTestApp(database, {
      sources: [
        testSource("website", { to: ["crm"] }),
        testSource("strict", { schema, to: [] }),
        testSource("ads", { key: { kind: "pointer", pointer: "/id" }, to: [] }),
      ],
      destinations: [testDestination("crm", sink.url)],
    });
  });
  afterAll(async () => {
    await app.stop();
    await sink.close();
    await database.drop();
  });

  const rows = async (text: string, values: unknown[] = []) =>
    (await app.installation.database.query<Record<string, unknown>>(text, values)).rows;
  const send = (key: string, body: string | Record<string, unknown>, path = "/webhook/lead/website") =>
    postLead(app.url, { path, key, body });
  const runOf = async ({ json }: Answer) =>
    (await rows("SELECT * FROM runs WHERE run_id = $1", [json["run_id"]]))[0];
  const entriesOf = ({ json }: Answer) =>
    rows("SELECT * FROM dlq WHERE run_id = $1 ORDER BY dlq_id", [json["run_id"]]);
  const typesOf = async ({ json }: Answer) =>
    (
      await rows("SELECT event_type FROM audit_events WHERE run_id = $1 ORDER BY event_time", [
        json["run_id"],
      ])
    ).map((event) => event["event_type"]);
  const idsOf = ({ json }: Answer) => ({
    code: json["code"],
    run_id: json["run_id"],
    dlq_id: json["dlq_id"],
  });
  const expectRefused = (answer: Answer, code: string) => {
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({
      type: `urn:leadledger:error:${code}`,
      status: 422,
      code,
      run_id: expect.any(String) as string,
      dlq_id: expect.any(Number) as number,
    });
  };

  it("an unreadable body is kept: a failed run, lead_rejected, an open entry with the bytes; both ids are told", async () => {
    const body = '{"name": "Anna", ';
    const answer = await send("r-1", body);
    expectRefused(answer, "json_malformed");
    expect(await runOf(answer)).toMatchObject({
      status: "failed",
      refused: true,
      error_code: "json_malformed",
      idempotency_key: "r-1",
      source: "website",
    });
    const [entry, ...more] = await entriesOf(answer);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      dlq_id: answer.json["dlq_id"],
      kind: "refused",
      status: "open",
      error_code: "json_malformed",
      retry_count: 0,
      next_retry_at: null,
    });
    const payload = entry?.["payload"] as Record<string, string>;
    expect(Buffer.from(payload["body_base64"] ?? "", "base64").toString()).toBe(body);
    expect(payload["sha256"]).toBe(createHash("sha256").update(body).digest("hex"));
    expect(await typesOf(answer)).toEqual(["lead_rejected", "dlq_created", "lead_failed"]);
  });

  it("the same refused body again gets the same answer and ids, and makes nothing new", async () => {
    const first = await send("r-2", "[1,2]");
    expectRefused(first, "body_not_an_object");
    const again = await send("r-2", "[1,2]");
    expect(again.status).toBe(422);
    expect(again.json).toEqual(first.json);
    expect(await entriesOf(first)).toHaveLength(1);
    expect((await typesOf(first)).filter((type) => type === "lead_rejected")).toHaveLength(1);
  });

  it("another broken body under a refused key is kept beside the first; each keeps its own id", async () => {
    const first = await send("r-3", "{");
    const second = await send("r-3", "[");
    expectRefused(second, "json_malformed");
    expect(second.json["run_id"]).toBe(first.json["run_id"]);
    expect(second.json["dlq_id"]).not.toBe(first.json["dlq_id"]);
    expect(idsOf(await send("r-3", "{"))).toEqual(idsOf(first));
    expect(idsOf(await send("r-3", "["))).toEqual(idsOf(second));
    expect(await entriesOf(first)).toHaveLength(2);
  });

  it("a corrected body under the key of a refused run is taken: same run, entry resolved, lead delivered", async () => {
    const broken = await send("r-4", '{"email":');
    await send("r-4", '{"email":"x",,}');
    const corrected = await send("r-4", { email: "anna@example.de" });
    expect(corrected.status).toBe(202);
    expect(corrected.json).toEqual({ status: "accepted", run_id: broken.json["run_id"] });
    await until(
      "the corrected lead to be delivered",
      async () => (await runOf(broken))?.["status"] === "processed",
    );
    expect(await runOf(broken)).toMatchObject({
      refused: false,
      error_code: null,
      error_message: null,
      outcome: "delivered",
    });
    expect((await runOf(broken))?.["email_hash"]).not.toBeNull();
    for (const entry of await entriesOf(broken))
      expect(entry).toMatchObject({ status: "resolved", resolution: "corrected" });
    const sent = sink.requests.filter(({ id }) => id === `${String(broken.json["run_id"])}:crm`);
    expect(sent.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { data: { email: "anna@example.de" } },
    ]);
    const [event] = await rows(
      "SELECT actor, payload FROM audit_events WHERE run_id = $1 AND event_type = 'lead_corrected'",
      [broken.json["run_id"]],
    );
    expect(event).toMatchObject({
      actor: "webhook",
      payload: { source: "website", body: { email: "anna@example.de" } },
    });
    const types = await typesOf(broken);
    expect(types.slice(0, 3)).toEqual(["lead_rejected", "dlq_created", "lead_failed"]);
    expect(types.indexOf("lead_corrected")).toBeLessThan(types.indexOf("lead_delivered"));
    expect(types.at(-1)).toBe("lead_processed");
  });

  it("after the correction its body is a duplicate, the old body keeps its answer, a new one is a conflict", async () => {
    const broken = await send("r-5", "{broken");
    await send("r-5", { good: 1 });
    const again = await send("r-5", { good: 1.0 });
    expect(again.status).toBe(200);
    expect(again.json).toMatchObject({ status: "duplicate", run_id: broken.json["run_id"] });
    expect(idsOf(await send("r-5", "{broken"))).toEqual(idsOf(broken));
    const conflict = await send("r-5", { good: 2 });
    expectRefused(conflict, "idempotency_key_reused");
    const brokenAgain = await send("r-5", "{broken otherwise");
    expectRefused(brokenAgain, "idempotency_key_reused");
    expect((await runOf(broken))?.["status"]).not.toBe("failed");
  });

  it("a key that is used for another lead: the first stands, the second payload is kept without moving the run", async () => {
    const first = await send("r-6", { name: "Anna" });
    const other = await send("r-6", { name: "Berta" });
    expectRefused(other, "idempotency_key_reused");
    expect(other.json["run_id"]).toBe(first.json["run_id"]);
    const [entry, ...more] = await entriesOf(first);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      kind: "conflict",
      status: "open",
      error_code: "idempotency_key_reused",
      next_retry_at: null,
      payload: { source: "website", body: { name: "Berta" } },
    });
    await until(
      "the first lead to be delivered",
      async () => (await runOf(first))?.["status"] === "processed",
    );
    const again = await send("r-6", '{ "name":"Berta" }');
    expect(again.json).toEqual(other.json);
    expect((await send("r-6", { name: "Anna" })).json).toMatchObject({
      status: "duplicate",
      existing_status: "processed",
    });
  });

  it("an unreadable body under the key of a good lead is key reuse too, and kept as bytes", async () => {
    const first = await send("r-7", { name: "Anna" });
    const broken = await send("r-7", '{"name":"Anna"');
    expectRefused(broken, "idempotency_key_reused");
    const [entry] = await entriesOf(first);
    expect(entry).toMatchObject({ kind: "conflict", payload: { body_base64: expect.any(String) as string } });
    expect(idsOf(await send("r-7", '{"name":"Anna"'))).toEqual(idsOf(broken));
  });

  it("bodies are compared as values: order, spacing and escapes make no difference, a form equals its JSON", async () => {
    const first = await send("r-8", '{"a":"ä","b":1}');
    for (const same of ['{"b":1,"a":"\\u00e4"}', '{"b":1.0,\n"a":"ä"}', '{"b":10e-1,"a":"ä"}']) {
      expect((await send("r-8", same)).json).toMatchObject({
        status: "duplicate",
        run_id: first.json["run_id"],
      });
    }
    await send("r-8b", { name: "Anna", tags: ["a", "b"] });
    const form = new URLSearchParams([
      ["tags", "a"],
      ["name", "Anna"],
      ["tags", "b"],
    ]);
    const asForm = await postLead(app.url, { path: "/webhook/lead/website", key: "r-8b", body: form });
    expect(asForm.json["status"]).toBe("duplicate");
  });

  it("big numbers that differ only beyond 2^53 are different leads", async () => {
    await send("r-9", '{"id":90071992547409931}');
    expectRefused(await send("r-9", '{"id":90071992547409932}'), "idempotency_key_reused");
  });

  it("a body that breaks the source's schema is kept readable, and the answer names the place, not the value", async () => {
    const answer = await send("r-10", { email: "a@b.de", age: "geheim" }, "/webhook/lead/strict");
    expectRefused(answer, "schema_violation");
    expect(answer.json["reason"]).toContain("/age");
    expect(answer.text).not.toContain("geheim");
    const [entry] = await entriesOf(answer);
    expect(entry).toMatchObject({ kind: "refused", payload: { body: { email: "a@b.de", age: "geheim" } } });
    expect(idsOf(await send("r-10", { age: "geheim", email: "a@b.de" }, "/webhook/lead/strict"))).toEqual(
      idsOf(answer),
    );
    const corrected = await send("r-10", { email: "a@b.de", age: 42 }, "/webhook/lead/strict");
    expect(corrected.json).toEqual({ status: "accepted", run_id: answer.json["run_id"] });
    expect(await runOf(answer)).toMatchObject({
      status: "processed",
      outcome: "no_destination",
      refused: false,
    });
  });

  it("a body without the value that its key is taken from is kept, and recognised by its bytes", async () => {
    const post = (body: string) => postLead(app.url, { path: "/webhook/lead/ads", body });
    const answer = await post('{"name":"Anna"}');
    expectRefused(answer, "key_pointer_missing");
    expect(idsOf(await post('{"name":"Anna"}'))).toEqual(idsOf(answer));
    const unreadable = await post('{"id": 7');
    expectRefused(unreadable, "json_malformed");
    expect(idsOf(await post('{"id": 7'))).toEqual(idsOf(unreadable));
  });

  it("an operator who discards a refusal leaves the run failed, and a corrected body is still taken", async () => {
    const broken = await send("r-11", "{discard");
    await rows("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [broken.json["run_id"]]);
    expect((await runOf(broken))?.["status"]).toBe("failed");
    expect(idsOf(await send("r-11", "{discard"))).toEqual(idsOf(broken));
    expect((await send("r-11", { good: true })).json).toEqual({
      status: "accepted",
      run_id: broken.json["run_id"],
    });
  });

  it("the books of the day count refused, corrected and delivered leads right", async () => {
    await until(
      "all deliveries to end",
      async () => (await rows("SELECT 1 FROM runs WHERE status = 'accepted'")).length === 0,
    );
    const [counts] =
      await rows(`SELECT count(*)::int AS received, (count(*) FILTER (WHERE status = 'processed'))::int AS processed,
      (count(*) FILTER (WHERE status = 'failed'))::int AS failed FROM runs`);
    await until("the KPIs to follow", async () => {
      const [kpi] = await rows(
        "SELECT sum(received_count)::int AS received, sum(processed_count)::int AS processed, sum(failed_count)::int AS failed FROM kpi_daily",
      );
      return JSON.stringify(kpi) === JSON.stringify(counts);
    });
  });
});
