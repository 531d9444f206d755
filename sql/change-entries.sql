-- The legal changes of DLQ entries, the events they leave, and what follows for their runs and deliveries.

-- Refuses times and counts that no entry has and that would harm the program or the KPIs.
CREATE OR REPLACE FUNCTION internal.dlq_check_values(entry public.dlq) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF entry.created_at > clock_timestamp() OR entry.closed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'DLQ entry: created_at and closed_at must not be in the future' USING ERRCODE = 'LL004';
  END IF;
  IF entry.created_at < internal.ledger_earliest_time() THEN
    RAISE EXCEPTION 'DLQ entry: created_at must not be before the year 2000' USING ERRCODE = 'LL004';
  END IF;
  IF NOT isfinite(entry.next_retry_at) OR NOT isfinite(entry.lease_until) THEN
    RAISE EXCEPTION 'DLQ entry: next_retry_at and lease_until must be times or NULL, not infinity' USING ERRCODE = 'LL004';
  END IF;
  IF entry.retry_count > 1000000 THEN
    RAISE EXCEPTION 'DLQ entry: retry_count must not exceed 1000000' USING ERRCODE = 'LL002';
  END IF;
END
$$;

-- Refuses a kind that does not fit the state that its run is in.
CREATE OR REPLACE FUNCTION internal.dlq_check_kind(entry public.dlq, run_status text, run_refused boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF entry.kind = 'delivery' AND run_refused THEN
    RAISE EXCEPTION 'run %: a refused payload is not delivered, so it takes no delivery entry', entry.run_id
      USING ERRCODE = 'LL001';
  END IF;
  IF entry.kind = 'delivery' AND run_status = 'processed' THEN
    RAISE EXCEPTION 'run % is processed, which is final: it takes no delivery entry', entry.run_id
      USING ERRCODE = 'LL001', HINT = 'An entry of kind replay or manual does not move the run.';
  END IF;
  IF entry.kind = 'refused' AND NOT run_refused THEN
    RAISE EXCEPTION 'run %: its payload was not refused, so it takes no refused entry', entry.run_id
      USING ERRCODE = 'LL001', HINT = 'An entry of kind manual does not move the run.';
  END IF;
  -- It would take the place of a first delivery, and the run would count as delivered without one.
  -- A revision that could not be delivered is none, whatever the run waits for.
  IF entry.kind = 'replay' AND run_status <> 'processed'
    AND NOT EXISTS (SELECT 1 FROM internal.deliveries d
      WHERE d.run_id = entry.run_id AND d.destination = entry.destination AND d.replay)
    AND NOT EXISTS (SELECT 1 FROM public.dlq q WHERE q.dlq_id = entry.reopened_from AND q.kind = 'replay')
  THEN
    RAISE EXCEPTION 'run % is %: only a processed run is replayed', entry.run_id, run_status
      USING ERRCODE = 'LL001', HINT = 'A first delivery that failed is an entry of kind delivery.';
  END IF;

  IF entry.kind = 'manual' AND entry.status IN ('open', 'retrying') AND EXISTS (SELECT 1 FROM internal.deliveries d
    WHERE d.run_id = entry.run_id AND d.destination = entry.destination)
  THEN
    RAISE EXCEPTION 'run %: the delivery to % has not ended, so it takes no manual entry', entry.run_id, entry.destination
      USING ERRCODE = 'LL001', HINT = 'An entry of kind delivery takes the delivery''s place.';
  END IF;
  -- What a person noted must not keep a delivery that failed out of the DLQ.
  IF entry.kind = 'delivery' AND entry.status IN ('open', 'retrying') AND NOT internal.ledger_is_by_hand() THEN
    UPDATE public.dlq q SET status = 'resolved', resolution = 'superseded'
      WHERE q.run_id = entry.run_id AND q.destination = entry.destination AND q.kind = 'manual'
        AND q.status IN ('open', 'retrying');
  END IF;
END
$$;

-- Only a closed entry is tried again, and by one that counts as it did: else a dead entry would stop to hold its run.
CREATE OR REPLACE FUNCTION internal.dlq_check_reopening(entry public.dlq, run_status text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  earlier record;
BEGIN
  SELECT q.status, q.run_id, q.destination, q.kind INTO earlier FROM public.dlq q WHERE q.dlq_id = entry.reopened_from;
  IF earlier.status IN ('open', 'retrying')
    OR (earlier.run_id, earlier.destination) IS DISTINCT FROM (entry.run_id, entry.destination)
  THEN
    RAISE EXCEPTION 'DLQ entry % cannot be reopened by this one: it is not closed, or of another run or destination',
      entry.reopened_from USING ERRCODE = 'LL001';
  END IF;
  IF earlier.kind <> entry.kind AND NOT (earlier.kind = 'delivery' AND entry.kind = 'replay' AND run_status = 'processed') THEN
    RAISE EXCEPTION 'DLQ entry % is of kind %, an entry that tries it again must be too', entry.reopened_from, earlier.kind
      USING ERRCODE = 'LL001';
  END IF;
END
$$;

-- Judges a new entry; whether it is a test lead's, and its source, it takes over from its run.
CREATE OR REPLACE FUNCTION internal.dlq_check_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  the_run record;
  run_status text;
BEGIN
  PERFORM internal.dlq_check_values(NEW);
  IF NEW.dlq_id NOT BETWEEN 1 AND (SELECT last_value FROM public.dlq_dlq_id_seq) THEN
    RAISE EXCEPTION 'DLQ entry: dlq_id is given by the database' USING ERRCODE = 'LL002';
  END IF;

  NEW.test := false;
  NEW.source := left(NEW.payload ->> 'source', 255);
  IF NEW.run_id IS NOT NULL THEN
    SELECT r.status, r.refused, r.test, r.source INTO the_run FROM public.runs r WHERE r.run_id = NEW.run_id FOR NO KEY UPDATE;
    NEW.test := coalesce(the_run.test, false);
    NEW.source := the_run.source;
    run_status := the_run.status;
    PERFORM internal.dlq_check_kind(NEW, the_run.status, the_run.refused);
    IF NEW.destination IS NOT NULL AND EXISTS (SELECT FROM internal.destinations d
      WHERE d.name = NEW.destination AND d.client <> internal.client_of_source(the_run.source))
    THEN
      RAISE EXCEPTION 'run %: % is another client''s destination', NEW.run_id, NEW.destination USING ERRCODE = 'LL007';
    END IF;
  END IF;
  IF NEW.reopened_from IS NOT NULL THEN
    PERFORM internal.dlq_check_reopening(NEW, run_status);
  END IF;

  IF NEW.status IN ('resolved', 'dead') THEN
    NEW.closed_at := coalesce(NEW.closed_at, greatest(clock_timestamp(), NEW.created_at));
    NEW.next_retry_at := NULL;
  END IF;
  IF NEW.status = 'resolved' THEN
    NEW.resolution := coalesce(NEW.resolution, CASE NEW.kind WHEN 'refused' THEN 'discarded' ELSE 'by_hand' END);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER dlq_check_insert BEFORE INSERT ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION internal.dlq_check_insert();

-- Tells new entries; the event names the operation that made one. They take the place of their deliveries.
CREATE OR REPLACE FUNCTION internal.dlq_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
DECLARE
  the_operation text := internal.ledger_operation_id();
BEGIN
  INSERT INTO public.audit_events (run_id, event_type, payload)
    SELECT run_id, 'dlq_created', jsonb_strip_nulls(jsonb_build_object(
      'dlq_id', dlq_id, 'kind', kind, 'status', status, 'destination', destination, 'error_code', error_code,
      'reason', reason, 'next_retry_at', next_retry_at, 'reopened_from', reopened_from,
      'resolution', resolution, 'note', note, 'operation_id', the_operation))
    FROM new_rows ORDER BY run_id, dlq_id;

  -- A delivery lives in one place.
  DELETE FROM internal.deliveries d USING new_rows n
    WHERE n.kind IN ('delivery', 'replay') AND d.run_id = n.run_id AND d.destination = n.destination;

  PERFORM internal.ledger_decide(array_agg(DISTINCT run_id)) FROM new_rows
    WHERE kind IN ('delivery', 'refused') HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER dlq_record_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_record_insert();

CREATE OR REPLACE FUNCTION internal.dlq_keep_source() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.source IS DISTINCT FROM OLD.source THEN
    RAISE EXCEPTION 'DLQ entry %: source never changes', OLD.dlq_id USING ERRCODE = 'LL002';
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER dlq_keep_source BEFORE UPDATE OF source ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION internal.dlq_keep_source();

-- Judges every change of an entry.
CREATE OR REPLACE FUNCTION internal.dlq_check_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.dlq_id, NEW.kind, NEW.created_at, NEW.test) <> (OLD.dlq_id, OLD.kind, OLD.created_at, OLD.test)
    OR NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.destination IS DISTINCT FROM OLD.destination
    OR NEW.reopened_from IS DISTINCT FROM OLD.reopened_from
    OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at AND NEW.status = OLD.status
  THEN
    RAISE EXCEPTION 'DLQ entry %: dlq_id, run_id, kind, destination, created_at, test, reopened_from and closed_at never change', OLD.dlq_id
      USING ERRCODE = 'LL002';
  END IF;
  -- What was refused is evidence, and by it a resend finds its entry again.
  IF OLD.kind IN ('refused', 'conflict')
    AND (NEW.error_code, NEW.payload) IS DISTINCT FROM (OLD.error_code, OLD.payload)
  THEN
    RAISE EXCEPTION 'DLQ entry %: payload and error_code of a % payload never change', OLD.dlq_id, OLD.kind
      USING ERRCODE = 'LL002', HINT = 'Send the corrected payload under the same idempotency key.';
  END IF;
  IF NEW.retry_count < OLD.retry_count THEN
    RAISE EXCEPTION 'DLQ entry %: retry_count never falls', OLD.dlq_id USING ERRCODE = 'LL002';
  END IF;
  -- Asked here, and called only to refuse: a call is a statement of its own, and each entry is changed three times until
  -- it is delivered. created_at stays.
  IF NEW.closed_at > clock_timestamp() OR NEW.retry_count > 1000000
    OR NOT isfinite(NEW.next_retry_at) OR NOT isfinite(NEW.lease_until)
  THEN
    PERFORM internal.dlq_check_values(NEW);
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;

  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM internal.ledger_require_read_committed();
  END IF;
  IF NOT (OLD.status = 'open' AND NEW.status IN ('retrying', 'resolved', 'dead')
    OR OLD.status = 'retrying' AND NEW.status IN ('open', 'resolved', 'dead'))
  THEN
    RAISE EXCEPTION 'DLQ entry % is %, it cannot become %', OLD.dlq_id, OLD.status, NEW.status USING ERRCODE = 'LL001',
      HINT = CASE OLD.status
        WHEN 'open' THEN 'Allowed: retrying, resolved, dead.'
        WHEN 'retrying' THEN 'Allowed: open, resolved, dead.'
        ELSE OLD.status || ' is final; trying it again makes a new entry that names this one in reopened_from.' END;
  END IF;

  IF NEW.status = 'retrying' THEN
    NEW.retry_count := greatest(NEW.retry_count, OLD.retry_count + 1);
    RETURN NEW;
  END IF;
  -- The attempt was counted when the entry became retrying.
  IF OLD.status = 'retrying' THEN
    NEW.retry_count := OLD.retry_count;
  END IF;
  NEW.leased_by := NULL;
  NEW.lease_until := NULL;
  IF NEW.status IN ('resolved', 'dead') THEN
    NEW.closed_at := coalesce(NEW.closed_at, greatest(clock_timestamp(), OLD.created_at));
    NEW.next_retry_at := NULL;
  END IF;
  IF NEW.status = 'resolved' THEN
    NEW.resolution := coalesce(NEW.resolution, CASE NEW.kind WHEN 'refused' THEN 'discarded' ELSE 'by_hand' END);
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER dlq_check_update BEFORE UPDATE ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION internal.dlq_check_update();

-- Tells changes of entries; the event names the operation that made one. Events are written complete, as a set, because
-- operations change entries by the hundred and every one of them is told four times until it is delivered.
-- FULL JOIN, which finds the same rows, because it cannot be done row by row: a plan that a session made for one entry is
-- kept, and joined hundreds with themselves at the square of their number (1.5 ms for each of 400). OFFSET keeps the join
-- as it is written, and to_jsonb() from being done again for each member of the entry.
CREATE OR REPLACE FUNCTION internal.dlq_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
DECLARE
  -- A lease that is renewed leaves no event and needs no lock.
  told bigint[] := ARRAY(SELECT n.dlq_id FROM new_rows n FULL JOIN old_rows o ON o.dlq_id = n.dlq_id
    WHERE (n.status, n.reason, n.retry_count, n.next_retry_at, n.error_code, n.resolution, n.note)
        IS DISTINCT FROM (o.status, o.reason, o.retry_count, o.next_retry_at, o.error_code, o.resolution, o.note)
      OR n.payload IS DISTINCT FROM o.payload);
  the_actor text := internal.ledger_actor();
  the_operation jsonb := jsonb_strip_nulls(jsonb_build_object('operation_id', internal.ledger_operation_id()));
  told_at timestamptz;
  for_transaction text;
BEGIN
  IF cardinality(told) = 0 THEN
    RETURN NULL;
  END IF;
  -- Whoever changed the entry may not hold the run's lock yet; the run's events need it.
  PERFORM 1 FROM public.runs WHERE run_id IN (SELECT run_id FROM new_rows WHERE dlq_id = ANY (told)) ORDER BY run_id FOR NO KEY UPDATE;

  told_at := clock_timestamp();
  for_transaction := set_config('leadledger.events', 'complete', true);
  INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, the_actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, the_actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        -- several entries of one run may have changed
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, change.run_id, change.event_type,
          change.payload || the_operation AS payload, uuid_send(gen_random_uuid()) AS salt,
          greatest(told_at, last.event_time + interval '1 microsecond')
            + (row_number() OVER (PARTITION BY change.run_id ORDER BY change.is_note, change.dlq_id) - 1)
              * interval '1 microsecond' AS event_time
        FROM (
          SELECT n.run_id, n.dlq_id, n.status = o.status AS is_note,
            CASE WHEN n.status = o.status THEN 'dlq_changed'
              ELSE CASE n.status WHEN 'retrying' THEN 'dlq_retrying' WHEN 'open' THEN 'dlq_rescheduled'
                WHEN 'resolved' THEN 'dlq_resolved' ELSE 'dlq_dead' END END AS event_type,
            CASE WHEN n.status = o.status THEN jsonb_build_object('dlq_id', n.dlq_id, 'changed', (
                SELECT jsonb_object_agg(key, CASE WHEN key = 'payload' THEN 'true' ELSE
                    jsonb_build_object('from', was -> key, 'to', value) END)
                FROM (SELECT to_jsonb(o) AS was OFFSET 0) AS before_change,
                  jsonb_each(to_jsonb(n) - 'leased_by' - 'lease_until') AS after_change (key, value)
                WHERE value IS DISTINCT FROM was -> key))
              ELSE jsonb_strip_nulls(jsonb_build_object(
                'dlq_id', n.dlq_id, 'destination', n.destination, 'retry_count', n.retry_count,
                'resolution', n.resolution, 'note', n.note,
                'next_retry_at', CASE n.status WHEN 'open' THEN n.next_retry_at END,
                'error_code', CASE WHEN n.status <> 'resolved' THEN n.error_code END,
                'reason', CASE WHEN n.status IN ('open', 'dead') THEN n.reason END)) END AS payload
          FROM new_rows n FULL JOIN old_rows o ON o.dlq_id = n.dlq_id OFFSET 0) AS change
        LEFT JOIN LATERAL (
          SELECT e.event_time FROM public.audit_events e WHERE e.run_id = change.run_id
          ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        WHERE change.dlq_id = ANY (told)
        ) AS event OFFSET 0) AS event;
  for_transaction := set_config('leadledger.events', '', true);

  PERFORM internal.ledger_decide(array_agg(DISTINCT run_id)) FROM (
    SELECT n.run_id, n.kind = 'delivery' AND (n.status <> o.status AND n.status IN ('resolved', 'dead')
      OR (n.error_code, n.reason) IS DISTINCT FROM (o.error_code, o.reason)) AS decides
    FROM new_rows n FULL JOIN old_rows o ON o.dlq_id = n.dlq_id OFFSET 0) AS change
    WHERE decides HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER dlq_record_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_record_update();
