-- Figures by hour, for each source and each destination, and how long things took, as a histogram that can be added up.
--
-- An hour is one of the clock that the reporting zone shows, so that the hours of a day are whole in every zone: it is an
-- hour of UTC unless the zone's offset is no whole hour (Asia/Kathmandu: 05:45), where it begins at another quarter.
-- Test leads are not counted. What is there already is counted by roll-ups, some thousand leads at a time
-- (sql/count-hours.sql), so that nobody waits for it here.

-- The first figures speak, like those of kpi_daily_sources, of the leads received in that hour as they stand now, and sum
-- up to them; those from duplicate_count on speak of what came in that hour.
CREATE TABLE internal.figures_hourly (
  hour                   timestamptz NOT NULL,
  source                 text COLLATE "C" NOT NULL,
  received_count         integer NOT NULL DEFAULT 0,
  processed_count        integer NOT NULL DEFAULT 0,
  failed_count           integer NOT NULL DEFAULT 0,
  no_destination_count   integer NOT NULL DEFAULT 0,
  resolved_by_hand_count integer NOT NULL DEFAULT 0,
  withdrawn_count        integer NOT NULL DEFAULT 0,
  duplicate_count        integer NOT NULL DEFAULT 0,
  conflict_count         integer NOT NULL DEFAULT 0,
  refused_count          integer NOT NULL DEFAULT 0,
  quarantined_count      integer NOT NULL DEFAULT 0,
  denied_count           integer NOT NULL DEFAULT 0,
  PRIMARY KEY (hour, source)
);
CREATE INDEX figures_hourly_by_source ON internal.figures_hourly (source, hour);
COMMENT ON TABLE internal.figures_hourly IS 'One row per hour and source from which something came. The sums over the hours of a day are its figures in kpi_daily_sources. Days in kpi_daily that are by_hand have none.';
COMMENT ON COLUMN internal.figures_hourly.hour IS 'Begin of the hour, as the clock of the reporting time zone shows it.';
COMMENT ON COLUMN internal.figures_hourly.source IS 'Who sent it; (others): one of too many names that nobody has set up.';
COMMENT ON COLUMN internal.figures_hourly.received_count IS 'Leads received in that hour, without test leads.';
COMMENT ON COLUMN internal.figures_hourly.processed_count IS 'Of these: processed by now, however.';
COMMENT ON COLUMN internal.figures_hourly.failed_count IS 'Of these: failed as they stand now.';
COMMENT ON COLUMN internal.figures_hourly.no_destination_count IS 'Of the processed ones: nobody got them.';
COMMENT ON COLUMN internal.figures_hourly.resolved_by_hand_count IS 'Of the processed ones: a person resolved what had failed.';
COMMENT ON COLUMN internal.figures_hourly.withdrawn_count IS 'Of the processed ones: a delivery was withdrawn.';
COMMENT ON COLUMN internal.figures_hourly.duplicate_count IS 'Requests of that hour that brought what was there already (events duplicate_received).';
COMMENT ON COLUMN internal.figures_hourly.conflict_count IS 'Payloads of that hour that came under the key of another lead, and were kept (entries of kind conflict).';
COMMENT ON COLUMN internal.figures_hourly.refused_count IS 'Payloads of that hour that could not be read, or broke the source''s rules, and were kept (entries of kind refused).';
COMMENT ON COLUMN internal.figures_hourly.quarantined_count IS 'Requests that were kept in the quarantine in that hour. Nothing else tells of them for good, so a rebuild leaves this as it is.';
COMMENT ON COLUMN internal.figures_hourly.denied_count IS 'Requests that were denied, as counted in that hour (events request_denied).';

CREATE TABLE internal.destination_figures_hourly (
  hour                 timestamptz NOT NULL,
  destination          text COLLATE "C" NOT NULL,
  delivered_count      integer NOT NULL DEFAULT 0,
  failed_attempt_count integer NOT NULL DEFAULT 0,
  entry_count          integer NOT NULL DEFAULT 0,
  PRIMARY KEY (hour, destination)
);
CREATE INDEX destination_figures_hourly_by_destination ON internal.destination_figures_hourly (destination, hour);
COMMENT ON TABLE internal.destination_figures_hourly IS 'One row per hour and destination at which something happened in that hour, whenever the leads had come.';
COMMENT ON COLUMN internal.destination_figures_hourly.hour IS 'As of figures_hourly.';
COMMENT ON COLUMN internal.destination_figures_hourly.destination IS 'Its name.';
COMMENT ON COLUMN internal.destination_figures_hourly.delivered_count IS 'Deliveries that arrived, repeated ones and changes of a lead too (events lead_delivered).';
COMMENT ON COLUMN internal.destination_figures_hourly.failed_attempt_count IS 'Attempts that failed (events delivery_failed).';
COMMENT ON COLUMN internal.destination_figures_hourly.entry_count IS 'Entries made in the DLQ.';

CREATE TABLE internal.durations_hourly (
  hour            timestamptz NOT NULL,
  measure         text COLLATE "C" NOT NULL,
  source          text COLLATE "C" NOT NULL,
  destination     text COLLATE "C" NOT NULL,
  bucket_upper_ms bigint NOT NULL,
  count           bigint NOT NULL,
  PRIMARY KEY (hour, measure, source, destination, bucket_upper_ms),
  CONSTRAINT durations_hourly_measure CHECK (measure IN ('processed', 'first_delivery', 'delivery')),
  CONSTRAINT durations_hourly_place CHECK ((measure = 'delivery') = (destination <> ''))
);
COMMENT ON TABLE internal.durations_hourly IS 'How long leads took that were received in that hour, as a histogram: rows of any hours, sources and destinations may be added up.';
COMMENT ON COLUMN internal.durations_hourly.hour IS 'Of the lead''s received_at; as of figures_hourly.';
COMMENT ON COLUMN internal.durations_hourly.measure IS 'processed: until the lead was processed | first_delivery: until it arrived somewhere for the first time | delivery: until it arrived at this destination for the first time.';
COMMENT ON COLUMN internal.durations_hourly.source IS 'Who sent the leads.';
COMMENT ON COLUMN internal.durations_hourly.destination IS 'Of delivery: where to; otherwise empty.';
COMMENT ON COLUMN internal.durations_hourly.bucket_upper_ms IS 'It took no longer than so many milliseconds, and longer than the next smaller bound. The bounds are those of internal.duration_bounds(); 9223372036854775807: longer than the last.';
COMMENT ON COLUMN internal.durations_hourly.count IS 'So many leads.';

-- Differences ----------------------------------------------------------------------------------------------

ALTER TABLE internal.kpi_deltas ADD COLUMN within_ms bigint;
COMMENT ON COLUMN internal.kpi_deltas.within_ms IS 'How long it took to process those that were (bucket_upper_ms of durations_hourly); NULL: none were.';

CREATE TABLE internal.hour_deltas (
  bucket          timestamptz NOT NULL,
  source          text COLLATE "C",
  destination     text COLLATE "C",
  received_bucket timestamptz,
  within_ms       bigint,
  delivered       integer NOT NULL DEFAULT 0,
  here_first      integer NOT NULL DEFAULT 0,
  anywhere_first  integer NOT NULL DEFAULT 0,
  failed_attempts integer NOT NULL DEFAULT 0,
  entries         integer NOT NULL DEFAULT 0,
  duplicates      integer NOT NULL DEFAULT 0,
  conflicts       integer NOT NULL DEFAULT 0,
  refused         integer NOT NULL DEFAULT 0,
  quarantined     integer NOT NULL DEFAULT 0,
  denied          integer NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE internal.hour_deltas REPLICA IDENTITY FULL;
COMMENT ON TABLE internal.hour_deltas IS 'Differences not rolled up into the figures by hour yet, beside those of kpi_deltas.';
COMMENT ON COLUMN internal.hour_deltas.bucket IS 'When it happened: a quarter of an hour of UTC.';
COMMENT ON COLUMN internal.hour_deltas.received_bucket IS 'When the leads had been received that were delivered; NULL: the difference tells of no delivery.';
COMMENT ON COLUMN internal.hour_deltas.within_ms IS 'How long the leads took that were delivered (bucket_upper_ms of durations_hourly).';
COMMENT ON COLUMN internal.hour_deltas.here_first IS 'Of the delivered ones: had not arrived at this destination before.';
COMMENT ON COLUMN internal.hour_deltas.anywhere_first IS 'Of these: had not arrived anywhere before.';
