// What people do to one entry over the API: deliver it again, settle it, edit it, look at what would be sent.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import type { Source } from "../../../src/domain/sources/source.ts";
import type { TestApp } from "../../support/app.ts";
import { testSource } from "../../support/app.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { describeOnEachServer } from "../../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../../support/delivery-scene.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { accept, always } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

const refusing = always({ kind: "answer", status: 422, body: "no such field" });

interface Entry {
  readonly dlq_id: number;
  readonly run_id: string;
  readonly status: string;
  readonly kind: string;
  readonly payload: { readonly body?: Readonly<Record<string, unknown>> };
}

describeOnEachServer("An entry, worked on over the API,", (server) => {
  const scene = useDeliveryScene(server);

  interface Place {
    readonly node: TestApp;
    readonly sink: Sink;
    readonly api: ApiClient;
  }

  async function start(
    destination: Partial<HttpDestination> = {},
    source: Partial<Source> = {},
  ): Promise<Place> {
    const sink = await scene.startSink(refusing);
    const node = await scene.startNode({
      sources: [testSource("website", source)],
      destinations: [quickDestination("crm", sink.url, destination)],
    });
    return { node, sink, api: apiClient(node.url) };
  }

  async function failedLead(node: TestApp, key: string): Promise<Entry> {
    const runId = await postLead(node, key);
    return entryOf(runId);
  }

  async function entryOf(runId: string, status = "open"): Promise<Entry> {
    let found: Entry | undefined;
    await until(`an entry that is ${status}`, async () => {
      [found] = await scene.rows<Entry>(
        "SELECT * FROM dlq WHERE run_id = $1 AND status = $2 ORDER BY dlq_id DESC",
        [runId, status],
      );
      return found !== undefined;
    });
    if (found === undefined) throw new Error("no entry");
    return found;
  }

  const statusOf = (runId: string): Promise<string> =>
    scene.value<string>("SELECT status FROM runs WHERE run_id = $1", [runId]);

  async function post(node: TestApp, key: string, body: string): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${node.url}/webhook/lead/website`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body,
    });
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }

  it("is delivered again by whoever asks, and the log says who and why", async () => {
    const { node, sink, api } = await start();
    const entry = await failedLead(node, "again");
    sink.behave(accept);
    const answer = await api.post(`/dlq/${entry.dlq_id}/retry`, { reason: "the CRM is mended" });
    expect(answer).toMatchObject({ status: 200, json: { dlq_id: entry.dlq_id, notice: null } });
    await until("the lead is processed", async () => (await statusOf(entry.run_id)) === "processed");
    const events = await scene.events(entry.run_id);
    const changed = events.find(({ event_type }) => event_type === "dlq_changed");
    expect(changed).toMatchObject({
      actor: "key:environment",
      payload: { changed: { note: { to: "the CRM is mended" } } },
    });
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("waits until the time that it was put off to", async () => {
    const { node, sink, api } = await start();
    const entry = await failedLead(node, "later");
    sink.behave(accept);
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await api.post(`/dlq/${entry.dlq_id}/retry`, { at });
    expect(answer).toMatchObject({ status: 200, json: { status: "open", next_retry_at: at } });
    expect(sink.requests).toHaveLength(1);
  });

  it("that is closed is tried again by a new one, once", async () => {
    const { node, sink, api } = await start();
    const entry = await failedLead(node, "closed");
    expect((await api.post(`/dlq/${entry.dlq_id}/dead`, {})).status).toBe(400);
    expect(await api.post(`/dlq/${entry.dlq_id}/dead`, { reason: "spam" })).toMatchObject({
      status: 200,
      json: { status: "dead", note: "spam" },
    });
    expect(await api.post(`/dlq/${entry.dlq_id}/resolve`, { reason: "no" })).toMatchObject({
      status: 409,
      json: { code: "entry_closed", dlq_id: entry.dlq_id },
    });
    sink.behave(accept);
    const reopened = await api.post(`/dlq/${entry.dlq_id}/retry`, {});
    expect(reopened).toMatchObject({ status: 200, json: { reopened_from: entry.dlq_id } });
    const by = (reopened.json as { dlq_id: number }).dlq_id;
    expect(await api.post(`/dlq/${entry.dlq_id}/retry`, {})).toMatchObject({
      status: 409,
      json: { code: "entry_reopened_already", dlq_id: by },
    });
    await until("the lead is processed", async () => (await statusOf(entry.run_id)) === "processed");
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("says when nobody would send it: unknown, paused, external or removed destination, refused payload", async () => {
    const { node, api, sink } = await start({ paused: false });
    const entry = await failedLead(node, "nobody");
    expect(await api.post("/dlq/999999/retry", {})).toMatchObject({
      status: 404,
      json: { code: "dlq_entry_unknown" },
    });
    const refused = await post(node, "refused", '{"name":');
    expect(await api.post(`/dlq/${String(refused["dlq_id"])}/retry`, {})).toMatchObject({
      status: 409,
      json: { code: "entry_refused" },
    });
    for (const [settings, code] of [
      ["kind = 'external', sends = false", "destination_is_external"],
      ["kind = 'http', sends = true, enabled = false", "destination_removed"],
    ] as const) {
      await scene.sql.query(`UPDATE internal.destinations SET ${settings}`);
      expect(await api.post(`/dlq/${entry.dlq_id}/retry`, {})).toMatchObject({ status: 409, json: { code } });
      expect(await api.post(`/dlq/${entry.dlq_id}/dry-run`)).toMatchObject({ status: 409, json: { code } });
    }
    await node.stop();
    const paused = await scene.startNode({
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url, { paused: true })],
    });
    expect(await apiClient(paused.url).post(`/dlq/${entry.dlq_id}/retry`, {})).toMatchObject({
      status: 200,
      json: { notice: "destination_paused" },
    });
  });

  it("is not overwritten by somebody who has seen an older state of it", async () => {
    const { node, api } = await start();
    const entry = await failedLead(node, "etag");
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const { headers } = await api.post(`/dlq/${entry.dlq_id}/retry`, { at, reason: "first" });
    const etag = headers.get("etag") ?? "";
    const second = await api.post(
      `/dlq/${entry.dlq_id}/retry`,
      { at, reason: "second" },
      { headers: { "if-match": etag } },
    );
    expect(second.status).toBe(200);
    for (const [action, body] of [
      ["resolve", { reason: "third" }],
      ["retry", {}],
      ["edit", { body: {}, reason: "third" }],
    ] as const) {
      const late = await api.post(`/dlq/${entry.dlq_id}/${action}`, body, { headers: { "if-match": etag } });
      expect(late).toMatchObject({ status: 412, json: { code: "entry_changed" } });
    }
    expect(await scene.value("SELECT note FROM dlq WHERE dlq_id = $1", [entry.dlq_id])).toBe("second");
  });

  it("is sent as a person has edited it; numbers stay exact and the difference is in the log", async () => {
    const { node, sink, api } = await start();
    const runId = String((await post(node, "edit", '{"name":"Erika","lead":9007199254740993}'))["run_id"]);
    const entry = await entryOf(runId);
    sink.behave(accept);
    const answer = await sendRaw(
      node,
      `/dlq/${entry.dlq_id}/edit`,
      '{"reason":"typo","body":{"name":"Erika","lead":90071992547409931234,"email":"erika@example.com","price":1.10}}',
    );
    expect(answer.status).toBe(200);
    await until("the lead is processed", async () => (await statusOf(runId)) === "processed");
    expect(sink.requests.at(-1)?.body).toContain('"lead": 90071992547409931234');
    expect(sink.requests.at(-1)?.body).toContain('"price": 1.10');
    const patch = await scene.value<string>(
      "SELECT (payload -> 'patch')::text FROM audit_events WHERE run_id = $1 AND event_type = 'lead_edited'",
      [runId],
    );
    expect(patch).toContain('{"op": "replace", "path": "/lead", "value": 90071992547409931234}');
    const edited = (await scene.events(runId)).find(({ event_type }) => event_type === "lead_edited");
    expect(edited).toMatchObject({
      actor: "key:environment",
      payload: { reason: "typo", dlq_id: entry.dlq_id },
    });
    expect(await scene.value("SELECT email_hash IS NOT NULL FROM runs WHERE run_id = $1", [runId])).toBe(
      true,
    );
    // The sender's repeat of the lead as it was is still its repeat.
    expect(await post(node, "edit", '{"name":"Erika","lead":9007199254740993}')).toMatchObject({
      status: "duplicate",
      run_id: runId,
    });
    expect(await brokenInvariants(scene.sql)).toEqual([]);
    expect(await api.post(`/dlq/${entry.dlq_id}/edit`, { body: { a: 1 }, reason: "x" })).toMatchObject({
      status: 200,
    });
  });

  it("of a lead that was edited elsewhere is tried again with the lead as it is now", async () => {
    const { node, sink } = await start();
    const other = await scene.startSink(refusing);
    await node.stop();
    const both = await scene.startNode({
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url), quickDestination("erp", other.url)],
    });
    const client = apiClient(both.url);
    const runId = await postLead(both, "two");
    await until("both have failed", async () => (await scene.value("SELECT count(*) FROM dlq")) === 2);
    const [crm, erp] = await scene.rows<Entry>("SELECT * FROM dlq ORDER BY destination");
    expect((await client.post(`/dlq/${crm?.dlq_id}/dead`, { reason: "given up" })).status).toBe(200);
    other.behave(accept);
    sink.behave(accept);
    expect(
      (await client.post(`/dlq/${erp?.dlq_id}/edit`, { body: { name: "Berta" }, reason: "name" })).status,
    ).toBe(200);
    expect((await client.post(`/dlq/${crm?.dlq_id}/retry`, {})).status).toBe(200);
    await until("the lead is processed", async () => (await statusOf(runId)) === "processed");
    expect(sink.requests.at(-1)?.body).toContain('"data":{"name": "Berta"}');
    expect(other.requests.at(-1)?.body).toContain('"data":{"name": "Berta"}');
  });

  it("of a refused payload becomes a lead once its body is right, as the person's deed", async () => {
    const schema = {
      type: "object",
      required: ["email"],
      properties: { email: { type: "string", format: "email" } },
    };
    const { node, sink, api } = await start({}, { schema });
    sink.behave(accept);
    const refused = await post(node, "schema", '{"email":"erika"}');
    const id = String(refused["dlq_id"]);
    const runId = String(refused["run_id"]);
    expect(
      await api.post(`/dlq/${id}/edit`, { body: { email: "still wrong" }, reason: "typo" }),
    ).toMatchObject({
      status: 422,
      json: { code: "edit_invalid", reason: expect.stringContaining("/email") as string },
    });
    expect(
      await api.post(
        `/dlq/${id}/edit/dry-run`,
        { body: { name: "Erika" } },
        { headers: { "accept-language": "de" } },
      ),
    ).toMatchObject({
      status: 422,
      json: {
        code: "edit_invalid",
        problems: [{ code: "schema_violation", place: "/email", message: "Dieses Pflichtfeld fehlt." }],
      },
    });
    const dry = await api.post(`/dlq/${id}/edit/dry-run`, { body: { email: "erika@example.com" } });
    expect(dry).toMatchObject({ status: 200, json: { deliveries: [{ destination: "crm" }] } });
    expect(sink.requests).toHaveLength(0);
    expect(await statusOf(runId)).toBe("failed");
    const edited = await api.post(`/dlq/${id}/edit`, {
      body: { email: "erika@example.com" },
      reason: "typo",
    });
    expect(edited).toMatchObject({ status: 200, json: { status: "resolved", resolution: "corrected" } });
    await until("the lead is processed", async () => (await statusOf(runId)) === "processed");
    const { deliveries } = dry.json as { deliveries: { request: { body: string } }[] };
    expect(sink.requests[0]?.body).toBe(deliveries[0]?.request.body);
    const told = await scene.events(runId);
    expect(told.map(({ event_type, actor }) => `${event_type} ${actor}`)).toEqual([
      "lead_rejected webhook",
      "dlq_created webhook",
      "lead_failed webhook",
      "lead_edited key:environment",
      "lead_corrected key:environment",
      "dlq_resolved key:environment",
      "lead_delivered delivery",
      "lead_processed delivery",
    ]);
    // The sender who sends the refused body again is told the same as before; one who has mended it too is a repeat.
    expect(await post(node, "schema", '{"email":"erika"}')).toMatchObject({ code: "schema_violation" });
    expect(await post(node, "schema", '{"email":"erika@example.com"}')).toMatchObject({
      status: "duplicate",
    });
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("of bytes that nobody could read becomes a lead, too; a second payload under a used key does not", async () => {
    const { node, sink, api } = await start();
    sink.behave(accept);
    const unreadable = await post(node, "bytes", '{"name":');
    expect(
      (
        await api.post(`/dlq/${String(unreadable["dlq_id"])}/edit`, {
          body: { name: "Erika" },
          reason: "cut off",
        })
      ).status,
    ).toBe(200);
    await until(
      "it is processed",
      async () => (await statusOf(String(unreadable["run_id"]))) === "processed",
    );
    const conflict = await post(node, "bytes", '{"name":"Otto"}');
    expect(await api.get(`/dlq/${String(conflict["dlq_id"])}`)).toMatchObject({
      json: { obstacles: { retry: "entry_conflicting", edit: "entry_conflicting", close: null } },
    });
    expect(await api.get(`/dlq/${String(unreadable["dlq_id"])}`)).toMatchObject({
      json: { obstacles: { retry: "entry_refused", edit: "entry_closed", close: "entry_closed" } },
    });
    expect(
      await api.post(`/dlq/${String(conflict["dlq_id"])}/edit`, { body: {}, reason: "x" }),
    ).toMatchObject({
      status: 409,
      json: { code: "entry_conflicting" },
    });
  });

  it("shows the very request that the destination gets, with what is secret masked, and sends nothing", async () => {
    const { node, sink, api } = await start({
      secret: "a-secret-for-signatures",
      headers: { Authorization: "Bearer hidden-token", "X-Team": "inbound" },
    });
    const entry = await failedLead(node, "dry");
    const told = await scene.events(entry.run_id);
    const answer = await api.post(`/dlq/${entry.dlq_id}/dry-run`);
    expect(answer.status).toBe(200);
    const shown = answer.json as {
      method: string;
      url: string;
      headers: Record<string, string>;
      body: string;
    };
    expect(JSON.stringify(shown)).not.toContain("hidden-token");
    expect(sink.requests).toHaveLength(1);
    const since = (await scene.events(entry.run_id)).slice(told.length);
    expect(since.map(({ event_type }) => event_type)).toEqual(["person_data_shown"]);
    sink.behave(accept);
    await api.post(`/dlq/${entry.dlq_id}/retry`, {});
    await until("it arrives", () => sink.requests.length === 2);
    const real = sink.requests[1];
    expect(shown).toMatchObject({ method: real?.method, url: sink.url, body: real?.body });
    expect(Object.keys(shown.headers)).toEqual(Object.keys(real?.headers ?? {}));
    const changing = { "webhook-timestamp": "", "webhook-signature": "", authorization: "", "x-team": "" };
    expect({ ...shown.headers, ...changing }).toEqual({ ...real?.headers, ...changing });
    expect(shown.headers["webhook-signature"]).toMatch(/^v1,/);
  });

  async function sendRaw(node: TestApp, path: string, body: string): Promise<Response> {
    return fetch(`${node.url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${testAdminKey}` },
      body,
    });
  }
});
