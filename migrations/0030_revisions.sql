-- waits for older nodes: they would send a revision as the lead that it changes.
--
-- A source may say that another body under a known key is the lead's newest state: a revision. It is delivered once more,
-- or in place of what has not been attempted yet, and never moves the run.

ALTER TABLE internal.deliveries
  ADD COLUMN revision integer,
  ADD COLUMN replay boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT deliveries_revision CHECK (revision >= 1);

COMMENT ON COLUMN internal.deliveries.revision IS 'Which revision of the lead it brings, from 1; NULL: the lead as it came first.';
COMMENT ON COLUMN internal.deliveries.replay IS 'An extra delivery, which does not move the run: what fails of it becomes an entry of kind replay.';

-- A run and destination have one delivery or entry at work. Where that is under way with an earlier body, the revision
-- waits here until it has ended. Nearly always empty.
CREATE TABLE internal.waiting_revisions (
  run_id      uuid NOT NULL,
  destination text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, destination),
  CONSTRAINT waiting_revisions_destination_length CHECK (octet_length(destination) BETWEEN 1 AND 255)
);
COMMENT ON TABLE internal.waiting_revisions IS 'Where the newest revision of a lead waits until an attempt with an earlier body has ended.';

ALTER TABLE internal.operations
  DROP CONSTRAINT operations_action,
  ADD CONSTRAINT operations_action CHECK (
    action IN ('dlq.retry', 'dlq.resolve', 'dlq.dead', 'dlq.take_in', 'dlq.deliver_change', 'runs.replay'));
COMMENT ON COLUMN internal.operations.action IS 'dlq.retry: deliver again | dlq.resolve: settled by hand | dlq.dead: given up | dlq.take_in: made leads of their own | dlq.deliver_change: delivered as changes of their leads | runs.replay: deliver once more, to `destination`.';
COMMENT ON COLUMN public.dlq.resolution IS 'How it was resolved: delivered | corrected | discarded | superseded | kept_first (the first lead under the key stands) | taken_in (a lead of its own) | change (delivered as a change of the lead) | by_hand, or a person''s own word.';
COMMENT ON COLUMN public.dlq.payload IS '{"source","body"} of a delivery, with "revision" where it brings one; {"source","content_type","sha256", "body" or "body_base64"} of a refused or conflicting payload, with the "arrival_id" it came with where its key was known.';
