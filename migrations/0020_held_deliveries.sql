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
