-- The legal changes of runs and dlq, the events they leave, and how a run's fate follows from its deliveries and
-- entries. SQLSTATEs: LL001 illegal state change · LL002 a fixed column was changed · LL003 append-only ·
-- LL004 a time in the future or out of range · LL005 wrong isolation level · LL006 a counted KPI day.
--
-- Trigger functions are SECURITY DEFINER with a fixed search_path: whoever makes the change needs no rights on what
-- they read, and nothing in the session (search_path, temporary tables and types) changes what they do. Who that is
-- they learn from session_user, which no function and no SET ROLE changes.

-- A REPEATABLE READ snapshot misses a change of another transaction even after waiting for the run's lock.
CREATE FUNCTION public.ledger_require_read_committed() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'state changes need isolation level READ COMMITTED, this transaction is %',
      upper(current_setting('transaction_isolation')) USING ERRCODE = 'LL005';
  END IF;
END
$$;

-- True in the one change of runs that ledger_decide() makes. Its mark alone proves nothing, anyone can set a
-- setting; the mark together with the owner's rights can only come from inside that function. The body is parsed
-- once, here, so that no search_path changes its meaning, and is inlined where it is used.
CREATE FUNCTION public.ledger_is_own_change() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN current_setting('leadledger.deciding', true) = 'on' AND has_table_privilege('public.runs'::regclass, 'TRUNCATE');

-- The earliest time of a lead or an entry: since then all time zones are whole quarters of an hour away from UTC
-- (the KPIs count on it), and a slip of the pen cannot make a million days.
CREATE FUNCTION public.ledger_earliest_time() RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '2000-01-01T00:00:00Z'::timestamptz;

-- What keeps a run from being processed by hand, in words; NULL: nothing. Volatile, so that every statement in
-- it sees what was committed while the run's lock was waited for.
CREATE FUNCTION public.ledger_open_work(the_run uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  open_work text;
BEGIN
  SELECT string_agg(work, ', ' ORDER BY work) INTO open_work FROM (
    SELECT format('delivery to %s', d.destination) AS work FROM deliveries d
      WHERE d.run_id = the_run
        AND NOT EXISTS (SELECT 1 FROM destinations x WHERE x.name = d.destination AND x.kind = 'external')
    UNION ALL
    SELECT format('DLQ entry %s (%s%s)', q.dlq_id, q.status, coalesce(', ' || q.destination, '')) FROM dlq q
      WHERE q.run_id = the_run AND q.kind = 'delivery'
        AND (q.status IN ('open', 'retrying')
          OR q.status = 'dead' AND NOT EXISTS (SELECT 1 FROM dlq n WHERE n.reopened_from = q.dlq_id))
  ) AS works;
  RETURN open_work;
END
$$;
REVOKE EXECUTE ON FUNCTION public.ledger_open_work(uuid) FROM PUBLIC;

-- How a run ended that is set to processed from outside. What a person resolved was not delivered; a delivery that
-- is still there belongs to a worker of the user's own, who says with this change that it arrived.
CREATE FUNCTION public.ledger_outcome_by_hand(the_run uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN EXISTS (SELECT 1 FROM dlq q WHERE q.run_id = the_run AND q.kind = 'delivery' AND q.status = 'resolved'
        AND q.resolution <> 'delivered' AND NOT EXISTS (SELECT 1 FROM dlq n WHERE n.reopened_from = q.dlq_id))
      THEN 'resolved_by_hand'
    WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = the_run) THEN 'delivered'
    ELSE 'resolved_by_hand' END;
END
$$;
REVOKE EXECUTE ON FUNCTION public.ledger_outcome_by_hand(uuid) FROM PUBLIC;

-- runs ---------------------------------------------------------------------------------------------------

CREATE FUNCTION public.runs_check_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.received_at > clock_timestamp() OR NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: received_at and processed_at must not be in the future', NEW.run_id USING ERRCODE = 'LL004';
  END IF;
  IF NEW.received_at < ledger_earliest_time() THEN
    RAISE EXCEPTION 'run %: received_at must not be before the year 2000', NEW.run_id USING ERRCODE = 'LL004';
  END IF;
  IF ledger_is_by_hand() THEN
    IF NEW.outcome = 'no_destination' THEN
      RAISE EXCEPTION 'run %: no_destination is decided by intake only', NEW.run_id USING ERRCODE = 'LL001';
    END IF;
    IF NEW.refused AND NEW.status <> 'failed' THEN
      RAISE EXCEPTION 'run %: a refused run is failed', NEW.run_id USING ERRCODE = 'LL001';
    END IF;
  END IF;
  IF NEW.status = 'processed' THEN
    NEW.processed_at := coalesce(NEW.processed_at, greatest(clock_timestamp(), NEW.received_at));
    NEW.outcome := coalesce(NEW.outcome, 'resolved_by_hand');
  END IF;
  RETURN NEW;
END
$$;

-- The time is ledger_earliest_time(), which would be called anew for every statement.
CREATE TRIGGER runs_check_insert BEFORE INSERT ON public.runs FOR EACH ROW
  WHEN (NEW.status <> 'accepted' OR NEW.refused OR NEW.received_at > clock_timestamp()
    OR NEW.received_at < '2000-01-01T00:00:00Z'::timestamptz)
  EXECUTE FUNCTION public.runs_check_insert();

-- Counts new runs for the KPIs (0005) and tells what they are from the start.
CREATE FUNCTION public.runs_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_deltas (bucket, received, processed, failed, processing_us)
    SELECT kpi_bucket(received_at), count(*), count(*) FILTER (WHERE status = 'processed'),
      count(*) FILTER (WHERE status = 'failed'), coalesce(sum(microseconds_between(received_at, processed_at)), 0)
    FROM new_rows WHERE NOT test GROUP BY 1;

  IF ledger_is_by_hand() THEN
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT run_id, 'run_inserted', jsonb_build_object('status', status, 'source', source, 'received_at', received_at)
      FROM new_rows ORDER BY run_id;
  ELSIF EXISTS (SELECT FROM new_rows WHERE status = 'processed') THEN
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT run_id, 'lead_processed', jsonb_build_object('outcome', outcome)
      FROM new_rows WHERE status = 'processed' ORDER BY run_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER runs_record_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.runs_record_insert();

-- Judges every change of a run but the ledger's own.
CREATE FUNCTION public.runs_check_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  correction boolean := OLD.refused AND NOT NEW.refused AND NEW.status = 'accepted'
    AND current_setting('leadledger.operation', true) = 'correction' AND NOT ledger_is_by_hand();
  open_work text;
BEGIN
  IF (NEW.run_id, NEW.source, NEW.idempotency_key, NEW.received_at, NEW.test)
    <> (OLD.run_id, OLD.source, OLD.idempotency_key, OLD.received_at, OLD.test)
    OR NEW.refused <> OLD.refused AND NOT coalesce(correction, false)
  THEN
    RAISE EXCEPTION 'run %: run_id, source, idempotency_key, received_at, test and refused never change', OLD.run_id
      USING ERRCODE = 'LL002';
  END IF;

  IF NEW.status = OLD.status THEN
    IF NEW.processed_at IS DISTINCT FROM OLD.processed_at OR NEW.outcome IS DISTINCT FROM OLD.outcome THEN
      RAISE EXCEPTION 'run %: processed_at and outcome are set by the change to processed and never change', OLD.run_id
        USING ERRCODE = 'LL002';
    END IF;
    IF NEW.status = 'processed' THEN
      NEW.error_code := NULL;
      NEW.error_message := NULL;
    END IF;
    RETURN NEW;
  END IF;

  PERFORM ledger_require_read_committed();
  IF NOT coalesce(OLD.status = 'accepted' AND NEW.status IN ('processed', 'failed')
    OR OLD.status = 'failed' AND NEW.status = 'processed' OR correction, false)
  THEN
    RAISE EXCEPTION 'run % is %, it cannot become %', OLD.run_id, OLD.status, NEW.status USING ERRCODE = 'LL001',
      HINT = CASE OLD.status
        WHEN 'accepted' THEN 'Allowed: processed, failed.'
        WHEN 'failed' THEN 'Allowed: processed; accepted only when intake receives a corrected payload.'
        ELSE 'processed is final.' END;
  END IF;

  IF NEW.status = 'failed' THEN
    RETURN NEW;
  END IF;
  NEW.error_code := NULL;
  NEW.error_message := NULL;
  IF NEW.status = 'accepted' THEN
    RETURN NEW;
  END IF;
  IF NEW.refused THEN
    RAISE EXCEPTION 'run % cannot become processed: its payload was refused and has not been corrected', OLD.run_id
      USING ERRCODE = 'LL001', HINT = 'Send the corrected payload under the same idempotency key.';
  END IF;
  open_work := ledger_open_work(OLD.run_id);
  IF open_work IS NOT NULL THEN
    RAISE EXCEPTION 'run % cannot become processed while work is open: %', OLD.run_id, open_work
      USING ERRCODE = 'LL001', HINT = 'Resolve the entries, the run follows by itself; a delivery is ended by an entry of kind delivery that is resolved.';
  END IF;
  IF NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: processed_at must not be in the future', OLD.run_id USING ERRCODE = 'LL004';
  END IF;
  IF NEW.outcome IS NULL OR ledger_is_by_hand() THEN
    NEW.outcome := ledger_outcome_by_hand(OLD.run_id);
  END IF;
  NEW.processed_at := coalesce(NEW.processed_at, greatest(clock_timestamp(), OLD.received_at));
  RETURN NEW;
END
$$;

CREATE TRIGGER runs_check_update BEFORE UPDATE ON public.runs FOR EACH ROW
  WHEN (public.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION public.runs_check_update();

-- Tells and counts every change of runs but the ledger's own: ledger_decide() does so itself, from what it changed.
CREATE FUNCTION public.runs_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_deltas (bucket, processed, failed, processing_us)
    SELECT kpi_bucket(n.received_at),
      sum((n.status = 'processed')::int - (o.status = 'processed')::int),
      sum((n.status = 'failed')::int - (o.status = 'failed')::int),
      coalesce(sum(microseconds_between(n.received_at, n.processed_at)), 0)
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND NOT n.test GROUP BY 1;

  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT n.run_id,
      CASE n.status WHEN 'processed' THEN 'lead_processed' ELSE 'lead_failed' END,
      CASE n.status WHEN 'processed' THEN jsonb_build_object('outcome', n.outcome)
        ELSE jsonb_strip_nulls(jsonb_build_object('error_code', n.error_code, 'error_message', n.error_message)) END
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND n.status <> 'accepted'
    ORDER BY n.run_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER runs_record_update AFTER UPDATE ON public.runs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (public.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION public.runs_record_update();

-- What follows from a change of runs that is not the ledger's own.
CREATE FUNCTION public.runs_follow_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- A worker of the user's own says that it is done by changing the run: that closes its delivery.
  DELETE FROM deliveries d USING new_rows n, old_rows o
    WHERE n.run_id = o.run_id AND n.status = 'processed' AND o.status <> 'processed' AND d.run_id = n.run_id;

  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT n.run_id, 'run_changed', jsonb_build_object('changed', c.columns)
    FROM new_rows n JOIN old_rows o USING (run_id), LATERAL (SELECT to_jsonb(o) AS was) AS before_change,
      LATERAL (SELECT jsonb_agg(key ORDER BY key) AS columns
        FROM jsonb_each(to_jsonb(n)) AS after_change (key, value)
        WHERE value IS DISTINCT FROM was -> key) AS c
    WHERE n.status = o.status AND c.columns IS NOT NULL
    ORDER BY n.run_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER runs_follow_update AFTER UPDATE ON public.runs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (public.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION public.runs_follow_update();

-- Moves runs to the state that their deliveries and entries call for, tells it and counts it. The runs are locked
-- first, in order; the decision is a later statement and therefore sees what others committed meanwhile. It looks at
-- what exists, not at counters, so that it may be called between two changes of one statement.
-- Only nested loops into indexes: deliveries is empty whenever its statistics are taken at a quiet moment, and a plan
-- made then would read all of it at the next rush, or join a batch with itself row by row (measured at 400 runs: 128 µs
-- of backend CPU for each, instead of 48).
CREATE FUNCTION public.ledger_decide(the_runs uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  the_actor text := ledger_actor();
  for_transaction text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM ledger_require_read_committed();
  END IF;
  PERFORM 1 FROM runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  for_transaction := set_config('leadledger.deciding', 'on', true);
  for_transaction := set_config('leadledger.events', 'complete', true);
  WITH fate AS MATERIALIZED (
    SELECT x.run_id, x.status AS was, entries.holding, q.error_code, q.reason,
      CASE WHEN entries.by_hand THEN 'resolved_by_hand' ELSE 'delivered' END AS outcome,
      CASE
        WHEN entries.holding IS NOT NULL THEN 'failed'
        WHEN x.refused OR (SELECT true FROM deliveries d WHERE d.run_id = x.run_id LIMIT 1) THEN x.status
        ELSE 'processed'
      END AS status
    FROM runs x CROSS JOIN LATERAL (
      -- holding: the oldest entry that keeps the run failed; by_hand: NULL while none was resolved. An entry that
      -- was tried again counts no more, the entry reopened from it counts in its place.
      SELECT min(q.dlq_id) FILTER (WHERE q.status <> 'resolved') AS holding,
        bool_or(q.resolution <> 'delivered') FILTER (WHERE q.status = 'resolved' AND q.kind = 'delivery') AS by_hand
      FROM dlq q LEFT JOIN dlq n ON n.reopened_from = q.dlq_id
      WHERE q.run_id = x.run_id AND (q.kind = 'delivery' OR q.kind = 'refused' AND x.refused) AND n.dlq_id IS NULL
    ) AS entries LEFT JOIN dlq q ON q.dlq_id = entries.holding
    WHERE x.run_id = ANY (the_runs) AND x.status <> 'processed'),
  decided AS (
    UPDATE runs r
      SET status = fate.status,
        outcome = CASE WHEN fate.status = 'processed' THEN fate.outcome END,
        processed_at = CASE WHEN fate.status = 'processed' THEN greatest(clock_timestamp(), r.received_at) END,
        error_code = fate.error_code,
        error_message = fate.reason
      FROM fate
      -- why it failed is told by the entry that holds it now, not by one that was settled meanwhile
      WHERE r.run_id = fate.run_id AND (r.status <> fate.status
        OR fate.holding IS NOT NULL AND (r.error_code, r.error_message) IS DISTINCT FROM (fate.error_code, fate.reason))
      RETURNING r.run_id, fate.was, r.status, r.outcome, r.error_code, r.error_message, r.received_at, r.processed_at, r.test),
  counted AS (
    INSERT INTO kpi_deltas (bucket, processed, failed, processing_us)
    SELECT kpi_bucket(received_at),
      sum((status = 'processed')::int - (was = 'processed')::int),
      sum((status = 'failed')::int - (was = 'failed')::int),
      coalesce(sum(microseconds_between(received_at, processed_at)), 0)
    FROM decided WHERE status <> was AND NOT test GROUP BY 1)
  INSERT INTO audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, audit_payload_digest(salt, payload) AS payload_digest FROM (
        SELECT nextval('audit_events_event_id_seq') AS event_id, decided.run_id,
          greatest(clock_timestamp(), last.event_time + interval '1 microsecond') AS event_time,
          CASE status WHEN 'processed' THEN 'lead_processed' ELSE 'lead_failed' END AS event_type, the_actor AS actor,
          CASE status WHEN 'processed' THEN jsonb_build_object('outcome', outcome)
            ELSE jsonb_strip_nulls(jsonb_build_object('error_code', error_code, 'error_message', error_message)) END AS payload,
          uuid_send(gen_random_uuid()) AS salt
        FROM decided LEFT JOIN LATERAL (
          SELECT e.event_time FROM audit_events e WHERE e.run_id = decided.run_id ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        WHERE status <> was) AS event OFFSET 0) AS event;
  for_transaction := set_config('leadledger.events', '', true);
  for_transaction := set_config('leadledger.deciding', '', true);
END
$$;
REVOKE EXECUTE ON FUNCTION public.ledger_decide(uuid[]) FROM PUBLIC;

-- deliveries ---------------------------------------------------------------------------------------------

CREATE FUNCTION public.deliveries_record_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM ledger_decide(array_agg(DISTINCT run_id)) FROM old_rows HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER deliveries_record_delete AFTER DELETE ON public.deliveries REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.deliveries_record_delete();

-- Attempts that arrived: ends those deliveries that the_node still holds, tells it, and (by the trigger above) decides
-- what becomes of the runs. Returns how many of the outcomes counted. The runs are locked by a statement of its own:
-- only a later one sees the events that others wrote while the lock was waited for, and so comes after them. Nested
-- loops only, as in ledger_decide().
CREATE FUNCTION public.ledger_settle_delivered(
  the_runs uuid[], the_destinations text[], the_attempts integer[], the_events text[], the_node text)
RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
DECLARE
  for_transaction text := set_config('leadledger.actor', 'delivery', true);
  arrived_at timestamptz;
  settled integer;
BEGIN
  PERFORM 1 FROM runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  arrived_at := clock_timestamp();
  for_transaction := set_config('leadledger.events', 'complete', true);
  WITH arrived AS (
    DELETE FROM deliveries d
    USING unnest(the_runs, the_destinations, the_attempts, the_events) AS t (run_id, destination, attempt, event)
    WHERE d.run_id = t.run_id AND d.destination = t.destination AND d.attempt = t.attempt AND d.leased_by = the_node
    RETURNING d.run_id, t.event),
  told AS (
    INSERT INTO audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, audit_payload_digest(salt, payload) AS payload_digest FROM (
        -- several deliveries of one run may have arrived
        SELECT nextval('audit_events_event_id_seq') AS event_id, arrived.run_id,
          greatest(arrived_at, last.event_time + interval '1 microsecond')
            + (row_number() OVER (PARTITION BY arrived.run_id) - 1) * interval '1 microsecond' AS event_time,
          'lead_delivered' AS event_type, 'delivery' AS actor, event::jsonb AS payload, uuid_send(gen_random_uuid()) AS salt
        FROM arrived LEFT JOIN LATERAL (
          SELECT e.event_time FROM audit_events e WHERE e.run_id = arrived.run_id ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        ) AS event OFFSET 0) AS event)
  SELECT count(*) INTO settled FROM arrived;
  for_transaction := set_config('leadledger.events', '', true);
  RETURN settled;
END
$$;
REVOKE EXECUTE ON FUNCTION public.ledger_settle_delivered(uuid[], text[], integer[], text[], text) FROM PUBLIC;

-- dlq ----------------------------------------------------------------------------------------------------

CREATE FUNCTION public.dlq_check_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  the_run record;
BEGIN
  PERFORM dlq_check_values(NEW);
  IF NEW.dlq_id NOT BETWEEN 1 AND (SELECT last_value FROM dlq_dlq_id_seq) THEN
    RAISE EXCEPTION 'DLQ entry: dlq_id is given by the database' USING ERRCODE = 'LL002';
  END IF;

  NEW.test := false;
  IF NEW.run_id IS NOT NULL THEN
    SELECT r.status, r.refused, r.test INTO the_run FROM runs r WHERE r.run_id = NEW.run_id FOR NO KEY UPDATE;
    NEW.test := coalesce(the_run.test, false);
    PERFORM dlq_check_kind(NEW, the_run.status, the_run.refused);
  END IF;
  IF NEW.reopened_from IS NOT NULL THEN
    PERFORM dlq_check_reopening(NEW, the_run.status);
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

-- Refuses times and counts that no entry has and that would harm the program or the KPIs.
CREATE FUNCTION public.dlq_check_values(entry public.dlq) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF entry.created_at > clock_timestamp() OR entry.closed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'DLQ entry: created_at and closed_at must not be in the future' USING ERRCODE = 'LL004';
  END IF;
  IF entry.created_at < ledger_earliest_time() THEN
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
CREATE FUNCTION public.dlq_check_kind(entry public.dlq, run_status text, run_refused boolean) RETURNS void
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
  IF entry.kind = 'replay' AND run_status <> 'processed' THEN
    RAISE EXCEPTION 'run % is %: only a processed run is replayed', entry.run_id, run_status
      USING ERRCODE = 'LL001', HINT = 'A first delivery that failed is an entry of kind delivery.';
  END IF;

  IF entry.kind = 'manual' AND entry.status IN ('open', 'retrying') AND EXISTS (SELECT 1 FROM deliveries d
    WHERE d.run_id = entry.run_id AND d.destination = entry.destination)
  THEN
    RAISE EXCEPTION 'run %: the delivery to % has not ended, so it takes no manual entry', entry.run_id, entry.destination
      USING ERRCODE = 'LL001', HINT = 'An entry of kind delivery takes the delivery''s place.';
  END IF;
  -- What a person noted must not keep a delivery that failed out of the DLQ.
  IF entry.kind = 'delivery' AND entry.status IN ('open', 'retrying') AND NOT ledger_is_by_hand() THEN
    UPDATE dlq q SET status = 'resolved', resolution = 'superseded'
      WHERE q.run_id = entry.run_id AND q.destination = entry.destination AND q.kind = 'manual'
        AND q.status IN ('open', 'retrying');
  END IF;
END
$$;

-- Only a closed entry is tried again, and by one that counts as it did: else a dead entry would stop to hold its run.
CREATE FUNCTION public.dlq_check_reopening(entry public.dlq, run_status text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  earlier record;
BEGIN
  SELECT q.status, q.run_id, q.destination, q.kind INTO earlier FROM dlq q WHERE q.dlq_id = entry.reopened_from;
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

CREATE TRIGGER dlq_check_insert BEFORE INSERT ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_check_insert();

CREATE FUNCTION public.dlq_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
BEGIN
  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT run_id, 'dlq_created', jsonb_strip_nulls(jsonb_build_object(
      'dlq_id', dlq_id, 'kind', kind, 'status', status, 'destination', destination, 'error_code', error_code,
      'reason', reason, 'next_retry_at', next_retry_at, 'reopened_from', reopened_from,
      'resolution', resolution, 'note', note))
    FROM new_rows ORDER BY run_id, dlq_id;

  -- A delivery lives in one place.
  DELETE FROM deliveries d USING new_rows n
    WHERE n.kind IN ('delivery', 'replay') AND d.run_id = n.run_id AND d.destination = n.destination;

  PERFORM ledger_decide(array_agg(DISTINCT run_id)) FROM new_rows
    WHERE kind IN ('delivery', 'refused') HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_record_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_record_insert();

CREATE FUNCTION public.dlq_check_update() RETURNS trigger
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
  PERFORM dlq_check_values(NEW);
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;

  PERFORM ledger_require_read_committed();
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

CREATE TRIGGER dlq_check_update BEFORE UPDATE ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_check_update();

CREATE FUNCTION public.dlq_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
DECLARE
  -- A lease that is renewed leaves no event and needs no lock.
  told bigint[] := ARRAY(SELECT n.dlq_id FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE (n.status, n.reason, n.retry_count, n.next_retry_at, n.error_code, n.resolution, n.note)
        IS DISTINCT FROM (o.status, o.reason, o.retry_count, o.next_retry_at, o.error_code, o.resolution, o.note)
      OR n.payload IS DISTINCT FROM o.payload);
BEGIN
  IF cardinality(told) = 0 THEN
    RETURN NULL;
  END IF;
  -- Whoever changed the entry may not hold the run's lock yet; the run's events need it.
  PERFORM 1 FROM runs WHERE run_id IN (SELECT run_id FROM new_rows WHERE dlq_id = ANY (told)) ORDER BY run_id FOR NO KEY UPDATE;

  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT n.run_id,
      CASE n.status WHEN 'retrying' THEN 'dlq_retrying' WHEN 'open' THEN 'dlq_rescheduled'
        WHEN 'resolved' THEN 'dlq_resolved' ELSE 'dlq_dead' END,
      jsonb_strip_nulls(jsonb_build_object(
        'dlq_id', n.dlq_id, 'destination', n.destination, 'retry_count', n.retry_count,
        'resolution', n.resolution, 'note', n.note,
        'next_retry_at', CASE n.status WHEN 'open' THEN n.next_retry_at END,
        'error_code', CASE WHEN n.status <> 'resolved' THEN n.error_code END,
        'reason', CASE WHEN n.status IN ('open', 'dead') THEN n.reason END))
    FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE n.status <> o.status
    ORDER BY n.run_id, n.dlq_id;

  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT n.run_id, 'dlq_changed', jsonb_build_object('dlq_id', n.dlq_id, 'changed', c.columns)
    FROM new_rows n JOIN old_rows o USING (dlq_id), LATERAL (SELECT to_jsonb(o) AS was) AS before_change,
      LATERAL (SELECT jsonb_object_agg(key, CASE WHEN key = 'payload' THEN 'true' ELSE
            jsonb_build_object('from', was -> key, 'to', value) END) AS columns
        FROM jsonb_each(to_jsonb(n) - 'leased_by' - 'lease_until') AS after_change (key, value)
        WHERE value IS DISTINCT FROM was -> key) AS c
    WHERE n.status = o.status AND n.dlq_id = ANY (told)
    ORDER BY n.run_id, n.dlq_id;

  PERFORM ledger_decide(array_agg(DISTINCT n.run_id)) FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE n.kind = 'delivery' AND (n.status <> o.status AND n.status IN ('resolved', 'dead')
      OR (n.error_code, n.reason) IS DISTINCT FROM (o.error_code, o.reason)) HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_record_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_record_update();
