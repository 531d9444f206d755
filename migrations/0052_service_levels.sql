-- What is agreed about leads, how each day kept it, and who was contacted when.

CREATE TABLE internal.sla_targets (
  name             text COLLATE "C" PRIMARY KEY,
  managed_by       text NOT NULL,
  label            text,
  measure          text NOT NULL,
  source           text COLLATE "C",
  destination      text COLLATE "C",
  client           text COLLATE "C",
  within_ms        bigint,
  share_millionths integer NOT NULL,
  opening_hours    text[],
  holidays         text,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sla_targets_name_length CHECK (octet_length(name) BETWEEN 1 AND 63),
  CONSTRAINT sla_targets_managed_by CHECK (managed_by IN ('file', 'api')),
  CONSTRAINT sla_targets_measure CHECK (measure IN ('delivered', 'success', 'delivery_time', 'contacted', 'oldest_entry')),
  CONSTRAINT sla_targets_within CHECK ((within_ms IS NULL) = (measure = 'success') AND (within_ms IS NULL OR within_ms > 0)),
  CONSTRAINT sla_targets_share CHECK (share_millionths BETWEEN 1 AND 1000000)
);
COMMENT ON TABLE internal.sla_targets IS 'Service levels: what is agreed about leads.';
COMMENT ON COLUMN internal.sla_targets.name IS 'Its name.';
COMMENT ON COLUMN internal.sla_targets.managed_by IS 'file: from leadledger.yaml, read-only elsewhere | api: made through API or command line; becomes the file''s when the file names it.';
COMMENT ON COLUMN internal.sla_targets.label IS 'What people call it; NULL: by its name.';
COMMENT ON COLUMN internal.sla_targets.measure IS 'delivered: share of leads that arrived within the time | success: share that arrived at all | delivery_time: time to delivery of those that arrived, at a percentile | contacted: share whose person was contacted within the time | oldest_entry: no DLQ entry is open for longer than the time.';
COMMENT ON COLUMN internal.sla_targets.source IS 'Leads of this source alone; NULL: of all.';
COMMENT ON COLUMN internal.sla_targets.destination IS 'Deliveries to this destination; NULL: leads as a whole, which are done when every delivery is.';
COMMENT ON COLUMN internal.sla_targets.client IS 'Leads of this client''s sources alone; NULL: of all, or as source and destination say.';
COMMENT ON COLUMN internal.sla_targets.within_ms IS 'The time that was agreed; NULL: success, which has none.';
COMMENT ON COLUMN internal.sla_targets.share_millionths IS 'The share that was agreed, in millionths; of delivery_time the percentile.';
COMMENT ON COLUMN internal.sla_targets.opening_hours IS 'Time is counted only while it is open by these rules; NULL: all the time.';
COMMENT ON COLUMN internal.sla_targets.holidays IS 'The German state whose public holidays are kept; NULL: none are.';

CREATE TABLE internal.sla_daily (
  day              date NOT NULL,
  sla              text COLLATE "C" NOT NULL,
  label            text,
  measure          text NOT NULL,
  source           text COLLATE "C",
  destination      text COLLATE "C",
  client           text COLLATE "C",
  within_ms        bigint,
  share_millionths integer NOT NULL,
  opening_hours    text[],
  holidays         text,
  state            text NOT NULL,
  met_count        integer NOT NULL,
  missed_count     integer NOT NULL,
  pending_count    integer NOT NULL,
  by_hand_count    integer NOT NULL,
  value_ms         bigint,
  median_ms        bigint,
  counted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  judged_at        timestamptz,
  changed_at       timestamptz,
  change_reason    text,
  PRIMARY KEY (sla, day),
  CONSTRAINT sla_daily_state CHECK (state IN ('met', 'missed', 'too_few', 'no_leads')),
  CONSTRAINT sla_daily_counts CHECK (least(met_count, missed_count, pending_count, by_hand_count) >= 0)
);
CREATE INDEX sla_daily_unjudged ON internal.sla_daily (day) WHERE judged_at IS NULL;
COMMENT ON TABLE internal.sla_daily IS 'How a day kept a service level, as it was agreed that day: one row per day and target. Follows from runs, dlq, audit_events and contacts.';
COMMENT ON COLUMN internal.sla_daily.day IS 'Of received_at, in the reporting time zone; of oldest_entry the day itself.';
COMMENT ON COLUMN internal.sla_daily.sla IS 'The target''s name; it may have been deleted since.';
COMMENT ON COLUMN internal.sla_daily.label IS 'What people called it.';
COMMENT ON COLUMN internal.sla_daily.measure IS 'As of sla_targets.';
COMMENT ON COLUMN internal.sla_daily.source IS 'Of which source; NULL: of all.';
COMMENT ON COLUMN internal.sla_daily.destination IS 'To which destination; NULL: leads as a whole.';
COMMENT ON COLUMN internal.sla_daily.client IS 'Of which client; NULL: of all, or as source and destination say.';
COMMENT ON COLUMN internal.sla_daily.within_ms IS 'The time that was agreed; NULL: none.';
COMMENT ON COLUMN internal.sla_daily.share_millionths IS 'The share that was agreed, in millionths.';
COMMENT ON COLUMN internal.sla_daily.opening_hours IS 'Time is counted only while it is open by these rules; NULL: all the time.';
COMMENT ON COLUMN internal.sla_daily.holidays IS 'The German state whose public holidays are kept; NULL: none are.';
COMMENT ON COLUMN internal.sla_daily.state IS 'met | missed | too_few: less than was agreed, but of so few leads that chance explains it | no_leads: nothing is decided.';
COMMENT ON COLUMN internal.sla_daily.met_count IS 'Leads of that day that kept it, as they stand now; of oldest_entry: entries open that day.';
COMMENT ON COLUMN internal.sla_daily.missed_count IS 'Those that did not.';
COMMENT ON COLUMN internal.sla_daily.pending_count IS 'Those that are not decided yet.';
COMMENT ON COLUMN internal.sla_daily.by_hand_count IS 'Of those that kept it: a person resolved what had failed.';
COMMENT ON COLUMN internal.sla_daily.value_ms IS 'How long it took at the share that was agreed, of those that are done; of oldest_entry: the greatest age. NULL: nothing is done, or success.';
COMMENT ON COLUMN internal.sla_daily.median_ms IS 'How long it took half of those that are done. NULL: nothing is, or success, or oldest_entry.';
COMMENT ON COLUMN internal.sla_daily.counted_at IS 'When it was counted last.';
COMMENT ON COLUMN internal.sla_daily.judged_at IS 'When the day was over and everything decided, for the first time; NULL: not yet.';
COMMENT ON COLUMN internal.sla_daily.changed_at IS 'When it changed after that, the last time; NULL: never.';
COMMENT ON COLUMN internal.sla_daily.change_reason IS 'What happened to leads of that day since, as types of audit events; or timezone_changed, or rebuilt.';

CREATE TABLE internal.sla_states (
  sla          text COLLATE "C" PRIMARY KEY REFERENCES internal.sla_targets ON DELETE CASCADE,
  evaluated_at timestamptz NOT NULL,
  risk         text,
  severity     text,
  since        timestamptz,
  burn_rate    double precision,
  decided      integer NOT NULL DEFAULT 0,
  missed       integer NOT NULL DEFAULT 0,
  oldest_ms    bigint,
  CONSTRAINT sla_states_risk CHECK (risk IN ('burning', 'misses', 'age', 'month') AND severity IN ('error', 'warning') AND since IS NOT NULL OR risk IS NULL AND severity IS NULL AND since IS NULL)
);
COMMENT ON TABLE internal.sla_states IS 'How each target stands at this moment, as whoever leads saw it last.';
COMMENT ON COLUMN internal.sla_states.sla IS 'The target.';
COMMENT ON COLUMN internal.sla_states.evaluated_at IS 'When it was looked at last.';
COMMENT ON COLUMN internal.sla_states.risk IS 'burning: the month''s budget is spent too fast | misses: more misses in 24 hours than chance explains | age: an entry is too old, or soon will be | month: the month has missed it | NULL: none.';
COMMENT ON COLUMN internal.sla_states.severity IS 'error | warning; NULL: no risk.';
COMMENT ON COLUMN internal.sla_states.since IS 'Since when there is that risk.';
COMMENT ON COLUMN internal.sla_states.burn_rate IS 'How many times too fast the budget is spent, where it is burning.';
COMMENT ON COLUMN internal.sla_states.decided IS 'Leads decided within the last 24 hours.';
COMMENT ON COLUMN internal.sla_states.missed IS 'Of these: missed.';
COMMENT ON COLUMN internal.sla_states.oldest_ms IS 'Of oldest_entry: the greatest age at this moment.';

-- One row: up to which event the days are counted, and in which time zone.
CREATE TABLE internal.sla_progress (
  single   boolean PRIMARY KEY DEFAULT true CHECK (single),
  done     bigint NOT NULL DEFAULT 0,
  frontier bigint NOT NULL DEFAULT 0,
  xid      xid8,
  timezone text
);
INSERT INTO internal.sla_progress DEFAULT VALUES;
COMMENT ON TABLE internal.sla_progress IS 'Up to which event the days of sla_daily are counted.';
COMMENT ON COLUMN internal.sla_progress.single IS 'There is one row.';
COMMENT ON COLUMN internal.sla_progress.done IS 'Events up to here are counted.';
COMMENT ON COLUMN internal.sla_progress.frontier IS 'Events up to here had their number when this was noted …';
COMMENT ON COLUMN internal.sla_progress.xid IS '… by transactions older than this one, so that all of them are there when those have ended.';
COMMENT ON COLUMN internal.sla_progress.timezone IS 'Of the days.';

CREATE TABLE internal.contacts (
  run_id       uuid PRIMARY KEY REFERENCES public.runs ON DELETE CASCADE,
  contacted_at timestamptz NOT NULL,
  marked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor        text NOT NULL,
  via          text NOT NULL,
  CONSTRAINT contacts_not_in_future CHECK (contacted_at <= marked_at),
  CONSTRAINT contacts_via CHECK (via IN ('api', 'mail'))
);
CREATE INDEX contacts_contacted_at ON internal.contacts (contacted_at);
COMMENT ON TABLE internal.contacts IS 'Leads whose person was contacted: the end of speed to lead. Taken back, the row goes; the log tells both.';
COMMENT ON COLUMN internal.contacts.run_id IS 'The lead.';
COMMENT ON COLUMN internal.contacts.contacted_at IS 'When the person was contacted.';
COMMENT ON COLUMN internal.contacts.marked_at IS 'When somebody said so.';
COMMENT ON COLUMN internal.contacts.actor IS 'Who said so, as in the log.';
COMMENT ON COLUMN internal.contacts.via IS 'api: dashboard, command line or another program | mail: the link in a notification.';

-- Entries that were open on a day are found by the day they were closed.
CREATE INDEX dlq_closed_at ON public.dlq (closed_at) WHERE closed_at IS NOT NULL;
