// Somebody who sent a lead before: their source may want the delivery marked, or held until a person decides. No lead is
// merged with another or dropped (docs/contract.md, Held deliveries).
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { rebuildKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { postLead } from "../support/webhook-client.ts";

const dayMs = 86_400_000;

describeOnEachServer("Somebody who sent a lead before", (server) => {
  const scene = useDeliveryScene(server);
  const start = async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [
        testSource("plain", { to: ["crm"] }),
        testSource("held", { to: ["crm"], samePerson: { withinMs: 30 * dayMs, then: "hold" } }),
        testSource("marked", { to: ["crm"], samePerson: { withinMs: 30 * dayMs, then: "mark" } }),
      ],
      destinations: [quickDestination("crm", crm.url)],
    });
    let count = 0;
    const send = async (source: string, body: Record<string, unknown>): Promise<string> => {
      const { status, json } = await postLead(node.url, {
        path: `/webhook/lead/${source}`,
        key: `k${(count += 1)}`,
        body,
      });
      expect(status).toBe(202);
      return String(json["run_id"]);
    };
    const delivered = async (runId: string): Promise<Record<string, unknown>> => {
      await until("it arrives", () => crm.countOf(`${runId}:crm`) > 0);
      const request = crm.requests.find(({ headers }) => headers["webhook-id"] === `${runId}:crm`);
      return JSON.parse(request?.body ?? "{}") as Record<string, unknown>;
    };
    return { crm, node, send, delivered, api: apiClient(node.url) };
  };

  it("is delivered as any lead where the source says nothing, and named to the destination where it marks", async () => {
    const { send, delivered } = await start();
    const first = await send("plain", { email: "Anna@Example.de", tel: "0171 1234567" });
    expect(await delivered(first)).not.toHaveProperty("same_person");
    expect(await delivered(await send("plain", { email: "anna@example.de" }))).not.toHaveProperty(
      "same_person",
    );
    const other = await send("marked", { email: "berta@example.de", tel: "+49 171 1234567" });
    expect(await delivered(other)).toMatchObject({ same_person: { run_id: first, by: "phone" } });
    const stranger = await send("marked", { email: "carla@example.de" });
    expect(await delivered(stranger)).not.toHaveProperty("same_person");
  });

  it("is held where the source wants that, and released or withdrawn by a person", async () => {
    const { crm, node, send, delivered, api } = await start();
    const first = await send("held", { email: "anna@example.de" });
    await delivered(first);
    const again = await send("held", { email: "ANNA@example.de", message: "again" });
    const unwanted = await send("held", { email: "anna@example.de", message: "and again" });
    for (const runId of [again, unwanted])
      expect((await api.get(`/runs/${runId}`)).json).toMatchObject({
        status: "accepted",
        is_held: true,
        deliveries: [{ destination: "crm", held_reason: "same_person", due_at: null }],
      });
    expect((await api.get("/overview")).json["alarms"]).toContainEqual(
      expect.objectContaining({ code: "leads_held_for_decision", source: "held", count: 2 }),
    );
    const wanted = { reason: "another order" };
    expect(await api.post(`/runs/${again}/held/release`, wanted)).toMatchObject({
      status: 200,
      json: { destinations: ["crm"] },
    });
    await delivered(again);
    expect((await api.post(`/runs/${again}/held/release`, wanted)).json).toMatchObject({
      code: "nothing_held",
    });
    expect((await api.post(`/runs/${unwanted}/held/withdraw`, { reason: "twice" })).status).toBe(200);
    expect((await api.get(`/runs/${unwanted}`)).json).toMatchObject({
      status: "processed",
      outcome: "withdrawn",
      dlq: [{ status: "resolved", resolution: "withdrawn", note: "twice" }],
    });
    expect(crm.countOf(`${unwanted}:crm`)).toBe(0);
    const told = async (runId: string) => (await scene.events(runId)).map(({ event_type: type }) => type);
    await until("it is done", async () => (await told(again)).includes("lead_processed"));
    expect(await told(again)).toEqual([
      ...["lead_received", "delivery_held", "delivery_released", "lead_delivered", "lead_processed"],
    ]);
    expect(await told(unwanted)).toEqual([
      ...["lead_received", "delivery_held", "delivery_withdrawn", "dlq_created", "lead_processed"],
    ]);
    expect((await api.get("/overview")).json).toMatchObject({
      today: { received: 3, delivered: 2, resolved_by_hand: 0, withdrawn: 1, success_rate: 1 },
    });
    expect((await api.get("/runs?outcome=withdrawn")).json["items"]).toMatchObject([{ run_id: unwanted }]);
    expect(await rebuildKpis(node.installation.database, "cli:test")).toEqual([]);
    const perSource =
      "SELECT processed_count, resolved_by_hand_count, withdrawn_count FROM kpi_daily_sources";
    expect(await scene.rows(perSource)).toEqual([
      { processed_count: 3, resolved_by_hand_count: 0, withdrawn_count: 1 },
    ]);
    expect(await scene.brokenStories()).toEqual([]);
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });

  it("gets no change of a lead that was withdrawn, until a person has it delivered after all", async () => {
    const crm = await scene.startSink();
    const rules = { onKeyReuse: "revision", samePerson: { withinMs: 30 * dayMs, then: "hold" } } as const;
    const node = await scene.startNode({
      sources: [testSource("form", rules)],
      destinations: [quickDestination("crm", crm.url)],
    });
    const api = apiClient(node.url);
    const send = (key: string, n: number) =>
      postLead(node.url, { path: "/webhook/lead/form", key, body: { email: "anna@example.de", n } });
    await send("first", 0);
    const runId = String((await send("again", 0)).json["run_id"]);
    expect((await send("again", 1)).json).toMatchObject({ run_id: runId, revision: 1 });
    expect((await api.post(`/runs/${runId}/held/withdraw`, { reason: "objected" })).status).toBe(200);
    expect((await send("again", 2)).json).toMatchObject({ run_id: runId, revision: 2 });
    expect(await scene.rows("SELECT FROM internal.deliveries WHERE run_id = $1", [runId])).toEqual([]);
    const { json } = await api.get(`/runs/${runId}`);
    expect(json).toMatchObject({ outcome: "withdrawn", dlq: [{ payload: { revision: 2, body: { n: 2 } } }] });
    const [{ dlq_id: dlqId } = { dlq_id: 0 }] = json["dlq"] as { dlq_id: number }[];
    expect((await api.post(`/dlq/${dlqId}/retry`, { reason: "agreed after all" })).status).toBeLessThan(300);
    await until("it arrives", () => crm.countOf(`${runId}:crm:r2`) === 1);
    expect(crm.requests.filter(({ id }) => id.startsWith(runId))).toHaveLength(1);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("waits for a paused source after a person released it, and for a person after the source went on", async () => {
    const { node, send, delivered, api } = await start();
    const own = { name: "own", auth: { kind: "none" }, to: ["crm"], same_person: { then: "hold" } };
    expect(await api.post("/sources", own)).toMatchObject({
      status: 201,
      json: { same_person: { within: "30d", then: "hold" } },
    });
    await until("the node knows it", async () => {
      const first = { path: "/webhook/lead/own", key: "first", body: { email: "anna@example.de" } };
      return (await postLead(node.url, first)).status === 202;
    });
    expect((await api.post("/sources/own/pause")).status).toBe(200);
    const again = await send("own", { email: "anna@example.de" });
    const reasonOf = async (): Promise<unknown> =>
      scene.value("SELECT held_reason FROM internal.deliveries WHERE run_id = $1", [again]);
    expect(await reasonOf()).toBe("same_person");
    await api.post(`/runs/${again}/held/release`, { reason: "wanted" });
    expect(await reasonOf()).toBe("source_paused");
    await api.post("/sources/own/resume");
    await delivered(again);
    const status = () => scene.value("SELECT status FROM runs WHERE run_id = $1", [again]);
    await until("it is done", async () => (await status()) === "processed");
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });
});
