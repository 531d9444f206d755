-- A delivery that is held: made, and its run accepted, but not sent before what holds it is over. It stays in deliveries.
-- What holds it is named by held_reason, a closed list:
--   source_paused  the source of its lead is paused (`paused: true`); held_for is the source's name
-- Whoever adds a reason adds it to the constraint, and sees to its release.

ALTER TABLE public.deliveries
  ADD COLUMN held_reason text COLLATE "C",
  ADD COLUMN held_for text COLLATE "C",
  ADD CONSTRAINT deliveries_held_reason CHECK (held_reason IN ('source_paused')),
  -- Due never: nobody who looks for what is due has to know of it.
  ADD CONSTRAINT deliveries_held_is_not_due CHECK (
    (held_reason IS NULL) = (held_for IS NULL) AND (held_reason IS NULL OR (due_at = 'infinity' AND leased_by IS NULL)));

CREATE INDEX deliveries_held ON public.deliveries (held_reason, held_for, run_id) WHERE held_reason IS NOT NULL;

COMMENT ON COLUMN public.deliveries.due_at IS 'From when on a node may take it: the next attempt, or the end of the lease of the node that has it; infinity while it is held.';
COMMENT ON COLUMN public.deliveries.held_reason IS 'Why it is held: source_paused, the source of its lead is paused. NULL: it is not.';
COMMENT ON COLUMN public.deliveries.held_for IS 'The name of what holds it: of the source. NULL: nothing does.';

-- Here, so that it holds for every way in: intake, spool, import, corrections, replays, tests, release from the quarantine.
-- What a node that has not heard of the pause has leased already, it sends.
CREATE FUNCTION internal.deliveries_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sources s WHERE s.enabled AND s.settings -> 'paused' = 'true') THEN
    RETURN NULL;
  END IF;
  WITH held AS (
    UPDATE deliveries d SET held_reason = 'source_paused', held_for = r.source, due_at = 'infinity'
    FROM new_rows n JOIN runs r ON r.run_id = n.run_id
      JOIN sources s ON s.name = r.source AND s.enabled AND s.settings -> 'paused' = 'true'
    WHERE d.run_id = n.run_id AND d.destination = n.destination AND d.leased_by IS NULL AND d.held_reason IS NULL
    RETURNING d.run_id, d.destination)
  INSERT INTO audit_events (run_id, event_type, actor, payload)
    SELECT run_id, 'delivery_held', 'system', jsonb_build_object('destination', destination, 'reason', 'source_paused')
    FROM held ORDER BY run_id, destination;
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION internal.deliveries_hold() FROM PUBLIC;

CREATE TRIGGER deliveries_hold AFTER INSERT ON public.deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_hold();
