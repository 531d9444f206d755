// GET /kpi/hourly, /kpi/hourly/destinations, /kpi/distribution and their file: the figures of hours as SQL has them.
import { describe, expect, it } from "vitest";
import { useFiguresScene } from "../../support/figures-scene.ts";

interface Summary {
  readonly count: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}
interface Hour {
  readonly hour: string;
  readonly source: string;
  readonly destination: string;
  readonly received_count: number;
  readonly denied_count: number;
  readonly delivered_count: number;
  readonly failed_attempt_count: number;
  readonly entry_count: number;
  readonly processed: Summary;
  readonly delivery: Summary;
}

describe("Figures by hour over the API", () => {
  const scene = useFiguresScene();

  async function range(): Promise<string> {
    const [row] = await scene.query<{ range: string }>(
      "SELECT format('from=%s&to=%s', min(day), max(day)) AS range FROM kpi_daily",
    );
    return row?.range ?? "";
  }

  async function everyPage(path: string): Promise<Hour[]> {
    const items: Hour[] = [];
    let cursor = "";
    do {
      const { json } = await scene.api.get(`${path}&limit=3${cursor}`);
      items.push(...(json["items"] as Hour[]));
      const next = json["next_cursor"] as string | null;
      cursor = next === null ? "" : `&cursor=${next}`;
    } while (cursor !== "");
    return items;
  }

  it("are those of the sources, newest first, page by page, with what was denied", async () => {
    const items = await everyPage(`/kpi/hourly?${await range()}`);
    const runs = await scene.query<{ hour: Date; source: string; received: number; processed: number }>(
      `SELECT date_trunc('hour', received_at, 'Europe/Berlin') AS hour, source, count(*)::int AS received,
         count(processed_at)::int AS processed
       FROM runs WHERE NOT test GROUP BY 1, 2 ORDER BY 1 DESC, source COLLATE "C"`,
    );
    expect(
      items
        .filter(({ received_count: received }) => received > 0)
        .map((item) => [item.hour, item.source, item.received_count, item.processed.count]),
    ).toEqual(runs.map((row) => [row.hour.toISOString(), row.source, row.received, row.processed]));
    const denied = items.reduce((sum, item) => sum + item.denied_count, 0);
    expect(denied).toBe(3);
    const one = await everyPage(`/kpi/hourly?${await range()}&source=website`);
    expect(one).toEqual(items.filter(({ source }) => source === "website"));
  });

  it("are those of the destinations: what arrived, what failed, and how long it took", async () => {
    const items = await everyPage(`/kpi/hourly/destinations?${await range()}`);
    const sums = (destination: string) =>
      items
        .filter((item) => item.destination === destination)
        .reduce(
          (sum, item) => [
            (sum[0] ?? 0) + item.delivered_count,
            (sum[1] ?? 0) + item.failed_attempt_count,
            (sum[2] ?? 0) + item.delivery.count,
          ],
          [0, 0, 0],
        );
    expect(sums("crm")).toEqual([5, 0, 5]);
    expect(sums("erp")[0]).toBe(0);
    expect(sums("erp")[1]).toBeGreaterThan(0);
  });

  it("tell together how long leads took, near what the leads themselves say", async () => {
    const { json } = await scene.api.get(`/kpi/distribution?${await range()}`);
    const [truth] = await scene.query<{ count: number; p50: number; p95: number }>(
      `SELECT count(*)::int AS count, percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
         percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95
       FROM (SELECT (extract(epoch FROM processed_at - received_at) * 1000)::float8 AS ms
         FROM runs WHERE NOT test AND processed_at IS NOT NULL) AS took`,
    );
    const processed = json["processed"] as Summary;
    expect(processed.count).toBe(truth?.count);
    for (const [told, real] of [
      [processed.p50_ms, truth?.p50 ?? NaN],
      [processed.p95_ms, truth?.p95 ?? NaN],
    ] as const)
      expect(Math.abs((told ?? NaN) - real)).toBeLessThanOrEqual(Math.max(2, real / 4 + 1));
    const days = json["days"] as { processed: Summary }[];
    expect(days.reduce((sum, day) => sum + day.processed.count, 0)).toBe(truth?.count);
    const hours = json["hours"] as { received_count: number }[];
    expect(hours).toHaveLength(24);
    const [all] = await scene.query<{ received: number }>(
      "SELECT count(*)::int AS received FROM runs WHERE NOT test",
    );
    expect(hours.reduce((sum, hour) => sum + hour.received_count, 0)).toBe(all?.received);
    expect(json["destinations"]).toMatchObject([
      { destination: "crm", delivered_count: 5, delivery: { count: 5 } },
      { destination: "erp", delivered_count: 0, delivery: { count: 0 } },
    ]);
  });

  it("come as a file with the same numbers", async () => {
    const { text } = await scene.api.get(`/exports/kpi-hourly?format=csv&${await range()}`);
    const [heads, ...rows] = text
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    expect([heads?.slice(0, 3), heads?.at(-1)]).toEqual([
      ["hour", "source", "received_count"],
      "denied_count",
    ]);
    const items = await everyPage(`/kpi/hourly?${await range()}`);
    const told = rows.map((row) => [new Date(row[0] ?? "").toISOString(), row[1], row[2], row.at(-1)]);
    const expected = items.map((row) => [
      row.hour,
      row.source,
      String(row.received_count),
      String(row.denied_count),
    ]);
    expect(told.toSorted()).toEqual(expected.toSorted());
  });

  it("refuse ranges that are too long, and cursors that are none", async () => {
    for (const [query, status] of [
      ["from=2020-01-01&to=2026-01-01", 422],
      ["from=2026-01-01&to=2026-01-02&cursor=x", 400],
      ["from=2026-01-01", 400],
    ] as const) {
      const answer = await scene.api.get(`/kpi/hourly?${query}`);
      expect([query, answer.status >= 400 && answer.status < 500, status]).toEqual([query, true, status]);
    }
  });
});
