// Settings that all nodes share: read by everyone, changed by admins, and by the file alone where there is one.
import { describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

describe("Settings over the API", () => {
  const scene = useApiScene(() => ({}), { withoutFile: true });

  it("change the reporting time zone, audited, unless somebody was faster", async () => {
    const before = await scene.api.get("/settings");
    expect(before.json).toMatchObject({ timezone: "Europe/Berlin", timezone_managed_by: "api" });
    await scene.query("INSERT INTO runs (received_at) VALUES (now() - interval '40 days')");
    const changed = await scene.api.patch("/settings", { timezone: "America/New_York" });
    expect(changed).toMatchObject({ status: 200, json: { timezone: "America/New_York" } });
    expect(
      await scene.query("SELECT actor, payload FROM audit_events WHERE event_type = 'timezone_changed'"),
    ).toEqual([{ actor: "key:environment", payload: { from: "Europe/Berlin", to: "America/New_York" } }]);
    const stale = { headers: { "if-match": before.headers.get("etag") ?? "" } };
    expect(await scene.api.patch("/settings", { timezone: "UTC" }, stale)).toMatchObject({
      status: 412,
      json: { code: "changed_meanwhile" },
    });
    const current = { headers: { "if-match": changed.headers.get("etag") ?? "" } };
    expect(await scene.api.patch("/settings", { timezone: "Europe/Vienna" }, current)).toMatchObject({
      status: 200,
      json: { timezone: "Europe/Vienna" },
    });
  });

  it("name what else belongs to a person: it is masked where leads are shown to viewers", async () => {
    const pointers = ["/antrag/kennzeichen"];
    expect(await scene.api.patch("/settings", { masked_pointers: ["kennzeichen"] })).toMatchObject({
      status: 422,
      json: { problems: [{ code: "pointer_invalid", place: "masked_pointers[0]" }] },
    });
    await scene.api.post("/sources", { name: "website", auth: { kind: "none" }, to: null });
    const test = await until("the node takes it", async () => {
      const body = { antrag: { kennzeichen: "B-AB 1234", betrag: 100 } };
      const answer = await postLead(scene.app.url, { path: "/webhook/lead/website", key: "k", body });
      return answer.status === 202 && answer;
    });
    const viewer = await scene.api.post("/api-keys", { name: "viewer", role: "viewer" });
    const asViewer = apiClient(scene.app.url, String(viewer.json["key"]));
    const path = `/runs/${String(test.json["run_id"])}`;
    expect((await asViewer.get(path)).text).toContain("B-AB 1234");
    expect(await scene.api.patch("/settings", { masked_pointers: pointers })).toMatchObject({
      status: 200,
      json: { masked_pointers: pointers },
    });
    const masked = await asViewer.get(path);
    expect(masked.status).toBe(200);
    expect(masked.text).not.toContain("B-AB 1234");
    expect(masked.text).toContain("100");
    expect(
      await scene.query("SELECT actor, payload FROM audit_events WHERE event_type = 'settings_changed'"),
    ).toEqual([{ actor: "key:environment", payload: { masked_pointers: pointers } }]);
  });

  it("say what is wrong with a time zone, in German too", async () => {
    const german = { headers: { "accept-language": "de" } };
    expect(await scene.api.patch("/settings", { timezone: "Europe/Berlim" }, german)).toMatchObject({
      status: 422,
      json: {
        problems: [
          {
            code: "timezone_unknown",
            place: "timezone",
            message: expect.stringContaining("Meinten Sie „Europe/Berlin“?") as string,
          },
        ],
      },
    });
    for (const [zone, code, meant] of [
      ["europe/berlin", "timezone_unknown", "Europe/Berlin"],
      ["BST", "timezone_unknown", "Europe/London"],
      ["EET", "timezone_read_differently", "Europe/Athens"],
    ])
      expect(await scene.api.patch("/settings", { timezone: zone }, german)).toMatchObject({
        status: 422,
        json: { problems: [{ code, message: expect.stringContaining(`„${meant}“`) as string }] },
      });
    expect(await scene.api.patch("/settings", { timezon: "UTC" })).toMatchObject({
      status: 400,
      json: { code: "request_invalid" },
    });
  });
});

describe("Settings that leadledger.yaml says", () => {
  const scene = useApiScene(() => ({ timezone: "Europe/Zurich" }));

  it("are read here and changed only there", async () => {
    expect(await scene.api.get("/settings")).toMatchObject({
      json: { timezone: "Europe/Zurich", timezone_managed_by: "file" },
    });
    expect(await scene.api.patch("/settings", { timezone: "UTC" })).toMatchObject({
      status: 409,
      json: { code: "managed_by_file" },
    });
    expect(await scene.api.patch("/settings", { timezone: "Europe/Zurich" })).toMatchObject({ status: 200 });
  });
});
