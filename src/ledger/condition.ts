// How the database and the books of this installation are doing: figures for `doctor`, read in few cheap queries.
import type { Queryable } from "./database.ts";
import { nodeRunsSql } from "./leader.ts";
import { isSendingSql, overdueSinceSql } from "./overdue-sql.ts";

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
       (SELECT count(*) FROM public.schema_migrations) AS migrations,
       pg_database_size(current_database()) AS "sizeBytes",
       extract(epoch FROM clock_timestamp())::float8 * 1000 AS "nowMs",
       ${nodeRunsSql} AS "nodeRuns",
       (SELECT count(*) FROM public.runs WHERE outcome = 'no_destination' AND NOT test
          AND received_at > clock_timestamp() - interval '24 hours') AS "deliveredToNobody",
       (SELECT coalesce(sum(need_decision), 0)::bigint FROM public.dlq_causes) AS "needDecision",
       (SELECT count(*) FROM public.deliveries d JOIN public.destinations t ON t.name = d.destination
        WHERE d.due_at < ${overdueSinceSql} AND ${isSendingSql}) AS overdue,
       ARRAY(SELECT day::text FROM public.kpi_daily WHERE by_hand AND day >= (
          SELECT (received_at AT TIME ZONE public.reporting_timezone())::date FROM public.runs WHERE NOT test
          ORDER BY received_at LIMIT 1) ORDER BY kpi_daily.day) AS "countedByHand"`,
  );
  const condition = rows[0];
  if (condition === undefined) throw new Error("the database answered without a row");
  return condition;
}

/**
 * The days (ISO) among the last `days` whose received, processed or failed count in kpi_daily, with what has not been
 * rolled up yet, is not what the runs themselves say. Days filled in by hand and closed ones are left out.
 */
export async function findUnbalancedDays(database: Queryable, days: number): Promise<string[]> {
  const { rows } = await database.query<{ day: string }>(
    `WITH zone AS (SELECT public.reporting_timezone() AS name),
     noted AS (
       SELECT k.day, k.received_count, k.processed_count, k.failed_count FROM public.kpi_daily k, zone
       WHERE NOT k.by_hand AND k.closed_at IS NULL AND k.day > (clock_timestamp() AT TIME ZONE zone.name)::date - $1::int),
     waiting AS (
       SELECT (bucket AT TIME ZONE zone.name)::date AS day, sum(received) AS received, sum(processed) AS processed,
         sum(failed) AS failed
       FROM public.kpi_deltas, zone GROUP BY 1),
     counted AS (
       SELECT * FROM public.kpi_count_days((SELECT min(day) FROM noted), (SELECT max(day) FROM noted)))
     SELECT noted.day::text AS day FROM noted
     LEFT JOIN waiting ON waiting.day = noted.day LEFT JOIN counted ON counted.day = noted.day
     WHERE (noted.received_count + coalesce(waiting.received, 0), noted.processed_count + coalesce(waiting.processed, 0),
         noted.failed_count + coalesce(waiting.failed, 0))
       IS DISTINCT FROM (coalesce(counted.received, 0), coalesce(counted.processed, 0), coalesce(counted.failed, 0))
     ORDER BY noted.day`,
    [days],
  );
  return rows.map((row) => row.day);
}
