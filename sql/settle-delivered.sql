-- The end of deliveries that arrived, for many at once.

-- Keeps what the destination said about its record, if it said something; what it said before gives way.
CREATE OR REPLACE FUNCTION internal.ledger_keep_receipt(the_run uuid, event jsonb) RETURNS integer LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO internal.receipts AS r (run_id, destination, remote_id, remote_url, proven, maybe_twice, duplicate, warning)
  SELECT the_run, event ->> 'destination', event ->> 'remote_id', event ->> 'remote_url',
    coalesce((event ->> 'proven')::boolean, true), coalesce((event ->> 'maybe_twice')::boolean, false),
    event ->> 'duplicate', event ->> 'warning'
  WHERE event ?| ARRAY['remote_id', 'remote_url', 'proven', 'maybe_twice', 'duplicate', 'warning']
  ON CONFLICT (run_id, destination) DO UPDATE SET delivered_at = excluded.delivered_at,
    remote_id = coalesce(excluded.remote_id, r.remote_id), remote_url = coalesce(excluded.remote_url, r.remote_url),
    proven = excluded.proven, maybe_twice = r.maybe_twice OR excluded.maybe_twice,
    duplicate = excluded.duplicate, warning = excluded.warning;
  SELECT 1;
END;

-- Attempts that arrived: ends those deliveries that the_node still holds, tells it, and (by deliveries_record_delete)
-- decides what becomes of the runs. Returns how many of the outcomes counted. The runs are locked by a statement of its
-- own: only a later one sees the events that others wrote while the lock was waited for, and so comes after them. Nested
-- loops only, and kept plans, as in ledger_decide().
CREATE OR REPLACE FUNCTION internal.ledger_settle_delivered(
  the_runs uuid[], the_destinations text[], the_attempts integer[], the_events text[], the_node text)
RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  for_transaction text := set_config('leadledger.actor', 'delivery', true);
  arrived_at timestamptz;
  settled integer;
BEGIN
  PERFORM 1 FROM public.runs WHERE run_id = ANY (the_runs) ORDER BY run_id FOR NO KEY UPDATE;

  arrived_at := clock_timestamp();
  for_transaction := set_config('leadledger.events', 'complete', true);
  WITH arrived AS (
    DELETE FROM internal.deliveries d
    USING unnest(the_runs, the_destinations, the_attempts, the_events) AS t (run_id, destination, attempt, event)
    WHERE d.run_id = t.run_id AND d.destination = t.destination AND d.attempt = t.attempt AND d.leased_by = the_node
    RETURNING d.run_id, d.destination, t.event),
  story AS MATERIALIZED (
    SELECT run_id, destination, event, source, received_at, test, place, earlier.arrived, earlier.arrived_here,
      -- several deliveries of one run may have arrived
      greatest(arrived_at, earlier.last_time + interval '1 microsecond') + (place - 1) * interval '1 microsecond' AS event_time
    FROM (
      SELECT a.run_id, a.destination, a.event, r.source, r.received_at, r.test, row_number() OVER (PARTITION BY a.run_id) AS place
      FROM arrived a JOIN public.runs r ON r.run_id = a.run_id) AS arrival
    CROSS JOIN LATERAL (
      SELECT max(e.event_time) AS last_time,
        bool_or(e.event_type = 'lead_delivered' AND e.actor NOT LIKE 'db:%') AS arrived,
        bool_or(e.event_type = 'lead_delivered' AND e.actor NOT LIKE 'db:%' AND e.payload ->> 'destination' = arrival.destination) AS arrived_here
      FROM public.audit_events e WHERE e.run_id = arrival.run_id) AS earlier),
  told AS (
    INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, run_id, event_time,
          'lead_delivered' AS event_type, 'delivery' AS actor, event::jsonb AS payload, uuid_send(gen_random_uuid()) AS salt
        FROM story) AS event OFFSET 0) AS event),
  counted AS (
    INSERT INTO internal.hour_deltas (bucket, received_bucket, source, destination, within_ms, delivered, here_first, anywhere_first)
    SELECT internal.kpi_bucket(event_time), internal.kpi_bucket(received_at), source, destination,
      internal.duration_bucket(received_at, event_time) AS within_ms, count(*), count(*) FILTER (WHERE arrived_here IS NOT TRUE),
      count(*) FILTER (WHERE arrived IS NOT TRUE AND place = 1)
    FROM story WHERE NOT test GROUP BY 1, 2, 3, 4, within_ms)
  SELECT count(*) INTO settled FROM arrived;
  for_transaction := set_config('leadledger.events', '', true);
  RETURN settled;
END
$$;
