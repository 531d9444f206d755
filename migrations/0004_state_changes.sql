-- The legal changes of runs and dlq, the events they leave, and how a run's fate follows from its deliveries and
-- entries. SQLSTATEs: LL001 illegal state change · LL002 a fixed column was changed · LL003 append-only ·
-- LL004 a time in the future · LL005 wrong isolation level · LL006 a counted KPI day.
--
-- Trigger functions that judge a change run with the rights of whoever makes it (so that they can see who that
-- is); functions that write on behalf of the ledger are SECURITY DEFINER.

-- A REPEATABLE READ snapshot misses a change of another transaction even after waiting for the run's lock.
CREATE FUNCTION public.ledger_require_read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'state changes need isolation level READ COMMITTED, this transaction is %',
      upper(current_setting('transaction_isolation')) USING ERRCODE = 'LL005';
  END IF;
END
$$;

-- True inside a change that the ledger's own triggers make.
CREATE FUNCTION public.ledger_is_own_change(trigger_depth integer, relation oid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT trigger_depth > 1 AND pg_catalog.has_table_privilege(current_user, relation, 'TRUNCATE')
$$;

-- What keeps a run from being processed by hand, in words; NULL: nothing. Volatile, so that every statement in
-- it sees what was committed while the run's lock was waited for.
CREATE FUNCTION public.ledger_open_work(the_run uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

CREATE FUNCTION public.ledger_has_deliveries(the_run uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM deliveries WHERE run_id = the_run);
END
$$;
REVOKE EXECUTE ON FUNCTION public.ledger_has_deliveries(uuid) FROM PUBLIC;

-- runs ---------------------------------------------------------------------------------------------------

CREATE FUNCTION public.runs_check_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.received_at > clock_timestamp() OR NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: received_at and processed_at must not be in the future', NEW.run_id USING ERRCODE = 'LL004';
  END IF;
  IF NEW.status = 'processed' AND NEW.processed_at IS NULL THEN
    NEW.processed_at := greatest(clock_timestamp(), NEW.received_at);
  END IF;
  IF NEW.outcome = 'no_destination' AND ledger_is_by_hand() THEN
    RAISE EXCEPTION 'run %: no_destination is decided by intake only', NEW.run_id USING ERRCODE = 'LL001';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER runs_check_insert BEFORE INSERT ON public.runs FOR EACH ROW
  WHEN (NEW.status <> 'accepted' OR NEW.received_at > clock_timestamp())
  EXECUTE FUNCTION public.runs_check_insert();

CREATE FUNCTION public.runs_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF ledger_is_by_hand() THEN
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT run_id, 'run_inserted', jsonb_build_object('status', status, 'source', source, 'received_at', received_at)
      FROM new_rows ORDER BY run_id;
  ELSE
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT run_id, 'lead_processed', jsonb_build_object('outcome', outcome)
      FROM new_rows WHERE status = 'processed' ORDER BY run_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER runs_record_insert AFTER INSERT ON public.runs REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.runs_record_insert();

CREATE FUNCTION public.runs_check_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own_change boolean := public.ledger_is_own_change(pg_trigger_depth(), TG_RELID);
  correction boolean := current_setting('leadledger.operation', true) = 'correction'
    AND NOT public.ledger_is_by_hand() AND OLD.refused AND NOT NEW.refused AND NEW.status = 'accepted';
  open_work text;
BEGIN
  IF (NEW.run_id, NEW.source, NEW.idempotency_key, NEW.received_at, NEW.test)
    <> (OLD.run_id, OLD.source, OLD.idempotency_key, OLD.received_at, OLD.test)
    OR NEW.refused <> OLD.refused AND NOT correction
  THEN
    RAISE EXCEPTION 'run %: run_id, source, idempotency_key, received_at, test and refused never change', OLD.run_id
      USING ERRCODE = 'LL002';
  END IF;

  IF NEW.status = OLD.status THEN
    IF NEW.processed_at IS DISTINCT FROM OLD.processed_at OR NEW.outcome IS DISTINCT FROM OLD.outcome THEN
      RAISE EXCEPTION 'run %: processed_at and outcome are set by the change to processed and never change', OLD.run_id
        USING ERRCODE = 'LL002';
    END IF;
    RETURN NEW;
  END IF;

  PERFORM public.ledger_require_read_committed();
  IF NOT (OLD.status = 'accepted' AND NEW.status IN ('processed', 'failed')
    OR OLD.status = 'failed' AND NEW.status = 'processed' OR correction)
  THEN
    RAISE EXCEPTION 'run % is %, it cannot become %', OLD.run_id, OLD.status, NEW.status USING ERRCODE = 'LL001',
      HINT = CASE OLD.status
        WHEN 'accepted' THEN 'Allowed: processed, failed.'
        WHEN 'failed' THEN 'Allowed: processed; accepted only when intake receives a corrected payload.'
        ELSE 'processed is final.' END;
  END IF;

  IF NEW.status <> 'processed' THEN
    RETURN NEW;
  END IF;
  IF NOT own_change THEN
    IF NEW.refused THEN
      RAISE EXCEPTION 'run % cannot become processed: its payload was refused and has not been corrected', OLD.run_id
        USING ERRCODE = 'LL001', HINT = 'Send the corrected payload under the same idempotency key.';
    END IF;
    open_work := public.ledger_open_work(OLD.run_id);
    IF open_work IS NOT NULL THEN
      RAISE EXCEPTION 'run % cannot become processed while work is open: %', OLD.run_id, open_work
        USING ERRCODE = 'LL001', HINT = 'Resolve the entries; the run follows by itself.';
    END IF;
    IF public.ledger_is_by_hand() OR NEW.outcome IS NULL THEN
      NEW.outcome := CASE WHEN public.ledger_has_deliveries(OLD.run_id) THEN 'delivered' ELSE 'resolved_by_hand' END;
    END IF;
  END IF;
  IF NEW.processed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'run %: processed_at must not be in the future', OLD.run_id USING ERRCODE = 'LL004';
  END IF;
  NEW.processed_at := coalesce(NEW.processed_at, greatest(clock_timestamp(), OLD.received_at));
  NEW.error_code := NULL;
  NEW.error_message := NULL;
  RETURN NEW;
END
$$;

CREATE TRIGGER runs_check_update BEFORE UPDATE ON public.runs
  FOR EACH ROW EXECUTE FUNCTION public.runs_check_update();

CREATE FUNCTION public.runs_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- A worker of the user's own says that it is done by changing the run: that closes its delivery.
  IF pg_trigger_depth() = 1 THEN
    DELETE FROM deliveries d USING new_rows n, old_rows o
      WHERE n.run_id = o.run_id AND n.status = 'processed' AND o.status <> 'processed' AND d.run_id = n.run_id;
  END IF;

  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT n.run_id,
      CASE n.status WHEN 'processed' THEN 'lead_processed' ELSE 'lead_failed' END,
      CASE n.status WHEN 'processed' THEN jsonb_build_object('outcome', n.outcome)
        ELSE jsonb_strip_nulls(jsonb_build_object('error_code', n.error_code, 'error_message', n.error_message)) END
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND n.status <> 'accepted'
    ORDER BY n.run_id;

  IF pg_trigger_depth() = 1 THEN
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT n.run_id, 'run_changed', jsonb_build_object('changed', c.columns)
      FROM new_rows n JOIN old_rows o USING (run_id),
        LATERAL (SELECT jsonb_agg(key ORDER BY key) AS columns
          FROM jsonb_each(to_jsonb(n)) AS after_change (key, value)
          WHERE value IS DISTINCT FROM to_jsonb(o) -> key) AS c
      WHERE n.status = o.status AND c.columns IS NOT NULL
      ORDER BY n.run_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER runs_record_update AFTER UPDATE ON public.runs
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.runs_record_update();

-- Moves runs to the state that their deliveries and entries call for. The runs are locked first, in order; the
-- decision is a later statement and therefore sees what others committed meanwhile. It looks at what exists, not
-- at counters, so that it may be called between two changes of one statement.
CREATE FUNCTION public.ledger_decide(the_runs uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM ledger_require_read_committed();
  PERFORM 1 FROM runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  UPDATE runs r
    SET status = fate.status,
      outcome = CASE WHEN fate.status <> 'processed' THEN NULL WHEN fate.by_hand THEN 'resolved_by_hand' ELSE 'delivered' END,
      error_code = fate.error_code,
      error_message = fate.reason
    FROM (
      SELECT x.run_id, holding.error_code, holding.reason, settled.by_hand,
        CASE
          WHEN holding.dlq_id IS NOT NULL THEN 'failed'
          WHEN x.refused OR EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = x.run_id) THEN x.status
          WHEN x.status = 'accepted' OR settled.by_hand IS NOT NULL THEN 'processed'
          ELSE x.status
        END AS status
      FROM runs x
      -- the oldest entry that keeps the run failed; a dead one does until an entry reopened from it takes its place
      LEFT JOIN LATERAL (
        SELECT q.dlq_id, q.error_code, q.reason FROM dlq q
        WHERE q.run_id = x.run_id AND (q.kind = 'delivery' OR q.kind = 'refused' AND x.refused)
          AND (q.status IN ('open', 'retrying')
            OR q.status = 'dead' AND NOT EXISTS (SELECT 1 FROM dlq n WHERE n.reopened_from = q.dlq_id))
        ORDER BY q.dlq_id LIMIT 1) AS holding ON true
      -- NULL: no entry of the run was resolved
      LEFT JOIN LATERAL (
        SELECT bool_or(q.resolution <> 'delivered') AS by_hand FROM dlq q
        WHERE q.run_id = x.run_id AND q.kind = 'delivery' AND q.status = 'resolved'
          AND NOT EXISTS (SELECT 1 FROM dlq n WHERE n.reopened_from = q.dlq_id)) AS settled ON true
      WHERE x.run_id = ANY (the_runs) AND x.status <> 'processed'
    ) AS fate
    WHERE r.run_id = fate.run_id AND r.status <> fate.status;
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

-- dlq ----------------------------------------------------------------------------------------------------

CREATE FUNCTION public.dlq_check_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_run record;
  earlier record;
BEGIN
  IF NEW.created_at > clock_timestamp() OR NEW.closed_at > clock_timestamp() THEN
    RAISE EXCEPTION 'DLQ entry: created_at and closed_at must not be in the future' USING ERRCODE = 'LL004';
  END IF;
  NEW.test := false;
  IF NEW.run_id IS NOT NULL THEN
    SELECT r.status, r.refused, r.test INTO the_run FROM public.runs r WHERE r.run_id = NEW.run_id FOR NO KEY UPDATE;
    NEW.test := coalesce(the_run.test, false);
    IF NEW.kind = 'delivery' AND the_run.refused THEN
      RAISE EXCEPTION 'run %: a refused payload is not delivered, so it takes no delivery entry', NEW.run_id USING ERRCODE = 'LL001';
    END IF;
    IF NEW.kind = 'delivery' AND the_run.status = 'processed' THEN
      RAISE EXCEPTION 'run % is processed, which is final: it takes no delivery entry', NEW.run_id USING ERRCODE = 'LL001',
        HINT = 'An entry of kind replay or manual does not move the run.';
    END IF;
    IF NEW.kind = 'refused' AND NOT the_run.refused THEN
      RAISE EXCEPTION 'run %: its payload was not refused, so it takes no refused entry', NEW.run_id USING ERRCODE = 'LL001',
        HINT = 'An entry of kind manual does not move the run.';
    END IF;
  END IF;

  IF NEW.reopened_from IS NOT NULL THEN
    SELECT q.status, q.run_id, q.destination INTO earlier FROM public.dlq q WHERE q.dlq_id = NEW.reopened_from;
    IF earlier.status IN ('open', 'retrying') OR (earlier.run_id, earlier.destination) IS DISTINCT FROM (NEW.run_id, NEW.destination) THEN
      RAISE EXCEPTION 'DLQ entry % cannot be reopened by this one: it is not closed, or of another run or destination', NEW.reopened_from
        USING ERRCODE = 'LL001';
    END IF;
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

CREATE TRIGGER dlq_check_insert BEFORE INSERT ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_check_insert();

CREATE FUNCTION public.dlq_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT run_id, 'dlq_created', jsonb_strip_nulls(jsonb_build_object(
      'dlq_id', dlq_id, 'kind', kind, 'status', status, 'destination', destination, 'error_code', error_code,
      'reason', reason, 'next_retry_at', next_retry_at, 'reopened_from', reopened_from))
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

CREATE FUNCTION public.dlq_check_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.dlq_id, NEW.kind, NEW.created_at, NEW.test) <> (OLD.dlq_id, OLD.kind, OLD.created_at, OLD.test)
    OR NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.destination IS DISTINCT FROM OLD.destination
    OR NEW.reopened_from IS DISTINCT FROM OLD.reopened_from
    OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at AND NEW.status = OLD.status
  THEN
    RAISE EXCEPTION 'DLQ entry %: dlq_id, run_id, kind, destination, created_at, test, reopened_from and closed_at never change', OLD.dlq_id
      USING ERRCODE = 'LL002';
  END IF;
  IF NEW.retry_count < OLD.retry_count THEN
    RAISE EXCEPTION 'DLQ entry %: retry_count never falls', OLD.dlq_id USING ERRCODE = 'LL002';
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;

  PERFORM public.ledger_require_read_committed();
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
    IF NEW.closed_at > clock_timestamp() THEN
      RAISE EXCEPTION 'DLQ entry %: closed_at must not be in the future', OLD.dlq_id USING ERRCODE = 'LL004';
    END IF;
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Whoever changed the entry may not hold the run's lock yet; the run's events need it.
  PERFORM 1 FROM runs WHERE run_id IN (SELECT run_id FROM new_rows) ORDER BY run_id FOR NO KEY UPDATE;

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
    FROM new_rows n JOIN old_rows o USING (dlq_id),
      LATERAL (SELECT jsonb_object_agg(key, CASE WHEN key = 'payload' THEN 'true' ELSE
            jsonb_build_object('from', to_jsonb(o) -> key, 'to', value) END) AS columns
        FROM jsonb_each(to_jsonb(n) - 'leased_by' - 'lease_until') AS after_change (key, value)
        WHERE value IS DISTINCT FROM to_jsonb(o) -> key) AS c
    WHERE n.status = o.status AND c.columns IS NOT NULL
    ORDER BY n.run_id, n.dlq_id;

  PERFORM ledger_decide(array_agg(DISTINCT n.run_id)) FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE n.kind = 'delivery' AND n.status <> o.status AND n.status IN ('resolved', 'dead') HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_record_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_record_update();
