// The table kpi_daily_sources: the daily figures by source, as they are read.
import type { Queryable } from "./database.ts";
import type { ListPage } from "./list-page.ts";

export interface KpiSourceDay {
  /** ISO date in the reporting time zone. */
  readonly day: string;
  readonly source: string;
  readonly received_count: number;
  readonly processed_count: number;
  readonly failed_count: number;
  readonly no_destination_count: number;
  readonly resolved_by_hand_count: number;
  readonly avg_processing_ms: number | null;
}

export interface KpiSourcePosition {
  readonly day: string;
  readonly source: string;
}

/** Days from `from` to `to` (ISO, both included), newest first, and within a day by the source's name. */
export async function pageOfKpiSources(
  database: Queryable,
  {
    from,
    to,
    after,
  }: { readonly from: string; readonly to: string; readonly after: KpiSourcePosition | null },
  limit: number,
): Promise<ListPage<KpiSourceDay, KpiSourcePosition>> {
  const { rows } = await database.query<KpiSourceDay>(
    `SELECT k.day::text, k.source, k.received_count, k.processed_count, k.failed_count, k.no_destination_count,
       k.resolved_by_hand_count, public.kpi_average_ms(k.processing_us_sum, k.processed_count) AS avg_processing_ms
     FROM public.kpi_daily_sources k
     WHERE k.day BETWEEN $1::date AND $2::date
       AND ($3::date IS NULL OR k.day < $3::date OR k.day = $3::date AND k.source > $4)
     ORDER BY k.day DESC, k.source LIMIT $5`,
    [from, to, after?.day ?? null, after?.source ?? null, limit + 1],
  );
  const found = rows.slice(0, limit);
  return { rows: found, next: rows.length > limit ? (found.at(-1) ?? null) : null };
}
