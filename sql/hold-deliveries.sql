-- Deliveries of a paused source are held.

-- Here, so that it holds for every way in: intake, spool, import, corrections, replays, tests, release from the quarantine.
-- What a node that has not heard of the pause has leased already, it sends.
CREATE OR REPLACE FUNCTION internal.deliveries_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM internal.sources s WHERE s.enabled AND s.settings -> 'paused' = 'true') THEN
    RETURN NULL;
  END IF;
  WITH held AS (
    UPDATE internal.deliveries d SET held_reason = 'source_paused', held_for = r.source, due_at = 'infinity'
    FROM new_rows n JOIN public.runs r ON r.run_id = n.run_id
      JOIN internal.sources s ON s.name = r.source AND s.enabled AND s.settings -> 'paused' = 'true'
    WHERE d.run_id = n.run_id AND d.destination = n.destination AND d.leased_by IS NULL AND d.held_reason IS NULL
    RETURNING d.run_id, d.destination)
  INSERT INTO public.audit_events (run_id, event_type, actor, payload)
    SELECT run_id, 'delivery_held', 'system', jsonb_build_object('destination', destination, 'reason', 'source_paused')
    FROM held ORDER BY run_id, destination;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER deliveries_hold AFTER INSERT ON internal.deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_hold();
