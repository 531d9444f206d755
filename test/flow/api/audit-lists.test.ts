// GET /audit-events and /kpi/daily: who did what, without the crowd of health checks, page by page.
import { describe, expect, it } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { testSource } from "../../support/app.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Event {
  readonly event_id: number;
  readonly event_type: string;
  readonly event_time: string;
  readonly run_id: string | null;
  readonly payload: unknown;
}

describe("The audit log over the API", () => {
  const scene = useApiScene(() => ({ sources: [testSource("website", { to: [] })] }));
  const list = async (query: string): Promise<Event[]> => {
    const { status, json, text } = await apiClient(scene.app.url).get(`/audit-events?${query}`);
    expect(status, text).toBe(200);
    return json["items"] as Event[];
  };
  const send = async (key: string): Promise<string> => {
    const body = { name: "Hanna Muster", email: "hanna@example.com" };
    return String(
      (await postLead(scene.app.url, { path: "/webhook/lead/website", key, body })).json["run_id"],
    );
  };

  it("comes newest first, without health checks unless they are asked for, persons masked", async () => {
    const runId = await send("audit-1");
    await fetch(`${scene.app.url}/health`);
    await until("the check is written", async () => {
      return (await scene.query("SELECT FROM audit_events WHERE event_type = 'health_check'")).length > 0;
    });
    const events = await list("limit=100");
    const ids = events.map(({ event_id }) => event_id);
    expect(ids).toEqual(ids.toSorted((one, other) => other - one));
    expect(events.map(({ event_type }) => event_type)).not.toContain("health_check");
    const received = events.find(
      ({ run_id, event_type }) => run_id === runId && event_type === "lead_received",
    );
    expect(received).toMatchObject({
      payload: { source: "website", body: { name: "H*** M***", email: "h***@e***.com" } },
    });
    expect(received?.event_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    for (const query of ["health_checks=true", "event_type=health_check"]) {
      expect((await list(`limit=100&${query}`)).map(({ event_type }) => event_type)).toContain(
        "health_check",
      );
    }
  });

  it("is filtered by type, actor, lead and time", async () => {
    const runId = await send("audit-2");
    const ofRun = await list(`run_id=${runId}`);
    expect(ofRun.map(({ event_type }) => event_type)).toEqual(["lead_processed", "lead_received"]);
    expect(await list(`run_id=${runId}&event_type=lead_received`)).toHaveLength(1);
    expect(await list("actor=user:77")).toEqual([]);
    const [processed, received] = ofRun;
    expect((await list(`time_from=${received?.event_time}&run_id=${runId}`)).length).toBe(2);
    expect(
      (await list(`time_to=${processed?.event_time}&run_id=${runId}`)).map((event) => event.event_id),
    ).toEqual([received?.event_id]);
    const since = await list(`time_from=${processed?.event_time}&event_type=lead_processed`);
    expect(since.map((event) => event.event_id)).toEqual([processed?.event_id]);
    expect(await list("time_from=2030-01-01T00:00:00Z")).toEqual([]);
    expect(await list("time_to=2020-01-01T00:00:00Z")).toEqual([]);
  });

  it("gives everything once, page by page, while more is written", async () => {
    const { rows: before } = {
      rows: await scene.query<{ event_id: string }>(
        "SELECT event_id FROM audit_events WHERE event_type <> 'health_check' ORDER BY event_id DESC",
      ),
    };
    const seen: number[] = [];
    for (let cursor = ""; ;) {
      const { json } = await apiClient(scene.app.url).get(`/audit-events?limit=2${cursor}`);
      seen.push(...(json["items"] as Event[]).map(({ event_id }) => event_id));
      if (json["next_cursor"] === null) break;
      cursor = `&cursor=${json["next_cursor"] as string}`;
      await scene.query("INSERT INTO audit_events (event_type) VALUES ('note')");
    }
    expect(seen).toEqual(before.map(({ event_id }) => Number(event_id)));
  });

  it("stands beside the figures of each day, newest first", async () => {
    await until("the leads are counted", async () => {
      const { json } = await apiClient(scene.app.url).get("/kpi/daily");
      const [today] = json["items"] as Record<string, unknown>[];
      return today?.["received_count"] === 2 && today["processed_count"] === 2;
    });
    const { json } = await apiClient(scene.app.url).get("/kpi/daily?to=2020-01-01");
    expect(json).toEqual({ items: [], next_cursor: null });
  });
});
