// A paused source: its senders see success, its leads are held, and when it goes on they are delivered at once
// (docs/contract.md, Held deliveries).
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { apiClient } from "../support/api-client.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { postLead as post } from "../support/webhook-client.ts";

describeOnEachServer("A paused source", (server) => {
  const scene = useDeliveryScene(server);
  const postTo = async (url: string, source: string, key: string): Promise<string> => {
    const { status, json } = await post(url, { path: `/webhook/lead/${source}`, key, body: { key } });
    expect([status, json["status"]]).toEqual([202, "accepted"]);
    return String(json["run_id"]);
  };

  it("takes leads and holds them, however they come, and what is held is delivered once when it goes on", async () => {
    const crm = await scene.startSink();
    const node = await scene.startNode({
      sources: [testSource("other", { to: ["crm"] })],
      destinations: [quickDestination("crm", crm.url)],
    });
    const api = apiClient(node.url);
    const made = await api.post("/sources", { name: "website", auth: { kind: "none" }, to: ["crm"] });
    expect(made.status).toBe(201);
    await until("the node knows it", async () => {
      const body = { a: 1 };
      return (await post(node.url, { path: "/webhook/lead/website", key: "before", body })).status === 202;
    });
    await until("it is delivered", () => crm.requests.length === 1);
    await api.post("/sources/website/pause");
    await until("the node has heard of it", async () => {
      const runId = await postTo(node.url, "website", `probe-${Math.random()}`);
      return (
        (await scene.value(
          "SELECT count(*) FROM internal.deliveries WHERE run_id = $1 AND held_reason = 'source_paused'",
          [runId],
        )) === 1
      );
    });
    const posted = await postTo(node.url, "website", "posted");
    const { json: imported } = await api.post("/imports", {
      source: "website",
      rows: [{ row: 1, key: "imported", body: { a: 2 } }],
    });
    const [{ run_id: importedId } = { run_id: "" }] = imported["rows"] as { run_id: string }[];
    const { json: tested } = await api.post("/sources/website/test", {});
    await until(
      "what came before it has arrived",
      async () =>
        (await scene.value("SELECT count(*) FROM internal.deliveries WHERE held_reason IS NULL")) === 0,
    );
    const arrivedBefore = crm.requests.length;
    for (const runId of [posted, importedId, String(tested["run_id"])]) {
      const { json } = await api.get(`/runs/${runId}`);
      expect(json).toMatchObject({
        status: "accepted",
        is_held: true,
        deliveries: [{ destination: "crm", attempt: 0, due_at: null, held_reason: "source_paused" }],
      });
      expect((await scene.events(runId)).map(({ event_type }) => event_type)).toEqual([
        "lead_received",
        "delivery_held",
      ]);
    }
    // A later delivery of a lead that had arrived before is held as well.
    const { json: before } = await api.get("/runs?source=website&idempotency_key=before");
    const [{ run_id: beforeId } = { run_id: "" }] = before["items"] as { run_id: string }[];
    expect((await api.post(`/runs/${beforeId}/replay`, { destination: "crm", reason: "again" })).status).toBe(
      202,
    );
    // Another source is not concerned.
    const free = await postTo(node.url, "other", "free");
    await until("it arrives", () => crm.countOf(`${free}:crm`) === 1);
    expect(crm.requests.length).toBe(arrivedBefore + 1);
    const { json: overview } = await api.get("/overview");
    expect(overview["alarms"]).toContainEqual(
      expect.objectContaining({ code: "source_held", source: "website", severity: "warning" }),
    );
    await api.post("/sources/website/resume");
    await until(
      "all of it is delivered",
      async () => (await scene.value("SELECT count(*) FROM internal.deliveries")) === 0,
    );
    for (const runId of [posted, importedId]) expect(crm.countOf(`${runId}:crm`)).toBe(1);
    expect((await scene.events(posted)).map(({ event_type }) => event_type)).toEqual([
      ...["lead_received", "delivery_held", "delivery_released", "lead_delivered", "lead_processed"],
    ]);
    expect(await scene.value("SELECT count(*) FROM runs WHERE status <> 'processed'")).toBe(0);
    expect(await brokenInvariants(node.installation.database)).toEqual([]);
  });
});
