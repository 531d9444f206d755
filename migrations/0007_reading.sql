-- What lists and groups need to answer at once, however much history there is.

-- An entry knows its source, as it knows whether it is a test lead's: lists and groups need not open payloads for it.
ALTER TABLE public.dlq ADD COLUMN source text COLLATE "C";
COMMENT ON COLUMN public.dlq.source IS 'Where the payload came from: the run''s source; without a run, what the payload says. Set by the database.';

ALTER TABLE public.dlq DISABLE TRIGGER USER;
UPDATE public.dlq q
  SET source = coalesce((SELECT r.source FROM public.runs r WHERE r.run_id = q.run_id), left(q.payload ->> 'source', 255));
ALTER TABLE public.dlq ENABLE TRIGGER USER;

-- As in 0004, and takes the source over.
CREATE OR REPLACE FUNCTION public.dlq_check_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  the_run record;
BEGIN
  PERFORM dlq_check_values(NEW);
  IF NEW.dlq_id NOT BETWEEN 1 AND (SELECT last_value FROM dlq_dlq_id_seq) THEN
    RAISE EXCEPTION 'DLQ entry: dlq_id is given by the database' USING ERRCODE = 'LL002';
  END IF;

  NEW.test := false;
  NEW.source := left(NEW.payload ->> 'source', 255);
  IF NEW.run_id IS NOT NULL THEN
    SELECT r.status, r.refused, r.test, r.source INTO the_run FROM runs r WHERE r.run_id = NEW.run_id FOR NO KEY UPDATE;
    NEW.test := coalesce(the_run.test, false);
    NEW.source := the_run.source;
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

CREATE FUNCTION public.dlq_keep_source() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.source IS DISTINCT FROM OLD.source THEN
    RAISE EXCEPTION 'DLQ entry %: source never changes', OLD.dlq_id USING ERRCODE = 'LL002';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER dlq_keep_source BEFORE UPDATE OF source ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_keep_source();

-- Entries by cause ---------------------------------------------------------------------------------------

-- What entries have in common that one deed may settle: kind, where it was to go (or, without a destination, where it
-- came from) and error code, as one text.
CREATE FUNCTION public.dlq_cause(kind text, destination text, source text, error_code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kind || E'\x1f' || coalesce(destination, E'\x1e' || coalesce(source, E'\x1e')) || E'\x1f' || coalesce(error_code, E'\x1e');

-- The status, with open ones that wait for a person told from those that heal themselves.
CREATE FUNCTION public.dlq_stage(status text, next_retry_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status = 'open' AND next_retry_at IS NULL THEN 'needs_decision' ELSE status END;

CREATE INDEX dlq_by_cause ON public.dlq (
  public.dlq_cause(kind, destination, source, error_code), public.dlq_stage(status, next_retry_at), dlq_id);
CREATE INDEX dlq_cause_due ON public.dlq (public.dlq_cause(kind, destination, source, error_code), next_retry_at)
  WHERE status = 'open' AND next_retry_at IS NOT NULL;

-- How many entries each cause has. Every statement that changes dlq appends differences, so that none waits for another;
-- the sum over a cause is its count, at any moment. The leader makes one row of them.
CREATE TABLE public.dlq_causes (
  cause         text COLLATE "C" NOT NULL,
  entries       bigint NOT NULL,
  at_work       bigint NOT NULL,
  need_decision bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE public.dlq_causes IS 'Numbers of DLQ entries by cause, as differences: the sum over a cause is its number. A cause stays once it was seen.';
COMMENT ON COLUMN public.dlq_causes.cause IS 'dlq_cause() of the entries.';
COMMENT ON COLUMN public.dlq_causes.entries IS 'Entries of whatever status.';
COMMENT ON COLUMN public.dlq_causes.at_work IS 'Entries that are open or retrying.';
COMMENT ON COLUMN public.dlq_causes.need_decision IS 'Of these: open without a next attempt, so that a person must decide.';

CREATE FUNCTION public.dlq_count_causes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO dlq_causes (cause, entries, at_work, need_decision)
      SELECT dlq_cause(kind, destination, source, error_code), count(*),
        count(*) FILTER (WHERE status IN ('open', 'retrying')), count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
      FROM new_rows GROUP BY 1;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO dlq_causes (cause, entries, at_work, need_decision)
      SELECT dlq_cause(kind, destination, source, error_code), -count(*),
        -count(*) FILTER (WHERE status IN ('open', 'retrying')), -count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
      FROM old_rows GROUP BY 1;
  ELSE
    INSERT INTO dlq_causes (cause, entries, at_work, need_decision)
      SELECT dlq_cause(kind, destination, source, error_code), sum(sign),
        sum(CASE WHEN status IN ('open', 'retrying') THEN sign ELSE 0 END),
        sum(CASE WHEN status = 'open' AND next_retry_at IS NULL THEN sign ELSE 0 END)
      FROM (SELECT 1 AS sign, kind, destination, source, error_code, status, next_retry_at FROM new_rows
        UNION ALL SELECT -1, kind, destination, source, error_code, status, next_retry_at FROM old_rows) AS moved
      GROUP BY 1
      HAVING sum(sign) <> 0 OR sum(CASE WHEN status IN ('open', 'retrying') THEN sign ELSE 0 END) <> 0
        OR sum(CASE WHEN status = 'open' AND next_retry_at IS NULL THEN sign ELSE 0 END) <> 0;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_count_causes_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_count_causes();
CREATE TRIGGER dlq_count_causes_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_count_causes();
CREATE TRIGGER dlq_count_causes_delete AFTER DELETE ON public.dlq REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_count_causes();

-- Makes one row of a cause's differences. What is written meanwhile is not seen and stays.
CREATE FUNCTION public.dlq_roll_up_causes() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH seen AS (DELETE FROM dlq_causes RETURNING *)
  INSERT INTO dlq_causes (cause, entries, at_work, need_decision)
    SELECT cause, sum(entries), sum(at_work), sum(need_decision) FROM seen GROUP BY cause
$$;
REVOKE EXECUTE ON FUNCTION public.dlq_roll_up_causes() FROM PUBLIC;

-- Counts afresh: for rows that came past the triggers.
CREATE FUNCTION public.dlq_recount_causes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  LOCK TABLE dlq IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM dlq_causes;
  INSERT INTO dlq_causes (cause, entries, at_work, need_decision)
    SELECT dlq_cause(kind, destination, source, error_code), count(*),
      count(*) FILTER (WHERE status IN ('open', 'retrying')), count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
    FROM dlq GROUP BY 1;
END
$$;
REVOKE EXECUTE ON FUNCTION public.dlq_recount_causes() FROM PUBLIC;
SELECT public.dlq_recount_causes();

-- Lists of runs ------------------------------------------------------------------------------------------

-- Whatever an index on runs says in its columns or its condition, a change of it costs a new entry in every index. So
-- nothing here looks at the status, which changes with every lead: a run that is not failed has neither error_code nor
-- error_message, before and after it is processed, and test never changes. A lead that is delivered is in neither index.
CREATE INDEX runs_failed ON public.runs (received_at, run_id) WHERE error_code IS NOT NULL OR error_message IS NOT NULL;
CREATE INDEX runs_test ON public.runs (received_at, run_id) WHERE test;

-- For that, a run that a person made failed says so where they gave no reason (both functions are those of 0004 but for
-- the lines with 'made failed by hand').
CREATE OR REPLACE FUNCTION public.runs_check_insert() RETURNS trigger
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

CREATE OR REPLACE FUNCTION public.runs_check_update() RETURNS trigger
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
    ELSIF NEW.status = 'failed' THEN
      NEW.error_message := coalesce(NEW.error_message, NEW.error_code, 'made failed by hand');
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

ALTER TABLE public.runs DISABLE TRIGGER USER;
UPDATE public.runs SET error_message = coalesce(error_code, 'made failed by hand') WHERE status = 'failed' AND error_message IS NULL;
ALTER TABLE public.runs ENABLE TRIGGER USER;

-- An accepted run has deliveries, by which it is found, and the error code of a failed one is that of an entry; but for
-- those that were made so by hand.
CREATE TABLE public.runs_by_hand (run_id uuid PRIMARY KEY REFERENCES public.runs ON DELETE CASCADE);
COMMENT ON TABLE public.runs_by_hand IS 'Runs that were inserted, or changed while failed, with SQL: only they can be accepted without a delivery, or have an error code that no entry has.';
INSERT INTO public.runs_by_hand (run_id)
  SELECT DISTINCT run_id FROM public.audit_events
  WHERE run_id IS NOT NULL
    AND (event_type = 'run_inserted' OR event_type IN ('lead_failed', 'run_changed') AND actor LIKE 'db:%');

-- Both as in 0004, and they note what is made by hand.
CREATE OR REPLACE FUNCTION public.runs_record_insert() RETURNS trigger
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
    INSERT INTO runs_by_hand (run_id) SELECT run_id FROM new_rows;
  ELSIF EXISTS (SELECT FROM new_rows WHERE status = 'processed') THEN
    INSERT INTO audit_events (run_id, event_type, payload)
      SELECT run_id, 'lead_processed', jsonb_build_object('outcome', outcome)
      FROM new_rows WHERE status = 'processed' ORDER BY run_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION public.runs_record_update() RETURNS trigger
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

  IF ledger_is_by_hand() THEN
    INSERT INTO runs_by_hand (run_id) SELECT run_id FROM new_rows WHERE status = 'failed' ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

-- Lists of events ----------------------------------------------------------------------------------------

-- Events with a higher id than this happened at that time or later, within an hour: ids are drawn in the order of time,
-- but before a lock may be waited for. It spares the events an index on their time.
CREATE FUNCTION public.audit_event_id_at(at timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  low bigint := 0;
  high bigint := coalesce((SELECT max(event_id) FROM audit_events), 0);
  middle bigint;
  first record;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT e.event_id, e.event_time INTO first FROM audit_events e WHERE e.event_id > middle ORDER BY e.event_id LIMIT 1;
    IF first.event_id IS NULL OR first.event_time >= at THEN
      high := middle;
    ELSE
      low := first.event_id;
    END IF;
  END LOOP;
  RETURN low;
END
$$;
REVOKE EXECUTE ON FUNCTION public.audit_event_id_at(timestamptz) FROM PUBLIC;
