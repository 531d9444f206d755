-- Keeps kpi_daily and internal.kpi_daily_sources: adds differences, makes missing days, counts afresh.

-- Counts the sources of some days afresh: of those with differences that name none. Only very old versions wrote such.
CREATE OR REPLACE FUNCTION internal.kpi_recount_sources(the_days date[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM internal.kpi_daily_sources s USING public.kpi_daily k
    WHERE s.day = ANY (the_days) AND k.day = s.day AND NOT k.by_hand AND k.closed_at IS NULL;
  INSERT INTO internal.kpi_daily_sources
    SELECT s.* FROM public.kpi_daily k CROSS JOIN LATERAL internal.kpi_count_sources(k.day, k.day) s
    WHERE k.day = ANY (the_days) AND NOT k.by_hand AND k.closed_at IS NULL;
$$;

-- The new day after midnight, with its sources; all days up to the old first one when an earlier lead turned up.
CREATE OR REPLACE FUNCTION internal.kpi_add_missing_days(first_day date, today date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first_missing date;
  last_missing date;
BEGIN
  IF (SELECT count(*) FROM public.kpi_daily WHERE day BETWEEN first_day AND today) = today - first_day + 1 THEN
    RETURN;
  END IF;
  SELECT min(d), max(d) INTO first_missing, last_missing
    FROM generate_series(first_day::timestamp, today::timestamp, interval '1 day') AS d
    WHERE NOT EXISTS (SELECT 1 FROM public.kpi_daily k WHERE k.day = d::date);
  WITH per_source AS MATERIALIZED (SELECT * FROM internal.kpi_count_sources(first_missing, last_missing)),
  missing AS MATERIALIZED (
    SELECT d.day, d.dlq_open FROM internal.kpi_count_stock(first_missing, last_missing) d
    WHERE NOT EXISTS (SELECT 1 FROM public.kpi_daily k WHERE k.day = d.day)),
  days AS (
    INSERT INTO public.kpi_daily (day, received_count, processed_count, failed_count, dlq_open_count, avg_processing_ms, processing_us_sum)
      SELECT m.day, coalesce(sum(s.received), 0), coalesce(sum(s.processed), 0), coalesce(sum(s.failed), 0), m.dlq_open,
        internal.kpi_average_ms(sum(s.processing_us), sum(s.processed)::integer), coalesce(sum(s.processing_us), 0)
      FROM missing m LEFT JOIN per_source s ON s.day = m.day GROUP BY m.day, m.dlq_open)
  INSERT INTO internal.kpi_daily_sources SELECT s.* FROM per_source s JOIN missing m ON m.day = s.day;
END
$$;

-- Adds the differences seen to kpi_daily and kpi_daily_sources and makes the rows that are missing, counted afresh in the
-- same snapshot. The caller's transaction is REPEATABLE READ and has locked kpi_daily before its first query.
CREATE OR REPLACE FUNCTION internal.kpi_roll_up() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone text := internal.reporting_timezone();
  today date := (clock_timestamp() AT TIME ZONE zone)::date;
  without_source date[];
  without_duration date[];
BEGIN
  IF current_setting('transaction_isolation') <> 'repeatable read' THEN
    RAISE EXCEPTION 'KPI roll-up needs isolation level REPEATABLE READ' USING ERRCODE = 'LL005';
  END IF;
  PERFORM set_config('leadledger.operation', 'kpi', true);
  PERFORM internal.hours_add_differences();

  WITH seen AS (DELETE FROM internal.kpi_deltas RETURNING *),
  per_source AS MATERIALIZED (
    SELECT (bucket AT TIME ZONE zone)::date AS day, source, sum(received) AS received, sum(processed) AS processed,
      sum(failed) AS failed, sum(no_destination) AS no_destination, sum(by_hand) AS by_hand,
      sum(withdrawn) AS withdrawn, sum(processing_us) AS processing_us, max(last_received_at) AS last_received_at, sum(dlq_open) AS dlq_open,
      bool_or(source IS NULL AND (received, processed, failed) <> (0, 0, 0)) AS lacks_source,
      bool_or(source IS NULL AND (received, processed, failed) <> (0, 0, 0) OR processed > 0 AND within_ms IS NULL) AS lacks_duration
    FROM seen GROUP BY 1, 2),
  per_day AS MATERIALIZED (
    SELECT day, sum(received) AS received, sum(processed) AS processed, sum(failed) AS failed,
      sum(processing_us) AS processing_us, sum(dlq_open) AS dlq_open
    FROM per_source GROUP BY 1),
  -- a day counts the leads received on it, and the stock of all days up to it
  summed AS (
    SELECT day, sum(received) AS received, sum(processed) AS processed, sum(failed) AS failed,
      sum(processing_us) AS processing_us, sum(sum(dlq_open)) OVER (ORDER BY day) AS dlq_open
    FROM (SELECT * FROM per_day
      UNION ALL SELECT day, 0, 0, 0, 0, 0 FROM public.kpi_daily WHERE day >= (SELECT min(day) FROM per_day)) AS days
    GROUP BY day),
  days AS (
    UPDATE public.kpi_daily k
      SET received_count = k.received_count + s.received, processed_count = k.processed_count + s.processed,
        failed_count = k.failed_count + s.failed, processing_us_sum = k.processing_us_sum + s.processing_us,
        avg_processing_ms = internal.kpi_average_ms(k.processing_us_sum + s.processing_us, (k.processed_count + s.processed)::integer),
        dlq_open_count = k.dlq_open_count + s.dlq_open
      FROM summed s
      WHERE k.day = s.day AND NOT k.by_hand AND k.closed_at IS NULL
        AND (s.received, s.processed, s.failed, s.processing_us, s.dlq_open) <> (0, 0, 0, 0, 0)),
  sources AS (
    INSERT INTO internal.kpi_daily_sources AS k (day, source, received_count, processed_count, failed_count, no_destination_count,
        resolved_by_hand_count, withdrawn_count, processing_us_sum, last_received_at)
      SELECT s.day, s.source, s.received, s.processed, s.failed, s.no_destination, s.by_hand, s.withdrawn, s.processing_us,
        s.last_received_at
      FROM per_source s JOIN public.kpi_daily d ON d.day = s.day
      WHERE s.source IS NOT NULL AND NOT d.by_hand AND d.closed_at IS NULL
      ON CONFLICT (day, source) DO UPDATE
      SET received_count = k.received_count + excluded.received_count, processed_count = k.processed_count + excluded.processed_count,
        failed_count = k.failed_count + excluded.failed_count,
        no_destination_count = k.no_destination_count + excluded.no_destination_count,
        resolved_by_hand_count = k.resolved_by_hand_count + excluded.resolved_by_hand_count,
        withdrawn_count = k.withdrawn_count + excluded.withdrawn_count,
        processing_us_sum = k.processing_us_sum + excluded.processing_us_sum,
        last_received_at = greatest(k.last_received_at, excluded.last_received_at))
  SELECT array_agg(day) FILTER (WHERE lacks_source), array_agg(DISTINCT day) FILTER (WHERE lacks_duration)
    INTO without_source, without_duration FROM per_source;

  PERFORM internal.kpi_recount_sources(without_source);
  -- older versions wrote such, until the moment of the migration
  PERFORM internal.hours_recount(day::timestamp AT TIME ZONE zone, (day + 1)::timestamp AT TIME ZONE zone, true)
    FROM unnest(without_duration) AS d (day) WHERE day::timestamp AT TIME ZONE zone >= internal.hours_counted_from();
  PERFORM internal.kpi_add_missing_days(internal.kpi_first_day(), today);
  PERFORM internal.hours_fill(20000);
  PERFORM set_config('leadledger.operation', '', true);
END
$$;

-- Counts every day and every hour afresh and returns the days whose figures were wrong, or those of one of its sources or
-- hours; after a roll-up there are none. Rows filled in by hand and closed days are left alone. Same demands on the caller's transaction as
-- kpi_roll_up().
CREATE OR REPLACE FUNCTION internal.kpi_rebuild() RETURNS TABLE (wrong_day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date;
  first_day date := internal.kpi_first_day();
  wrong_hours date[];
BEGIN
  PERFORM internal.kpi_roll_up();
  PERFORM set_config('leadledger.operation', 'kpi', true);
  PERFORM internal.hours_fill_from('-infinity');
  wrong_hours := ARRAY(SELECT internal.hours_recount('-infinity', 'infinity', true));
  RETURN QUERY
    WITH per_source AS MATERIALIZED (SELECT * FROM internal.kpi_count_sources(first_day, today)),
    truth AS MATERIALIZED (
      SELECT d.day, d.dlq_open, coalesce(sum(s.received), 0)::integer AS received,
        coalesce(sum(s.processed), 0)::integer AS processed, coalesce(sum(s.failed), 0)::integer AS failed,
        coalesce(sum(s.processing_us), 0) AS processing_us
      FROM internal.kpi_count_stock(first_day, today) d LEFT JOIN per_source s ON s.day = d.day GROUP BY d.day, d.dlq_open),
    -- with their sources
    removed AS (
      DELETE FROM public.kpi_daily k WHERE NOT k.by_hand AND k.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM truth t WHERE t.day = k.day) RETURNING k.day),
    mended AS (
      UPDATE public.kpi_daily k
        SET received_count = t.received, processed_count = t.processed, failed_count = t.failed,
          dlq_open_count = t.dlq_open, processing_us_sum = t.processing_us,
          avg_processing_ms = internal.kpi_average_ms(t.processing_us, t.processed)
        FROM truth t
        WHERE k.day = t.day AND NOT k.by_hand AND k.closed_at IS NULL
          AND (k.received_count, k.processed_count, k.failed_count, k.dlq_open_count, k.processing_us_sum, coalesce(k.avg_processing_ms, -1))
            <> (t.received, t.processed, t.failed, t.dlq_open, t.processing_us, coalesce(internal.kpi_average_ms(t.processing_us, t.processed), -1))
        RETURNING k.day),
    removed_sources AS (
      DELETE FROM internal.kpi_daily_sources s USING truth t JOIN public.kpi_daily k ON k.day = t.day
        WHERE s.day = t.day AND NOT k.by_hand AND k.closed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM per_source p WHERE p.day = s.day AND p.source = s.source) RETURNING s.day),
    mended_sources AS (
      INSERT INTO internal.kpi_daily_sources AS s
        SELECT different.* FROM (SELECT * FROM per_source EXCEPT SELECT * FROM internal.kpi_daily_sources) AS different
        JOIN public.kpi_daily k ON k.day = different.day WHERE NOT k.by_hand AND k.closed_at IS NULL
        ON CONFLICT (day, source) DO UPDATE
        SET received_count = excluded.received_count, processed_count = excluded.processed_count,
          failed_count = excluded.failed_count, no_destination_count = excluded.no_destination_count,
          resolved_by_hand_count = excluded.resolved_by_hand_count, withdrawn_count = excluded.withdrawn_count,
          processing_us_sum = excluded.processing_us_sum,
          last_received_at = excluded.last_received_at
        RETURNING s.day)
    SELECT r.day FROM removed r UNION SELECT m.day FROM mended m UNION SELECT r.day FROM removed_sources r
      UNION SELECT m.day FROM mended_sources m UNION SELECT unnest(wrong_hours) ORDER BY 1;
  PERFORM set_config('leadledger.operation', '', true);
END
$$;

-- Makes new_zone the reporting time zone and counts all days afresh in it. Returns the zone before, or NULL when
-- PostgreSQL does not know new_zone. Same demands on the caller's transaction as kpi_roll_up().
CREATE OR REPLACE FUNCTION internal.kpi_change_timezone(new_zone text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  old_zone text := internal.reporting_timezone();
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_timezone_names WHERE name = new_zone) THEN
    RETURN NULL;
  END IF;
  IF new_zone <> old_zone THEN
    INSERT INTO internal.settings AS s (name, value) VALUES ('timezone', to_jsonb(new_zone))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp();
    PERFORM internal.kpi_rebuild();
    INSERT INTO public.audit_events (event_type, payload)
      VALUES ('timezone_changed', jsonb_build_object('from', old_zone, 'to', new_zone));
  END IF;
  RETURN old_zone;
END
$$;
