// What the days of a month add up to for each target, and what is left of its error budget.
import { errorBudget, paceDays } from "../../domain/sla/error-budget.ts";
import type { ErrorBudget } from "../../domain/sla/error-budget.ts";
import type { Queryable } from "../connection/database.ts";

export interface MonthOfTarget {
  readonly beganAt: Date;
  readonly met: number;
  readonly missed: number;
  readonly pending: number;
  readonly budget: ErrorBudget;
}

interface MonthRow {
  readonly sla: string;
  readonly began_at: Date;
  readonly share_millionths: number;
  readonly met: number;
  readonly missed: number;
  readonly pending: number;
  readonly before_decided: number;
  readonly before_days: number;
  readonly days_left: number;
}

/** Of the month that it is, by the names of targets. */
export async function readBudgets(database: Queryable): Promise<ReadonlyMap<string, MonthOfTarget>> {
  const { rows } = await database.query<MonthRow>(
    `WITH here AS MATERIALIZED (SELECT (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date AS today)
     SELECT t.name AS sla, date_trunc('month', here.today::timestamp) AT TIME ZONE internal.reporting_timezone() AS began_at, t.share_millionths, coalesce(k.met, 0) AS met, coalesce(k.missed, 0) AS missed,
       coalesce(k.pending, 0) AS pending, coalesce(k.before_decided, 0) AS before_decided,
       coalesce(k.before_days, 0) AS before_days,
       (date_trunc('month', here.today) + interval '1 month')::date - here.today AS days_left
     FROM internal.sla_targets t CROSS JOIN here LEFT JOIN LATERAL (
       SELECT sum(met_count) FILTER (WHERE is_of_month)::bigint AS met,
         sum(missed_count) FILTER (WHERE is_of_month)::bigint AS missed,
         sum(pending_count) FILTER (WHERE is_of_month)::bigint AS pending,
         sum(met_count + missed_count) FILTER (WHERE is_before)::bigint AS before_decided,
         count(*) FILTER (WHERE is_before) AS before_days
       FROM (
         SELECT met_count, missed_count, pending_count, day >= date_trunc('month', here.today)::date AS is_of_month,
           day BETWEEN here.today - ${paceDays} AND here.today - 1 AS is_before
         FROM public.sla_daily
         WHERE sla = t.name AND day <= here.today
           AND day >= least(date_trunc('month', here.today)::date, here.today - ${paceDays})) AS days) AS k ON true`,
  );
  return new Map(rows.map((row) => [row.sla, monthOf(row)]));
}

function monthOf(row: MonthRow): MonthOfTarget {
  const { met, missed, pending, share_millionths: shareMillionths } = row;
  const soFar = {
    decided: met + missed,
    missed,
    before: { decided: row.before_decided, days: row.before_days },
    daysLeft: row.days_left,
  };
  return { beganAt: row.began_at, met, missed, pending, budget: errorBudget(soFar, shareMillionths) };
}
