-- What destinations said of leads that arrived, for many at once: kept, and counted by day.

-- Counts what did not arrive as one would wish; test leads are not counted. One row per destination and day, in the order
-- of their names, so that two that count do not wait for each other in a circle.
CREATE OR REPLACE FUNCTION internal.ledger_count_receipts(the_runs uuid[], the_events text[]) RETURNS integer LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO internal.receipts_daily AS k (destination, day, unproven, maybe_twice, known_person, added_to_person)
  SELECT t.event ->> 'destination', (statement_timestamp() AT TIME ZONE internal.reporting_timezone())::date,
    count(*) FILTER (WHERE t.event ->> 'proven' = 'false'),
    count(*) FILTER (WHERE t.event ->> 'maybe_twice' = 'true'),
    count(*) FILTER (WHERE t.event ->> 'duplicate' = 'known_person'),
    count(*) FILTER (WHERE t.event ->> 'duplicate' = 'added_to_person')
  FROM (SELECT a.run_id, a.event::jsonb AS event FROM unnest(the_runs, the_events) AS a (run_id, event)) AS t
    JOIN public.runs r ON r.run_id = t.run_id AND NOT r.test
  WHERE t.event ->> 'proven' = 'false' OR t.event ->> 'maybe_twice' = 'true'
    OR t.event ->> 'duplicate' IN ('known_person', 'added_to_person')
  GROUP BY t.event ->> 'destination' ORDER BY t.event ->> 'destination'
  ON CONFLICT (destination, day) DO UPDATE SET unproven = k.unproven + excluded.unproven,
    maybe_twice = k.maybe_twice + excluded.maybe_twice, known_person = k.known_person + excluded.known_person,
    added_to_person = k.added_to_person + excluded.added_to_person;
  SELECT 1;
END;

-- Keeps and counts them of attempts that ledger_settle_delivered() was given before in the same statement. Those whose
-- outcome did not count have no event: of them nothing is kept, so that every receipt has the event that tells of it.
CREATE OR REPLACE FUNCTION internal.ledger_keep_receipts(the_runs uuid[], the_events text[]) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  told_runs uuid[];
  told_events text[];
BEGIN
  SELECT array_agg(t.run_id), array_agg(t.event) INTO told_runs, told_events
  FROM unnest(the_runs, the_events) AS t (run_id, event)
  WHERE EXISTS (SELECT FROM public.audit_events e
    WHERE e.run_id = t.run_id AND e.event_type = 'lead_delivered' AND e.payload = t.event::jsonb OFFSET 0);
  PERFORM internal.ledger_keep_receipt(t.run_id, t.event::jsonb) FROM unnest(told_runs, told_events) AS t (run_id, event);
  PERFORM internal.ledger_count_receipts(told_runs, told_events);
  RETURN coalesce(cardinality(told_runs), 0);
END
$$;
