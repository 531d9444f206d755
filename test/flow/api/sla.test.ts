// Service levels over the API: agreed, counted, the same by every way, and marked as contacted by button, link and program.
import { describe, expect, it } from "vitest";
import { createContactLinks } from "../../../src/runtime/contact-links.ts";
import { deriveKeys } from "../../../src/runtime/keys.ts";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { testRootKeyHex } from "../../support/app.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

describe("Service levels over the API", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true });

  it("are counted, and have the same numbers in view, list, file and SQL", async () => {
    await scene.api.post("/sources", { name: "website", client: "moebel", auth: { kind: "none" }, to: [] });
    const speed = { name: "speed", measure: "contacted", source: "website", within: "4h", share: "90%" };
    expect(await scene.api.post("/sla", { ...speed, source: "websiet" })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "sla_part_unknown", place: "source" }] },
    });
    expect(await scene.api.post("/sla", speed)).toMatchObject({ status: 201, json: { managed_by: "api" } });
    expect(await scene.api.post("/sla", { name: "all", measure: "success" })).toMatchObject({ status: 201 });
    const lead = await until("the node takes it", async () => {
      const answer = await postLead(scene.app.url, {
        path: "/webhook/lead/website",
        key: "k",
        body: { a: 1 },
      });
      return answer.status === 202 && answer;
    });
    const runId = String(lead.json["run_id"]);

    const path = createContactLinks(
      deriveKeys(Buffer.from(testRootKeyHex, "hex")).subkey("contact-link"),
    ).pathOf(runId);
    const asked = await fetch(`${scene.app.url}${path}`);
    expect([asked.status, await asked.text()]).toEqual([
      200,
      expect.stringContaining('<form method="post">'),
    ]);
    expect((await scene.api.get(`/runs/${runId}`)).json["contacted"]).toBe(null);
    expect((await fetch(`${scene.app.url}${path.slice(0, -1)}_`, { method: "POST" })).status).toBe(404);
    expect((await fetch(`${scene.app.url}${path}`, { method: "POST" })).status).toBe(200);
    const marked = await scene.api.get(`/runs/${runId}`);
    expect(marked.json["contacted"]).toMatchObject({ via: "mail", by: "system" });
    expect(await scene.api.post(`/runs/${runId}/contacted`, {})).toMatchObject({
      status: 200,
      json: { contacted: { via: "mail" } },
    });

    const kept = await until("it is counted", async () => {
      const { json } = await scene.api.get("/sla/speed/days");
      const [day] = json["items"] as { met_count: number }[];
      return day?.met_count === 1 && day;
    });
    expect(
      await scene.query(
        "SELECT met_count, missed_count, state, share::float8 FROM sla_daily WHERE sla = 'speed'",
      ),
    ).toEqual([{ met_count: 1, missed_count: 0, state: "met", share: 1 }]);
    expect(kept).toMatchObject({ state: "met", share: 1, decided_count: 1 });
    const file = await scene.api.get("/exports/sla?format=ndjson&sla=speed");
    expect(file.text).toContain('"met_count":1');
    expect((await scene.api.get("/sla/speed/months")).json["items"]).toMatchObject([
      { met_count: 1, days_met: 1 },
    ]);
    const overview = await scene.api.get("/sla");
    expect(overview.json["items"]).toMatchObject([
      { name: "all" },
      { name: "speed", today: { met_count: 1 } },
    ]);

    expect(
      await scene.api.delete(`/runs/${runId}/contacted`, { body: { reason: "another one" } }),
    ).toMatchObject({
      json: { contacted: null },
    });
    const types = await scene.query<{ event_type: string }>(
      "SELECT event_type FROM audit_events WHERE event_type LIKE 'lead_contact%' ORDER BY event_id",
    );
    expect(types.map((row) => row.event_type)).toEqual(["lead_contacted", "lead_contact_undone"]);
  });

  it("are shown to who is limited to clients as far as they are theirs, and are made for those alone", async () => {
    const made = await scene.api.post("/api-keys", { name: "moebel", role: "operator", clients: ["moebel"] });
    const theirs = apiClient(scene.app.url, String(made.json["key"]));
    expect((await theirs.get("/sla")).json["items"]).toMatchObject([{ name: "speed" }]);
    expect((await theirs.get("/sla/all")).status).toBe(404);
    expect((await theirs.get("/sla/all/days")).status).toBe(404);
    expect(await theirs.post("/sla", { name: "mine", measure: "success" })).toMatchObject({
      json: { code: "clients_exceed_own" },
    });
    expect(await theirs.post("/sla", { name: "all", measure: "success", source: "website" })).toMatchObject({
      json: { code: "name_taken" },
    });
    expect((await scene.api.get("/sla/all")).json).toMatchObject({ source: null });
    expect(await theirs.post("/sla", { name: "mine", measure: "success", source: "website" })).toMatchObject({
      status: 201,
    });
    expect((await theirs.delete("/sla/all")).status).toBe(404);
    expect((await theirs.delete("/sla/mine")).status).toBe(204);
  });
});
