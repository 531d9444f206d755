// How targets were kept: days, months, and how each of them stands now.
import { errorBudget } from "../../domain/sla/error-budget.ts";
import { judgeShare } from "../../domain/sla/judge-share.ts";
import type { SlaState } from "../../domain/sla/judge-share.ts";
import { wholeShareMillionths } from "../../domain/sla/sla-target.ts";
import type { Alarm } from "../../domain/figures/alarm.ts";
import type { SlaRisk } from "../../domain/figures/sla-kinds.ts";
import type { ErrorBudget } from "../../domain/sla/error-budget.ts";
import type { Queryable } from "../connection/database.ts";
import type { ListPage } from "../connection/list-page.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";

export interface SlaDay {
  readonly day: string;
  readonly sla: string;
  readonly state: SlaState;
  readonly decided_count: number;
  readonly met_count: number;
  readonly missed_count: number;
  readonly pending_count: number;
  readonly by_hand_count: number;
  readonly share: number | null;
  readonly target_share: number;
  readonly within_ms: number | null;
  readonly value_ms: number | null;
  readonly median_ms: number | null;
  readonly judged_at: Date | null;
  readonly changed_at: Date | null;
  readonly change_reason: string | null;
}

const dayColumns = `k.day::text, k.sla, k.state, k.decided_count, k.met_count, k.missed_count, k.pending_count, k.by_hand_count,
  k.share::float8, k.target_share::float8, k.within_ms, k.value_ms, k.median_ms, k.judged_at, k.changed_at, k.change_reason`;

/** Newest first; days (ISO), both included. */
export async function pageOfSlaDays(
  database: Queryable,
  { sla, from, to, before }: { sla: string; from: string | null; to: string | null; before: string | null },
  limit: number,
): Promise<ListPage<SlaDay, string>> {
  const { rows } = await database.query<SlaDay>(
    `SELECT ${dayColumns} FROM public.sla_daily k
     WHERE k.sla = $1 AND k.day >= coalesce($2::date, '-infinity') AND k.day <= coalesce($3::date, 'infinity')
       AND k.day < coalesce($4::date, 'infinity')
     ORDER BY k.day DESC LIMIT $5`,
    [sla, from, to, before, limit + 1],
  );
  const found = rows.slice(0, limit);
  return { rows: found, next: rows.length > limit ? (found.at(-1)?.day ?? null) : null };
}

/** Of the day that it is, by the names of targets; a target that nobody has looked at yet has none. */
export async function readToday(database: Queryable): Promise<ReadonlyMap<string, SlaDay>> {
  const { rows } = await database.query<SlaDay>(
    `SELECT ${dayColumns} FROM public.sla_daily k WHERE k.day = ${todaySql}`,
  );
  return new Map(rows.map((row) => [row.sla, row]));
}

export interface SlaMonth {
  /** `2026-11` */
  readonly month: string;
  readonly state: SlaState;
  readonly decided_count: number;
  readonly met_count: number;
  readonly missed_count: number;
  readonly pending_count: number;
  readonly share: number | null;
  readonly days_met: number;
  readonly days_missed: number;
  readonly budget: ErrorBudget;
}

interface MonthRow {
  readonly sla: string;
  readonly month: string;
  readonly met_count: number;
  readonly missed_count: number;
  readonly pending_count: number;
  readonly days_met: number;
  readonly days_missed: number;
  readonly target_share: number;
  readonly is_entries: boolean;
  readonly days_left: number;
  readonly before_decided: number;
  readonly before_days: number;
}

/** The newest months of one target, or of all; newest first. A month is judged by what is agreed on its last day. */
export async function readSlaMonths(
  database: Queryable,
  sla: string | null,
  months: number,
): Promise<(SlaMonth & { readonly sla: string })[]> {
  const { rows } = await database.query<MonthRow>(
    `WITH here AS MATERIALIZED (SELECT ${todaySql} AS today),
     summed AS (
       SELECT k.sla, date_trunc('month', k.day::timestamp)::date AS first_day, sum(k.met_count)::bigint AS met_count,
         sum(k.missed_count)::bigint AS missed_count, sum(k.pending_count)::bigint AS pending_count,
         count(*) FILTER (WHERE k.state = 'met') AS days_met, count(*) FILTER (WHERE k.state = 'missed') AS days_missed,
         (array_agg(k.target_share ORDER BY k.day DESC))[1]::float8 AS target_share,
         bool_or(k.measure = 'oldest_entry') AS is_entries
       FROM public.sla_daily k, here
       WHERE ($1::text IS NULL OR k.sla = $1) AND k.day <= here.today
         AND k.day >= (date_trunc('month', here.today::timestamp) - make_interval(months => $2 - 1))::date
       GROUP BY 1, 2)
     SELECT s.sla, to_char(s.first_day, 'YYYY-MM') AS month, s.met_count, s.missed_count, s.pending_count, s.days_met,
       s.days_missed, s.target_share, s.is_entries,
       greatest((s.first_day + interval '1 month')::date - here.today, 0) AS days_left,
       coalesce(pace.decided, 0) AS before_decided, coalesce(pace.days, 0) AS before_days
     FROM summed s CROSS JOIN here LEFT JOIN LATERAL (
       SELECT sum(k.decided_count)::bigint AS decided, count(*) AS days FROM public.sla_daily k
       WHERE k.sla = s.sla AND k.day BETWEEN here.today - 28 AND here.today - 1) AS pace ON true
     ORDER BY s.first_day DESC, s.sla`,
    [sla, months],
  );
  return rows.map((row) => ({ sla: row.sla, ...monthOf(row) }));
}

function monthOf(row: MonthRow): SlaMonth {
  const { month, met_count: met, missed_count: missed, pending_count, days_met, days_missed } = row;
  const shareMillionths = Math.round(row.target_share * wholeShareMillionths);
  const decided = met + missed;
  const before = { decided: row.before_decided, days: row.before_days };
  return {
    month,
    state: row.is_entries
      ? days_missed > 0
        ? "missed"
        : "met"
      : judgeShare(decided, missed, shareMillionths),
    decided_count: decided,
    met_count: met,
    missed_count: missed,
    pending_count,
    share: decided === 0 ? null : met / decided,
    days_met,
    days_missed,
    budget: errorBudget({ decided, missed, before, daysLeft: row.days_left }, shareMillionths),
  };
}

export interface SlaLive {
  readonly sla: string;
  readonly evaluated_at: Date;
  readonly risk: SlaRisk | null;
  readonly severity: "error" | "warning" | null;
  readonly since: Date | null;
  readonly burn_rate: number | null;
  readonly decided: number;
  readonly missed: number;
  readonly oldest_ms: number | null;
}

/** By the names of targets. */
export async function readSlaStates(database: Queryable): Promise<ReadonlyMap<string, SlaLive>> {
  const { rows } = await database.query<SlaLive>(
    `SELECT sla, evaluated_at, risk, severity, since, burn_rate, decided, missed, oldest_ms FROM internal.sla_states`,
  );
  return new Map(rows.map((row) => [row.sla, row]));
}

export type SlaAtRisk = Omit<Extract<Alarm, { code: "sla_at_risk" }>, "code">;

/** Those that somebody should know of, the longest first. */
export async function listSlaRisks(database: Queryable, limit: number): Promise<SlaAtRisk[]> {
  const { rows } = await database.query<SlaAtRisk>(
    `SELECT s.severity, s.sla, coalesce(t.label, t.name) AS label, t.measure, t.source, t.destination, s.risk, s.since,
       t.share_millionths / 1000000.0::float8 AS target_share, t.within_ms, s.decided, s.missed, s.burn_rate, s.oldest_ms
     FROM internal.sla_states s JOIN internal.sla_targets t ON t.name = s.sla
     WHERE s.risk IS NOT NULL ORDER BY s.since, s.sla LIMIT $1`,
    [limit],
  );
  return rows;
}
