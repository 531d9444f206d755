// The figures of today as they are at this moment, also before they are rolled up.
import type { Queryable } from "../connection/database.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";
import { entryDecides, entryHealsItself, entryNeedsDecision } from "../attention/entry-state-sql.ts";

/** SQL: figures by day and source from the day `firstDay` on; differences that wait are rows of their own. */
export function figuresSinceSql(firstDay: string): string {
  // The function is asked once, not for every row.
  const dayOfBucket = "(d.bucket AT TIME ZONE (SELECT internal.reporting_timezone()))::date";
  return `
    SELECT k.day, k.source, k.received_count AS received, k.processed_count AS processed, k.failed_count AS failed,
      k.no_destination_count AS no_destination, k.resolved_by_hand_count AS by_hand, k.withdrawn_count AS withdrawn,
      k.processing_us_sum AS processing_us, k.last_received_at
    FROM internal.kpi_daily_sources k WHERE k.day >= ${firstDay}
    UNION ALL
    SELECT ${dayOfBucket}, d.source, d.received, d.processed, d.failed,
      d.no_destination, d.by_hand, d.withdrawn, d.processing_us, d.last_received_at
    FROM internal.kpi_deltas d
    WHERE d.source IS NOT NULL AND ${dayOfBucket} >= ${firstDay}`;
}

export interface DayFigures {
  /** ISO date in the reporting time zone. */
  readonly day: string;
  readonly timezone: string;
  readonly received: number;
  readonly processed: number;
  readonly failed: number;
  readonly no_destination: number;
  readonly by_hand: number;
  readonly withdrawn: number;
  readonly avg_processing_ms: number | null;
  /** Of those that failed; null: too many to look at each. */
  readonly failed_by_stage: FailedByStage | null;
}

/** A failed lead is in one of these. */
export interface FailedByStage {
  /** An entry waits for a person. */
  readonly need_decision: number;
  /** Otherwise: an entry is tried again by itself. */
  readonly retrying: number;
  /** Otherwise: given up or discarded by a person, or made failed with SQL. */
  readonly given_up: number;
}

/** So many failed leads of the day are looked at one by one. */
export const failedLookedAtMax = 5_000;

export async function readFiguresOfToday(database: Queryable): Promise<DayFigures> {
  const { rows } = await database.query<
    Omit<DayFigures, "failed_by_stage"> & FailedByStage & { readonly looked_at: number }
  >({
    name: "figures-of-today",
    text: `
      WITH today AS MATERIALIZED (SELECT ${todaySql} AS day, internal.reporting_timezone() AS zone),
      figures AS (
        SELECT coalesce(sum(received), 0)::bigint AS received, coalesce(sum(processed), 0)::bigint AS processed,
          coalesce(sum(failed), 0)::bigint AS failed, coalesce(sum(no_destination), 0)::bigint AS no_destination,
          coalesce(sum(by_hand), 0)::bigint AS by_hand, coalesce(sum(withdrawn), 0)::bigint AS withdrawn,
          internal.kpi_average_ms(sum(processing_us), sum(processed)::integer) AS avg_processing_ms
        FROM (${figuresSinceSql("(SELECT today.day FROM today)")}) AS f),
      -- The index runs_failed alone answers it: a run that is not failed has neither.
      failed AS MATERIALIZED (
        SELECT r.run_id, r.received_at FROM public.runs r
        WHERE (r.error_code IS NOT NULL OR r.error_message IS NOT NULL)
          AND r.received_at >= (SELECT today.day::timestamp AT TIME ZONE today.zone FROM today)
        LIMIT ${failedLookedAtMax + 1}),
      counted AS MATERIALIZED (
        SELECT f.run_id FROM failed f WHERE NOT EXISTS (
          SELECT FROM public.runs t WHERE t.test AND t.received_at = f.received_at AND t.run_id = f.run_id)),
      at_work AS (
        SELECT bool_or(${entryNeedsDecision}) AS need_decision FROM public.dlq d
        WHERE d.run_id = ANY (ARRAY(SELECT run_id FROM counted)) AND ${entryDecides} GROUP BY d.run_id
        HAVING bool_or(${entryNeedsDecision}) OR bool_or(${entryHealsItself})),
      stages AS (
        SELECT (SELECT count(*) FROM failed) AS looked_at, count(*) FILTER (WHERE need_decision) AS need_decision,
          count(*) FILTER (WHERE NOT need_decision) AS retrying, (SELECT count(*) FROM counted) - count(*) AS given_up
        FROM at_work)
      SELECT today.day::text, today.zone AS timezone, figures.*, stages.*
      FROM today CROSS JOIN figures CROSS JOIN stages`,
  });
  const [row] = rows;
  if (row === undefined) throw new Error("the database answered without a row");
  const { looked_at, need_decision, retrying, given_up, ...figures } = row;
  const isWhole = looked_at <= failedLookedAtMax;
  return { ...figures, failed_by_stage: isWhole ? { need_decision, retrying, given_up } : null };
}
