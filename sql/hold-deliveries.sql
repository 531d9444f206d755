-- Deliveries are held: of a paused source, of leads that came as ids, and of somebody who sent a lead before, where the
-- source wants that.

-- Here, so that it holds for every way in: intake, spool, import, corrections, replays, tests, release from the quarantine.
-- What a node that has not heard of it has leased already, it sends. Whether a lead of a source with `completes` really
-- lacks something, the node that takes it up sees in its body; a lead that was done before is complete, unless a revision
-- of it is not. Each run is a look into the index, whatever held when the plan was made: with a single source paused, a
-- batch must not read all runs.
CREATE OR REPLACE FUNCTION internal.deliveries_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM internal.sources s WHERE s.enabled
      AND (s.settings -> 'paused' = 'true' OR s.settings -> 'completes' = 'true' OR s.settings -> 'samePerson' ->> 'then' = 'hold'))
  THEN
    RETURN NULL;
  END IF;
  WITH wanted AS MATERIALIZED (
    SELECT n.run_id, n.destination, s.name,
      CASE
        WHEN s.settings -> 'completes' = 'true' AND ((SELECT r.status FROM public.runs r WHERE r.run_id = n.run_id) = 'accepted'
          OR EXISTS (SELECT FROM internal.incomplete_leads i WHERE i.run_id = n.run_id)) THEN 'incomplete'
        -- What a person sends once more, they have decided about. Released while the source is paused, it waits for that.
        -- Of a source without `samePerson` this is false, not unknown, which would have the person looked for.
        WHEN s.settings -> 'samePerson' ->> 'then' IS NOT DISTINCT FROM 'hold' AND NOT n.replay AND n.revision IS NULL
          AND internal.earlier_lead_of_person(n.run_id, (s.settings -> 'samePerson' ->> 'withinMs')::bigint) IS NOT NULL
          THEN 'same_person'
        WHEN s.settings -> 'paused' = 'true' THEN 'source_paused'
      END AS reason
    FROM (SELECT *, (SELECT r.source FROM public.runs r WHERE r.run_id = new_rows.run_id) AS source FROM new_rows) AS n
      JOIN internal.sources s ON s.name = n.source AND s.enabled),
  held AS (
    UPDATE internal.deliveries d SET held_reason = w.reason, held_for = w.name, due_at = 'infinity'
    FROM wanted w
    WHERE w.reason IS NOT NULL
      AND d.run_id = w.run_id AND d.destination = w.destination AND d.leased_by IS NULL AND d.held_reason IS NULL
    RETURNING d.run_id, d.destination, d.held_reason, d.held_for),
  to_complete AS (
    INSERT INTO internal.incomplete_leads (run_id, source)
    SELECT DISTINCT run_id, held_for FROM held WHERE held_reason = 'incomplete' ON CONFLICT (run_id) DO NOTHING)
  INSERT INTO public.audit_events (run_id, event_type, actor, payload)
    SELECT run_id, 'delivery_held', 'system', jsonb_build_object('destination', destination, 'reason', held_reason)
    FROM held ORDER BY run_id, destination;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER deliveries_hold AFTER INSERT ON internal.deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_hold();
