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
  /** Leads that came as ids, whose data cannot be fetched before a person does something. */
  readonly withoutData: number;
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
       (SELECT count(*) FROM internal.incomplete_leads WHERE is_stuck) AS "withoutData",
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
