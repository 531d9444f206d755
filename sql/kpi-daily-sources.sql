-- Figures by source and by client, under the names and for the roles that read them beside kpi_daily.

CREATE OR REPLACE VIEW public.kpi_daily_sources AS
  SELECT k.day, k.source, k.received_count, k.processed_count, k.failed_count, k.no_destination_count, k.resolved_by_hand_count,
    k.processing_us_sum, k.last_received_at, k.withdrawn_count,
    coalesce((SELECT s.client FROM internal.sources s WHERE s.name = k.source), '') AS client
  FROM internal.kpi_daily_sources k;
COMMENT ON VIEW public.kpi_daily_sources IS 'One row per day and source that leads came from; the sums over a day''s sources are its figures in kpi_daily. Days in kpi_daily that are by_hand have none.';

CREATE OR REPLACE VIEW public.kpi_daily_clients AS
  SELECT k.day, k.client, sum(k.received_count)::bigint AS received_count, sum(k.processed_count)::bigint AS processed_count,
    sum(k.failed_count)::bigint AS failed_count, sum(k.no_destination_count)::bigint AS no_destination_count,
    sum(k.resolved_by_hand_count)::bigint AS resolved_by_hand_count, sum(k.processing_us_sum) AS processing_us_sum,
    max(k.last_received_at) AS last_received_at, sum(k.withdrawn_count)::bigint AS withdrawn_count
  FROM public.kpi_daily_sources k GROUP BY k.day, k.client;
COMMENT ON VIEW public.kpi_daily_clients IS 'One row per day and client of an agency: the sums over its sources. The sums over a day''s clients are its figures in kpi_daily. Days in kpi_daily that are by_hand have none.';

DO $$
DECLARE
  described record;
BEGIN
  FOR described IN
    SELECT v.relname AS view, a.attname AS name, col_description(a.attrelid, a.attnum) AS comment
    FROM pg_attribute a CROSS JOIN (VALUES ('kpi_daily_sources'), ('kpi_daily_clients')) AS v (relname)
    JOIN pg_attribute shown ON shown.attrelid = ('public.' || v.relname)::regclass AND shown.attname = a.attname
    WHERE a.attrelid = 'internal.kpi_daily_sources'::regclass AND a.attnum > 0 AND NOT a.attisdropped
  LOOP
    EXECUTE format('COMMENT ON COLUMN public.%I.%I IS %L', described.view, described.name, described.comment);
  END LOOP;
END
$$;
COMMENT ON COLUMN public.kpi_daily_sources.client IS 'Whose source it is, of an agency; empty: it names no client.';
COMMENT ON COLUMN public.kpi_daily_clients.client IS 'Whose leads these are, of an agency; empty: those of sources that name no client.';
