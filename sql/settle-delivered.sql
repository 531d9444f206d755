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
    RETURNING d.run_id, t.event),
  told AS (
    INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        -- several deliveries of one run may have arrived
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, arrived.run_id,
          greatest(arrived_at, last.event_time + interval '1 microsecond')
            + (row_number() OVER (PARTITION BY arrived.run_id) - 1) * interval '1 microsecond' AS event_time,
          'lead_delivered' AS event_type, 'delivery' AS actor, event::jsonb AS payload, uuid_send(gen_random_uuid()) AS salt
        FROM arrived LEFT JOIN LATERAL (
          SELECT e.event_time FROM public.audit_events e WHERE e.run_id = arrived.run_id ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        ) AS event OFFSET 0) AS event)
  SELECT count(*) INTO settled FROM arrived;
  for_transaction := set_config('leadledger.events', '', true);
  RETURN settled;
END
$$;
