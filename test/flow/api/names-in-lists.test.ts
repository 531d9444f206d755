// Names in lists of leads: for whom, only where the installation wants it, and never without a record of who saw which.
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { testSource } from "../../support/app.ts";
import { apiClient } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Listed {
  readonly run_id: string;
  readonly names_withheld: boolean;
  readonly lead: {
    readonly name: string | null;
    readonly town: string | null;
    readonly email: string | null;
  };
}

describe("Names in lists of leads", () => {
  const scene = useApiScene(() => ({ sources: [testSource("website", { to: [] })] }), {
    intervals: { namesShownMs: 100 },
  });
  const keys: Record<string, { client: ApiClient; actor: string }> = {};
  beforeAll(async () => {
    for (const [key, name] of ["Anna Muster", "Jörg Weiß"].entries())
      await postLead(scene.app.url, {
        path: "/webhook/lead/website",
        key: String(key),
        body: { name, ort: "Köln", email: `person${key}@example.de` },
      });
    for (const role of ["viewer", "sales"]) {
      const { key, key_id: id } = (await scene.api.post("/api-keys", { name: role, role })).json;
      keys[role] = { client: apiClient(scene.app.url, String(key)), actor: `key:${String(id)}` };
    }
  });
  const list = async (role: string, query = ""): Promise<readonly Listed[]> =>
    (await keys[role]?.client.get(`/runs${query}`))?.json["items"] as readonly Listed[];
  const names = async (role: string, query = ""): Promise<unknown[]> =>
    (await list(role, query)).map(({ lead }) => lead.name);
  const recorded = () =>
    scene.query<{ viewer: string; run_id: string }>("SELECT viewer, run_id FROM internal.person_shown");
  const told = () =>
    scene.query<{ actor: string; payload: Record<string, unknown> }>(
      "SELECT actor, payload FROM audit_events WHERE event_type = 'names_shown'",
    );

  it("are masked for everybody unless the installation wants them, and then nothing is recorded", async () => {
    expect(await names("sales")).toEqual(["J*** W***", "A*** M***"]);
    expect(await recorded()).toEqual([]);
  });

  it("are shown to roles that may see persons once they are wanted, with the place, and without the address", async () => {
    const changed = await scene.api.patch("/settings", { names_in_lists: true });
    expect(changed.json).toMatchObject({ names_in_lists: true, masked_pointers: [] });
    expect(await list("sales")).toMatchObject([
      { lead: { name: "Jörg Weiß", town: "Köln", email: "p***@e***.de" } },
      { lead: { name: "Anna Muster", town: "Köln" } },
    ]);
    expect(await names("viewer")).toEqual(["J*** W***", "A*** M***"]);
    expect(await names("sales", "?names=false")).toEqual(["J*** W***", "A*** M***"]);
    const [event] = await scene.query(
      "SELECT payload FROM audit_events WHERE event_type = 'settings_changed'",
    );
    expect(event).toEqual({ payload: { names_in_lists: true } });
  });

  it("leave one record for each lead, viewer and hour, however often they are shown", async () => {
    await names("sales");
    await names("sales", "?limit=1");
    const rows = await recorded();
    expect(rows.map(({ viewer }) => viewer)).toEqual([keys["sales"]?.actor, keys["sales"]?.actor]);
    expect(new Set(rows.map(({ run_id: id }) => id)).size).toBe(2);
    expect(await told()).toEqual([]);
  });

  it("leave one event for each viewer and hour, with how many they were and the digest of their ids", async () => {
    const ids = (await list("viewer")).map(({ run_id: id }) => id).toSorted();
    // As if it had been in an hour that is over.
    await scene.query(
      `WITH view AS (
         INSERT INTO internal.person_views (viewer, hour) VALUES ('user:7', date_trunc('hour', now(), 'UTC') - interval '2 hours') RETURNING *)
       INSERT INTO internal.person_shown (run_id, viewer, hour) SELECT run_id, viewer, hour FROM runs, view`,
    );
    await until("it is told", async () => (await told()).length > 0);
    const [event, ...others] = await told();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      actor: "user:7",
      payload: {
        count: 2,
        ids_sha256: createHash("sha256")
          .update(ids.map((id) => `${id}\n`).join(""))
          .digest("hex"),
      },
    });
    const [untold] = await scene.query(
      "SELECT count(*)::int FROM internal.person_views WHERE event_id IS NULL",
    );
    expect(untold).toEqual({ count: 1 });
  });

  it("stay masked in a list whose record cannot be written, which list and log say", async () => {
    const withheld = async (role: string): Promise<unknown[]> =>
      (await list(role)).map((each) => each.names_withheld);
    expect(await withheld("sales")).toEqual([false, false]);
    await scene.query("ALTER TABLE internal.person_shown ADD CONSTRAINT broken CHECK (false) NOT VALID");
    expect(await names("sales")).toEqual(["J*** W***", "A*** M***"]);
    expect(await withheld("sales")).toEqual([true, true]);
    // Nothing is kept from who may not see them anyway.
    expect(await withheld("viewer")).toEqual([false, false]);
    const [line] = scene.app.log.filter(({ event }) => event === "names_not_recorded");
    expect(line).toMatchObject({
      level: "warn",
      fields: { leads: 2, error: expect.stringContaining("broken") as unknown },
    });
    await scene.query("ALTER TABLE internal.person_shown DROP CONSTRAINT broken");
    expect(await names("sales")).toEqual(["Jörg Weiß", "Anna Muster"]);
    expect(await withheld("sales")).toEqual([false, false]);
  });

  it("are told by lead: who saw it in which hour, and who saw all of it, to those who may read the log", async () => {
    const [lead] = await list("sales");
    const id = lead?.run_id ?? "";
    await keys["sales"]?.client.get(`/runs/${id}?reveal=true`);
    const { status, json } = await scene.api.get(`/runs/${id}/viewers`);
    const hour = new Date();
    hour.setUTCMinutes(0, 0, 0);
    const sales = { viewer: keys["sales"]?.actor, viewer_name: "sales" };
    expect([status, json["has_more"]]).toEqual([200, false]);
    expect(json["items"]).toMatchObject([
      { ...sales, shown: "whole" },
      { ...sales, shown: "list", seen_at: hour.toISOString() },
      { viewer: "user:7", viewer_name: null, shown: "list" },
    ]);
    expect((await keys["sales"]?.client.get(`/runs/${id}/viewers`))?.status).toBe(403);
    const unknown = await scene.api.get("/runs/01900000-0000-7000-8000-000000000000/viewers");
    expect(unknown).toMatchObject({ status: 404, json: { code: "run_unknown" } });
  });

  it("stay masked where the record is kept waiting, and the list does not wait for long", async () => {
    await scene.query("DELETE FROM internal.person_shown WHERE hour > now() - interval '1 hour'");
    const holder = await scene.app.installation.database.pool.connect();
    await holder.query("BEGIN; LOCK TABLE internal.person_shown IN EXCLUSIVE MODE");
    try {
      const begin = performance.now();
      expect(await names("sales")).toEqual(["J*** W***", "A*** M***"]);
      expect(performance.now() - begin).toBeLessThan(20_000);
    } finally {
      await holder.query("COMMIT");
      holder.release();
    }
  });
});
