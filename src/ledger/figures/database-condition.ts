// How the database and the books of this installation are doing: figures for `doctor`, read in few cheap queries.
import type { Queryable } from "../connection/database.ts";
import { nodeRunsSql } from "../connection/leader.ts";
import { isSendingSql, overdueSinceSql } from "../delivery/overdue-sql.ts";

export interface DatabaseCondition {
  /** As PostgreSQL names it: `18.4`. */
  readonly version: string;
  readonly migrations: number;
  readonly sizeBytes: number;
  /** Milliseconds since 1970, by the database's clock. */
  readonly nowMs: number;
  /** Whether some node holds the leadership at this moment. */
  readonly nodeRuns: boolean;
  /** Leads of the last 24 h that were processed without any destination. */
  readonly deliveredToNobody: number;
  /** DLQ entries that wait for a person. */
  readonly needDecision: number;
  /** Deliveries that have been due for more than five minutes. */
  readonly overdue: number;
  /** Days (ISO) whose leads should be counted, but whose row a person filled in, so that it is left alone. */
  readonly countedByHand: readonly string[];
}

export async function readCondition(database: Queryable): Promise<DatabaseCondition> {
  const { rows } = await database.query<DatabaseCondition>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
       (SELECT count(*) FROM internal.schema_migrations) AS migrations,
       pg_database_size(current_database()) AS "sizeBytes",
       extract(epoch FROM clock_timestamp())::float8 * 1000 AS "nowMs",
       ${nodeRunsSql} AS "nodeRuns",
       (SELECT count(*) FROM public.runs WHERE outcome = 'no_destination' AND NOT test
          AND received_at > clock_timestamp() - interval '24 hours') AS "deliveredToNobody",
       (SELECT coalesce(sum(need_decision), 0)::bigint FROM internal.dlq_causes) AS "needDecision",
       (SELECT count(*) FROM internal.deliveries d JOIN internal.destinations t ON t.name = d.destination
        WHERE d.due_at < ${overdueSinceSql} AND ${isSendingSql}) AS overdue,
       ARRAY(SELECT day::text FROM public.kpi_daily WHERE by_hand AND day >= (
          SELECT (received_at AT TIME ZONE internal.reporting_timezone())::date FROM public.runs WHERE NOT test
          ORDER BY received_at LIMIT 1) ORDER BY kpi_daily.day) AS "countedByHand"`,
  );
  const condition = rows[0];
  if (condition === undefined) throw new Error("the database answered without a row");
  return condition;
}

/**
 * The days (ISO) among the last `days` of which some figure in kpi_daily or kpi_daily_sources, with what has not been
 * rolled up yet, is not what the runs and entries themselves say. Days filled in by hand and closed ones are left out.
 */
export async function findUnbalancedDays(database: Queryable, days: number): Promise<string[]> {
  const { rows } = await database.query<{ day: string }>(
    `WITH zone AS (SELECT internal.reporting_timezone() AS name),
     noted AS MATERIALIZED (
       SELECT k.* FROM public.kpi_daily k, zone
       WHERE NOT k.by_hand AND k.closed_at IS NULL AND k.day > (clock_timestamp() AT TIME ZONE zone.name)::date - $1::int),
     waiting AS MATERIALIZED (
       SELECT (d.bucket AT TIME ZONE zone.name)::date AS day, d.* FROM internal.kpi_deltas d, zone),
     figures AS (
       SELECT k.day, k.source, k.received_count AS received, k.processed_count AS processed, k.failed_count AS failed,
         k.no_destination_count AS no_destination, k.resolved_by_hand_count AS by_hand, k.processing_us_sum AS processing_us
       FROM internal.kpi_daily_sources k
       UNION ALL SELECT day, source, received, processed, failed, no_destination, by_hand, processing_us FROM waiting
         WHERE source IS NOT NULL
       UNION ALL SELECT day, source, -received, -processed, -failed, -no_destination, -by_hand, -processing_us
         FROM internal.kpi_count_sources((SELECT min(day) FROM noted), (SELECT max(day) FROM noted))),
     wrong_source AS (
       SELECT day FROM figures GROUP BY day, source
       HAVING (sum(received), sum(processed), sum(failed), sum(no_destination), sum(by_hand), sum(processing_us)) <> (0, 0, 0, 0, 0, 0)),
     expected AS (
       SELECT n.day, n.received_count + coalesce(sum(w.received), 0) AS received,
         n.processed_count + coalesce(sum(w.processed), 0) AS processed, n.failed_count + coalesce(sum(w.failed), 0) AS failed,
         n.processing_us_sum + coalesce(sum(w.processing_us), 0) AS processing_us,
         -- a stock: what was opened on a day counts on all that follow
         n.dlq_open_count + (SELECT coalesce(sum(e.dlq_open), 0) FROM waiting e WHERE e.day <= n.day) AS dlq_open
       FROM noted n LEFT JOIN waiting w ON w.day = n.day
       GROUP BY n.day, n.received_count, n.processed_count, n.failed_count, n.processing_us_sum, n.dlq_open_count),
     counted AS (
       SELECT * FROM internal.kpi_count_days((SELECT min(day) FROM noted), (SELECT max(day) FROM noted)))
     SELECT n.day::text AS day FROM noted n JOIN expected e ON e.day = n.day LEFT JOIN counted c ON c.day = n.day
     WHERE (e.received, e.processed, e.failed, e.processing_us, e.dlq_open)
         IS DISTINCT FROM (c.received, c.processed, c.failed, c.processing_us, c.dlq_open)
       OR n.avg_processing_ms IS DISTINCT FROM internal.kpi_average_ms(n.processing_us_sum, n.processed_count)
       OR n.day IN (SELECT day FROM wrong_source)
     ORDER BY n.day`,
    [days],
  );
  return rows.map((row) => row.day);
}
