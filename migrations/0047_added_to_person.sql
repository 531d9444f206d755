-- A person whom the destination knew already, and whose new enquiry was added to their record, is told apart from one whose
-- enquiry was lost.

ALTER TABLE internal.receipts
  DROP CONSTRAINT receipts_duplicate,
  ADD CONSTRAINT receipts_duplicate CHECK (duplicate IN ('same_delivery', 'known_person', 'added_to_person'));
COMMENT ON COLUMN internal.receipts.duplicate IS 'same_delivery: an earlier attempt had arrived; known_person: the destination had this person and stored nothing of the new enquiry; added_to_person: it had this person, and the new enquiry was added to their record; NULL: none of these.';
