// /quarantine: whoever looks at what was turned away sees persons only on request, which is noted; what is released is a
// lead like any other, and a resend of it a repeat.
import { describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { testSource } from "../../support/app.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

const erika = { name: "Erika Muster", email: "erika@example.com", topic: "Dach" };

describe("The quarantine over the API", () => {
  const scene = useApiScene(() => ({
    sources: [
      testSource("website", { to: [] }),
      testSource("hashed", { to: [], key: { kind: "body_hash", windowMs: 600_000 }, bodyLimitBytes: 1_000 }),
    ],
  }));
  const api = () => apiClient(scene.app.url);
  /** Sends what is turned away, and returns the id that it is kept under. */
  const turnAway = async (
    source: string,
    body: string | Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<string> => {
    const known = await scene.query<{ id: string }>("SELECT quarantine_id AS id FROM internal.quarantine");
    const before = new Set(known.map(({ id }) => id));
    const answer = await postLead(scene.app.url, { path: `/webhook/lead/${source}`, body, headers });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    let found: string | undefined;
    await until("it is kept", async () => {
      const rows = await scene.query<{ id: string }>("SELECT quarantine_id AS id FROM internal.quarantine");
      found = rows.find(({ id }) => !before.has(id))?.id;
      return found !== undefined;
    });
    return found ?? "";
  };
  const eventsOf = (type: string) =>
    scene.query("SELECT run_id, actor, payload FROM audit_events WHERE event_type = $1 ORDER BY event_id", [
      type,
    ]);

  it("lists and shows what was turned away, persons masked, and in full only with an event", async () => {
    const id = await turnAway("website", erika);
    const { json: list } = await api().get("/quarantine?source=website");
    expect(list["items"]).toMatchObject([
      { quarantine_id: id, error_code: "idempotency_key_missing", authenticated: true, is_whole: true },
    ]);
    expect((await api().get("/quarantine?email=erika@example.com")).json["items"]).toHaveLength(1);
    expect((await api().get("/quarantine?email=other@example.com")).json["items"]).toEqual([]);
    const { json: masked } = await api().get(`/quarantine/${id}`);
    expect(masked["body"]).toEqual({ name: "E*** M***", email: "e***@e***.com", topic: "Dach" });
    expect(await eventsOf("person_data_shown")).toEqual([]);
    const { json: whole } = await api().get(`/quarantine/${id}?reveal=true`);
    expect(whole["body"]).toEqual(erika);
    expect(await eventsOf("person_data_shown")).toMatchObject([{ payload: { quarantine_id: id } }]);
    const { status } = await api().get("/quarantine/0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52");
    expect(status).toBe(404);
  });

  it("releases it as a lead of its source, with the time at which it came, once", async () => {
    const id = await turnAway("website", { ...erika, topic: "once" });
    const [kept] = await scene.query<{ received_at: Date }>(
      "SELECT received_at FROM internal.quarantine WHERE quarantine_id = $1",
      [id],
    );
    const { status, json } = await api().post(`/quarantine/${id}/release`, { reason: "form corrected" });
    expect([status, json["result"]]).toEqual([200, "accepted"]);
    const [run] = await scene.query(
      "SELECT idempotency_key, received_at, source FROM runs WHERE run_id = $1",
      [json["run_id"]],
    );
    expect(run).toEqual({
      idempotency_key: `quarantine:${id}`,
      source: "website",
      received_at: kept?.received_at,
    });
    expect(await eventsOf("quarantine_released")).toMatchObject([
      {
        run_id: json["run_id"],
        payload: { quarantine_id: id, result: "accepted", reason: "form corrected" },
      },
    ]);
    expect((await api().post(`/quarantine/${id}/release`, {})).status).toBe(404);
    expect(await scene.query("SELECT FROM internal.quarantine WHERE quarantine_id = $1", [id])).toEqual([]);
  });

  it("knows a resend of what was released by the source's own key, and `body_limit` is no obstacle", async () => {
    const body = { ...erika, text: "t".repeat(2_000) };
    const id = await turnAway("hashed", body);
    const first = await api().post(`/quarantine/${id}/release`, {});
    expect(first.json["result"]).toBe("accepted");
    const again = await turnAway("hashed", body);
    const second = await api().post(`/quarantine/${again}/release`, {});
    expect(second.json).toMatchObject({ result: "duplicate", run_id: first.json["run_id"] });
  });

  it("keeps what cannot be read as a lead, and says why", async () => {
    const id = await turnAway("website", "<lead/>", {
      "content-type": "application/xml",
      "idempotency-key": "x",
    });
    const { status, json } = await api().post(`/quarantine/${id}/release`, {});
    expect([status, json["code"]]).toEqual([409, "release_refused"]);
    expect(json["reason"]).toMatch(/neither JSON nor a form/);
    expect(await scene.query("SELECT FROM internal.quarantine WHERE quarantine_id = $1", [id])).toHaveLength(
      1,
    );
  });

  it("discards with a reason; several at once each for itself", async () => {
    const ids = [await turnAway("website", { a: 1 }), await turnAway("website", { a: 2 })];
    const unknown = "0199f3c2-7a1e-7cc0-8000-1f0f6c3a9b52";
    expect((await api().post(`/quarantine/${ids[0]}/discard`, {})).status).toBe(400);
    const { json } = await api().post("/quarantine/release", { ids: [ids[0], unknown] });
    expect(json["items"]).toMatchObject([{ result: "accepted" }, { result: "quarantine_unknown" }]);
    const discarded = await api().post("/quarantine/discard", { ids: [ids[1]], reason: "spam" });
    expect(discarded.json["items"]).toMatchObject([{ result: "discarded" }]);
    expect(await eventsOf("quarantine_discarded")).toMatchObject([
      { run_id: null, payload: { quarantine_id: ids[1], source: "website", reason: "spam" } },
    ]);
  });

  it("comes page by page", async () => {
    for (let index = 0; index < 3; index += 1) await turnAway("website", { page: index });
    const seen: string[] = [];
    let cursor = "";
    do {
      const { json } = await api().get(`/quarantine?source=website&limit=2${cursor}`);
      seen.push(...(json["items"] as { quarantine_id: string }[]).map(({ quarantine_id: id }) => id));
      cursor = typeof json["next_cursor"] === "string" ? `&cursor=${json["next_cursor"]}` : "";
    } while (cursor !== "");
    const all = await scene.query("SELECT FROM internal.quarantine WHERE source = 'website'");
    expect(new Set(seen).size).toBe(all.length);
    expect(seen).toHaveLength(all.length);
  });
});
