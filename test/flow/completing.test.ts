// Leads that come as ids: what they say is fetched from the vendor's interface before anything is delivered.
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import type { DeliveryScene } from "../support/delivery-scene.ts";
import { linkedinHeaders, metaBody, metaHeaders } from "../support/vendor-requests.ts";
import { graphError, graphLead, linkedinLead, startVendorInterface } from "../support/vendor-interfaces.ts";
import type { InterfaceAnswer, InterfaceRequest, VendorInterface } from "../support/vendor-interfaces.ts";
import { postLead } from "../support/webhook-client.ts";
import { completeLead } from "../../src/ledger/leads/incomplete-leads.ts";

const secret = "planted-app-secret";
const token = "planted-page-token-EAAG";
const settings = { secrets: [{ value: secret, notAfter: null }], allowPrivate: true };

/** Sends ids as Meta does; the run ids of the leads, in their order. */
async function notify(
  scene: DeliveryScene,
  url: string,
  source: string,
  ids: readonly string[],
  formId = "77",
): Promise<string[]> {
  const body = Buffer.from(
    metaBody(ids.map((id) => `{"leadgen_id":"${id}","form_id":"${formId}","created_time":1764410400}`)),
  );
  const headers = metaHeaders({ secret, body, atMs: 0, url: "" });
  const { status, text } = await postLead(url, {
    path: `/webhook/lead/${source}`,
    body: body.toString(),
    headers: { ...headers },
  });
  expect([status, text]).toEqual([200, "EVENT_RECEIVED"]);
  const rows = await scene.rows<{ run_id: string }>(
    "SELECT run_id FROM runs WHERE source = $1 AND idempotency_key = ANY ($2) ORDER BY idempotency_key",
    [source, ids],
  );
  return rows.map(({ run_id }) => run_id);
}

describeOnEachServer("A lead that came as an id", (server) => {
  const scene = useDeliveryScene(server);
  const startGraph = async (
    how: (request: InterfaceRequest) => InterfaceAnswer,
  ): Promise<VendorInterface> => {
    const graph = await startVendorInterface(how);
    scene.onEnd(() => graph.close());
    return graph;
  };
  const metaSource = (graph: VendorInterface, changes: object = {}) =>
    testSource("meta", {
      auth: { kind: "meta-lead-ads", ...settings, pageToken: token, baseUrl: graph.url },
      key: { kind: "header_preferred", windowMs: 600_000 },
      ...changes,
    });

  it("is fetched from Meta and delivered once with its answers, by one of several nodes", async () => {
    const graph = await startGraph(graphLead);
    const crm = await scene.startSink();
    const configuration = { sources: [metaSource(graph)], destinations: [quickDestination("crm", crm.url)] };
    const [node] = [await scene.startNode(configuration), await scene.startNode(configuration)];
    const ids = Array.from({ length: 12 }, (_, index) => `8${String(index).padStart(16, "0")}`);
    const runIds = await notify(scene, node.url, "meta", ids);
    await until("all are delivered", () => crm.requests.length === ids.length);
    expect(graph.requests.map(({ path }) => path.split("?")[0]).toSorted()).toEqual(
      ids.map((id) => `/v26.0/${id}`),
    );
    for (const { path, headers } of graph.requests) {
      expect(headers.authorization).toBe(`Bearer ${token}`);
      expect(path).toContain("custom_disclaimer_responses");
      expect(path).not.toContain(token);
    }
    const [runId = ""] = runIds;
    await until(
      "it is settled",
      async () => (await scene.value("SELECT count(*) FROM runs WHERE status <> 'processed'")) === 0,
    );
    const { json } = await apiClient(node.url).get(`/runs/${runId}?reveal=true`);
    expect(json).toMatchObject({
      completion: null,
      lead: {
        name: "Jürgen Groß",
        email: "juergen.gross@beispiel.de",
        phones: ["+491712345678", "+49301234567"],
        campaign: "Wärmepumpe Herbst",
      },
      body: { leadgen_id: ids[0], page_id: "153125381133", form_id: "900719925474099312" },
    });
    expect((await scene.events(runId)).map(({ event_type }) => event_type)).toEqual([
      ...["lead_received", "delivery_held", "lead_completed", "delivery_released"],
      ...["lead_delivered", "lead_processed", "person_data_shown"],
    ]);
    expect(
      await scene.value("SELECT count(*) FROM runs WHERE email_hash IS NULL OR phone_hash IS NULL"),
    ).toBe(0);
    expect(await scene.value("SELECT count(DISTINCT run_id) FROM internal.further_person_hashes")).toBe(
      ids.length,
    );
    expect(await scene.value("SELECT count(*) FROM internal.incomplete_leads")).toBe(0);
    const body = JSON.parse(crm.requests[0]?.body ?? "{}") as Record<string, unknown>;
    expect(JSON.stringify(body)).toContain("Juergen.Gross@Beispiel.de");
    expect(await scene.brokenStories()).toEqual([]);
    // The same notification again is the same lead.
    await notify(scene, node.url, "meta", ids);
    expect(await scene.value("SELECT count(*) FROM runs")).toBe(ids.length);
  });

  it("waits, named to people, while the token is dead, and comes by itself when there is a new one", async () => {
    const graph = await startGraph(graphError(190, 463, `Error validating access token ${token}`));
    const crm = await scene.startSink();
    const node = await scene.startNode({ destinations: [quickDestination("crm", crm.url)] });
    const api = apiClient(node.url);
    const made = await api.post("/sources", {
      name: "meta",
      kind: "meta-lead-ads",
      secret,
      page_token: token,
      base_url: graph.url,
      allow_private: true,
      to: ["crm"],
    });
    expect(made.status).toBe(201);
    await until("the node knows it", async () => {
      const { json } = await postLead(node.url, { path: "/webhook/lead/meta", body: {} });
      return json["code"] !== "source_unknown";
    });
    const [runId = "", otherId = ""] = await notify(scene, node.url, "meta", ["1001", "1002"]);
    await until(
      "it is known why of both",
      async () => (await scene.value("SELECT count(*) FROM internal.incomplete_leads WHERE is_stuck")) === 2,
    );
    const { json } = await api.get(`/runs/${runId}`);
    expect(json).toMatchObject({
      status: "accepted",
      is_held: true,
      deliveries: [{ destination: "crm", due_at: null, held_reason: "incomplete" }],
      completion: {
        error_code: "completion_token_invalid",
        error_message: "Meta (190/463): Error validating access token ***",
      },
    });
    const { json: overview } = await api.get("/overview");
    expect(overview["alarms"]).toContainEqual(
      expect.objectContaining({
        code: "leads_incomplete",
        severity: "error",
        source: "meta",
        error_code: "completion_token_invalid",
        count: 2,
      }),
    );
    expect(JSON.stringify(node.log)).not.toContain(token);
    graph.answer(graphLead);
    expect(crm.requests).toEqual([]);
    expect((await api.patch("/sources/meta", { page_token: "a-new-one" })).status).toBe(200);
    await until("both arrive", () => crm.countOf(`${runId}:crm`) + crm.countOf(`${otherId}:crm`) === 2);
    expect(graph.requests.at(-1)?.headers.authorization).toBe("Bearer a-new-one");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is fetched although nobody gets it yet, and whole when it is sent later", async () => {
    const graph = await startGraph(graphError(190, 463, "expired"));
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [metaSource(graph, { to: [] })],
      destinations: [quickDestination("crm", crm.url)],
    });
    const api = apiClient(node.url);
    const [runId = "", sentLater = ""] = await notify(scene, node.url, "meta", ["3001", "3002"]);
    await until(
      "it is known why",
      async () => (await scene.value("SELECT count(*) FROM internal.incomplete_leads WHERE is_stuck")) === 2,
    );
    expect((await api.get(`/runs/${runId}`)).json).toMatchObject({
      status: "processed",
      outcome: "no_destination",
      completion: { error_code: "completion_token_invalid" },
    });
    const replay = { destination: "crm", reason: "we want it after all" };
    expect((await api.post(`/runs/${sentLater}/replay`, replay)).status).toBe(202);
    graph.answer(graphLead);
    for (const id of [runId, sentLater])
      expect((await api.post(`/runs/${id}/completion/retry`, { reason: "token renewed" })).status).toBe(202);
    await until("it is whole", async () => (await api.get(`/runs/${runId}`)).json["completion"] === null);
    expect((await api.get(`/runs/${runId}?reveal=true`)).json).toMatchObject({
      outcome: "no_destination",
      lead: { name: "Jürgen Groß" },
    });
    expect((await api.post(`/runs/${runId}/replay`, replay)).status).toBe(202);
    await until("both arrive", () => crm.requests.length === 2);
    for (const { body } of crm.requests) expect(body).toContain("Juergen.Gross@Beispiel.de");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is delivered with its ids, or tried again, when a person says so", async () => {
    const graph = await startGraph(graphError(100, 33));
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [metaSource(graph)],
      destinations: [quickDestination("crm", crm.url)],
    });
    const api = apiClient(node.url);
    const [retried = "", asItIs = ""] = await notify(scene, node.url, "meta", ["2001", "2002"]);
    await until(
      "both are stuck",
      async () =>
        (await scene.value(
          "SELECT count(*) FROM internal.incomplete_leads WHERE error_code = 'completion_lead_unavailable'",
        )) === 2,
    );
    graph.answer(graphLead);
    const anyway = await api.post(`/runs/${asItIs}/completion/deliver-anyway`, { reason: "deleted at Meta" });
    expect(anyway.status).toBe(202);
    await until("it arrives", () => crm.countOf(`${asItIs}:crm`) === 1);
    expect(crm.requests.find(({ id }) => id === `${asItIs}:crm`)?.body).not.toContain("field_data");
    expect((await api.post(`/runs/${retried}/completion/retry`, { reason: "access given" })).status).toBe(
      202,
    );
    await until("it arrives with its data", () => crm.countOf(`${retried}:crm`) === 1);
    expect(crm.requests.find(({ id }) => id === `${retried}:crm`)?.body).toContain("field_data");
    const again = await api.post(`/runs/${retried}/completion/retry`, { reason: "again" });
    expect([again.status, again.json["code"]]).toEqual([409, "lead_not_incomplete"]);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is fetched again when a revision brings ids once more, wherever the lead is by then", async () => {
    const graph = await startGraph(graphLead);
    const crm = await scene.startSink();
    const shop = await scene.startSink();
    const node = await scene.startNode({
      sources: [metaSource(graph, { onKeyReuse: "revision" })],
      destinations: [quickDestination("crm", crm.url), quickDestination("shop", shop.url)],
    });
    const [runId = ""] = await notify(scene, node.url, "meta", ["2101"]);
    await until("it arrives", () => crm.countOf(`${runId}:crm`) + shop.countOf(`${runId}:shop`) === 2);
    await until("it is settled", async () => (await scene.value("SELECT status FROM runs")) === "processed");
    crm.behave(() => ({ kind: "answer", status: 422 }));
    await notify(scene, node.url, "meta", ["2101"], "78");
    await until("crm refuses the change", async () => (await scene.value("SELECT count(*) FROM dlq")) === 1);
    await until("shop has it", () => shop.countOf(`${runId}:shop:r1`) === 1);
    graph.answer(graphError(2));
    await notify(scene, node.url, "meta", ["2101"], "79");
    const waits = "SELECT count(*) FROM internal.incomplete_leads WHERE error_code IS NOT NULL";
    await until("it was tried", async () => (await scene.value(waits)) === 1);
    const inEntry = "SELECT (payload ->> 'revision')::int AS revision, payload -> 'body' AS body FROM dlq";
    expect(await scene.rows(inEntry)).toMatchObject([{ revision: 1, body: { platform: "fb" } }]);
    expect(shop.countOf(`${runId}:shop:r2`)).toBe(0);
    graph.answer(graphLead);
    const ordered = await apiClient(node.url).post(`/runs/${runId}/completion/retry`, { reason: "now" });
    expect(ordered.status).toBe(202);
    await until("shop has the newest", () => shop.countOf(`${runId}:shop:r2`) === 1);
    expect(await scene.rows(inEntry)).toMatchObject([{ revision: 2, body: { platform: "fb" } }]);
    for (const { body } of [...crm.requests, ...shop.requests]) expect(body).toContain("field_data");
    expect(await scene.value("SELECT count(*) FROM runs WHERE email_hash IS NULL")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("keeps what a person wrote into it while it was being fetched", async () => {
    const graph = await startGraph(graphLead);
    const crm = await scene.startSink(() => ({ kind: "answer", status: 422 }));
    const shop = await scene.startSink();
    const node = await scene.startNode({
      sources: [metaSource(graph, { onKeyReuse: "revision" })],
      destinations: [quickDestination("crm", crm.url), quickDestination("shop", shop.url)],
    });
    const api = apiClient(node.url);
    const ids = ["2201", "2202", "2203"];
    const [edited = "", byHand = "", untouched = ""] = await notify(scene, node.url, "meta", ids);
    await until(
      "crm has refused all of them, and shop has them",
      async () =>
        (await scene.value("SELECT count(*) FROM dlq WHERE status = 'open'")) === ids.length &&
        (await scene.value("SELECT count(*) FROM internal.deliveries")) === 0,
    );
    // One is changed by its sender, the others are fetched once more; whoever fetches them has not come back yet.
    graph.answer(graphError(100, 33));
    await notify(scene, node.url, "meta", ["2201"], "78");
    const stuck = "SELECT count(*) FROM internal.incomplete_leads WHERE is_stuck";
    await until("it is stuck", async () => (await scene.value(stuck)) === 1);
    await scene.rows(
      `WITH claimed AS (
         UPDATE internal.incomplete_leads SET leased_by = 'elsewhere', attempts = 7, due_at = now() + interval '1 hour')
       INSERT INTO internal.incomplete_leads (run_id, source, leased_by, attempts, due_at)
       SELECT run_id, 'meta', 'elsewhere', 7, now() + interval '1 hour' FROM unnest($1::uuid[]) AS run_id`,
      [[byHand, untouched]],
    );
    crm.behave(() => ({ kind: "answer", status: 200 }));
    const entry = await scene.value<number>("SELECT dlq_id FROM dlq WHERE run_id = $1", [edited]);
    const answer = await api.post(`/dlq/${entry}/edit`, {
      body: { leadgen_id: "2201", full_name: "von Hand" },
      reason: "called",
    });
    expect(answer.status).toBe(200);
    await scene.rows(
      `UPDATE dlq SET payload = payload || '{"body": {"full_name": "mit SQL"}}' WHERE run_id = $1`,
      [byHand],
    );
    const fetched = {
      bodyJson: '{"full_name":"geholt"}',
      emailHash: null,
      phoneHash: null,
      apiVersion: null,
    };
    const completed: boolean[] = [];
    for (const runId of [edited, byHand, untouched]) {
      const claim = { runId, source: "meta", attempts: 7, errorCode: null };
      completed.push(await completeLead(node.installation.database, "elsewhere", claim, fetched));
    }
    expect(completed).toEqual([false, true, true]);
    await until("crm has what was written", () => crm.requests.some(({ body }) => body.includes("von Hand")));
    await until("shop has it as the change", () => shop.countOf(`${edited}:shop:r1`) === 1);
    expect(shop.requests.find(({ id }) => id === `${edited}:shop:r1`)?.body).toContain("von Hand");
    const nameIn = (runId: string) =>
      scene.value("SELECT payload -> 'body' ->> 'full_name' FROM dlq WHERE run_id = $1", [runId]);
    expect([await nameIn(byHand), await nameIn(untouched)]).toEqual(["mit SQL", "geholt"]);
    expect((await scene.events(edited)).map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(["completion_ordered", "lead_edited", "delivery_released"]),
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("of a paused source is fetched and goes on to be held; of one that is removed it waits for a person", async () => {
    const graph = await startGraph(graphLead);
    const crm = await scene.startSink();
    const destinations = [quickDestination("crm", crm.url)];
    const node = await scene.startNode({ sources: [metaSource(graph, { paused: true })], destinations });
    const [held = ""] = await notify(scene, node.url, "meta", ["3001"]);
    await until(
      "it is complete",
      async () =>
        (await scene.value("SELECT held_reason FROM internal.deliveries WHERE run_id = $1", [held])) ===
        "source_paused",
    );
    expect((await scene.events(held)).map(({ event_type }) => event_type)).toEqual([
      ...["lead_received", "delivery_held", "lead_completed", "delivery_released", "delivery_held"],
    ]);
    graph.answer(graphError(2));
    const [waiting = ""] = await notify(scene, node.url, "meta", ["3002"]);
    await until(
      "it was tried",
      async () =>
        (await scene.value("SELECT error_code FROM internal.incomplete_leads WHERE run_id = $1", [
          waiting,
        ])) === "completion_failed_for_now",
    );
    await node.stop();
    const later = await scene.startNode({ sources: [testSource("other")], destinations });
    await scene.sql.query("UPDATE internal.incomplete_leads SET due_at = clock_timestamp()");
    await until(
      "it is told",
      async () =>
        (await scene.value("SELECT error_code FROM internal.incomplete_leads WHERE run_id = $1", [
          waiting,
        ])) === "completion_source_removed",
    );
    expect(crm.countOf(`${waiting}:crm`)).toBe(0);
    await apiClient(later.url).post(`/runs/${waiting}/completion/deliver-anyway`, { reason: "gone" });
    await until("it arrives", () => crm.countOf(`${waiting}:crm`) === 1);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is fetched from LinkedIn with the form that names its answers", async () => {
    const linkedin = await startGraph(linkedinLead);
    const crm = await scene.startSink();
    const source = testSource("linkedin", {
      auth: { kind: "linkedin-lead-sync", ...settings, accessToken: token, baseUrl: linkedin.url },
      key: { kind: "header_preferred", windowMs: 600_000 },
    });
    const node = await scene.startNode({
      sources: [source],
      destinations: [quickDestination("crm", crm.url)],
    });
    const body = Buffer.from(
      '{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:a9a29e52-c0a3-42e3-8af1-2fc83b697003-4","leadAction":"CREATED","occurredAt":1764410400000}',
    );
    const headers = { ...linkedinHeaders({ secret, body, atMs: 0, url: "" }) };
    const path = "/webhook/lead/linkedin";
    expect((await postLead(node.url, { path, body: body.toString(), headers })).status).toBe(200);
    await until("it arrives", () => crm.requests.length === 1);
    const [request] = linkedin.requests;
    expect(request?.path).toMatch(
      /^\/rest\/leadFormResponses\/a9a29e52-c0a3-42e3-8af1-2fc83b697003-4\?fields=/,
    );
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      "linkedin-version": "202610",
      "x-restli-protocol-version": "2.0.0",
    });
    const runId = await scene.value<string>("SELECT run_id FROM runs");
    const { json } = await apiClient(node.url).get(`/runs/${runId}?reveal=true`);
    expect(json).toMatchObject({
      lead: {
        first_name: "Jürgen",
        last_name: "Groß",
        email: "juergen.gross@beispiel.de",
        product: "Wärmepumpe",
        utm: { source: "linkedin" },
      },
      body: { answers: [{ name: "FIRST_NAME", label: "Vorname", value: "Jürgen" }, {}, {}, {}] },
    });
    expect(await scene.brokenStories()).toEqual([]);
  });
});
