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

-- Who is at work. The program names the actor of its transaction in the setting leadledger.actor; the setting
-- is believed only from a role that owns the ledger (TRUNCATE is never granted to anyone). Everybody else is
-- db:<role>. A transaction-local setting reads '' once its transaction has ended.
CREATE FUNCTION public.ledger_actor() RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT CASE
    WHEN pg_catalog.has_table_privilege(session_user, 'public.audit_events', 'TRUNCATE')
    THEN coalesce(nullif(pg_catalog.current_setting('leadledger.actor', true), ''), 'db:' || session_user)
    ELSE 'db:' || session_user
  END
$$;

-- True when the change comes from SQL typed by a person or run by a foreign program.
CREATE FUNCTION public.ledger_is_by_hand() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$
  SELECT public.ledger_actor() LIKE 'db:%'
$$;

-- The canonical envelope of an event, to the byte (integers big-endian):
--   8 bytes event_id · 16 bytes run_id (zeros if none) · 8 bytes event_time in µs since 2000-01-01T00:00:00Z ·
--   4 bytes length of event_type, event_type in UTF-8 · 4 bytes length of actor, actor in UTF-8
-- It is STABLE because its convert_to() is: only a function that is not declared stricter than its body is inlined,
-- which saves a quarter of what completing an event costs. Its body is parsed here and now, so no search_path of
-- whoever uses it changes its meaning; that goes for the digests below, too.
CREATE FUNCTION public.audit_envelope(event_id bigint, run_id uuid, event_time timestamptz, event_type text, actor text)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN int8send(event_id)
  || coalesce(uuid_send(run_id), '\x00000000000000000000000000000000'::bytea)
  || timestamptz_send(event_time)
  || int4send(octet_length(event_type)) || convert_to(event_type, 'UTF8')
  || int4send(octet_length(actor)) || convert_to(actor, 'UTF8');

-- The digests of an event: these two are all that any path uses.
CREATE FUNCTION public.audit_payload_digest(salt bytea, payload jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(salt || convert_to(payload::text, 'UTF8'));

CREATE FUNCTION public.audit_digest(
  event_id bigint, run_id uuid, event_time timestamptz, event_type text, actor text, payload_digest bytea)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(public.audit_envelope(event_id, run_id, event_time, event_type, actor) || payload_digest);

-- Gives an event its actor, its place in the run's story and its digests; callers hold the run's lock. Nothing in the
-- session of whoever writes an event changes how that is done (search_path), and a plan made while the table was small
-- must not read all of it for every event of the next rush (enable_seqscan).
CREATE FUNCTION public.audit_events_complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  last_event_time timestamptz;
BEGIN
  IF NOT pg_catalog.has_table_privilege(session_user, TG_RELID, 'TRUNCATE') THEN
    -- By hand: it cannot take an id that the program would be given later (OVERRIDING SYSTEM VALUE), and it waits for
    -- its place in the run's story.
    IF NEW.event_id NOT BETWEEN 1 AND (SELECT last_value FROM public.audit_events_event_id_seq) THEN
      RAISE EXCEPTION 'audit_events: event_id is given by the database' USING ERRCODE = 'LL002';
    END IF;
    PERFORM 1 FROM public.runs r WHERE r.run_id = NEW.run_id FOR NO KEY UPDATE;
    NEW.actor := 'db:' || session_user;
  ELSIF NEW.actor = '' THEN
    NEW.actor := public.ledger_actor();
  END IF;
  IF NEW.payload IS NULL THEN
    NEW.payload := '{}';
  END IF;

  NEW.event_time := pg_catalog.clock_timestamp();
  IF NEW.run_id IS NOT NULL THEN
    SELECT e.event_time INTO last_event_time
      FROM public.audit_events e WHERE e.run_id = NEW.run_id ORDER BY e.event_time DESC LIMIT 1;
    IF last_event_time >= NEW.event_time THEN
      NEW.event_time := last_event_time + interval '1 microsecond';
    END IF;
  END IF;

  NEW.salt := pg_catalog.uuid_send(pg_catalog.gen_random_uuid());
  NEW.payload_digest := public.audit_payload_digest(NEW.salt, NEW.payload);
  NEW.digest := public.audit_digest(
    NEW.event_id, NEW.run_id, NEW.event_time, NEW.event_type, NEW.actor, NEW.payload_digest);
  RETURN NEW;
END
$$;

-- The ledger's own statements that write an event for every row of a batch (intake, settlement, ledger_decide) write it
-- complete: as a set that costs a third. Spared is only a row that has its digest, in a transaction that says so
-- (against slips), with the owner's rights; a setting alone proves nothing, and whatever else the owner's functions
-- write for somebody has no digest and is completed here.
CREATE TRIGGER audit_events_complete BEFORE INSERT ON public.audit_events FOR EACH ROW
  WHEN (NEW.digest IS NULL OR current_setting('leadledger.events', true) IS DISTINCT FROM 'complete'
    OR NOT has_table_privilege('public.audit_events'::regclass, 'TRUNCATE'))
  EXECUTE FUNCTION public.audit_events_complete();

-- Append-only. The one change ever allowed: erasure sets payload and salt to NULL, by the ledger's owner, in a
-- transaction that says so. The envelope and both digests stay, so the log stays provable.
CREATE FUNCTION public.audit_events_append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND pg_catalog.current_setting('leadledger.operation', true) = 'erasure'
    AND pg_catalog.has_table_privilege(session_user, TG_RELID, 'TRUNCATE')
    AND NEW.payload IS NULL AND NEW.salt IS NULL
    AND (NEW.event_id, NEW.event_time, NEW.event_type, NEW.actor, NEW.payload_digest, NEW.digest)
      = (OLD.event_id, OLD.event_time, OLD.event_type, OLD.actor, OLD.payload_digest, OLD.digest)
    AND NEW.run_id IS NOT DISTINCT FROM OLD.run_id
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_events is append-only: % is refused', TG_OP USING ERRCODE = 'LL003',
    HINT = 'Write a new event that says what is right.';
END
$$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON public.audit_events
  FOR EACH ROW EXECUTE FUNCTION public.audit_events_append_only();

CREATE FUNCTION public.ledger_keeps_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the ledger keeps every row', TG_OP, TG_TABLE_NAME USING ERRCODE = 'LL003',
    HINT = 'Rows leave the ledger only by its own retention.';
END
$$;

CREATE TRIGGER runs_keep_rows BEFORE DELETE OR TRUNCATE ON public.runs
  FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keeps_rows();
CREATE TRIGGER audit_events_keep_rows BEFORE TRUNCATE ON public.audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keeps_rows();
