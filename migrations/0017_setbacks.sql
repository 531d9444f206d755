-- Times at which a node found that the database had gone back: it no longer has what it had told the node before. That
-- happens when a backup is restored, or when a standby takes over that did not have everything yet.
CREATE TABLE internal.setbacks (
  setback_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  folder          uuid NOT NULL,
  node            text NOT NULL,
  noticed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  event_id        bigint NOT NULL,
  event_time      timestamptz NOT NULL,
  since           timestamptz,
  events_max      bigint,
  leads_missing   bigint,
  timeline_before integer,
  timeline_after  integer,
  other_server    boolean NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text,
  UNIQUE (folder, event_id, event_time),
  CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
  CHECK (events_max IS NOT NULL OR leads_missing IS NOT NULL)
);
COMMENT ON TABLE internal.setbacks IS 'Times at which a node found that the database no longer has what it had before. Each node that remembers something writes its own row; a row is open until a person acknowledges it.';
COMMENT ON COLUMN internal.setbacks.setback_id IS 'Its number, for whoever acknowledges it.';
COMMENT ON COLUMN internal.setbacks.folder IS 'The data folder that remembered; with event_id and event_time it keeps a node from writing the same twice.';
COMMENT ON COLUMN internal.setbacks.node IS 'The node that found it.';
COMMENT ON COLUMN internal.setbacks.noticed_at IS 'When it was found.';
COMMENT ON COLUMN internal.setbacks.event_id IS 'The newest event that the node remembered.';
COMMENT ON COLUMN internal.setbacks.event_time IS 'The time of that event: until then the database was written to.';
COMMENT ON COLUMN internal.setbacks.since IS 'The time of the newest event of before that is still there: what came later is missing. NULL: nothing of before is there.';
COMMENT ON COLUMN internal.setbacks.events_max IS 'How many events are missing at most, and so leads: each has at least one. NULL: only single leads are missing.';
COMMENT ON COLUMN internal.setbacks.leads_missing IS 'How many of the leads that this node had acknowledged in the seconds before are missing; NULL: it does not remember any.';
COMMENT ON COLUMN internal.setbacks.timeline_before IS 'PostgreSQL''s timeline as the node remembered it; it rises when a standby takes over. NULL: not known.';
COMMENT ON COLUMN internal.setbacks.timeline_after IS 'The timeline when it was found.';
COMMENT ON COLUMN internal.setbacks.other_server IS 'Whether it is another database server (another system identifier) than the node remembered.';
COMMENT ON COLUMN internal.setbacks.acknowledged_at IS 'When a person took note of it; NULL: nobody has yet.';
COMMENT ON COLUMN internal.setbacks.acknowledged_by IS 'Who that was, as an actor.';
