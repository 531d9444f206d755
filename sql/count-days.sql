-- The figures of days, counted afresh from runs and dlq in the reporting time zone.

CREATE OR REPLACE FUNCTION internal.reporting_timezone() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT value #>> '{}' FROM internal.settings WHERE name = 'timezone'), 'Europe/Berlin')
$$;

-- The first day that is counted; NULL before the first lead.
CREATE OR REPLACE FUNCTION internal.kpi_first_day() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT least(
    (SELECT (received_at AT TIME ZONE internal.reporting_timezone())::date FROM public.runs WHERE NOT test ORDER BY received_at LIMIT 1),
    (SELECT min(day) FROM public.kpi_daily WHERE closed_at IS NOT NULL))
$$;

-- The figures of the days first_day to last_day by source, counted afresh from runs.
CREATE OR REPLACE FUNCTION internal.kpi_count_sources(first_day date, last_day date)
RETURNS TABLE (day date, source text, received integer, processed integer, failed integer, no_destination integer,
  by_hand integer, processing_us numeric, last_received_at timestamptz, withdrawn integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT internal.reporting_timezone() AS name)
  SELECT (received_at AT TIME ZONE zone.name)::date, source, count(*)::integer,
    (count(*) FILTER (WHERE status = 'processed'))::integer, (count(*) FILTER (WHERE status = 'failed'))::integer,
    (count(*) FILTER (WHERE outcome = 'no_destination'))::integer,
    (count(*) FILTER (WHERE outcome = 'resolved_by_hand'))::integer,
    coalesce(sum(internal.microseconds_between(received_at, processed_at)), 0), max(received_at),
    (count(*) FILTER (WHERE outcome = 'withdrawn'))::integer
  FROM public.runs, zone
  WHERE NOT test AND received_at >= first_day::timestamp AT TIME ZONE zone.name
    AND received_at < (last_day + 1)::timestamp AT TIME ZONE zone.name
  GROUP BY 1, 2
$$;

-- The entries open at the end of each of the days first_day to last_day, counted afresh from dlq.
CREATE OR REPLACE FUNCTION internal.kpi_count_stock(first_day date, last_day date) RETURNS TABLE (day date, dlq_open integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT internal.reporting_timezone() AS name),
  -- what was opened and closed before first_day cancels itself out
  stays AS (
    SELECT (created_at AT TIME ZONE zone.name)::date AS opened, (closed_at AT TIME ZONE zone.name)::date AS closed
    FROM public.dlq, zone WHERE NOT test AND (closed_at IS NULL OR (closed_at AT TIME ZONE zone.name)::date >= first_day)),
  moves AS (
    SELECT greatest(opened, first_day) AS day, 1 AS difference FROM stays
    UNION ALL SELECT closed, -1 FROM stays WHERE closed IS NOT NULL),
  stock AS (SELECT moves.day, sum(difference) AS difference FROM moves GROUP BY 1)
  SELECT d::date, (sum(coalesce(stock.difference, 0)) OVER (ORDER BY d))::integer
  FROM generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') AS d
  LEFT JOIN stock ON stock.day = d::date
$$;

-- The figures of the days first_day to last_day, counted afresh from runs and dlq.
CREATE OR REPLACE FUNCTION internal.kpi_count_days(first_day date, last_day date)
RETURNS TABLE (day date, received integer, processed integer, failed integer, processing_us numeric, dlq_open integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.day, coalesce(sum(s.received), 0)::integer, coalesce(sum(s.processed), 0)::integer,
    coalesce(sum(s.failed), 0)::integer, coalesce(sum(s.processing_us), 0), d.dlq_open
  FROM internal.kpi_count_stock(first_day, last_day) d LEFT JOIN internal.kpi_count_sources(first_day, last_day) s ON s.day = d.day
  GROUP BY d.day, d.dlq_open
$$;

CREATE OR REPLACE FUNCTION internal.kpi_average_ms(processing_us numeric, processed integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN processed > 0 THEN round(processing_us / 1000 / processed)::bigint END;
