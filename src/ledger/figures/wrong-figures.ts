// Figures that are not what the rows say: days, their sources and hours, and causes of entries, counted afresh in one snapshot and
// with the differences that wait to be added, so that a ledger at work has none. Of the functions that keep them
// it asks dlq_cause() alone.
import type { Queryable } from "../connection/database.ts";
import { findWrongHours } from "./wrong-hours.ts";
import type { WrongHour } from "./wrong-hours.ts";

export interface WrongFigure {
  readonly what: "day_missing" | "day_figures_wrong" | "source_figures_wrong" | "cause_counts_wrong";
  /** ISO date; null: of a cause. */
  readonly day: string | null;
  readonly source: string | null;
  readonly noted: string;
  readonly counted: string;
}

/** Of each kind; more of them say no more. */
const wrongFiguresMax = 1_000;

/** `timezone`: the reporting one. To be asked in a REPEATABLE READ snapshot where somebody may be at work. */
export async function findWrongFigures(
  snapshot: Queryable,
  timezone: string,
): Promise<(WrongFigure | WrongHour)[]> {
  const { rows } = await snapshot.query<WrongFigure>(figuresSql, [timezone, null]);
  const { rows: causes } = await snapshot.query<WrongFigure>(causesSql);
  return [...rows, ...(await findWrongHours(snapshot, timezone)), ...causes];
}

/** The days (ISO) among the last `days`, today being the last, of which some figure is wrong. One snapshot by itself. */
export async function findWrongDays(database: Queryable, timezone: string, days: number): Promise<string[]> {
  const { rows } = await database.query<WrongFigure>(figuresSql, [timezone, days]);
  return [...new Set(rows.flatMap(({ day }) => day ?? []))].toSorted();
}

// Days that people filled in, and those whose runs retention has removed, are left alone. A day that has no row yet is
// counted afresh by the next roll-up; until then differences wait for it, or it is newer than all that have one.
const figuresSql = `
  WITH first_day AS MATERIALIZED (SELECT coalesce((clock_timestamp() AT TIME ZONE $1)::date - $2::int + 1, '-infinity') AS day),
  rows_of_days AS MATERIALIZED (
    SELECT * FROM public.kpi_daily WHERE NOT by_hand AND closed_at IS NULL AND day >= (SELECT day FROM first_day)),
  waiting AS MATERIALIZED (
    SELECT (bucket AT TIME ZONE $1)::date AS day, source, received, processed, failed, no_destination, by_hand,
      withdrawn, processing_us, last_received_at, dlq_open FROM internal.kpi_deltas),
  counted AS MATERIALIZED (
    SELECT (received_at AT TIME ZONE $1)::date AS day, source, count(*) AS received,
      count(*) FILTER (WHERE status = 'processed') AS processed, count(*) FILTER (WHERE status = 'failed') AS failed,
      count(*) FILTER (WHERE outcome = 'no_destination') AS no_destination,
      count(*) FILTER (WHERE outcome = 'resolved_by_hand') AS by_hand, count(*) FILTER (WHERE outcome = 'withdrawn') AS withdrawn,
      coalesce(sum(extract(epoch FROM processed_at - received_at) * 1000000), 0)::bigint AS processing_us,
      max(received_at) AS last_received_at
    FROM public.runs WHERE NOT test AND received_at >= (SELECT day::timestamp AT TIME ZONE $1 FROM first_day) GROUP BY 1, 2),
  moves AS (
    SELECT (created_at AT TIME ZONE $1)::date AS day, 1 AS opened FROM public.dlq WHERE NOT test
    UNION ALL SELECT (closed_at AT TIME ZONE $1)::date, -1 FROM public.dlq WHERE NOT test AND closed_at IS NOT NULL
    UNION ALL SELECT day, 0 FROM rows_of_days),
  -- A stock: what was opened on a day counts on all that follow.
  stock AS (SELECT day, sum(sum(opened)) OVER (ORDER BY day) AS dlq_open FROM moves GROUP BY day),
  waiting_stock AS (
    SELECT day, sum(sum(opened)) OVER (ORDER BY day) AS dlq_open
    FROM (SELECT day, dlq_open AS opened FROM waiting UNION ALL SELECT day, 0 FROM rows_of_days) AS w GROUP BY day),
  counted_days AS (
    SELECT day, sum(received) AS received, sum(processed) AS processed, sum(failed) AS failed, sum(processing_us) AS processing_us
    FROM counted GROUP BY day),
  waiting_days AS (
    SELECT day, sum(received) AS received, sum(processed) AS processed, sum(failed) AS failed, sum(processing_us) AS processing_us,
      bool_or(source IS NULL AND (received, processed, failed) <> (0, 0, 0)) AS lacks_source
    FROM waiting GROUP BY day),
  days AS (
    SELECT 'day_figures_wrong' AS what, k.day, NULL AS source,
      concat_ws(' ', k.received_count + coalesce(w.received, 0), k.processed_count + coalesce(w.processed, 0),
        k.failed_count + coalesce(w.failed, 0), k.processing_us_sum + coalesce(w.processing_us, 0),
        k.dlq_open_count + ws.dlq_open, coalesce(k.avg_processing_ms, -1)) AS noted,
      concat_ws(' ', coalesce(c.received, 0), coalesce(c.processed, 0), coalesce(c.failed, 0), coalesce(c.processing_us, 0),
        s.dlq_open, coalesce(round(k.processing_us_sum / 1000 / nullif(k.processed_count, 0)), -1)) AS counted
    FROM rows_of_days k JOIN stock s ON s.day = k.day JOIN waiting_stock ws ON ws.day = k.day
      LEFT JOIN counted_days c ON c.day = k.day LEFT JOIN waiting_days w ON w.day = k.day),
  days_missing AS (
    SELECT 'day_missing', d.day, NULL, '', coalesce(c.received, 0)::text
    FROM (
      SELECT day FROM counted_days
      UNION SELECT between_days::date FROM (SELECT min(day) AS first, max(day) AS last FROM rows_of_days) AS range,
        generate_series(range.first::timestamp, range.last::timestamp, interval '1 day') AS between_days) AS d
      LEFT JOIN counted_days c ON c.day = d.day
    WHERE NOT EXISTS (SELECT FROM public.kpi_daily k WHERE k.day = d.day) AND NOT EXISTS (SELECT FROM waiting w WHERE w.day = d.day)),
  figures_of_sources AS (
    SELECT day, source, received_count::bigint AS received, processed_count::bigint AS processed, failed_count::bigint AS failed,
      no_destination_count::bigint AS no_destination, resolved_by_hand_count::bigint AS by_hand, withdrawn_count::bigint AS withdrawn,
      processing_us_sum AS processing_us, last_received_at
    FROM internal.kpi_daily_sources
    UNION ALL SELECT day, source, received, processed, failed, no_destination, by_hand, withdrawn, processing_us, last_received_at
    FROM waiting WHERE source IS NOT NULL),
  sources AS (
    SELECT 'source_figures_wrong', day, source, n.figures, c.figures
    FROM (
      SELECT f.day, f.source, concat_ws(' ', sum(f.received), sum(f.processed), sum(f.failed), sum(f.no_destination), sum(f.by_hand),
        sum(f.withdrawn), sum(f.processing_us), max(f.last_received_at)) AS figures
      FROM figures_of_sources f JOIN rows_of_days k ON k.day = f.day GROUP BY f.day, f.source) AS n
    FULL JOIN (
      SELECT c.day, c.source, concat_ws(' ', c.received, c.processed, c.failed, c.no_destination, c.by_hand, c.withdrawn, c.processing_us,
        c.last_received_at) AS figures
      FROM counted c JOIN rows_of_days k ON k.day = c.day) AS c USING (day, source)
    WHERE n.figures IS DISTINCT FROM c.figures
      -- differences of old, which name no source: the next roll-up counts the day's sources afresh
      AND NOT EXISTS (SELECT FROM waiting_days w WHERE w.day = coalesce(n.day, c.day) AND w.lacks_source))
  SELECT what, day::text, source, coalesce(noted, 'nothing') AS noted, coalesce(counted, 'nothing') AS counted FROM (
    (SELECT * FROM days WHERE noted <> counted LIMIT ${wrongFiguresMax})
    UNION ALL (SELECT * FROM days_missing LIMIT ${wrongFiguresMax})
    UNION ALL (SELECT * FROM sources LIMIT ${wrongFiguresMax})) AS wrong
  ORDER BY what, day, source`;

const causesSql = `
  SELECT 'cause_counts_wrong' AS what, NULL AS day, NULL AS source, translate(cause, E'\\x1f\\x1e', '  ') || ': ' || coalesce(n.counts, '0 0 0') AS noted,
    coalesce(c.counts, '0 0 0') AS counted
  FROM (
    SELECT cause, concat_ws(' ', sum(entries), sum(at_work), sum(need_decision)) AS counts FROM internal.dlq_causes GROUP BY cause) AS n
  FULL JOIN (
    SELECT internal.dlq_cause(kind, destination, source, error_code) AS cause, concat_ws(' ', count(*),
      count(*) FILTER (WHERE status IN ('open', 'retrying')), count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)) AS counts
    FROM public.dlq GROUP BY 1) AS c USING (cause)
  WHERE coalesce(n.counts, '0 0 0') <> coalesce(c.counts, '0 0 0')
  ORDER BY cause LIMIT ${wrongFiguresMax}`;
