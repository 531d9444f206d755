-- The end of attempts from the DLQ, for many at once.

-- Ends, gives back or closes those entries that the_node still holds, and tells what became of the attempts; what follows
-- for the entries and their runs, triggers see to. the_statuses: what each entry becomes; the_codes, the_reasons: NULL: as
-- they were; the_delays: milliseconds until it is tried again, NULL: never by itself; the_waits: no step of the schedule is
-- used up; the_skips: nothing was sent; have_receipts: some of the events say more of what arrived. Returns how many of
-- the outcomes counted. The runs are locked by a statement of its own, only nested loops, and plans are kept, as in
-- ledger_settle_delivered().
CREATE OR REPLACE FUNCTION internal.ledger_settle_entries(
  the_entries bigint[], the_runs uuid[], the_counts integer[], the_events text[], the_statuses text[], the_codes text[],
  the_reasons text[], the_delays double precision[], the_node text, the_waits boolean[], the_skips boolean[],
  have_receipts boolean)
RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  for_transaction text := set_config('leadledger.actor', 'delivery', true);
  told_at timestamptz;
  settled integer;
  arrived_runs uuid[];
  arrived_events text[];
BEGIN
  PERFORM 1 FROM public.runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  told_at := clock_timestamp();
  for_transaction := set_config('leadledger.events', 'complete', true);
  WITH fenced AS MATERIALIZED (
    SELECT t.*, q.destination
    FROM unnest(the_entries, the_runs, the_counts, the_events, the_statuses, the_codes, the_reasons, the_delays, the_waits, the_skips)
        AS t (dlq_id, run_id, retry_count, event, status, error_code, reason, delay_ms, waits, is_skipped)
      JOIN public.dlq q ON q.dlq_id = t.dlq_id AND q.status = 'retrying'
        AND q.retry_count = t.retry_count AND q.leased_by = the_node
    FOR UPDATE OF q),
  -- as of ledger_settle_delivered(): several entries of one run may have been tried
  story AS MATERIALIZED (
    SELECT run_id, destination, event, event_type, source, received_at, test, earlier.arrived, earlier.arrived_here,
      row_number() OVER (PARTITION BY run_id, event_type ORDER BY place) AS place_of_type,
      greatest(told_at, earlier.last_time + interval '1 microsecond') + (place - 1) * interval '1 microsecond' AS event_time
    FROM (
      SELECT f.run_id, f.destination, f.event, r.source, r.received_at, r.test, row_number() OVER (PARTITION BY f.run_id) AS place,
        CASE WHEN f.is_skipped THEN 'delivery_skipped' WHEN f.status = 'resolved' THEN 'lead_delivered'
          ELSE 'delivery_failed' END AS event_type
      FROM fenced f JOIN public.runs r ON r.run_id = f.run_id WHERE f.event IS NOT NULL) AS attempt
    CROSS JOIN LATERAL (
      SELECT max(e.event_time) AS last_time,
        bool_or(e.event_type = 'lead_delivered' AND e.actor NOT LIKE 'db:%') AS arrived,
        bool_or(e.event_type = 'lead_delivered' AND e.actor NOT LIKE 'db:%' AND e.payload ->> 'destination' = attempt.destination) AS arrived_here
      FROM public.audit_events e WHERE e.run_id = attempt.run_id) AS earlier),
  told AS (
    INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, run_id, event_time, event_type,
          'delivery' AS actor, event::jsonb AS payload, uuid_send(gen_random_uuid()) AS salt
        FROM story) AS event OFFSET 0) AS event),
  counted_by_hour AS (
    INSERT INTO internal.hour_deltas (bucket, received_bucket, source, destination, within_ms, delivered, here_first, anywhere_first,
      failed_attempts)
    SELECT internal.kpi_bucket(event_time), internal.kpi_bucket(received_at), source, destination,
      CASE WHEN event_type = 'lead_delivered' THEN internal.duration_bucket(received_at, event_time) END AS within_ms,
      count(*) FILTER (WHERE event_type = 'lead_delivered'),
      count(*) FILTER (WHERE event_type = 'lead_delivered' AND arrived_here IS NOT TRUE),
      count(*) FILTER (WHERE event_type = 'lead_delivered' AND arrived IS NOT TRUE AND place_of_type = 1),
      count(*) FILTER (WHERE event_type = 'delivery_failed')
    FROM story WHERE NOT test AND event_type <> 'delivery_skipped' GROUP BY 1, 2, 3, 4, within_ms),
  ended AS (
    UPDATE public.dlq q
    SET status = f.status, resolution = CASE WHEN f.is_skipped THEN 'skipped' WHEN f.status = 'resolved' THEN 'delivered' END,
      error_code = coalesce(f.error_code, q.error_code), reason = coalesce(f.reason, q.reason),
      next_retry_at = clock_timestamp() + f.delay_ms * interval '1 millisecond'
    FROM fenced f WHERE q.dlq_id = f.dlq_id),
  counted AS (
    INSERT INTO internal.skipped_daily AS k (destination, day, leads)
    SELECT f.destination, (statement_timestamp() AT TIME ZONE internal.reporting_timezone())::date, count(*)
    FROM fenced f JOIN public.runs r USING (run_id) WHERE f.is_skipped AND NOT r.test GROUP BY f.destination ORDER BY f.destination
    ON CONFLICT (destination, day) DO UPDATE SET leads = k.leads + excluded.leads),
  waited AS (
    INSERT INTO internal.entry_waits AS w (dlq_id, steps) SELECT dlq_id, 1 FROM fenced WHERE waits
    ON CONFLICT (dlq_id) DO UPDATE SET steps = w.steps + 1)
  SELECT count(*), array_agg(run_id) FILTER (WHERE have_receipts AND status = 'resolved' AND NOT is_skipped AND event IS NOT NULL),
    array_agg(event) FILTER (WHERE have_receipts AND status = 'resolved' AND NOT is_skipped AND event IS NOT NULL)
  INTO settled, arrived_runs, arrived_events FROM fenced;
  for_transaction := set_config('leadledger.events', '', true);
  IF arrived_runs IS NOT NULL THEN
    PERFORM internal.ledger_keep_receipt(t.run_id, t.event::jsonb) FROM unnest(arrived_runs, arrived_events) AS t (run_id, event);
    PERFORM internal.ledger_count_receipts(arrived_runs, arrived_events);
  END IF;
  RETURN settled;
END
$$;
