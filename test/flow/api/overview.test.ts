// GET /overview, /activity and /kpi/sources of a node whose sources and destinations are in all states there are.
import { beforeAll, describe, expect, it } from "vitest";
import { testDestination, testSource } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { describeOnEachServer } from "../../support/database.ts";
import { always, startSink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";
import { postLead } from "../../support/webhook-client.ts";
import { withoutMachineAlarms } from "../../support/machine-alarms.ts";

const hourMs = 3_600_000;
const secret = { value: "a-secret-of-the-tests", notAfter: null };

describeOnEachServer("What the dashboard shows first", (server) => {
  const scene = useApiScene(
    async () => {
      const [crm, broken, down] = await Promise.all([
        startSink(),
        startSink(always({ kind: "answer", status: 400 })),
        startSink(always({ kind: "answer", status: 503 })),
      ]);
      return {
        sources: [
          testSource("website", { to: ["crm"] }),
          testSource("shop", { to: ["broken"] }),
          testSource("fair", { to: ["down"] }),
          testSource("nowhere", { to: [] }),
          testSource("waits", { to: ["holiday"] }),
          testSource("closed", { paused: true }),
          testSource("signed", { auth: { kind: "token", secrets: [secret] } }),
        ],
        destinations: [
          testDestination("crm", crm.url),
          testDestination("broken", broken.url),
          testDestination("down", down.url, { retry: { fastMs: [], slowMs: [hourMs] } }),
          testDestination("holiday", crm.url, { paused: true }),
        ],
      };
    },
    {},
    server,
  );
  const post = async (source: string, key: string): Promise<number> =>
    (await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body: { name: "Erna" } })).status;
  const overview = async () => (await scene.api.get("/overview")).json;

  beforeAll(async () => {
    const expected = { website: 3, shop: 2, fair: 4, nowhere: 2, waits: 1 };
    for (const [source, leads] of Object.entries(expected))
      for (let lead = 0; lead < leads; lead += 1) expect(await post(source, String(lead))).toBe(202);
    for (let request = 0; request < 3; request += 1) expect(await post("signed", String(request))).toBe(401);
    expect(await post("anna@example.com", "1")).toBe(401);
    // A delivery to a destination that no node has heard of.
    await scene.query(
      `INSERT INTO internal.destinations (name, kind, managed_by, settings) VALUES ('forgotten', 'http', 'api', '{}');
       WITH run AS (INSERT INTO runs (source) VALUES ('website') RETURNING run_id)
       INSERT INTO internal.deliveries (run_id, destination, due_at)
       SELECT run_id, 'forgotten', clock_timestamp() - interval '6 minutes' FROM run`,
    );
    await until("everything has been tried, and the denied requests are counted", async () => {
      const [counts] = await scene.query<{ ended: number; denied: number }>(
        `SELECT (SELECT count(*) FROM runs WHERE status <> 'accepted')::int AS ended,
           (SELECT coalesce(sum(requests), 0) FROM internal.denied_requests)::int AS denied`,
      );
      return counts?.ended === 11 && counts.denied === 4;
    });
  });

  it("counts the leads of today by what became of them", async () => {
    const { day, timezone, today, dlq } = await overview();
    expect(timezone).toBe("Europe/Berlin");
    expect(day).toBe(new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date()));
    expect(today).toMatchObject({
      received: 13,
      delivered: 3,
      being_delivered: 2,
      failed: 6,
      retrying: 4,
      need_decision: 2,
      given_up: 0,
      resolved_by_hand: 0,
      no_destination: 2,
      success_rate: 3 / 5,
      unfinished: 8,
    });
    expect(today).toHaveProperty("avg_processing_ms", expect.any(Number));
    expect(dlq).toEqual({ open: 6, retrying: 4, need_decision: 2 });
  });

  it("says what somebody should look at, the worst first", async () => {
    const { alarms: all, day } = await overview();
    const alarms = withoutMachineAlarms(all as { readonly code: string }[]);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
    expect(alarms).toEqual([
      {
        code: "requests_denied",
        severity: "error",
        source: "signed",
        is_configured: true,
        error_code: "credentials_missing",
        count: 3,
        first_at: time,
        last_at: time,
      },
      { code: "delivered_to_nobody", severity: "error", source: "nowhere", count: 2, since_day: day },
      { code: "deliveries_overdue", severity: "error", destination: "forgotten", count: 1, since: time },
      {
        code: "entries_need_decision",
        severity: "error",
        count: 2,
        largest: {
          kind: "delivery",
          destination: "broken",
          source: null,
          error_code: "destination_rejected",
          count: 2,
        },
      },
      {
        code: "requests_denied",
        severity: "warning",
        source: "a***@e***.com",
        is_configured: false,
        error_code: "source_unknown",
        count: 1,
        first_at: time,
        last_at: time,
      },
      {
        code: "destination_failing",
        severity: "warning",
        destination: "down",
        error_code: "destination_error",
        count: 4,
        since: time,
        next_retry_at: time,
      },
      { code: "destination_paused", severity: "warning", destination: "holiday", waiting: 1 },
      { code: "source_held", severity: "warning", source: "closed", held: 0, held_since: null },
    ]);
  });

  describe("GET /activity", () => {
    type Listed = Record<"sources" | "destinations", Record<string, unknown>[]>;
    const activity = async (): Promise<Listed> =>
      (await scene.api.get("/activity")).json as unknown as Listed;

    it("tells of every source what came from it and what was denied", async () => {
      const { sources } = await activity();
      const quiet = { label: null, is_configured: true, is_paused: false, refused_last_24h: [] };
      const time = expect.any(String) as string;
      expect(sources).toEqual([
        {
          source: "a***@e***.com",
          label: null,
          is_configured: false,
          is_paused: false,
          last_received_at: null,
          received_today: 0,
          failed_today: 0,
          refused_last_24h: [
            { error_code: "source_unknown", detail: null, count: 1, first_at: time, last_at: time },
          ],
        },
        {
          ...quiet,
          source: "closed",
          is_paused: true,
          last_received_at: null,
          received_today: 0,
          failed_today: 0,
        },
        { ...quiet, source: "fair", last_received_at: time, received_today: 4, failed_today: 4 },
        { ...quiet, source: "nowhere", last_received_at: time, received_today: 2, failed_today: 0 },
        { ...quiet, source: "shop", last_received_at: time, received_today: 2, failed_today: 2 },
        {
          ...quiet,
          source: "signed",
          last_received_at: null,
          received_today: 0,
          failed_today: 0,
          refused_last_24h: [
            {
              error_code: "credentials_missing",
              detail: expect.stringMatching(/^Looked for: Authorization: Bearer …/) as string,
              count: 3,
              first_at: time,
              last_at: time,
            },
          ],
        },
        { ...quiet, source: "waits", last_received_at: time, received_today: 1, failed_today: 0 },
        { ...quiet, source: "website", last_received_at: time, received_today: 4, failed_today: 0 },
      ]);
      const [last] = await scene.query<{ at: Date }>(
        "SELECT max(received_at) AS at FROM runs WHERE source = 'fair'",
      );
      expect(sources.find(({ source }) => source === "fair")?.["last_received_at"]).toBe(
        last?.at.toISOString(),
      );
    });

    it("tells of every destination what waits for it, and the last failure", async () => {
      const { destinations } = await activity();
      const quiet = {
        kind: "http",
        is_paused: false,
        waiting: 0,
        overdue: 0,
        retrying: 0,
        need_decision: 0,
        skipped_today: 0,
        skipped_30_days: 0,
        distributed_today: 0,
        distributed_30_days: 0,
        unproven_today: 0,
        unproven_30_days: 0,
        maybe_twice_today: 0,
        maybe_twice_30_days: 0,
        known_person_today: 0,
        known_person_30_days: 0,
        added_to_person_today: 0,
        added_to_person_30_days: 0,
        last_failure: null,
      };
      const at = expect.any(String) as string;
      expect(destinations).toEqual([
        {
          ...quiet,
          destination: "broken",
          need_decision: 2,
          last_failure: { error_code: "destination_rejected", at },
        },
        { ...quiet, destination: "crm" },
        {
          ...quiet,
          destination: "down",
          retrying: 4,
          last_failure: { error_code: "destination_error", at },
        },
        { ...quiet, destination: "forgotten", waiting: 1, overdue: 1 },
        { ...quiet, destination: "holiday", is_paused: true, waiting: 1 },
      ]);
    });
  });

  describe("GET /kpi/sources", () => {
    const items = async (query: string) =>
      (await scene.api.get(`/kpi/sources?${query}`)).json as unknown as {
        items: { day: string; source: string; received_count: number }[];
        next_cursor: string | null;
      };

    it("lists every source of every day once, page by page, and sums up to the days", async () => {
      const day = String((await overview())["day"]);
      await scene.query(
        `INSERT INTO runs (source, received_at, status)
         SELECT s, $1::date - interval '12 hours', 'failed' FROM unnest($2::text[]) AS s`,
        [day, ["website", "Ärzte", 'b "c"']],
      );
      await until("yesterday is counted", async () => {
        const days = (await scene.api.get("/kpi/daily")).json["items"] as { received_count: number }[];
        return days.length === 2 && days[1]?.received_count === 3;
      });
      const from = new Date(Date.parse(day) - 24 * hourMs).toISOString().slice(0, 10);
      const found = [];
      for (let cursor = ""; ;) {
        const page = await items(`from=${from}&to=${day}&limit=2${cursor}`);
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items);
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
      }
      expect(found.map((item) => [item.day, item.source, item.received_count])).toEqual([
        ...[
          [day, "fair", 4],
          [day, "nowhere", 2],
          [day, "shop", 2],
          [day, "waits", 1],
          [day, "website", 4],
        ],
        ...[
          [from, 'b "c"', 1],
          [from, "website", 1],
          [from, "Ärzte", 1],
        ],
      ]);
      expect(found.find((item) => item.day === day && item.source === "nowhere")).toEqual({
        day,
        source: "nowhere",
        client: null,
        received_count: 2,
        processed_count: 2,
        failed_count: 0,
        no_destination_count: 2,
        resolved_by_hand_count: 0,
        withdrawn_count: 0,
        avg_processing_ms: expect.any(Number) as number,
        failed_unfinished_count: 0,
      });
      expect((await items(`from=${from}&to=${from}`)).items).toHaveLength(3);
    });

    it("refuses a range of more than 400 days, a range without an end, and a foreign cursor", async () => {
      for (const [query, status] of [
        ["from=2025-01-01&to=2026-02-04", 200],
        ["from=2025-01-01&to=2026-02-05", 400],
        ["from=2025-01-01", 400],
        [`from=2025-01-01&to=2025-01-02&cursor=${Buffer.from('["2025-01-01"]').toString("base64url")}`, 400],
      ] as const) {
        expect([query, (await scene.api.get(`/kpi/sources?${query}`)).status]).toEqual([query, status]);
      }
    });
  });
});
