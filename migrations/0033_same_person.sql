-- A source may hold the deliveries of a lead whose person sent one before (`same_person: { then: hold }`), until a person
-- releases or withdraws them; held_for is the source's name.

ALTER TABLE internal.deliveries
  DROP CONSTRAINT deliveries_held_reason,
  ADD CONSTRAINT deliveries_held_reason CHECK (held_reason IN ('source_paused', 'incomplete', 'same_person'));

COMMENT ON COLUMN internal.deliveries.held_reason IS 'Why it is held: source_paused, the source of its lead is paused; incomplete, what the lead says must still be fetched; same_person, an earlier lead is of the same person, and somebody is to decide. NULL: it is not.';
COMMENT ON COLUMN public.dlq.resolution IS 'How it was resolved: delivered | corrected | discarded | superseded | kept_first (the first lead under the key stands) | taken_in (a lead of its own) | change (delivered as a change of the lead) | withdrawn (its delivery was held, and is not wanted) | by_hand, or a person''s own word.';
