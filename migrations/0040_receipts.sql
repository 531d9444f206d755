-- What destinations said about the records that they made of leads; and which attempts may have arrived.
CREATE TABLE internal.receipts (
  run_id       uuid NOT NULL REFERENCES public.runs ON DELETE CASCADE,
  destination  text COLLATE "C" NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  remote_id    text,
  remote_url   text,
  proven       boolean NOT NULL DEFAULT true,
  maybe_twice  boolean NOT NULL DEFAULT false,
  duplicate    text COLLATE "C",
  warning      text,
  PRIMARY KEY (run_id, destination),
  CONSTRAINT receipts_duplicate CHECK (duplicate IN ('same_delivery', 'known_person'))
);
CREATE INDEX receipts_remote_id ON internal.receipts (remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX receipts_remarkable ON internal.receipts (destination, delivered_at)
  WHERE NOT proven OR maybe_twice OR duplicate = 'known_person' OR warning IS NOT NULL;
COMMENT ON TABLE internal.receipts IS 'What a destination said about the record that it made of a lead, where it said more than that it has it. Kept as long as the lead.';
COMMENT ON COLUMN internal.receipts.run_id IS 'The lead.';
COMMENT ON COLUMN internal.receipts.destination IS 'Where it was delivered to.';
COMMENT ON COLUMN internal.receipts.delivered_at IS 'When, the last time; the event lead_delivered tells of each time.';
COMMENT ON COLUMN internal.receipts.remote_id IS 'The record''s id there; NULL: it was not said.';
COMMENT ON COLUMN internal.receipts.remote_url IS 'Where people see the record; NULL: it was not said.';
COMMENT ON COLUMN internal.receipts.proven IS 'false: the destination took the lead, and would say the same if it threw it away.';
COMMENT ON COLUMN internal.receipts.maybe_twice IS 'true: an earlier attempt may have made a record as well, and that cannot be found out.';
COMMENT ON COLUMN internal.receipts.duplicate IS 'same_delivery: an earlier attempt had arrived; known_person: the destination had this person and stored nothing of the new enquiry; NULL: neither.';
COMMENT ON COLUMN internal.receipts.warning IS 'It arrived, but not all of it as it was sent: a sentence for people; NULL: nothing is known of that.';

ALTER TABLE internal.deliveries ADD COLUMN handed_back boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN internal.deliveries.handed_back IS 'true: an attempt was cut off by a node that stopped, which does not count as one; the destination may have the lead nevertheless.';
