-- Figures by source, under the name and for the roles that read them beside kpi_daily.

CREATE OR REPLACE VIEW public.kpi_daily_sources AS
  SELECT day, source, received_count, processed_count, failed_count, no_destination_count, resolved_by_hand_count,
    processing_us_sum, last_received_at, withdrawn_count
  FROM internal.kpi_daily_sources;
COMMENT ON VIEW public.kpi_daily_sources IS 'One row per day and source that leads came from; the sums over a day''s sources are its figures in kpi_daily. Days in kpi_daily that are by_hand have none.';

DO $$
DECLARE
  described record;
BEGIN
  FOR described IN
    SELECT attname AS name, col_description(attrelid, attnum) AS comment
    FROM pg_attribute WHERE attrelid = 'internal.kpi_daily_sources'::regclass AND attnum > 0 AND NOT attisdropped
  LOOP
    EXECUTE format('COMMENT ON COLUMN public.kpi_daily_sources.%I IS %L', described.name, described.comment);
  END LOOP;
END
$$;
