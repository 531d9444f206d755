-- Leads that came as ids: what they say is fetched from their sender's system before anything is delivered. Until then
-- their deliveries are held (held_reason `incomplete`, held_for the source's name).

ALTER TABLE internal.deliveries
  DROP CONSTRAINT deliveries_held_reason,
  ADD CONSTRAINT deliveries_held_reason CHECK (held_reason IN ('source_paused', 'incomplete'));

COMMENT ON COLUMN internal.deliveries.held_reason IS 'Why it is held: source_paused, the source of its lead is paused; incomplete, what the lead says must still be fetched. NULL: it is not.';

CREATE TABLE internal.incomplete_leads (
  run_id        uuid PRIMARY KEY,
  source        text COLLATE "C" NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  leased_by     text COLLATE "C",
  attempts      integer NOT NULL DEFAULT 0,
  is_stuck      boolean NOT NULL DEFAULT false,
  error_code    text COLLATE "C",
  error_message text,
  revision      bigint
);
CREATE INDEX incomplete_leads_due ON internal.incomplete_leads (due_at);
CREATE INDEX incomplete_leads_source ON internal.incomplete_leads (source);

COMMENT ON TABLE internal.incomplete_leads IS 'Leads whose data must still be fetched: one row each, until they are complete or somebody has them delivered as they are.';
COMMENT ON COLUMN internal.incomplete_leads.due_at IS 'From when on a node may fetch: the next attempt, or the end of the lease of the node that is at it.';
COMMENT ON COLUMN internal.incomplete_leads.leased_by IS 'The node that is at it; NULL: none.';
COMMENT ON COLUMN internal.incomplete_leads.attempts IS 'Attempts begun; also the fence: an outcome counts only for the newest one.';
COMMENT ON COLUMN internal.incomplete_leads.is_stuck IS 'A person has to do something; it is tried again rarely, and at once when the configuration changes.';
COMMENT ON COLUMN internal.incomplete_leads.error_code IS 'How the last attempt ended, as a stable code; NULL: none has ended.';
COMMENT ON COLUMN internal.incomplete_leads.revision IS 'The configuration (configuration_revision) under which it got stuck; NULL: it is not.';
