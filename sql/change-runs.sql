-- The legal changes of runs, and the events they leave. SQLSTATEs, here and in the other files: LL001 illegal state
-- change · LL002 a fixed column was changed · LL003 append-only · LL004 a time in the future or out of range ·
-- LL005 wrong isolation level · LL006 a counted KPI day.

-- The earliest time of a lead or an entry: since then all time zones are whole quarters of an hour away from UTC
-- (the KPIs count on it), and a slip of the pen cannot make a million days.
CREATE OR REPLACE FUNCTION internal.ledger_earliest_time() RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '2000-01-01T00:00:00Z'::timestamptz;

-- What keeps a run from being processed by hand, in words; NULL: nothing. Volatile, so that every statement in
-- it sees what was committed while the run's lock was waited for.
CREATE OR REPLACE FUNCTION internal.ledger_open_work(the_run uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  open_work text;
BEGIN
  SELECT string_agg(work, ', ' ORDER BY work) INTO open_work FROM (
    SELECT format('delivery to %s', d.destination) AS work FROM internal.deliveries d
      WHERE d.run_id = the_run AND NOT d.replay
        AND NOT EXISTS (SELECT 1 FROM internal.destinations x WHERE x.name = d.destination AND NOT x.sends)
    UNION ALL
    SELECT format('DLQ entry %s (%s%s)', q.dlq_id, q.status, coalesce(', ' || q.destination, '')) FROM public.dlq q
      WHERE q.run_id = the_run AND q.kind = 'delivery'
        AND (q.status IN ('open', 'retrying')
          OR q.status = 'dead' AND NOT EXISTS (SELECT 1 FROM public.dlq n WHERE n.reopened_from = q.dlq_id))
  ) AS works;
  RETURN open_work;
END
$$;

-- How a run ended that is set to processed from outside. What a person resolved or withdrew was not delivered; a delivery
-- that is still there belongs to a worker of the user's own, who says with this change that it arrived.
CREATE OR REPLACE FUNCTION internal.ledger_outcome_by_hand(the_run uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  resolutions text[] := ARRAY(SELECT q.resolution FROM public.dlq q
    WHERE q.run_id = the_run AND q.kind = 'delivery' AND q.status = 'resolved' AND q.resolution NOT IN ('delivered', 'skipped')
      AND NOT EXISTS (SELECT 1 FROM public.dlq n WHERE n.reopened_from = q.dlq_id));
BEGIN
  RETURN CASE
    WHEN 'withdrawn' = ANY (resolutions) THEN 'withdrawn'
    WHEN resolutions <> '{}' THEN 'resolved_by_hand'
    WHEN EXISTS (SELECT 1 FROM internal.deliveries d WHERE d.run_id = the_run AND NOT d.replay) THEN 'delivered'
    ELSE 'resolved_by_hand' END;
END
$$;

-- Judges a new run. One that a person made failed says so where they gave no reason: by that it is found (runs_failed).
CREATE OR REPLACE FUNCTION internal.runs_check_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.received_at > clock_timestamp() OR NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: received_at and processed_at must not be in the future', NEW.run_id USING ERRCODE = 'LL004';
  END IF;
  IF NEW.received_at < internal.ledger_earliest_time() THEN
    RAISE EXCEPTION 'run %: received_at must not be before the year 2000', NEW.run_id USING ERRCODE = 'LL004';
  END IF;
  IF internal.ledger_is_by_hand() THEN
    IF NEW.outcome = 'no_destination' THEN
      RAISE EXCEPTION 'run %: no_destination is decided by intake only', NEW.run_id USING ERRCODE = 'LL001';
    END IF;
    IF NEW.refused AND NEW.status <> 'failed' THEN
      RAISE EXCEPTION 'run %: a refused run is failed', NEW.run_id USING ERRCODE = 'LL001';
    END IF;
  END IF;
  IF NEW.status = 'failed' THEN
    NEW.error_message := coalesce(NEW.error_message, NEW.error_code, 'made failed by hand');
  END IF;
  IF NEW.status = 'processed' THEN
    NEW.processed_at := coalesce(NEW.processed_at, greatest(clock_timestamp(), NEW.received_at));
    NEW.outcome := coalesce(NEW.outcome, 'resolved_by_hand');
  END IF;
  RETURN NEW;
END
$$;

-- The time is ledger_earliest_time(), which would be called anew for every statement.
CREATE OR REPLACE TRIGGER runs_check_insert BEFORE INSERT ON public.runs FOR EACH ROW
  WHEN (NEW.status <> 'accepted' OR NEW.refused OR NEW.received_at > clock_timestamp()
    OR NEW.received_at < '2000-01-01T00:00:00Z'::timestamptz)
  EXECUTE FUNCTION internal.runs_check_insert();

-- Counts new runs for the KPIs (kpi_deltas), tells what they are from the start, and notes what is made by hand.
CREATE OR REPLACE FUNCTION internal.runs_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO internal.kpi_deltas (bucket, source, received, processed, failed, no_destination, by_hand, withdrawn, processing_us,
      last_received_at, within_ms)
    SELECT internal.kpi_bucket(received_at), source, count(*), count(*) FILTER (WHERE status = 'processed'),
      count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE outcome = 'no_destination'),
      count(*) FILTER (WHERE outcome = 'resolved_by_hand'), count(*) FILTER (WHERE outcome = 'withdrawn'),
      coalesce(sum(internal.microseconds_between(received_at, processed_at)), 0), max(received_at),
      internal.duration_bucket(received_at, processed_at) AS within_ms
    FROM new_rows WHERE NOT test GROUP BY 1, 2, within_ms;

  IF internal.ledger_is_by_hand() THEN
    INSERT INTO public.audit_events (run_id, event_type, payload)
      SELECT run_id, 'run_inserted', jsonb_build_object('status', status, 'source', source, 'received_at', received_at)
      FROM new_rows ORDER BY run_id;
    INSERT INTO internal.runs_by_hand (run_id) SELECT run_id FROM new_rows;
  ELSIF EXISTS (SELECT FROM new_rows WHERE status = 'processed') THEN
    INSERT INTO public.audit_events (run_id, event_type, payload)
      SELECT run_id, 'lead_processed', jsonb_build_object('outcome', outcome)
      FROM new_rows WHERE status = 'processed' ORDER BY run_id;
    -- What a lead says that came as an id is wanted also where nobody gets it: the vendor keeps it for a while only.
    INSERT INTO internal.incomplete_leads (run_id, source)
      SELECT n.run_id, n.source FROM new_rows n JOIN internal.sources s ON s.name = n.source AND s.enabled
      WHERE n.outcome = 'no_destination' AND s.settings -> 'completes' = 'true';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER runs_record_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.runs_record_insert();

-- Judges every change of a run but the ledger's own. One that a person made failed says so where they gave no reason.
CREATE OR REPLACE FUNCTION internal.runs_check_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  correction boolean := OLD.refused AND NOT NEW.refused AND NEW.status = 'accepted'
    AND current_setting('leadledger.operation', true) = 'correction' AND NOT internal.ledger_is_by_hand();
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
    ELSIF NEW.status = 'failed' THEN
      NEW.error_message := coalesce(NEW.error_message, NEW.error_code, 'made failed by hand');
    END IF;
    RETURN NEW;
  END IF;

  PERFORM internal.ledger_require_read_committed();
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
    NEW.error_message := coalesce(NEW.error_message, NEW.error_code, 'made failed by hand');
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
  open_work := internal.ledger_open_work(OLD.run_id);
  IF open_work IS NOT NULL THEN
    RAISE EXCEPTION 'run % cannot become processed while work is open: %', OLD.run_id, open_work
      USING ERRCODE = 'LL001', HINT = 'Resolve the entries, the run follows by itself; a delivery is ended by an entry of kind delivery that is resolved.';
  END IF;
  IF NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: processed_at must not be in the future', OLD.run_id USING ERRCODE = 'LL004';
  END IF;
  IF NEW.outcome IS NULL OR internal.ledger_is_by_hand() THEN
    NEW.outcome := internal.ledger_outcome_by_hand(OLD.run_id);
  END IF;
  NEW.processed_at := coalesce(NEW.processed_at, greatest(clock_timestamp(), OLD.received_at));
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER runs_check_update BEFORE UPDATE ON public.runs FOR EACH ROW
  WHEN (internal.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION internal.runs_check_update();

-- Tells and counts every change of runs but the ledger's own: ledger_decide() does so itself, from what it changed.
CREATE OR REPLACE FUNCTION internal.runs_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO internal.kpi_deltas (bucket, source, processed, failed, no_destination, by_hand, withdrawn, processing_us,
      last_received_at, within_ms)
    SELECT internal.kpi_bucket(n.received_at), n.source,
      sum((n.status = 'processed')::int - (o.status = 'processed')::int),
      sum((n.status = 'failed')::int - (o.status = 'failed')::int),
      count(*) FILTER (WHERE n.outcome = 'no_destination'), count(*) FILTER (WHERE n.outcome = 'resolved_by_hand'),
      count(*) FILTER (WHERE n.outcome = 'withdrawn'),
      coalesce(sum(internal.microseconds_between(n.received_at, n.processed_at)), 0), max(n.received_at),
      internal.duration_bucket(n.received_at, n.processed_at) AS within_ms
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND NOT n.test GROUP BY 1, 2, within_ms;

  INSERT INTO public.audit_events (run_id, event_type, payload)
    SELECT n.run_id,
      CASE n.status WHEN 'processed' THEN 'lead_processed' ELSE 'lead_failed' END,
      CASE n.status WHEN 'processed' THEN jsonb_build_object('outcome', n.outcome)
        ELSE jsonb_strip_nulls(jsonb_build_object('error_code', n.error_code, 'error_message', n.error_message)) END
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND n.status <> 'accepted'
    ORDER BY n.run_id;

  IF internal.ledger_is_by_hand() THEN
    INSERT INTO internal.runs_by_hand (run_id) SELECT run_id FROM new_rows WHERE status = 'failed' ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER runs_record_update AFTER UPDATE ON public.runs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (internal.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION internal.runs_record_update();

-- What follows from a change of runs that is not the ledger's own.
CREATE OR REPLACE FUNCTION internal.runs_follow_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- A worker of the user's own says that it is done by changing the run: that closes its delivery.
  DELETE FROM internal.deliveries d USING new_rows n, old_rows o
    WHERE n.run_id = o.run_id AND n.status = 'processed' AND o.status <> 'processed' AND d.run_id = n.run_id
      AND NOT d.replay;

  INSERT INTO public.audit_events (run_id, event_type, payload)
    SELECT n.run_id, 'run_changed', jsonb_build_object('changed', c.columns)
    FROM new_rows n JOIN old_rows o USING (run_id), LATERAL (SELECT to_jsonb(o) AS was) AS before_change,
      LATERAL (SELECT jsonb_agg(key ORDER BY key) AS columns
        FROM jsonb_each(to_jsonb(n)) AS after_change (key, value)
        WHERE value IS DISTINCT FROM was -> key) AS c
    WHERE n.status = o.status AND c.columns IS NOT NULL
      -- What was fetched for a lead has an event of its own, and by whom it is found follows from it.
      AND (current_setting('leadledger.operation', true) IS DISTINCT FROM 'completion' OR internal.ledger_is_by_hand())
    ORDER BY n.run_id;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER runs_follow_update AFTER UPDATE ON public.runs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT WHEN (internal.ledger_is_own_change() IS NOT TRUE)
  EXECUTE FUNCTION internal.runs_follow_update();
