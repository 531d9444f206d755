-- What an overview needs at once: figures per day and source, and which requests were denied lately.

CREATE TABLE public.kpi_daily_sources (
  day                    date NOT NULL REFERENCES public.kpi_daily ON DELETE CASCADE,
  source                 text COLLATE "C" NOT NULL,
  received_count         integer NOT NULL,
  processed_count        integer NOT NULL,
  failed_count           integer NOT NULL,
  no_destination_count   integer NOT NULL,
  resolved_by_hand_count integer NOT NULL,
  processing_us_sum      numeric NOT NULL,
  last_received_at       timestamptz NOT NULL,
  PRIMARY KEY (day, source)
);
CREATE INDEX kpi_daily_sources_by_source ON public.kpi_daily_sources (source, day);

COMMENT ON TABLE public.kpi_daily_sources IS 'One row per day and source that leads came from; the sums over a day''s sources are its figures in kpi_daily. Days in kpi_daily that are by_hand have none.';
COMMENT ON COLUMN public.kpi_daily_sources.day IS 'As of kpi_daily.';
COMMENT ON COLUMN public.kpi_daily_sources.source IS 'Who sent the leads.';
COMMENT ON COLUMN public.kpi_daily_sources.received_count IS 'Leads received that day, without test leads.';
COMMENT ON COLUMN public.kpi_daily_sources.processed_count IS 'Of these: processed by now, however.';
COMMENT ON COLUMN public.kpi_daily_sources.failed_count IS 'Of these: failed as they stand now.';
COMMENT ON COLUMN public.kpi_daily_sources.no_destination_count IS 'Of the processed ones: nobody got them.';
COMMENT ON COLUMN public.kpi_daily_sources.resolved_by_hand_count IS 'Of the processed ones: a person resolved what had failed.';
COMMENT ON COLUMN public.kpi_daily_sources.processing_us_sum IS 'Sum of processed_at - received_at, in microseconds.';
COMMENT ON COLUMN public.kpi_daily_sources.last_received_at IS 'When the last of them was received.';

CREATE TRIGGER kpi_daily_sources_keep_rows BEFORE TRUNCATE ON public.kpi_daily_sources
  FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keeps_rows();

-- Counting afresh ----------------------------------------------------------------------------------------

-- The figures of the days first_day to last_day by source, counted afresh from runs.
CREATE FUNCTION public.kpi_count_sources(first_day date, last_day date)
RETURNS TABLE (day date, source text, received integer, processed integer, failed integer, no_destination integer,
  by_hand integer, processing_us numeric, last_received_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT reporting_timezone() AS name)
  SELECT (received_at AT TIME ZONE zone.name)::date, source, count(*)::integer,
    (count(*) FILTER (WHERE status = 'processed'))::integer, (count(*) FILTER (WHERE status = 'failed'))::integer,
    (count(*) FILTER (WHERE outcome = 'no_destination'))::integer,
    (count(*) FILTER (WHERE outcome = 'resolved_by_hand'))::integer,
    coalesce(sum(microseconds_between(received_at, processed_at)), 0), max(received_at)
  FROM runs, zone
  WHERE NOT test AND received_at >= first_day::timestamp AT TIME ZONE zone.name
    AND received_at < (last_day + 1)::timestamp AT TIME ZONE zone.name
  GROUP BY 1, 2
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_count_sources(date, date) FROM PUBLIC;

-- The entries open at the end of each of the days first_day to last_day, counted afresh from dlq.
CREATE FUNCTION public.kpi_count_stock(first_day date, last_day date) RETURNS TABLE (day date, dlq_open integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT reporting_timezone() AS name),
  -- what was opened and closed before first_day cancels itself out
  stays AS (
    SELECT (created_at AT TIME ZONE zone.name)::date AS opened, (closed_at AT TIME ZONE zone.name)::date AS closed
    FROM dlq, zone WHERE NOT test AND (closed_at IS NULL OR (closed_at AT TIME ZONE zone.name)::date >= first_day)),
  moves AS (
    SELECT greatest(opened, first_day) AS day, 1 AS difference FROM stays
    UNION ALL SELECT closed, -1 FROM stays WHERE closed IS NOT NULL),
  stock AS (SELECT moves.day, sum(difference) AS difference FROM moves GROUP BY 1)
  SELECT d::date, (sum(coalesce(stock.difference, 0)) OVER (ORDER BY d))::integer
  FROM generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') AS d
  LEFT JOIN stock ON stock.day = d::date
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_count_stock(date, date) FROM PUBLIC;

-- As in 0005, of these two.
CREATE OR REPLACE FUNCTION public.kpi_count_days(first_day date, last_day date)
RETURNS TABLE (day date, received integer, processed integer, failed integer, processing_us numeric, dlq_open integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.day, coalesce(sum(s.received), 0)::integer, coalesce(sum(s.processed), 0)::integer,
    coalesce(sum(s.failed), 0)::integer, coalesce(sum(s.processing_us), 0), d.dlq_open
  FROM kpi_count_stock(first_day, last_day) d LEFT JOIN kpi_count_sources(first_day, last_day) s ON s.day = d.day
  GROUP BY d.day, d.dlq_open
$$;

-- What is there already. Roll-ups wait for the lock. Differences that others write before the new functions hold have
-- no source: kpi_roll_up() counts the sources of their days afresh, so it does not matter what this has seen of them.
LOCK TABLE public.kpi_daily IN EXCLUSIVE MODE;
INSERT INTO public.kpi_daily_sources
  SELECT s.* FROM public.kpi_count_sources(
    (SELECT min(day) FROM public.kpi_daily WHERE NOT by_hand), (SELECT max(day) FROM public.kpi_daily)) s
  JOIN public.kpi_daily k ON k.day = s.day WHERE NOT k.by_hand AND k.closed_at IS NULL;

-- Differences by source ----------------------------------------------------------------------------------

ALTER TABLE public.kpi_deltas
  ADD COLUMN source text COLLATE "C",
  ADD COLUMN no_destination integer NOT NULL DEFAULT 0,
  ADD COLUMN by_hand integer NOT NULL DEFAULT 0,
  ADD COLUMN last_received_at timestamptz;
COMMENT ON COLUMN public.kpi_deltas.source IS 'Whose leads these are; NULL: the difference is one of the stock of entries.';

-- These three as before (0007, 0004), and their differences tell the source.
CREATE OR REPLACE FUNCTION public.runs_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_deltas (bucket, source, received, processed, failed, no_destination, by_hand, processing_us, last_received_at)
    SELECT kpi_bucket(received_at), source, count(*), count(*) FILTER (WHERE status = 'processed'),
      count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE outcome = 'no_destination'),
      count(*) FILTER (WHERE outcome = 'resolved_by_hand'),
      coalesce(sum(microseconds_between(received_at, processed_at)), 0), max(received_at)
    FROM new_rows WHERE NOT test GROUP BY 1, 2;

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
  INSERT INTO kpi_deltas (bucket, source, processed, failed, no_destination, by_hand, processing_us, last_received_at)
    SELECT kpi_bucket(n.received_at), n.source,
      sum((n.status = 'processed')::int - (o.status = 'processed')::int),
      sum((n.status = 'failed')::int - (o.status = 'failed')::int),
      count(*) FILTER (WHERE n.outcome = 'no_destination'), count(*) FILTER (WHERE n.outcome = 'resolved_by_hand'),
      coalesce(sum(microseconds_between(n.received_at, n.processed_at)), 0), max(n.received_at)
    FROM new_rows n JOIN old_rows o USING (run_id)
    WHERE n.status <> o.status AND NOT n.test GROUP BY 1, 2;

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

CREATE OR REPLACE FUNCTION public.ledger_decide(the_runs uuid[]) RETURNS void
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
      RETURNING r.run_id, fate.was, r.status, r.outcome, r.error_code, r.error_message, r.received_at, r.processed_at, r.test, r.source),
  counted AS (
    INSERT INTO kpi_deltas (bucket, source, processed, failed, by_hand, processing_us, last_received_at)
    SELECT kpi_bucket(received_at), source,
      sum((status = 'processed')::int - (was = 'processed')::int),
      sum((status = 'failed')::int - (was = 'failed')::int),
      count(*) FILTER (WHERE outcome = 'resolved_by_hand'),
      coalesce(sum(microseconds_between(received_at, processed_at)), 0), max(received_at)
    FROM decided WHERE status <> was AND NOT test GROUP BY 1, 2)
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

-- As in 0005, for the figures by source as well.
CREATE OR REPLACE FUNCTION public.kpi_roll_up() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone text := reporting_timezone();
  today date := (clock_timestamp() AT TIME ZONE zone)::date;
  without_source date[];
BEGIN
  IF current_setting('transaction_isolation') <> 'repeatable read' THEN
    RAISE EXCEPTION 'KPI roll-up needs isolation level REPEATABLE READ' USING ERRCODE = 'LL005';
  END IF;
  PERFORM set_config('leadledger.operation', 'kpi', true);

  WITH seen AS (DELETE FROM kpi_deltas RETURNING *),
  per_source AS MATERIALIZED (
    SELECT (bucket AT TIME ZONE zone)::date AS day, source, sum(received) AS received, sum(processed) AS processed,
      sum(failed) AS failed, sum(no_destination) AS no_destination, sum(by_hand) AS by_hand,
      sum(processing_us) AS processing_us, max(last_received_at) AS last_received_at, sum(dlq_open) AS dlq_open,
      bool_or(source IS NULL AND (received, processed, failed) <> (0, 0, 0)) AS lacks_source
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
      UNION ALL SELECT day, 0, 0, 0, 0, 0 FROM kpi_daily WHERE day >= (SELECT min(day) FROM per_day)) AS days
    GROUP BY day),
  days AS (
    UPDATE kpi_daily k
      SET received_count = k.received_count + s.received, processed_count = k.processed_count + s.processed,
        failed_count = k.failed_count + s.failed, processing_us_sum = k.processing_us_sum + s.processing_us,
        avg_processing_ms = kpi_average_ms(k.processing_us_sum + s.processing_us, (k.processed_count + s.processed)::integer),
        dlq_open_count = k.dlq_open_count + s.dlq_open
      FROM summed s
      WHERE k.day = s.day AND NOT k.by_hand AND k.closed_at IS NULL
        AND (s.received, s.processed, s.failed, s.processing_us, s.dlq_open) <> (0, 0, 0, 0, 0)),
  sources AS (
    INSERT INTO kpi_daily_sources AS k (day, source, received_count, processed_count, failed_count, no_destination_count,
        resolved_by_hand_count, processing_us_sum, last_received_at)
      SELECT s.day, s.source, s.received, s.processed, s.failed, s.no_destination, s.by_hand, s.processing_us, s.last_received_at
      FROM per_source s JOIN kpi_daily d ON d.day = s.day
      WHERE s.source IS NOT NULL AND NOT d.by_hand AND d.closed_at IS NULL
      ON CONFLICT (day, source) DO UPDATE
      SET received_count = k.received_count + excluded.received_count, processed_count = k.processed_count + excluded.processed_count,
        failed_count = k.failed_count + excluded.failed_count,
        no_destination_count = k.no_destination_count + excluded.no_destination_count,
        resolved_by_hand_count = k.resolved_by_hand_count + excluded.resolved_by_hand_count,
        processing_us_sum = k.processing_us_sum + excluded.processing_us_sum,
        last_received_at = greatest(k.last_received_at, excluded.last_received_at))
  SELECT array_agg(day) INTO without_source FROM per_source WHERE lacks_source;

  PERFORM kpi_recount_sources(without_source);
  PERFORM kpi_add_missing_days(kpi_first_day(), today);
  PERFORM set_config('leadledger.operation', '', true);
END
$$;

-- Counts the sources of some days afresh: of those with differences from before this migration, which name no source.
CREATE FUNCTION public.kpi_recount_sources(the_days date[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM kpi_daily_sources s USING kpi_daily k
    WHERE s.day = ANY (the_days) AND k.day = s.day AND NOT k.by_hand AND k.closed_at IS NULL;
  INSERT INTO kpi_daily_sources
    SELECT s.* FROM kpi_daily k CROSS JOIN LATERAL kpi_count_sources(k.day, k.day) s
    WHERE k.day = ANY (the_days) AND NOT k.by_hand AND k.closed_at IS NULL;
$$;
REVOKE EXECUTE ON FUNCTION public.kpi_recount_sources(date[]) FROM PUBLIC;

-- As in 0005, with their sources.
CREATE OR REPLACE FUNCTION public.kpi_add_missing_days(first_day date, today date) RETURNS void
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
  WITH per_source AS MATERIALIZED (SELECT * FROM kpi_count_sources(first_missing, last_missing)),
  missing AS MATERIALIZED (
    SELECT d.day, d.dlq_open FROM kpi_count_stock(first_missing, last_missing) d
    WHERE NOT EXISTS (SELECT 1 FROM kpi_daily k WHERE k.day = d.day)),
  days AS (
    INSERT INTO kpi_daily (day, received_count, processed_count, failed_count, dlq_open_count, avg_processing_ms, processing_us_sum)
      SELECT m.day, coalesce(sum(s.received), 0), coalesce(sum(s.processed), 0), coalesce(sum(s.failed), 0), m.dlq_open,
        kpi_average_ms(sum(s.processing_us), sum(s.processed)::integer), coalesce(sum(s.processing_us), 0)
      FROM missing m LEFT JOIN per_source s ON s.day = m.day GROUP BY m.day, m.dlq_open)
  INSERT INTO kpi_daily_sources SELECT s.* FROM per_source s JOIN missing m ON m.day = s.day;
END
$$;

-- As in 0005: a day is wrong when its figures are, or those of one of its sources.
CREATE OR REPLACE FUNCTION public.kpi_rebuild() RETURNS TABLE (wrong_day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE reporting_timezone())::date;
  first_day date := kpi_first_day();
BEGIN
  PERFORM kpi_roll_up();
  PERFORM set_config('leadledger.operation', 'kpi', true);
  RETURN QUERY
    WITH per_source AS MATERIALIZED (SELECT * FROM kpi_count_sources(first_day, today)),
    truth AS MATERIALIZED (
      SELECT d.day, d.dlq_open, coalesce(sum(s.received), 0)::integer AS received,
        coalesce(sum(s.processed), 0)::integer AS processed, coalesce(sum(s.failed), 0)::integer AS failed,
        coalesce(sum(s.processing_us), 0) AS processing_us
      FROM kpi_count_stock(first_day, today) d LEFT JOIN per_source s ON s.day = d.day GROUP BY d.day, d.dlq_open),
    -- with their sources
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
        RETURNING k.day),
    removed_sources AS (
      DELETE FROM kpi_daily_sources s USING truth t JOIN kpi_daily k ON k.day = t.day
        WHERE s.day = t.day AND NOT k.by_hand AND k.closed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM per_source p WHERE p.day = s.day AND p.source = s.source) RETURNING s.day),
    mended_sources AS (
      INSERT INTO kpi_daily_sources AS s
        SELECT different.* FROM (SELECT * FROM per_source EXCEPT SELECT * FROM kpi_daily_sources) AS different
        JOIN kpi_daily k ON k.day = different.day WHERE NOT k.by_hand AND k.closed_at IS NULL
        ON CONFLICT (day, source) DO UPDATE
        SET received_count = excluded.received_count, processed_count = excluded.processed_count,
          failed_count = excluded.failed_count, no_destination_count = excluded.no_destination_count,
          resolved_by_hand_count = excluded.resolved_by_hand_count, processing_us_sum = excluded.processing_us_sum,
          last_received_at = excluded.last_received_at
        RETURNING s.day)
    SELECT r.day FROM removed r UNION SELECT m.day FROM mended m UNION SELECT r.day FROM removed_sources r
      UNION SELECT m.day FROM mended_sources m ORDER BY 1;
  PERFORM set_config('leadledger.operation', '', true);
END
$$;

-- Denied requests ----------------------------------------------------------------------------------------

-- The audit events request_denied tell all of them; nothing finds those of the last day among all events at once.
CREATE TABLE public.denied_requests (
  hour       timestamptz NOT NULL,
  source     text COLLATE "C" NOT NULL,
  error_code text COLLATE "C" NOT NULL,
  requests   bigint NOT NULL,
  first_at   timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  PRIMARY KEY (hour, source, error_code)
);
COMMENT ON TABLE public.denied_requests IS 'Requests of the last day that were turned away: no lead, nothing stored. Counted by the hour; older hours are removed.';
COMMENT ON COLUMN public.denied_requests.hour IS 'Begin of the hour.';
COMMENT ON COLUMN public.denied_requests.source IS 'The source that they named; (others): one of too many names.';
COMMENT ON COLUMN public.denied_requests.error_code IS 'Why, as a stable code.';
COMMENT ON COLUMN public.denied_requests.requests IS 'How many.';
COMMENT ON COLUMN public.denied_requests.first_at IS 'When the first was counted, within ten seconds.';
COMMENT ON COLUMN public.denied_requests.last_at IS 'When the last was counted.';

INSERT INTO public.denied_requests
  SELECT date_trunc('hour', event_time, 'UTC'), left(payload ->> 'source', 255), payload ->> 'code',
    sum((payload ->> 'count')::bigint), min(event_time), max(event_time)
  FROM public.audit_events
  WHERE event_id > public.audit_event_id_at(clock_timestamp() - interval '25 hours') AND event_type = 'request_denied'
    AND actor = 'webhook' AND payload ?& '{source,code,count}'
  GROUP BY 1, 2, 3;
