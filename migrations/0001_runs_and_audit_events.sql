-- The inbox (runs) and the story of everything that happened (audit_events).
-- States of a run:
--   accepted   stored; at least one delivery has not ended yet
--   processed  every delivery arrived, or a person resolved what failed, or there was nothing to deliver; final
--   failed     a delivery is in the DLQ, or the payload was refused

-- Half of each page stays free for the one change that nearly every run sees: most of these then need no new index
-- entries (measured: 86 % instead of 18 % at 85, a tenth of what settling costs, for a quarter more table).
CREATE TABLE public.runs (
  run_id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  idempotency_key text COLLATE "C" NOT NULL DEFAULT ('manual:' || gen_random_uuid()::text),
  source          text COLLATE "C" NOT NULL DEFAULT 'manual',
  received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  status          text NOT NULL DEFAULT 'accepted',
  error_code      text,
  error_message   text,
  processed_at    timestamptz,
  outcome         text,
  refused         boolean NOT NULL DEFAULT false,
  test            boolean NOT NULL DEFAULT false,
  email_hash      bytea,
  phone_hash      bytea,
  CONSTRAINT runs_source_idempotency_key UNIQUE (source, idempotency_key),
  CONSTRAINT runs_run_id_not_nil CHECK (run_id <> '00000000-0000-0000-0000-000000000000'),
  CONSTRAINT runs_idempotency_key_length CHECK (octet_length(idempotency_key) BETWEEN 1 AND 255),
  CONSTRAINT runs_source_length CHECK (octet_length(source) BETWEEN 1 AND 255),
  CONSTRAINT runs_status CHECK (status IN ('accepted', 'processed', 'failed')),
  CONSTRAINT runs_outcome CHECK (outcome IN ('delivered', 'resolved_by_hand', 'no_destination')),
  CONSTRAINT runs_outcome_only_when_processed CHECK (outcome IS NULL OR status = 'processed'),
  CONSTRAINT runs_processed_at CHECK ((status = 'processed') = (processed_at IS NOT NULL)),
  CONSTRAINT runs_processed_after_received CHECK (processed_at >= received_at),
  CONSTRAINT runs_refused_is_not_processed CHECK (NOT refused OR status <> 'processed'),
  CONSTRAINT runs_email_hash_length CHECK (octet_length(email_hash) = 16),
  CONSTRAINT runs_phone_hash_length CHECK (octet_length(phone_hash) = 16)
) WITH (fillfactor = 50);

CREATE INDEX runs_received_at ON public.runs (received_at);
CREATE INDEX runs_email_hash ON public.runs (email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX runs_phone_hash ON public.runs (phone_hash) WHERE phone_hash IS NOT NULL;

COMMENT ON TABLE public.runs IS 'One row per lead that was received: its life from intake to its end.';
COMMENT ON COLUMN public.runs.run_id IS 'The lead''s id, told to the sender (UUIDv7 when made by intake).';
COMMENT ON COLUMN public.runs.idempotency_key IS 'What makes a repeated lead recognisable; unique per source.';
COMMENT ON COLUMN public.runs.source IS 'Who sent the lead.';
COMMENT ON COLUMN public.runs.received_at IS 'When the lead arrived; it decides the day that the lead is counted on.';
COMMENT ON COLUMN public.runs.status IS 'accepted: stored, a delivery has not ended | processed: every delivery arrived, was resolved by a person, or there was none; final | failed: a delivery is in the DLQ, or the payload was refused.';
COMMENT ON COLUMN public.runs.error_code IS 'Why the run failed: a stable code; NULL unless failed.';
COMMENT ON COLUMN public.runs.error_message IS 'Why the run failed, in words; NULL unless failed.';
COMMENT ON COLUMN public.runs.processed_at IS 'When the run became processed.';
COMMENT ON COLUMN public.runs.outcome IS 'How a processed run ended: delivered | resolved_by_hand | no_destination (nobody got that lead).';
COMMENT ON COLUMN public.runs.refused IS 'The payload could not be read or broke the source''s schema, and no corrected payload has come yet.';
COMMENT ON COLUMN public.runs.test IS 'A marked test lead: delivered, never counted.';
COMMENT ON COLUMN public.runs.email_hash IS 'First 16 bytes of HMAC-SHA256 of the normalised e-mail address.';
COMMENT ON COLUMN public.runs.phone_hash IS 'First 16 bytes of HMAC-SHA256 of the E.164 phone number.';

CREATE TABLE public.audit_events (
  event_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id         uuid REFERENCES public.runs,
  event_time     timestamptz NOT NULL DEFAULT clock_timestamp(),
  event_type     text NOT NULL,
  actor          text NOT NULL DEFAULT '',
  payload        jsonb DEFAULT '{}',
  salt           bytea,
  payload_digest bytea NOT NULL,
  digest         bytea NOT NULL,
  CONSTRAINT audit_events_run_story UNIQUE (run_id, event_time),
  CONSTRAINT audit_events_type_length CHECK (octet_length(event_type) BETWEEN 1 AND 100),
  CONSTRAINT audit_events_actor_length CHECK (octet_length(actor) BETWEEN 1 AND 255)
);

-- Whoever was told the run id of an arrival whose key was known already finds the run by it.
CREATE INDEX audit_events_arrival ON public.audit_events ((payload ->> 'arrival_id'))
  WHERE event_type IN ('duplicate_received', 'lead_corrected', 'health_check') AND payload ? 'arrival_id';

COMMENT ON TABLE public.audit_events IS 'Everything that happened, append-only. ORDER BY event_time tells a run''s story.';
COMMENT ON COLUMN public.audit_events.event_id IS 'Unique, but not the order: it is drawn before a lock may be waited for.';
COMMENT ON COLUMN public.audit_events.run_id IS 'The run that the event is about; NULL for events of the installation.';
COMMENT ON COLUMN public.audit_events.event_time IS 'When it happened; unique and in true order within a run. Set by the database.';
COMMENT ON COLUMN public.audit_events.event_type IS 'lead_received, delivery_failed, dlq_created, health_check, …';
COMMENT ON COLUMN public.audit_events.actor IS 'webhook | system | delivery | cli:<os user> | user:<id> | key:<id> | db:<role>.';
COMMENT ON COLUMN public.audit_events.payload IS 'What happened in detail; NULL only after erasure.';
COMMENT ON COLUMN public.audit_events.salt IS '16 random bytes mixed into payload_digest; NULL only after erasure.';
COMMENT ON COLUMN public.audit_events.payload_digest IS 'SHA-256(salt || payload::text in UTF-8).';
COMMENT ON COLUMN public.audit_events.digest IS 'SHA-256(envelope || payload_digest); see audit_envelope().';
