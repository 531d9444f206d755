-- Leads are found by every sign of how they arrived.

CREATE INDEX receipts_warning ON internal.receipts (run_id) WHERE warning IS NOT NULL;
CREATE INDEX receipts_added_to_person ON internal.receipts (run_id) WHERE duplicate = 'added_to_person';
