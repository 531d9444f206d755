-- DLQ entries by cause: how many each has, at any moment (internal.dlq_causes).

-- What entries have in common that one deed may settle: kind, where it was to go (or, without a destination, where it
-- came from) and error code, as one text.
CREATE OR REPLACE FUNCTION internal.dlq_cause(kind text, destination text, source text, error_code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kind || E'\x1f' || coalesce(destination, E'\x1e' || coalesce(source, E'\x1e')) || E'\x1f' || coalesce(error_code, E'\x1e');

-- The status, with open ones that wait for a person told from those that heal themselves.
CREATE OR REPLACE FUNCTION internal.dlq_stage(status text, next_retry_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status = 'open' AND next_retry_at IS NULL THEN 'needs_decision' ELSE status END;

-- Here and not in migrations/, because they are made of these functions. Whoever changes what one returns makes them anew.
CREATE INDEX IF NOT EXISTS dlq_by_cause ON public.dlq (
  internal.dlq_cause(kind, destination, source, error_code), internal.dlq_stage(status, next_retry_at), dlq_id);
CREATE INDEX IF NOT EXISTS dlq_cause_due ON public.dlq (internal.dlq_cause(kind, destination, source, error_code), next_retry_at)
  WHERE status = 'open' AND next_retry_at IS NOT NULL;

-- Every statement that changes dlq appends differences, so that none waits for another; the sum over a cause is its count,
-- at any moment.
CREATE OR REPLACE FUNCTION internal.dlq_count_causes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO internal.dlq_causes (cause, entries, at_work, need_decision)
      SELECT internal.dlq_cause(kind, destination, source, error_code), count(*),
        count(*) FILTER (WHERE status IN ('open', 'retrying')), count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
      FROM new_rows GROUP BY 1;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO internal.dlq_causes (cause, entries, at_work, need_decision)
      SELECT internal.dlq_cause(kind, destination, source, error_code), -count(*),
        -count(*) FILTER (WHERE status IN ('open', 'retrying')), -count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
      FROM old_rows GROUP BY 1;
  ELSE
    INSERT INTO internal.dlq_causes (cause, entries, at_work, need_decision)
      SELECT internal.dlq_cause(kind, destination, source, error_code), sum(sign),
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

CREATE OR REPLACE TRIGGER dlq_count_causes_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_count_causes();

CREATE OR REPLACE TRIGGER dlq_count_causes_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_count_causes();

CREATE OR REPLACE TRIGGER dlq_count_causes_delete AFTER DELETE ON public.dlq REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_count_causes();

-- Makes one row of a cause's differences. What is written meanwhile is not seen and stays.
CREATE OR REPLACE FUNCTION internal.dlq_roll_up_causes() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH seen AS (DELETE FROM internal.dlq_causes RETURNING *)
  INSERT INTO internal.dlq_causes (cause, entries, at_work, need_decision)
    SELECT cause, sum(entries), sum(at_work), sum(need_decision) FROM seen GROUP BY cause
$$;

-- Counts afresh: for rows that came past the triggers.
CREATE OR REPLACE FUNCTION internal.dlq_recount_causes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  LOCK TABLE public.dlq IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM internal.dlq_causes;
  INSERT INTO internal.dlq_causes (cause, entries, at_work, need_decision)
    SELECT internal.dlq_cause(kind, destination, source, error_code), count(*),
      count(*) FILTER (WHERE status IN ('open', 'retrying')), count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
    FROM public.dlq GROUP BY 1;
END
$$;
