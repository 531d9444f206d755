// Leads delivered once more: to a destination added later, or one that has lost them. Never a second lead.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../../src/kinds/destinations/http/fields.ts";
import type { TestApp } from "../../support/app.ts";
import { testSource } from "../../support/app.ts";
import { apiClient } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { describeOnEachServer } from "../../support/database.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  until,
  useDeliveryScene,
} from "../../support/delivery-scene.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { accept, always } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

const refusing = always({ kind: "answer", status: 422 });

describeOnEachServer("A replay", (server) => {
  const scene = useDeliveryScene(server);

  interface Place {
    readonly node: TestApp;
    readonly crm: Sink;
    readonly erp: Sink;
    readonly api: ApiClient;
  }

  /** Leads go to the CRM alone; the ERP was added later. */
  async function start(erpChanges: Partial<HttpDestination> = {}): Promise<Place> {
    const [crm, erp] = [await scene.startSink(), await scene.startSink()];
    const node = await scene.startNode({
      sources: [testSource("website", { to: ["crm"] })],
      destinations: [quickDestination("crm", crm.url), quickDestination("erp", erp.url, erpChanges)],
    });
    return { node, crm, erp, api: apiClient(node.url) };
  }

  const statusOf = (runId: string): Promise<string> =>
    scene.value<string>("SELECT status FROM runs WHERE run_id = $1", [runId]);

  async function processedLead(node: TestApp, key: string): Promise<string> {
    const runId = await postLead(node, key);
    await until("it is processed", async () => (await statusOf(runId)) === "processed");
    return runId;
  }

  it("brings a processed lead to another destination, under its own id, and leaves the lead as it is", async () => {
    const { node, erp, api } = await start();
    const runId = await processedLead(node, "later");
    const order = { destination: "erp", reason: "added later" };
    expect((await api.post(`/runs/${runId}/replay`, order)).status).toBe(202);
    await until("it arrives", () => erp.countOf(`${runId}:erp`) === 1);
    await until(
      "it is settled",
      async () => (await scene.value("SELECT count(*) FROM internal.deliveries")) === 0,
    );
    expect(await scene.value("SELECT count(*) FROM runs")).toBe(1);
    const told = await scene.events(runId);
    expect(told.slice(-3).map(({ event_type }) => event_type)).toEqual([
      "lead_processed",
      "replay_requested",
      "lead_delivered",
    ]);
    expect(told.at(-2)).toMatchObject({ actor: "key:environment", payload: order });
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("that fails becomes an entry of kind replay, which does not move the lead, and heals like any other", async () => {
    const { node, erp, api } = await start();
    erp.behave(refusing);
    const runId = await processedLead(node, "fails");
    await api.post(`/runs/${runId}/replay`, { destination: "erp", reason: "lost" });
    await until("it has failed", async () => (await scene.value("SELECT count(*) FROM dlq")) === 1);
    const [entry] = await scene.rows<{ dlq_id: number; kind: string }>("SELECT dlq_id, kind FROM dlq");
    expect(entry?.kind).toBe("replay");
    expect(await statusOf(runId)).toBe("processed");
    expect(await api.post(`/runs/${runId}/replay`, { destination: "erp", reason: "again" })).toMatchObject({
      status: 409,
      json: { code: "another_entry_open", run_id: runId },
    });
    erp.behave(accept);
    await api.post(`/dlq/${entry?.dlq_id}/retry`);
    await until("it is resolved", async () => (await scene.value("SELECT status FROM dlq")) === "resolved");
    expect(await statusOf(runId)).toBe("processed");
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("gives a failed lead the delivery, too; what holds it holds it still", async () => {
    const { node, crm, erp, api } = await start();
    crm.behave(refusing);
    const runId = await postLead(node, "failed");
    await until("it has failed", async () => (await statusOf(runId)) === "failed");
    expect((await api.post(`/runs/${runId}/replay`, { destination: "erp", reason: "x" })).status).toBe(202);
    await until("it arrives", () => erp.countOf(`${runId}:erp`) === 1);
    await until(
      "it is settled",
      async () => (await scene.value("SELECT count(*) FROM internal.deliveries")) === 0,
    );
    expect(await statusOf(runId)).toBe("failed");
    const dlqId = await scene.value<number>("SELECT dlq_id FROM dlq");
    await api.post(`/dlq/${dlqId}/dead`, { reason: "x" });
    expect((await api.post(`/runs/${runId}/replay`, { destination: "crm", reason: "x" })).json).toMatchObject(
      {
        code: "entry_given_up",
      },
    );
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("over a filter delivers each lead once more, and skips what is on its way or was refused", async () => {
    const { node, crm, erp, api } = await start({ paused: true });
    const runIds = await postLeads(node, 40);
    await until(
      "all are processed",
      async () => (await scene.value("SELECT count(*) FROM runs WHERE status = 'processed'")) === 40,
    );
    await fetch(`${node.url}/webhook/lead/website`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "bad" },
      body: '{"name":',
    });
    await api.post(`/runs/${runIds[0]}/replay`, { destination: "erp", reason: "first" });
    const order = {
      action: "runs.replay",
      filter: { source: "website" },
      destination: "erp",
      reason: "added later",
    };
    const { operation_id: id } = (await api.post("/operations", order)).json as unknown as {
      operation_id: string;
    };
    await until(
      "it is done",
      async () =>
        ((await api.get(`/operations/${id}`)).json as unknown as { status: string }).status === "done",
    );
    expect((await api.get(`/operations/${id}`)).json).toMatchObject({
      total: 41,
      done: 39,
      skipped: 2,
      destination: "erp",
      obstacles: { delivery_under_way: 1, run_refused: 1 },
    });
    expect(await scene.value("SELECT count(*) FROM internal.deliveries WHERE destination = 'erp'")).toBe(40);
    expect(
      await scene.value(
        "SELECT count(*) FROM audit_events WHERE event_type = 'replay_requested' AND payload ->> 'operation_id' = $1",
        [id],
      ),
    ).toBe(39);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
    await node.stop();
    await scene.startNode({
      sources: [testSource("website", { to: ["crm"] })],
      destinations: [quickDestination("crm", crm.url), quickDestination("erp", erp.url)],
    });
    await until("they arrive", () => erp.requests.length === 40);
    await until(
      "they are settled",
      async () => (await scene.value("SELECT count(*) FROM internal.deliveries")) === 0,
    );
    expect(crm.requests).toHaveLength(40);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("is refused for a lead or a destination that is not there", async () => {
    const { node, api } = await start();
    const runId = await processedLead(node, "nowhere");
    const nobody = "0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11";
    expect(
      (await api.post(`/runs/${nobody}/replay`, { destination: "erp", reason: "x" })).json,
    ).toMatchObject({
      code: "run_unknown",
    });
    expect(
      (await api.post(`/runs/${runId}/replay`, { destination: "moon", reason: "x" })).json,
    ).toMatchObject({
      code: "destination_removed",
    });
    expect((await api.post(`/runs/${runId}/replay`, { destination: "erp" })).status).toBe(400);
    await scene.sql.query(
      "UPDATE internal.destinations SET kind = 'external', sends = false WHERE name = 'erp'",
    );
    expect((await api.post(`/runs/${runId}/replay`, { destination: "erp", reason: "x" })).json).toMatchObject(
      {
        code: "destination_is_external",
      },
    );
  });
});
