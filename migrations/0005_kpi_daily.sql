-- Daily figures. Every change of runs and dlq leaves one row of differences per statement (kpi_deltas), bucketed to
-- 15 minutes UTC, so that the reporting zone is applied only when they are rolled up.

CREATE TABLE public.kpi_daily (
  day               date PRIMARY KEY,
  received_count    integer NOT NULL DEFAULT 0,
  processed_count   integer NOT NULL DEFAULT 0,
  failed_count      integer NOT NULL DEFAULT 0,
  dlq_open_count    integer NOT NULL DEFAULT 0,
  avg_processing_ms bigint,
  processing_us_sum numeric NOT NULL DEFAULT 0,
  by_hand           boolean NOT NULL DEFAULT false,
  closed_at         timestamptz
);

COMMENT ON TABLE public.kpi_daily IS 'One row per day of the reporting time zone, from the first lead to today; live within two seconds.';
COMMENT ON COLUMN public.kpi_daily.day IS 'Calendar day of received_at in the reporting time zone.';
COMMENT ON COLUMN public.kpi_daily.received_count IS 'Leads received that day, without test leads. received = processed + failed + still accepted.';
COMMENT ON COLUMN public.kpi_daily.processed_count IS 'Of the leads received that day: processed by now.';
COMMENT ON COLUMN public.kpi_daily.failed_count IS 'Of the leads received that day: failed as they stand now.';
COMMENT ON COLUMN public.kpi_daily.dlq_open_count IS 'DLQ entries open or retrying at the end of that day (today: now).';
COMMENT ON COLUMN public.kpi_daily.avg_processing_ms IS 'Average of processed_at - received_at of the leads received that day; NULL while there are none.';
COMMENT ON COLUMN public.kpi_daily.processing_us_sum IS 'Sum behind the average, in microseconds; numeric, because thirty years times ten thousand leads exceed a bigint.';
COMMENT ON COLUMN public.kpi_daily.by_hand IS 'Filled in by a person for a day that is not counted; left alone by roll-up and rebuild.';
COMMENT ON COLUMN public.kpi_daily.closed_at IS 'Since then the day''s runs may have left by retention; its figures stay as they are.';

CREATE TABLE public.kpi_deltas (
  bucket        timestamptz NOT NULL,
  received      integer NOT NULL DEFAULT 0,
  processed     integer NOT NULL DEFAULT 0,
  failed        integer NOT NULL DEFAULT 0,
  processing_us numeric NOT NULL DEFAULT 0,
  dlq_open      integer NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE public.kpi_deltas IS 'Differences not rolled up into kpi_daily yet.';
