// A figure is the same wherever it is read: in the views for BI tools, by API, in the tables, in plain SQL, in the CSV.
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testDestination, testSource } from "../../support/app.ts";
import { testAdminKey } from "../../support/api-client.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";
import { postLead } from "../../support/webhook-client.ts";

interface Figures {
  readonly received: number;
  readonly processed: number;
  readonly failed: number;
  readonly averageMs: number | null;
}

describe("The figures of a day", () => {
  let crm: Sink;
  const scene = useApiScene(async () => {
    crm = await startSink((request) =>
      request.body.includes("refuse me") ? { kind: "answer", status: 400 } : { kind: "answer", status: 200 },
    );
    return {
      sources: [testSource("website", { to: ["crm"], client: "koeln" }), testSource("fair", { to: [] })],
      destinations: [testDestination("crm", crm.url, { client: "koeln" })],
      timezone: "Europe/Berlin",
    };
  });
  beforeAll(async () => {
    for (let count = 0; count < 12; count += 1)
      await postLead(scene.app.url, {
        path: `/webhook/lead/${count % 3 === 0 ? "fair" : "website"}`,
        key: `lead-${count}`,
        body: { name: "Ada", note: count % 5 === 1 ? "refuse me" : "" },
      });
    await postLead(scene.app.url, {
      path: "/webhook/lead/website",
      key: "lead-1",
      body: { name: "Ada", note: "refuse me" },
    });
    await postLead(scene.app.url, { path: "/webhook/lead/website", key: "broken", body: "{" });
    await vi.waitFor(
      async () => {
        const [left] = await scene.query<{ left: number }>(
          "SELECT count(*)::int AS left FROM runs WHERE status = 'accepted'",
        );
        expect(left?.left).toBe(0);
        const [day] = await scene.query<{ received: number; hours: number }>(
          `SELECT (SELECT sum(received_count)::int FROM kpi_daily) AS received,
             (SELECT sum(processed_count + failed_count)::int FROM internal.figures_hourly) AS hours`,
        );
        expect(day).toEqual({ received: 13, hours: 13 });
      },
      { timeout: 20_000, interval: 100 },
    );
  });
  afterAll(() => crm.close());

  const ask = async (sql: string): Promise<Figures | undefined> => {
    const [row] = await scene.query<Record<keyof Figures, string | number | null>>(sql);
    if (row === undefined) return undefined;
    const { received, processed, failed, averageMs } = row;
    return {
      received: Number(received),
      processed: Number(processed),
      failed: Number(failed),
      averageMs: averageMs === null ? null : Number(averageMs),
    };
  };
  const fromTable = (): Promise<Figures | undefined> =>
    ask(
      `SELECT received_count AS received, processed_count AS processed, failed_count AS failed, avg_processing_ms AS "averageMs"
       FROM kpi_daily ORDER BY day DESC LIMIT 1`,
    );

  it("are those of the table by API, in the CSV, counted from runs, and in each view", async () => {
    const expected = await fromTable();
    expect(expected).toMatchObject({ received: 13, processed: 10, failed: 3 });

    const { json } = await scene.api.get("/kpi/daily?limit=1");
    const [item] = json["items"] as Record<string, number | null>[];
    expect(item).toMatchObject({
      received_count: expected?.received,
      processed_count: expected?.processed,
      failed_count: expected?.failed,
      avg_processing_ms: expected?.averageMs,
    });

    const csv = await fetch(`${scene.app.url}/api/v1/exports/kpi`, {
      headers: { authorization: `Bearer ${testAdminKey}` },
    });
    const [row] = parse<Record<string, string>>(await csv.text(), {
      columns: true,
      record_delimiter: "\r\n",
    });
    expect(row).toMatchObject({
      received_count: String(expected?.received),
      processed_count: String(expected?.processed),
      failed_count: String(expected?.failed),
      avg_processing_ms: String(expected?.averageMs),
    });

    expect(
      await ask(
        `SELECT count(*) AS received, count(*) FILTER (WHERE status = 'processed') AS processed,
           count(*) FILTER (WHERE status = 'failed') AS failed,
           round(avg(extract(epoch FROM processed_at - received_at) * 1000)) AS "averageMs"
         FROM runs WHERE (received_at AT TIME ZONE 'Europe/Berlin')::date = (now() AT TIME ZONE 'Europe/Berlin')::date`,
      ),
    ).toEqual(expected);
    expect(
      await ask(
        `SELECT count(*) AS received, count(*) FILTER (WHERE status = 'processed') AS processed,
           count(*) FILTER (WHERE status = 'failed') AS failed, round(avg(processing_ms)) AS "averageMs"
         FROM bi.leads_v1 WHERE received_on = (SELECT max(day) FROM kpi_daily)`,
      ),
    ).toEqual(expected);
    expect(
      await ask(
        `SELECT sum(received_count) AS received, sum(processed_count) AS processed, sum(failed_count) AS failed,
           round(sum(processing_ms_sum) / sum(processed_count)) AS "averageMs"
         FROM bi.figures_daily_v1 WHERE day = (SELECT max(day) FROM kpi_daily)`,
      ),
    ).toEqual(expected);
    const hours = await ask(
      `SELECT sum(received_count) AS received, sum(processed_count) AS processed, sum(failed_count) AS failed, NULL AS "averageMs"
       FROM bi.figures_hourly_v1 WHERE day = (SELECT max(day) FROM kpi_daily)`,
    );
    expect(hours).toEqual({ ...expected, averageMs: null });
  });

  it("are the same for entries, deliveries, durations and clients", async () => {
    const [row] = await scene.query<Record<string, number>>(
      `SELECT (SELECT dlq_open_count FROM kpi_daily ORDER BY day DESC LIMIT 1) AS open,
         (SELECT count(*)::int FROM bi.attention_v1 WHERE waits_for <> 'closed') AS "openInView",
         (SELECT count(*)::int FROM audit_events WHERE event_type = 'lead_delivered') AS delivered,
         (SELECT count(*)::int FROM bi.deliveries_v1 WHERE state = 'delivered') AS "deliveredInView",
         (SELECT sum(delivered_count)::int FROM bi.destinations_hourly_v1) AS "deliveredByHour",
         (SELECT sum(count)::int FROM bi.durations_hourly_v1 WHERE measure = 'delivery') AS "deliveredInHistogram",
         (SELECT sum(count)::int FROM bi.durations_hourly_v1 WHERE measure = 'processed') AS "processedInHistogram",
         (SELECT sum(processed_count)::int FROM bi.figures_daily_v1) AS processed,
         (SELECT received_count::int FROM kpi_daily_clients WHERE client = 'koeln') AS koeln,
         (SELECT sum(received_count)::int FROM bi.figures_daily_v1 WHERE client = 'koeln') AS "koelnInView",
         (SELECT sum(duplicate_count)::int FROM bi.figures_hourly_v1) AS repeats`,
    );
    expect(row?.["openInView"]).toBe(row?.["open"]);
    expect(row?.["delivered"]).toBeGreaterThan(0);
    expect(row?.["deliveredInView"]).toBe(row?.["delivered"]);
    expect(row?.["deliveredByHour"]).toBe(row?.["delivered"]);
    expect(row?.["deliveredInHistogram"]).toBe(row?.["delivered"]);
    expect(row?.["processedInHistogram"]).toBe(row?.["processed"]);
    expect(row?.["koelnInView"]).toBe(row?.["koeln"]);
    expect(row?.["repeats"]).toBe(1);
  });
});
