// The table kpi_daily_sources: the daily figures by source, as they are read.
import type { Queryable } from "../connection/database.ts";
import type { ListPage } from "../connection/list-page.ts";
import { entryDecides } from "../attention/entry-state-sql.ts";

export interface KpiSourceDay {
  /** ISO date in the reporting time zone. */
  readonly day: string;
  readonly source: string;
  /** Of an agency: whose source it is; null: it names no client. */
  readonly client: string | null;
  readonly received_count: number;
  readonly processed_count: number;
  readonly failed_count: number;
  readonly no_destination_count: number;
  readonly resolved_by_hand_count: number;
  readonly withdrawn_count: number;
  readonly avg_processing_ms: number | null;
  /** Of the failed ones: an entry is open or retrying, so they may still arrive; null: too many are, to look at each. */
  readonly failed_unfinished_count: number | null;
}

export interface KpiSourcePosition {
  readonly day: string;
  readonly source: string;
}

export interface KpiRange {
  readonly from: string;
  readonly to: string;
  /** Of this one alone; "": of those that name none; undefined: of all. */
  readonly client: string | undefined;
}

/** Days from `from` to `to` (ISO, both included), newest first, and within a day by the source's name. */
export async function pageOfKpiSources(
  database: Queryable,
  { from, to, client, after }: KpiRange & { readonly after: KpiSourcePosition | null },
  limit: number,
): Promise<ListPage<KpiSourceDay, KpiSourcePosition>> {
  const { rows } = await database.query<Omit<KpiSourceDay, "failed_unfinished_count">>(
    `SELECT k.day::text, k.source, nullif(k.client, '') AS client, k.received_count, k.processed_count, k.failed_count,
       k.no_destination_count, k.resolved_by_hand_count, k.withdrawn_count,
       internal.kpi_average_ms(k.processing_us_sum, k.processed_count) AS avg_processing_ms
     FROM public.kpi_daily_sources k
     WHERE k.day BETWEEN $1::date AND $2::date AND ($6::text IS NULL OR k.client = $6)
       AND ($3::date IS NULL OR k.day < $3::date OR k.day = $3::date AND k.source > $4)
     ORDER BY k.day DESC, k.source LIMIT $5`,
    [from, to, after?.day ?? null, after?.source ?? null, limit + 1, client ?? null],
  );
  const unfinished = await countUnfinished(database);
  const found = rows.slice(0, limit).map((row) => ({
    ...row,
    failed_unfinished_count: unfinished === null ? null : (unfinished.get(placeOf(row)) ?? 0),
  }));
  return { rows: found, next: rows.length > limit ? (found.at(-1) ?? null) : null };
}

export interface KpiClient {
  /** Of an agency; null: what came through sources that name no client. */
  readonly client: string | null;
  readonly received_count: number;
  readonly processed_count: number;
  readonly failed_count: number;
  readonly no_destination_count: number;
  readonly resolved_by_hand_count: number;
  readonly withdrawn_count: number;
  readonly avg_processing_ms: number | null;
}

/** The sums of those days, by the client's name; a client without a lead in them has none. */
export async function readKpiClients(
  database: Queryable,
  { from, to, client }: KpiRange,
): Promise<KpiClient[]> {
  const { rows } = await database.query<KpiClient>(
    `SELECT nullif(k.client, '') AS client, sum(k.received_count)::bigint AS received_count,
       sum(k.processed_count)::bigint AS processed_count, sum(k.failed_count)::bigint AS failed_count,
       sum(k.no_destination_count)::bigint AS no_destination_count,
       sum(k.resolved_by_hand_count)::bigint AS resolved_by_hand_count,
       sum(k.withdrawn_count)::bigint AS withdrawn_count,
       (sum(k.processing_us_sum) / nullif(sum(k.processed_count), 0) / 1000)::bigint AS avg_processing_ms
     FROM public.kpi_daily_clients k
     WHERE k.day BETWEEN $1::date AND $2::date AND ($3::text IS NULL OR k.client = $3)
     GROUP BY k.client ORDER BY k.client`,
    [from, to, client ?? null],
  );
  return rows;
}

/** As many entries at work are looked at one by one. */
const entriesLookedAtMax = 20_000;

/** Failed leads that may still arrive, by day and source; a day's figures hold how many failed, not what becomes of them. */
async function countUnfinished(database: Queryable): Promise<ReadonlyMap<string, number> | null> {
  const { rows: counted } = await database.query<{ at_work: number }>(
    "SELECT coalesce(sum(at_work), 0)::bigint AS at_work FROM internal.dlq_causes",
  );
  if ((counted[0]?.at_work ?? 0) > entriesLookedAtMax) return null;
  const { rows } = await database.query<{ day: string; source: string; count: number }>(
    `SELECT (r.received_at AT TIME ZONE internal.reporting_timezone())::date::text AS day, r.source,
       count(DISTINCT r.run_id)::bigint AS count
     FROM public.dlq d JOIN public.runs r USING (run_id)
     WHERE d.status IN ('open', 'retrying') AND ${entryDecides} AND r.status = 'failed' AND NOT r.test
     GROUP BY 1, 2`,
  );
  return new Map(rows.map((row) => [placeOf(row), row.count]));
}

function placeOf({ day, source }: KpiSourcePosition): string {
  return `${day} ${source}`;
}
