-- A delivery lives in one place: in deliveries (the fast lane) or in dlq (the retry queue).

CREATE TABLE public.deliveries (
  run_id      uuid NOT NULL,
  destination text COLLATE "C" NOT NULL,
  attempt     integer NOT NULL DEFAULT 0,
  due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  leased_by   text,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, destination),
  CONSTRAINT deliveries_attempt CHECK (attempt >= 0),
  CONSTRAINT deliveries_destination_length CHECK (octet_length(destination) BETWEEN 1 AND 255)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

CREATE INDEX deliveries_due ON public.deliveries (destination, due_at);

COMMENT ON TABLE public.deliveries IS 'What still has to be sent: one row per run and destination, deleted when it arrived or moved to the DLQ.';
COMMENT ON COLUMN public.deliveries.attempt IS 'Attempts begun; also the fencing token: an outcome counts only for the newest attempt.';
COMMENT ON COLUMN public.deliveries.due_at IS 'From when on a node may take it: the next attempt, or the end of the lease of the node that has it.';
COMMENT ON COLUMN public.deliveries.leased_by IS 'The node that is sending it; NULL: nobody.';

-- States of an entry:
--   open      waits for next_retry_at, or for a person where that is NULL
--   retrying  is being attempted
--   resolved  delivered at last, or settled by a person; final
--   dead      given up; final (trying again makes a new entry that names this one in reopened_from)
CREATE TABLE public.dlq (
  dlq_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id        uuid REFERENCES public.runs,
  reason        text NOT NULL DEFAULT 'entered by hand',
  payload       jsonb DEFAULT '{}',
  retry_count   integer NOT NULL DEFAULT 0,
  next_retry_at timestamptz,
  status        text NOT NULL DEFAULT 'open',
  kind          text NOT NULL DEFAULT 'manual',
  destination   text COLLATE "C",
  error_code    text COLLATE "C",
  resolution    text,
  note          text,
  reopened_from bigint UNIQUE REFERENCES public.dlq,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at     timestamptz,
  leased_by     text,
  lease_until   timestamptz,
  test          boolean NOT NULL DEFAULT false,
  CONSTRAINT dlq_status CHECK (status IN ('open', 'retrying', 'resolved', 'dead')),
  CONSTRAINT dlq_kind CHECK (kind IN ('delivery', 'refused', 'conflict', 'replay', 'manual')),
  CONSTRAINT dlq_retry_count CHECK (retry_count >= 0),
  CONSTRAINT dlq_closed_at CHECK ((status IN ('resolved', 'dead')) = (closed_at IS NOT NULL)),
  CONSTRAINT dlq_closed_after_created CHECK (closed_at >= created_at),
  CONSTRAINT dlq_closed_has_no_next_retry CHECK (status IN ('open', 'retrying') OR next_retry_at IS NULL),
  CONSTRAINT dlq_delivery_has_destination CHECK (kind NOT IN ('delivery', 'replay') OR (run_id IS NOT NULL AND destination IS NOT NULL)),
  CONSTRAINT dlq_attempt_needs_run CHECK (destination IS NULL OR next_retry_at IS NULL OR run_id IS NOT NULL),
  CONSTRAINT dlq_refusal_has_code CHECK (kind NOT IN ('refused', 'conflict') OR (run_id IS NOT NULL AND error_code IS NOT NULL))
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

-- At most one entry at work per run and destination.
CREATE UNIQUE INDEX dlq_one_open_per_destination ON public.dlq (run_id, destination)
  WHERE status IN ('open', 'retrying') AND destination IS NOT NULL;
-- One entry per run, error code and refused or conflicting body, for ever. jsonb's own hash treats 1 and 1.0 as
-- one; two seeds make 128 bits.
CREATE UNIQUE INDEX dlq_one_per_refused_body ON public.dlq (
    run_id, error_code,
    jsonb_hash_extended(coalesce(payload -> 'body', payload -> 'sha256', 'null'), 0),
    jsonb_hash_extended(coalesce(payload -> 'body', payload -> 'sha256', 'null'), 1))
  WHERE kind IN ('refused', 'conflict');
CREATE INDEX dlq_run ON public.dlq (run_id);
CREATE INDEX dlq_due ON public.dlq (destination, next_retry_at)
  WHERE status = 'open' AND next_retry_at IS NOT NULL AND destination IS NOT NULL;
CREATE INDEX dlq_leased ON public.dlq (lease_until) WHERE status = 'retrying' AND lease_until IS NOT NULL;
CREATE INDEX dlq_at_work ON public.dlq (created_at) WHERE status IN ('open', 'retrying');

CREATE INDEX dlq_arrival ON public.dlq ((payload ->> 'arrival_id')) WHERE payload ? 'arrival_id';

COMMENT ON TABLE public.dlq IS 'Payloads that could not be processed: they heal themselves (next_retry_at) or wait for a person.';
COMMENT ON COLUMN public.dlq.dlq_id IS 'The entry''s id, given by the database.';
COMMENT ON COLUMN public.dlq.created_at IS 'When the payload became a case for the DLQ.';
COMMENT ON COLUMN public.dlq.run_id IS 'The run that the entry belongs to; may be NULL in an entry made by hand.';
COMMENT ON COLUMN public.dlq.reason IS 'What went wrong, in words for a person.';
COMMENT ON COLUMN public.dlq.payload IS '{"source","body"} of a delivery; {"source","content_type","sha256", "body" or "body_base64"} of a refused or conflicting payload, with the "arrival_id" it came with where its key was known.';
COMMENT ON COLUMN public.dlq.retry_count IS 'Attempts made from the DLQ; counted by the database whenever an entry becomes retrying.';
COMMENT ON COLUMN public.dlq.next_retry_at IS 'When it is tried again; NULL: it waits for a person.';
COMMENT ON COLUMN public.dlq.status IS 'open: waits | retrying: is being attempted | resolved: settled, final | dead: given up, final.';
COMMENT ON COLUMN public.dlq.kind IS 'delivery: could not be delivered | refused: payload unreadable | conflict: key reused with another body | replay: a later extra delivery | manual: made by hand. Only delivery and refused move the run.';
COMMENT ON COLUMN public.dlq.destination IS 'Where it could not be delivered; without it the program never attempts the entry.';
COMMENT ON COLUMN public.dlq.error_code IS 'A stable code for what went wrong.';
COMMENT ON COLUMN public.dlq.resolution IS 'How it was resolved: delivered | corrected | discarded | by_hand, or a person''s own word.';
COMMENT ON COLUMN public.dlq.note IS 'What a person noted.';
COMMENT ON COLUMN public.dlq.reopened_from IS 'The closed entry that this one tries again.';
COMMENT ON COLUMN public.dlq.closed_at IS 'When it became resolved or dead.';
COMMENT ON COLUMN public.dlq.leased_by IS 'The node that is attempting it; NULL: nobody, or a worker of the user''s own.';
COMMENT ON COLUMN public.dlq.lease_until IS 'Until when that node alone may attempt it.';
COMMENT ON COLUMN public.dlq.test IS 'Belongs to a test lead: never counted. Copied from the run.';
