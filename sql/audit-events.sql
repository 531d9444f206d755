-- Audit events are completed when they are written, and never changed.

-- Gives an event its actor, its place in the run's story and its digests; callers hold the run's lock. Nothing in the
-- session of whoever writes an event changes how that is done (search_path), and a plan made while the table was small
-- must not read all of it for every event of the next rush (enable_seqscan).
CREATE OR REPLACE FUNCTION internal.audit_events_complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    NEW.actor := internal.ledger_actor();
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
  NEW.payload_digest := internal.audit_payload_digest(NEW.salt, NEW.payload);
  NEW.digest := internal.audit_digest(
    NEW.event_id, NEW.run_id, NEW.event_time, NEW.event_type, NEW.actor, NEW.payload_digest);
  RETURN NEW;
END
$$;

-- The ledger's own statements that write an event for every row of a batch (intake, settlement, ledger_decide) write it
-- complete: as a set that costs a third. Spared is only a row that has its digest, in a transaction that says so
-- (against slips), with the owner's rights; a setting alone proves nothing, and whatever else the owner's functions
-- write for somebody has no digest and is completed here.
CREATE OR REPLACE TRIGGER audit_events_complete BEFORE INSERT ON public.audit_events FOR EACH ROW
  WHEN (NEW.digest IS NULL OR current_setting('leadledger.events', true) IS DISTINCT FROM 'complete'
    OR NOT has_table_privilege('public.audit_events'::regclass, 'TRUNCATE'))
  EXECUTE FUNCTION internal.audit_events_complete();

-- Append-only. The one change ever allowed: erasure sets payload and salt to NULL, by the ledger's owner, in a
-- transaction that says so. The envelope and both digests stay, so the log stays provable.
CREATE OR REPLACE FUNCTION internal.audit_events_append_only() RETURNS trigger LANGUAGE plpgsql
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

CREATE OR REPLACE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON public.audit_events
  FOR EACH ROW EXECUTE FUNCTION internal.audit_events_append_only();

-- Events with a higher id than this happened at that time or later, within an hour: ids are drawn in the order of time,
-- but before a lock may be waited for. It spares the events an index on their time.
CREATE OR REPLACE FUNCTION internal.audit_event_id_at(at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  low bigint := 0;
  high bigint := coalesce((SELECT max(event_id) FROM public.audit_events), 0);
  middle bigint;
  first record;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT e.event_id, e.event_time INTO first FROM public.audit_events e WHERE e.event_id > middle ORDER BY e.event_id LIMIT 1;
    IF first.event_id IS NULL OR first.event_time >= at THEN
      high := middle;
    ELSE
      low := first.event_id;
    END IF;
  END LOOP;
  RETURN low;
END
$$;
