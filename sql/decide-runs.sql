-- How a run's fate follows from its deliveries and entries.

-- Moves runs to the state that their deliveries and entries call for, tells it and counts it. The runs are locked
-- first, in order; the decision is a later statement and therefore sees what others committed meanwhile. It looks at
-- what exists, not at counters, so that it may be called between two changes of one statement.
-- Only nested loops into indexes: deliveries is empty whenever its statistics are taken at a quiet moment, and a plan
-- made then would read all of it at the next rush, or join a batch with itself row by row (measured at 400 runs: 128 µs
-- of backend CPU for each, instead of 48).
-- Plans are kept: made anew for each batch, they were a third of what PostgreSQL did for leads that come one by one. They
-- are the same for one delivery and for hundreds, because only nested loops into indexes are allowed.
-- Where a destination did not want the lead (leadledger.skipping, or the entry's resolution), it counts as if it had not been
-- asked: what the others got is in the log, which is looked into in that case alone.
CREATE OR REPLACE FUNCTION internal.ledger_decide(the_runs uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  the_actor text := internal.ledger_actor();
  for_transaction text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM internal.ledger_require_read_committed();
  END IF;
  PERFORM 1 FROM public.runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  for_transaction := set_config('leadledger.deciding', 'on', true);
  for_transaction := set_config('leadledger.events', 'complete', true);
  WITH fate AS MATERIALIZED (
    SELECT x.run_id, x.status AS was, entries.holding, q.error_code, q.reason,
      CASE WHEN entries.withdrawn THEN 'withdrawn' WHEN entries.by_hand THEN 'resolved_by_hand'
        WHEN (current_setting('leadledger.skipping', true) = 'on' OR entries.skipped) AND entries.arrived IS NOT TRUE AND (
          -- not as EXISTS, which may be answered by reading what arrived for anybody
          SELECT true FROM public.audit_events e WHERE e.run_id = x.run_id AND e.event_type = 'lead_delivered' LIMIT 1) IS NULL
          THEN 'no_destination'
        ELSE 'delivered' END AS outcome,
      CASE
        WHEN entries.holding IS NOT NULL THEN 'failed'
        WHEN x.refused OR (SELECT true FROM internal.deliveries d WHERE d.run_id = x.run_id AND NOT d.replay LIMIT 1) THEN x.status
        ELSE 'processed'
      END AS status
    FROM public.runs x CROSS JOIN LATERAL (
      -- holding: the oldest entry that keeps the run failed; by_hand and withdrawn: NULL while none was resolved. An entry
      -- that was tried again counts no more, the entry reopened from it counts in its place.
      SELECT min(q.dlq_id) FILTER (WHERE q.status <> 'resolved') AS holding,
        bool_or(q.resolution NOT IN ('delivered', 'skipped')) FILTER (WHERE q.status = 'resolved' AND q.kind = 'delivery') AS by_hand,
        bool_or(q.resolution = 'delivered') FILTER (WHERE q.status = 'resolved' AND q.kind = 'delivery') AS arrived,
        bool_or(q.resolution = 'skipped') FILTER (WHERE q.status = 'resolved' AND q.kind = 'delivery') AS skipped,
        bool_or(q.resolution = 'withdrawn') FILTER (WHERE q.status = 'resolved' AND q.kind = 'delivery') AS withdrawn
      FROM public.dlq q LEFT JOIN public.dlq n ON n.reopened_from = q.dlq_id
      WHERE q.run_id = x.run_id AND (q.kind = 'delivery' OR q.kind = 'refused' AND x.refused) AND n.dlq_id IS NULL
    ) AS entries LEFT JOIN public.dlq q ON q.dlq_id = entries.holding
    WHERE x.run_id = ANY (the_runs) AND x.status <> 'processed'),
  decided AS (
    UPDATE public.runs r
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
    INSERT INTO internal.kpi_deltas (bucket, source, processed, failed, no_destination, by_hand, withdrawn, processing_us, last_received_at,
      within_ms)
    SELECT internal.kpi_bucket(received_at), source,
      sum((status = 'processed')::int - (was = 'processed')::int),
      sum((status = 'failed')::int - (was = 'failed')::int),
      count(*) FILTER (WHERE outcome = 'no_destination'), count(*) FILTER (WHERE outcome = 'resolved_by_hand'),
      count(*) FILTER (WHERE outcome = 'withdrawn'),
      coalesce(sum(internal.microseconds_between(received_at, processed_at)), 0), max(received_at),
      internal.duration_bucket(received_at, processed_at) AS within_ms
    FROM decided WHERE status <> was AND NOT test GROUP BY 1, 2, within_ms)
  INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, decided.run_id,
          greatest(clock_timestamp(), last.event_time + interval '1 microsecond') AS event_time,
          CASE status WHEN 'processed' THEN 'lead_processed' ELSE 'lead_failed' END AS event_type, the_actor AS actor,
          CASE status WHEN 'processed' THEN jsonb_build_object('outcome', outcome)
            ELSE jsonb_strip_nulls(jsonb_build_object('error_code', error_code, 'error_message', error_message)) END AS payload,
          uuid_send(gen_random_uuid()) AS salt
        FROM decided LEFT JOIN LATERAL (
          SELECT e.event_time FROM public.audit_events e WHERE e.run_id = decided.run_id ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        WHERE status <> was) AS event OFFSET 0) AS event;
  for_transaction := set_config('leadledger.events', '', true);
  for_transaction := set_config('leadledger.deciding', '', true);
END
$$;
