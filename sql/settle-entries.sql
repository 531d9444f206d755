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
  told AS (
    INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        -- several entries of one run may have been tried
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, f.run_id,
          greatest(told_at, last.event_time + interval '1 microsecond')
            + (row_number() OVER (PARTITION BY f.run_id) - 1) * interval '1 microsecond' AS event_time,
          CASE WHEN f.is_skipped THEN 'delivery_skipped' WHEN f.status = 'resolved' THEN 'lead_delivered'
            ELSE 'delivery_failed' END AS event_type,
          'delivery' AS actor, f.event::jsonb AS payload, uuid_send(gen_random_uuid()) AS salt
        FROM fenced f LEFT JOIN LATERAL (
          SELECT e.event_time FROM public.audit_events e WHERE e.run_id = f.run_id ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        WHERE f.event IS NOT NULL
        ) AS event OFFSET 0) AS event),
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
