// The table kpi_daily: rolled up, rebuilt and read.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs, snapshotTransaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import type { ListPage } from "../connection/list-page.ts";
import { eventSql } from "../log/event-sql.ts";

export interface KpiDay {
  /** ISO date in the reporting time zone. */
  readonly day: string;
  readonly received_count: number;
  readonly processed_count: number;
  readonly failed_count: number;
  readonly dlq_open_count: number;
  readonly avg_processing_ms: number | null;
  readonly by_hand: boolean;
}

/** True when differences wait, today has no row yet, or hours that were there before are not filled in. */
export async function kpiNeedsRollUp(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ needed: boolean }>({
    name: "kpi-needs-roll-up",
    text: `
      SELECT EXISTS (SELECT 1 FROM internal.kpi_deltas) OR EXISTS (SELECT 1 FROM internal.hour_deltas)
        OR internal.hours_counted_from() IS DISTINCT FROM '-infinity'
        OR EXISTS (SELECT 1 FROM public.runs WHERE NOT test)
          AND NOT EXISTS (SELECT 1 FROM public.kpi_daily
                          WHERE day = (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date) AS needed`,
  });
  return rows[0]?.needed === true;
}

/** Adds the waiting differences to the daily figures; as a leader's task, with its guard. */
export async function rollUpKpis(database: Database, guard?: LeaderGuard): Promise<void> {
  await snapshotTransaction(database, "system", "kpi_daily", async (client) => {
    await guard?.(client);
    await client.query({ text: "SELECT internal.kpi_roll_up()", query_timeout: longAnswerTimeoutMs });
  });
}

/** Counts all days afresh; returns the days (ISO) whose figures were wrong, which should be none. */
export async function rebuildKpis(database: Database, actor: Actor): Promise<string[]> {
  return snapshotTransaction(database, actor, "kpi_daily", async (client) => {
    const { rows } = await client.query<{ day: string }>({
      text: "SELECT wrong_day::text AS day FROM internal.kpi_rebuild()",
      query_timeout: longAnswerTimeoutMs,
    });
    await client.query(
      `INSERT INTO public.audit_events (event_type, payload) VALUES (${eventSql("kpi_rebuilt", { wrong_days: "$1::text[]" })})`,
      [rows.map((row) => row.day)],
    );
    return rows.map((row) => row.day);
  });
}

/** The newest `days` rows, newest first. */
export async function listKpiDays(database: Queryable, days: number): Promise<KpiDay[]> {
  const { rows } = await database.query<KpiDay>(
    `SELECT day::text, received_count, processed_count, failed_count, dlq_open_count, avg_processing_ms, by_hand
     FROM public.kpi_daily k ORDER BY k.day DESC LIMIT $1`,
    [days],
  );
  return rows;
}

/** Days from `from` to `to` (ISO, both included) that come before `before`, newest first. */
export async function pageOfKpiDays(
  database: Queryable,
  {
    from,
    to,
    before,
  }: { readonly from: string | null; readonly to: string | null; readonly before: string | null },
  limit: number,
): Promise<ListPage<KpiDay, string>> {
  const { rows } = await database.query<KpiDay>(
    `SELECT day::text, received_count, processed_count, failed_count, dlq_open_count, avg_processing_ms, by_hand
     FROM public.kpi_daily k
     WHERE k.day >= coalesce($1::date, '-infinity') AND k.day <= coalesce($2::date, 'infinity')
       AND k.day < coalesce($3::date, 'infinity')
     ORDER BY k.day DESC LIMIT $4`,
    [from, to, before, limit + 1],
  );
  const found = rows.slice(0, limit);
  return { rows: found, next: rows.length > limit ? (found.at(-1)?.day ?? null) : null };
}

/**
 * Throws what the database threw, the next run makes up for it; or what the guard throws. Safe on several nodes at
 * once, so a command may do it without a guard.
 */
export async function rollUpWaitingKpis(database: Database, guard?: LeaderGuard): Promise<void> {
  if (await kpiNeedsRollUp(database)) await rollUpKpis(database, guard);
}
