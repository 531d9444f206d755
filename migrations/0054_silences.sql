-- Silence: the rhythm of each source, and when one was quieter than that explains.

CREATE TABLE internal.source_rhythms (
  source        text COLLATE "C" PRIMARY KEY,
  learned_at    timestamptz NOT NULL,
  learned_until timestamptz NOT NULL,
  leads         integer NOT NULL,
  rates         double precision[] NOT NULL,
  hours         double precision[] NOT NULL,
  dispersion    double precision NOT NULL
);
COMMENT ON TABLE internal.source_rhythms IS 'What a source usually brings, learned from the eight weeks before its last lead. It is learned anew while leads come, at most once an hour.';
COMMENT ON COLUMN internal.source_rhythms.source IS 'Its name.';
COMMENT ON COLUMN internal.source_rhythms.learned_at IS 'When it was learned.';
COMMENT ON COLUMN internal.source_rhythms.learned_until IS 'The last lead that was there then.';
COMMENT ON COLUMN internal.source_rhythms.leads IS 'How many leads it is learned from.';
COMMENT ON COLUMN internal.source_rhythms.rates IS 'Leads to be expected in each of the 168 hours of the week, from Monday 00:00 on in the reporting time zone; empty: there were too few leads.';
COMMENT ON COLUMN internal.source_rhythms.hours IS 'What each of these rests on, in hours.';
COMMENT ON COLUMN internal.source_rhythms.dispersion IS 'Variance / mean of what days and weeks brought; at least 1.';

CREATE TABLE internal.silences (
  silence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source     text COLLATE "C" NOT NULL,
  reason     text COLLATE "C" NOT NULL,
  since      timestamptz NOT NULL,
  noticed_at timestamptz NOT NULL,
  ended_at   timestamptz,
  missed     double precision,
  CONSTRAINT silences_reason CHECK (reason IN ('silent', 'paused', 'outage'))
);
CREATE UNIQUE INDEX silences_open ON internal.silences (source, reason) WHERE ended_at IS NULL;
CREATE INDEX silences_ended ON internal.silences (ended_at) WHERE ended_at IS NOT NULL;
COMMENT ON TABLE internal.silences IS 'Stretches in which nothing came of a source that say nothing of its rhythm. Kept for a year.';
COMMENT ON COLUMN internal.silences.source IS 'Its name; empty: all of them.';
COMMENT ON COLUMN internal.silences.reason IS 'silent: it is quieter than its rhythm explains, an alarm while it is open | paused: it was paused or switched off | outage: nobody watched, because no node did.';
COMMENT ON COLUMN internal.silences.since IS 'The last lead before it, or when the pause or outage began.';
COMMENT ON COLUMN internal.silences.noticed_at IS 'Since when it is known.';
COMMENT ON COLUMN internal.silences.ended_at IS 'When a lead came again, or it was resumed; NULL: it goes on.';
COMMENT ON COLUMN internal.silences.missed IS 'Of silent: leads that its rhythm would have brought until it was noticed; NULL: it is judged by a fixed time.';

CREATE TABLE internal.heartbeats (
  source           text COLLATE "C" PRIMARY KEY,
  expected_since   timestamptz NOT NULL,
  sent_at          timestamptz,
  unanswered_since timestamptz,
  trouble          text,
  alive_at         timestamptz
);
COMMENT ON TABLE internal.heartbeats IS 'Sources of which test leads are expected regularly (`heartbeat`).';
COMMENT ON COLUMN internal.heartbeats.source IS 'Its name.';
COMMENT ON COLUMN internal.heartbeats.expected_since IS 'Since when they are expected.';
COMMENT ON COLUMN internal.heartbeats.sent_at IS 'When LeadLedger last sent one itself; NULL: never.';
COMMENT ON COLUMN internal.heartbeats.unanswered_since IS 'When the first of ours was sent of which none was processed; NULL: none is waited for.';
COMMENT ON COLUMN internal.heartbeats.trouble IS 'What kept that one from being accepted; NULL: nothing did.';
COMMENT ON COLUMN internal.heartbeats.alive_at IS 'When the newest test lead came that was processed; NULL: none was.';

CREATE TABLE internal.silence_watch (
  is_only    boolean PRIMARY KEY DEFAULT true,
  watched_at timestamptz NOT NULL,
  CONSTRAINT silence_watch_one_row CHECK (is_only)
);
COMMENT ON TABLE internal.silence_watch IS 'When silences were last looked for: a longer gap is an outage of ours, in which no source could be heard.';
COMMENT ON COLUMN internal.silence_watch.is_only IS 'There is one row.';
COMMENT ON COLUMN internal.silence_watch.watched_at IS 'When it was.';
