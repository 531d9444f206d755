-- A processed run may be `withdrawn`: deliveries of it that waited were ended, because nobody was to get it any more.

-- Nobody waits until all runs are read: what is there obeys a narrower rule already.
ALTER TABLE public.runs
  DROP CONSTRAINT runs_outcome,
  ADD CONSTRAINT runs_outcome CHECK (outcome IN ('delivered', 'resolved_by_hand', 'no_destination', 'withdrawn')) NOT VALID;
COMMENT ON COLUMN public.runs.outcome IS 'How a processed run ended: delivered | resolved_by_hand | withdrawn (a delivery that waited was ended, and is not wanted) | no_destination (nobody got that lead).';

ALTER TABLE internal.kpi_deltas ADD COLUMN withdrawn integer NOT NULL DEFAULT 0;
ALTER TABLE internal.kpi_daily_sources ADD COLUMN withdrawn_count integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN internal.kpi_daily_sources.withdrawn_count IS 'Of the processed ones: a delivery was withdrawn.';

-- It returns one column more; sql/ makes it anew.
DROP FUNCTION IF EXISTS internal.kpi_count_sources(date, date);
