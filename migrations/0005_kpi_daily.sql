-- Daily figures. Every change of runs and dlq leaves one row of differences per statement (kpi_deltas; those of runs
-- are written where their changes are told, in 0004), bucketed to 15 minutes UTC: since ledger_earliest_time() no time
-- zone's offset is finer, so the reporting zone is applied only when they are rolled up and a change of zone rewrites
-- nothing but kpi_daily.

CREATE TABLE public.kpi_daily (
  day               date PRIMARY KEY,
  received_count    integer NOT NULL DEFAULT 0,
  processed_count   integer NOT NULL DEFAULT 0,
  failed_count      integer NOT NULL DEFAULT 0,
  dlq_open_count    integer NOT NULL DEFAULT 0,
  avg_processing_ms bigint,
  processing_us_sum numeric NOT NULL DEFAULT 0,
  by_hand           boolean NOT NULL DEFAULT false,
  closed_at         timestamptz
);

COMMENT ON TABLE public.kpi_daily IS 'One row per day of the reporting time zone, from the first lead to today; live within two seconds.';
COMMENT ON COLUMN public.kpi_daily.day IS 'Calendar day of received_at in the reporting time zone.';
COMMENT ON COLUMN public.kpi_daily.received_count IS 'Leads received that day, without test leads. received = processed + failed + still accepted.';
COMMENT ON COLUMN public.kpi_daily.processed_count IS 'Of the leads received that day: processed by now.';
COMMENT ON COLUMN public.kpi_daily.failed_count IS 'Of the leads received that day: failed as they stand now.';
COMMENT ON COLUMN public.kpi_daily.dlq_open_count IS 'DLQ entries open or retrying at the end of that day (today: now).';
COMMENT ON COLUMN public.kpi_daily.avg_processing_ms IS 'Average of processed_at - received_at of the leads received that day; NULL while there are none.';
COMMENT ON COLUMN public.kpi_daily.processing_us_sum IS 'Sum behind the average, in microseconds; numeric, because thirty years times ten thousand leads exceed a bigint.';
COMMENT ON COLUMN public.kpi_daily.by_hand IS 'Filled in by a person for a day that is not counted; left alone by roll-up and rebuild.';
COMMENT ON COLUMN public.kpi_daily.closed_at IS 'Since then the day''s runs may have left by retention; its figures stay as they are.';

CREATE TRIGGER kpi_daily_keep_rows BEFORE TRUNCATE ON public.kpi_daily
  FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keeps_rows();

CREATE TABLE public.kpi_deltas (
  bucket        timestamptz NOT NULL,
  received      integer NOT NULL DEFAULT 0,
  processed     integer NOT NULL DEFAULT 0,
  failed        integer NOT NULL DEFAULT 0,
  processing_us numeric NOT NULL DEFAULT 0,
  dlq_open      integer NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE public.kpi_deltas IS 'Differences not rolled up into kpi_daily yet.';

CREATE FUNCTION public.kpi_bucket(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_bin('15 minutes', at, '2000-01-01T00:00:00Z')
$$;

CREATE FUNCTION public.microseconds_between(earlier timestamptz, later timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM later - earlier) * 1000000)::bigint
$$;

-- The stock: +1 when an entry is made, -1 when it is closed.
CREATE FUNCTION public.dlq_count_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_deltas (bucket, dlq_open)
    SELECT kpi_bucket(moved.at), sum(moved.difference)
    FROM (SELECT created_at AS at, 1 AS difference FROM new_rows WHERE NOT test
      UNION ALL SELECT closed_at, -1 FROM new_rows WHERE closed_at IS NOT NULL AND NOT test) AS moved
    GROUP BY 1;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_count_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_count_insert();

CREATE FUNCTION public.dlq_count_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_deltas (bucket, dlq_open)
    SELECT kpi_bucket(n.closed_at), -count(*)
    FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE n.closed_at IS NOT NULL AND o.closed_at IS NULL AND NOT n.test GROUP BY 1;
  RETURN NULL;
END
$$;

CREATE TRIGGER dlq_count_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.dlq_count_update();

CREATE FUNCTION public.reporting_timezone() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT value #>> '{}' FROM settings WHERE name = 'timezone'), 'Europe/Berlin')
$$;
REVOKE EXECUTE ON FUNCTION public.reporting_timezone() FROM PUBLIC;

-- The first day that is counted; NULL before the first lead.
CREATE FUNCTION public.kpi_first_day() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT least(
    (SELECT (received_at AT TIME ZONE reporting_timezone())::date FROM runs WHERE NOT test ORDER BY received_at LIMIT 1),
    (SELECT min(day) FROM kpi_daily WHERE closed_at IS NOT NULL))
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_first_day() FROM PUBLIC;

-- The figures of the days first_day to last_day, counted afresh from runs and dlq.
CREATE FUNCTION public.kpi_count_days(first_day date, last_day date)
RETURNS TABLE (day date, received integer, processed integer, failed integer, processing_us numeric, dlq_open integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT reporting_timezone() AS name),
  leads AS (
    SELECT (received_at AT TIME ZONE zone.name)::date AS day, count(*) AS received,
      count(*) FILTER (WHERE status = 'processed') AS processed, count(*) FILTER (WHERE status = 'failed') AS failed,
      sum(microseconds_between(received_at, processed_at)) AS processing_us
    FROM runs, zone
    WHERE NOT test AND received_at >= first_day::timestamp AT TIME ZONE zone.name
      AND received_at < (last_day + 1)::timestamp AT TIME ZONE zone.name
    GROUP BY 1),
  -- what was opened and closed before first_day cancels itself out
  stays AS (
    SELECT (created_at AT TIME ZONE zone.name)::date AS opened, (closed_at AT TIME ZONE zone.name)::date AS closed
    FROM dlq, zone WHERE NOT test AND (closed_at IS NULL OR (closed_at AT TIME ZONE zone.name)::date >= first_day)),
  moves AS (
    SELECT greatest(opened, first_day) AS day, 1 AS difference FROM stays
    UNION ALL SELECT closed, -1 FROM stays WHERE closed IS NOT NULL),
  stock AS (SELECT moves.day, sum(difference) AS difference FROM moves GROUP BY 1)
  SELECT d::date, coalesce(leads.received, 0)::integer, coalesce(leads.processed, 0)::integer,
    coalesce(leads.failed, 0)::integer, coalesce(leads.processing_us, 0),
    (sum(coalesce(stock.difference, 0)) OVER (ORDER BY d))::integer
  FROM generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') AS d
  LEFT JOIN leads ON leads.day = d::date LEFT JOIN stock ON stock.day = d::date
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_count_days(date, date) FROM PUBLIC;

CREATE FUNCTION public.kpi_average_ms(processing_us numeric, processed integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN processed > 0 THEN round(processing_us / 1000 / processed)::bigint END
$$;

-- Adds the differences seen to kpi_daily and makes the rows that are missing, counted afresh in the same snapshot.
-- The caller's transaction is REPEATABLE READ and has locked kpi_daily before its first query.
CREATE FUNCTION public.kpi_roll_up() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone text := reporting_timezone();
  today date := (clock_timestamp() AT TIME ZONE zone)::date;
BEGIN
  IF current_setting('transaction_isolation') <> 'repeatable read' THEN
    RAISE EXCEPTION 'KPI roll-up needs isolation level REPEATABLE READ' USING ERRCODE = 'LL005';
  END IF;
  PERFORM set_config('leadledger.operation', 'kpi', true);

  WITH seen AS (DELETE FROM kpi_deltas RETURNING *),
  per_day AS MATERIALIZED (
    SELECT (bucket AT TIME ZONE zone)::date AS day, sum(received) AS received, sum(processed) AS processed,
      sum(failed) AS failed, sum(processing_us) AS processing_us, sum(dlq_open) AS dlq_open
    FROM seen GROUP BY 1),
  -- a day counts the leads received on it, and the stock of all days up to it
  summed AS (
    SELECT day, sum(received) AS received, sum(processed) AS processed, sum(failed) AS failed,
      sum(processing_us) AS processing_us, sum(sum(dlq_open)) OVER (ORDER BY day) AS dlq_open
    FROM (SELECT * FROM per_day
      UNION ALL SELECT day, 0, 0, 0, 0, 0 FROM kpi_daily WHERE day >= (SELECT min(day) FROM per_day)) AS days
    GROUP BY day)
  UPDATE kpi_daily k
    SET received_count = k.received_count + s.received, processed_count = k.processed_count + s.processed,
      failed_count = k.failed_count + s.failed, processing_us_sum = k.processing_us_sum + s.processing_us,
      avg_processing_ms = kpi_average_ms(k.processing_us_sum + s.processing_us, (k.processed_count + s.processed)::integer),
      dlq_open_count = k.dlq_open_count + s.dlq_open
    FROM summed s
    WHERE k.day = s.day AND NOT k.by_hand AND k.closed_at IS NULL
      AND (s.received, s.processed, s.failed, s.processing_us, s.dlq_open) <> (0, 0, 0, 0, 0);

  PERFORM kpi_add_missing_days(kpi_first_day(), today);
  PERFORM set_config('leadledger.operation', '', true);
END
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_roll_up() FROM PUBLIC;

-- The new day after midnight; all days up to the old first one when an earlier lead turned up.
CREATE FUNCTION public.kpi_add_missing_days(first_day date, today date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first_missing date;
  last_missing date;
BEGIN
  IF (SELECT count(*) FROM kpi_daily WHERE day BETWEEN first_day AND today) = today - first_day + 1 THEN
    RETURN;
  END IF;
  SELECT min(d), max(d) INTO first_missing, last_missing
    FROM generate_series(first_day::timestamp, today::timestamp, interval '1 day') AS d
    WHERE NOT EXISTS (SELECT 1 FROM kpi_daily k WHERE k.day = d::date);
  INSERT INTO kpi_daily (day, received_count, processed_count, failed_count, dlq_open_count, avg_processing_ms, processing_us_sum)
    SELECT c.day, c.received, c.processed, c.failed, c.dlq_open, kpi_average_ms(c.processing_us, c.processed), c.processing_us
    FROM kpi_count_days(first_missing, last_missing) c
    WHERE NOT EXISTS (SELECT 1 FROM kpi_daily k WHERE k.day = c.day);
END
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_add_missing_days(date, date) FROM PUBLIC;

-- Counts every day afresh and returns the days whose figures were wrong; after a roll-up there are none. Rows
-- filled in by hand and closed days are left alone. Same demands on the caller's transaction as kpi_roll_up().
CREATE FUNCTION public.kpi_rebuild() RETURNS TABLE (wrong_day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE reporting_timezone())::date;
  first_day date := kpi_first_day();
BEGIN
  PERFORM kpi_roll_up();
  PERFORM set_config('leadledger.operation', 'kpi', true);
  RETURN QUERY
    WITH truth AS MATERIALIZED (SELECT * FROM kpi_count_days(first_day, today)),
    removed AS (
      DELETE FROM kpi_daily k WHERE NOT k.by_hand AND k.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM truth t WHERE t.day = k.day) RETURNING k.day),
    mended AS (
      UPDATE kpi_daily k
        SET received_count = t.received, processed_count = t.processed, failed_count = t.failed,
          dlq_open_count = t.dlq_open, processing_us_sum = t.processing_us,
          avg_processing_ms = kpi_average_ms(t.processing_us, t.processed)
        FROM truth t
        WHERE k.day = t.day AND NOT k.by_hand AND k.closed_at IS NULL
          AND (k.received_count, k.processed_count, k.failed_count, k.dlq_open_count, k.processing_us_sum, coalesce(k.avg_processing_ms, -1))
            <> (t.received, t.processed, t.failed, t.dlq_open, t.processing_us, coalesce(kpi_average_ms(t.processing_us, t.processed), -1))
        RETURNING k.day)
    SELECT r.day FROM removed r UNION ALL SELECT m.day FROM mended m ORDER BY 1;
  PERFORM set_config('leadledger.operation', '', true);
END
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_rebuild() FROM PUBLIC;

-- Makes new_zone the reporting time zone and counts all days afresh in it. Returns the zone before, or NULL when
-- PostgreSQL does not know new_zone. Same demands on the caller's transaction as kpi_roll_up().
CREATE FUNCTION public.kpi_change_timezone(new_zone text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  old_zone text := reporting_timezone();
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_timezone_names WHERE name = new_zone) THEN
    RETURN NULL;
  END IF;
  IF new_zone <> old_zone THEN
    INSERT INTO settings AS s (name, value) VALUES ('timezone', to_jsonb(new_zone))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp();
    PERFORM kpi_rebuild();
    INSERT INTO audit_events (event_type, payload)
      VALUES ('timezone_changed', jsonb_build_object('from', old_zone, 'to', new_zone));
  END IF;
  RETURN old_zone;
END
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_change_timezone(text) FROM PUBLIC;

-- Figures may be filled in by hand only for days that the ledger does not count itself.
CREATE FUNCTION public.kpi_daily_check_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('leadledger.operation', true) = 'kpi' AND has_table_privilege(session_user, TG_RELID, 'TRUNCATE') THEN
    RETURN NEW;
  END IF;
  IF NEW.day >= coalesce(kpi_first_day(), 'infinity') OR NEW.day >= (clock_timestamp() AT TIME ZONE reporting_timezone())::date
    OR TG_OP = 'UPDATE' AND (NEW.day <> OLD.day OR NOT OLD.by_hand)
  THEN
    RAISE EXCEPTION 'kpi_daily %: this day is counted by the ledger', NEW.day USING ERRCODE = 'LL006',
      HINT = 'Change runs or dlq: the figures follow. By hand only days before the first lead can be filled in.';
  END IF;
  IF NEW.day < date '2000-01-01' THEN
    RAISE EXCEPTION 'kpi_daily %: day must not be before the year 2000', NEW.day USING ERRCODE = 'LL004';
  END IF;
  IF least(NEW.received_count - NEW.processed_count - NEW.failed_count, NEW.processed_count, NEW.failed_count,
    NEW.dlq_open_count, NEW.avg_processing_ms) < 0
  THEN
    RAISE EXCEPTION 'kpi_daily %: figures must not be negative, nor processed and failed together exceed received', NEW.day
      USING ERRCODE = 'LL006';
  END IF;
  NEW.by_hand := true;
  NEW.closed_at := NULL;
  INSERT INTO audit_events (event_type, payload) VALUES ('kpi_changed', to_jsonb(NEW));
  RETURN NEW;
END
$$;

CREATE TRIGGER kpi_daily_check_change BEFORE INSERT OR UPDATE ON public.kpi_daily
  FOR EACH ROW EXECUTE FUNCTION public.kpi_daily_check_change();
