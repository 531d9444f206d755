// What must hold for the figures by source (kpi_daily_sources), counted here by itself instead of by the ledger's functions.
import type { Queryable } from "../../src/ledger/connection/database.ts";

const recountSql = `
  WITH zone AS (SELECT coalesce((SELECT value #>> '{}' FROM settings WHERE name = 'timezone'), 'Europe/Berlin') AS name),
  counted_days AS (SELECT day FROM kpi_daily WHERE NOT by_hand AND closed_at IS NULL),
  noted AS (
    SELECT day, source, received_count, processed_count, failed_count, no_destination_count, resolved_by_hand_count,
      processing_us_sum::text, last_received_at
    FROM kpi_daily_sources JOIN counted_days USING (day)),
  counted AS (
    SELECT (received_at AT TIME ZONE zone.name)::date AS day, source, count(*)::int,
      sum((status = 'processed')::int)::int, sum((status = 'failed')::int)::int,
      sum(coalesce(outcome = 'no_destination', false)::int)::int, sum(coalesce(outcome = 'resolved_by_hand', false)::int)::int,
      coalesce(sum(extract(epoch FROM processed_at - received_at) * 1000000), 0)::bigint::text, max(received_at)
    FROM runs, zone WHERE NOT test GROUP BY 1, 2),
  expected AS (SELECT counted.* FROM counted JOIN counted_days USING (day))
  SELECT 'noted' AS what, wrong::text AS figures FROM (SELECT * FROM noted EXCEPT SELECT * FROM expected) AS wrong
  UNION ALL
  SELECT 'counted', wrong::text FROM (SELECT * FROM expected EXCEPT SELECT * FROM noted) AS wrong`;

const sumsSql = `
  SELECT k.day::text, concat_ws(' ', k.received_count, k.processed_count, k.failed_count, k.processing_us_sum::text) AS of_day,
    concat_ws(' ', s.received, s.processed, s.failed, s.processing_us::text) AS of_sources
  FROM kpi_daily k CROSS JOIN LATERAL (
    SELECT coalesce(sum(received_count), 0) AS received, coalesce(sum(processed_count), 0) AS processed,
      coalesce(sum(failed_count), 0) AS failed, coalesce(sum(processing_us_sum), 0) AS processing_us
    FROM kpi_daily_sources s WHERE s.day = k.day) AS s
  WHERE NOT k.by_hand AND k.closed_at IS NULL
    AND (k.received_count, k.processed_count, k.failed_count, k.processing_us_sum)
      <> (s.received, s.processed, s.failed, s.processing_us)`;

/** The violations in words; after a roll-up and while nobody writes there are none. */
export async function brokenSourceFigures(database: Queryable): Promise<string[]> {
  const { rows: figures } = await database.query<{ what: string; figures: string }>(recountSql);
  const { rows: sums } = await database.query<{ day: string; of_day: string; of_sources: string }>(sumsSql);
  return [
    ...figures.map((row) => `figures by source: ${row.what} ${row.figures}`),
    ...sums.map((row) => `${row.day}: noted ${row.of_day}, its sources ${row.of_sources}`),
  ];
}
