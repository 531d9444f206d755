// What waits for each destination: how much, since when, and why it does not get there.
import { causesSql, laneOrderSql, laneSql, stages } from "../attention/dlq-causes.ts";
import type { Queryable } from "../connection/database.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";
import { isSendingSql, overdueSinceSql } from "./overdue-sql.ts";

export interface DestinationBacklog {
  readonly destination: string;
  readonly kind: string;
  readonly is_paused: boolean;
  /** Deliveries that have not been tried to the end; at most `countedMax` are counted, as of all others here. */
  readonly waiting: number;
  /** Deliveries that should have been sent more than five minutes ago. */
  readonly overdue: number;
  readonly overdue_since: Date | null;
  /** Entries that are tried again by themselves; of these and the next, all. */
  readonly retrying: number;
  readonly need_decision: number;
  /** The newest entry. */
  readonly last_failure_code: string | null;
  readonly last_failure_at: Date | null;
  /** Leads that it did not get because its condition is not met, today and in the 30 days that end with it. */
  readonly skipped_today: number;
  readonly skipped_30_days: number;
  /** Leads that it got because it was its turn among several, likewise. */
  readonly distributed_today: number;
  readonly distributed_30_days: number;
  /** Deliveries that arrived, but not as one would wish, likewise; they are among the delivered ones. */
  readonly unproven_today: number;
  readonly unproven_30_days: number;
  readonly maybe_twice_today: number;
  readonly maybe_twice_30_days: number;
  readonly known_person_today: number;
  readonly known_person_30_days: number;
  readonly added_to_person_today: number;
  readonly added_to_person_30_days: number;
}

/** Columns of `internal.receipts_daily`. */
const arrivalSigns = ["unproven", "maybe_twice", "known_person", "added_to_person"] as const;

export const backlogCountedMax = 10_000;

/** Of all destinations that are switched on, by name. */
export async function listBacklogs(database: Queryable): Promise<DestinationBacklog[]> {
  const { rows } = await database.query<DestinationBacklog>({
    name: "destination-backlogs",
    text: `
      WITH causes AS MATERIALIZED (${causesSql}),
      entries AS (
        SELECT destination, sum(at_work - need_decision)::bigint AS retrying, sum(need_decision)::bigint AS need_decision
        FROM causes WHERE destination IS NOT NULL GROUP BY destination),
      failures AS (
        SELECT DISTINCT ON (causes.destination) causes.destination, q.error_code, q.created_at
        FROM causes CROSS JOIN unnest('{${stages.join(",")}}'::text[]) AS at (stage)
        CROSS JOIN LATERAL (
          SELECT q.dlq_id, q.error_code, q.created_at FROM public.dlq q
          WHERE ${laneSql("causes.cause", "at.stage")} ORDER BY ${laneOrderSql("DESC")} LIMIT 1) AS q
        WHERE causes.destination IS NOT NULL ORDER BY causes.destination, q.dlq_id DESC)
      SELECT t.name AS destination, t.kind, coalesce(t.settings -> 'paused' = 'true', false) AS is_paused,
        waiting.count AS waiting, coalesce(overdue.count, 0) AS overdue, overdue.since AS overdue_since,
        coalesce(e.retrying, 0) AS retrying, coalesce(e.need_decision, 0) AS need_decision,
        f.error_code AS last_failure_code, f.created_at AS last_failure_at,
        coalesce(skipped.today, 0) AS skipped_today, coalesce(skipped.days, 0) AS skipped_30_days,
        coalesce(shared.today, 0) AS distributed_today, coalesce(shared.days, 0) AS distributed_30_days,
        ${arrivalSigns.map((sign) => `coalesce(arrived.${sign}_today, 0) AS ${sign}_today, coalesce(arrived.${sign}, 0) AS ${sign}_30_days`).join(", ")}
      FROM internal.destinations t
      CROSS JOIN LATERAL (SELECT count(*) FROM (
        SELECT FROM internal.deliveries d WHERE d.destination = t.name LIMIT ${backlogCountedMax}) AS d) AS waiting
      LEFT JOIN LATERAL (SELECT count(*), min(d.due_at) AS since FROM (
        SELECT d.due_at FROM internal.deliveries d WHERE d.destination = t.name AND d.due_at < ${overdueSinceSql}
        ORDER BY d.due_at LIMIT ${backlogCountedMax}) AS d) AS overdue ON ${isSendingSql}
      LEFT JOIN LATERAL (
        SELECT sum(k.leads) FILTER (WHERE k.day = ${todaySql})::bigint AS today, sum(k.leads)::bigint AS days
        FROM internal.skipped_daily k WHERE k.destination = t.name AND k.day > ${todaySql} - 30) AS skipped ON true
      LEFT JOIN LATERAL (
        SELECT sum(k.leads) FILTER (WHERE k.day = ${todaySql})::bigint AS today, sum(k.leads)::bigint AS days
        FROM internal.distributed_daily k WHERE k.destination = t.name AND k.day > ${todaySql} - 30) AS shared ON true
      LEFT JOIN LATERAL (
        SELECT ${arrivalSigns.map((sign) => `sum(k.${sign}) FILTER (WHERE k.day = ${todaySql})::bigint AS ${sign}_today, sum(k.${sign})::bigint AS ${sign}`).join(", ")}
        FROM internal.receipts_daily k WHERE k.destination = t.name AND k.day > ${todaySql} - 30) AS arrived ON true
      LEFT JOIN entries e ON e.destination = t.name
      LEFT JOIN failures f ON f.destination = t.name
      WHERE t.enabled ORDER BY t.name`,
  });
  return rows;
}
