// A destination whose content an expression makes: what it gets, what becomes of leads when the expression is at fault, and
// who may write one (docs/contract.md, What a destination gets).
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnOneServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { postLead as post } from "../support/webhook-client.ts";

describeOnOneServer("A destination with an expression", (server) => {
  const scene = useDeliveryScene(server);
  const sent = async (url: string, key: string, body: string): Promise<string> => {
    const { json } = await post(url, { path: "/webhook/lead/website", key, body });
    return String(json["run_id"]);
  };
  const isProcessed = (runId: string) =>
    until("it is processed", async () =>
      (await scene.rows<{ status: string }>("SELECT status FROM runs WHERE run_id = $1", [runId])).some(
        ({ status }) => status === "processed",
      ),
    );
  const circuit = async (url: string) => (await apiClient(url).get("/destinations/crm")).json["circuit"];

  it("gets what the expression makes, numbers of 20 digits included, by HTTP and as a form", async () => {
    const [json, form] = [await scene.startSink(), await scene.startSink()];
    const expression =
      '{ "who": lead.first_name & "!", "id": data.id, "sum": $sum(data.parts.price), "none": data.none }';
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [
        quickDestination("json", json.url, { expression }),
        quickDestination("form", form.url, { expression, content: "form" }),
      ],
    });
    const body = '{"vorname":"Eva","id":12345678901234567890,"parts":[{"price":1.5},{"price":2}]}';
    await isProcessed(await sent(node.url, "1", body));
    expect(json.requests[0]?.body).toBe('{"who":"Eva!","id":12345678901234567890,"sum":3.5}');
    expect(form.requests[0]?.body).toBe("who=Eva%21&id=12345678901234567890&sum=3.5");
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("keeps its other leads when the expression fails for one, and refuses a lead by its own words", async () => {
    const crm = await scene.startSink();
    const expression = '$exists(data.never) ? $error("never: " & data.never) : { "n": data.n + 1 }';
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [quickDestination("crm", crm.url, { expression })],
    });
    await isProcessed(await sent(node.url, "1", '{"n":1}'));
    const alone = await sent(node.url, "2", '{"n":"Geheimrat"}');
    await until("it waits", async () => (await scene.rows("SELECT FROM dlq")).length === 1);
    await sent(node.url, "3", '{"never":"again"}');
    await until("it waits, too", async () => (await scene.rows("SELECT FROM dlq")).length === 2);
    await isProcessed(await sent(node.url, "4", '{"n":2}'));
    expect(crm.requests.map(({ body }) => body)).toEqual(['{"n":2}', '{"n":3}']);
    expect(
      await scene.rows(
        "SELECT run_id, error_code, reason, next_retry_at IS NULL AS waits FROM dlq ORDER BY dlq_id",
      ),
    ).toEqual([
      {
        run_id: alone,
        error_code: "destination_expression",
        reason:
          'the expression of crm fails for this lead: The left side of the "+" operator must evaluate to a number, at character 70 (T2001)',
        waits: false,
      },
      expect.objectContaining({
        error_code: "expression_refuses_lead",
        reason: "the expression of crm refuses this lead: never: again",
        waits: true,
      }),
    ]);
    expect(await circuit(node.url)).toMatchObject({ state: "closed" });
  });

  it("is left alone when the expression fails for two leads in a row, and gets all once it is changed", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [] });
    const api = apiClient(node.url);
    const entry = {
      kind: "http",
      url: crm.url,
      allow_private: true,
      expression: "{ 'n': $nowhere(data.n) }",
    };
    expect(await api.post("/destinations", { name: "crm", ...entry })).toMatchObject({ status: 201 });
    await api.patch("/sources/website", { to: ["crm"] });
    const runs = [await sent(node.url, "1", '{"n":1}'), await sent(node.url, "2", '{"n":2}')];
    await until("it is left alone", async () => {
      const found = await circuit(node.url);
      return (found as { state: string }).state === "open";
    });
    expect(await circuit(node.url)).toMatchObject({ reason: "destination_expression" });
    runs.push(await sent(node.url, "3", '{"n":3}'));
    expect(await api.patch("/destinations/crm", { expression: "{ 'n': data.n }" })).toMatchObject({
      status: 200,
    });
    for (const run of runs) await isProcessed(run);
    expect(crm.requests.map(({ body }) => body).toSorted()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("is written and changed by administrators alone; others may change everything beside it", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [] });
    const admin = apiClient(node.url);
    const made = await admin.post("/api-keys", { name: "operator", role: "operator" });
    const operator = apiClient(node.url, String(made.json["key"]));
    const entry = { name: "crm", kind: "http", url: crm.url, allow_private: true };
    const refused = { status: 403, json: { code: "expression_needs_admin" } };
    expect(await operator.post("/destinations", { ...entry, expression: "{}" })).toMatchObject(refused);
    expect(await admin.post("/destinations", { ...entry, expression: "{ 'a': 1 }" })).toMatchObject({
      status: 201,
      json: { expression: "{ 'a': 1 }" },
    });
    expect(await operator.patch("/destinations/crm", { expression: "{ 'a': 2 }" })).toMatchObject(refused);
    expect(await operator.patch("/destinations/crm", { expression: null })).toMatchObject(refused);
    const tried = { expression: "{ 'a': 2 }", body: { email: "a@b.example" } };
    expect(await operator.post("/destinations/crm/map-preview", tried)).toMatchObject(refused);
    expect(
      await operator.patch("/destinations/crm", { timeout: "3s", expression: "{ 'a': 1 }" }),
    ).toMatchObject({ status: 200, json: { timeout: "3s" } });
    expect(
      await operator.post("/destinations/crm/map-preview", { body: { email: "a@b.example" } }),
    ).toMatchObject({ status: 200, json: { fault: null, request: { body: '{"a":1}' } } });
    expect(await admin.patch("/destinations/crm", { map: { x: "/lead/email" } })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "expression_beside_map" }] },
    });
    expect(await admin.patch("/destinations/crm", { expression: "{ 'a': " })).toMatchObject({
      status: 422,
      json: {
        code: "configuration_invalid",
        problems: [{ place: "expression", code: "expression_invalid" }],
      },
    });
    expect(
      await admin.patch("/destinations/crm", { map: { x: "/lead/email" }, expression: null }),
    ).toMatchObject({
      status: 200,
    });
  });

  it("is shown on a lead before it is saved, with its faults", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [],
    });
    const api = apiClient(node.url);
    await api.post("/destinations", { name: "crm", kind: "http", url: crm.url, allow_private: true });
    const runId = await sent(node.url, "1", '{"email":"eva@example.de","n":12345678901234567890}');
    await isProcessed(runId);
    const preview = (said: object, query = "") =>
      api.post(`/destinations/crm/map-preview${query}`, { run_id: runId, ...said });
    expect(
      await preview({ expression: '{ "mail": lead.email, "n": data.n }' }, "?reveal=true"),
    ).toMatchObject({
      json: { fault: null, request: { body: '{"mail":"eva@example.de","n":12345678901234567890}' } },
    });
    const { json } = await preview({ expression: '{ "mail": lead.email }' });
    expect(JSON.stringify(json)).not.toContain("eva@example.de");
    expect(await preview({ expression: "[data.n * 2]" })).toMatchObject({
      json: { fault: { code: "destination_expression", is_masking: false }, request: null },
    });
    expect(await preview({ expression: '$error("no")' })).toMatchObject({
      json: { fault: { code: "expression_refuses_lead" }, request: null },
    });
    const ofMasked = '$contains(lead.email, "eva@") ? { "a": 1 } : $error("masked")';
    expect(await preview({ expression: ofMasked })).toMatchObject({
      json: { fault: { is_masking: true }, request: null },
    });
    expect(await preview({ expression: "{" })).toMatchObject({ status: 422 });
  });
});
