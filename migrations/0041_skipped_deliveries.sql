-- A destination may want some leads only (`when`): deliveries of the others end as skipped, and are counted.

CREATE TABLE internal.skipped_daily (
  destination text COLLATE "C" NOT NULL,
  day         date NOT NULL,
  leads       bigint NOT NULL,
  PRIMARY KEY (destination, day)
);
COMMENT ON TABLE internal.skipped_daily IS 'Leads that a destination did not get because its condition (when) was not met, by day. Test leads are not counted.';
COMMENT ON COLUMN internal.skipped_daily.destination IS 'Its name.';
COMMENT ON COLUMN internal.skipped_daily.day IS 'When it was decided, in the reporting time zone of that day.';
COMMENT ON COLUMN internal.skipped_daily.leads IS 'How many.';

COMMENT ON COLUMN public.runs.outcome IS 'How a processed run ended: delivered | resolved_by_hand | withdrawn (a delivery that waited was ended, and is not wanted) | no_destination (nobody got that lead: it goes nowhere, or no destination''s condition is met).';
COMMENT ON COLUMN public.dlq.resolution IS 'How it was resolved: delivered | corrected | discarded | superseded | kept_first (the first lead under the key stands) | taken_in (a lead of its own) | change (delivered as a change of the lead) | withdrawn (its delivery was held, and is not wanted) | skipped (the destination''s condition is not met by the lead as it is now) | by_hand, or a person''s own word.';
