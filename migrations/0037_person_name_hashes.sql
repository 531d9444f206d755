-- Names by which leads are found, as keyed hashes; filled behind intake, for all leads there are.
CREATE TABLE internal.person_name_hashes (
  run_id  uuid NOT NULL REFERENCES public.runs ON DELETE CASCADE,
  kind    text COLLATE "C" NOT NULL,
  version smallint NOT NULL,
  hash    bytea NOT NULL,
  PRIMARY KEY (run_id, kind, version, hash),
  CONSTRAINT person_name_hashes_kind CHECK (kind IN ('last_name', 'full_name')),
  CONSTRAINT person_name_hashes_length CHECK (octet_length(hash) = 16)
);
CREATE INDEX person_name_hashes_hash ON internal.person_name_hashes (hash);
COMMENT ON TABLE internal.person_name_hashes IS 'Names that a lead has, in the form in which they are found again; seconds behind intake. The view person_hashes has them, too.';
COMMENT ON COLUMN internal.person_name_hashes.run_id IS 'The lead.';
COMMENT ON COLUMN internal.person_name_hashes.kind IS 'last_name: whole, and each of its words; full_name: its words in any order.';
COMMENT ON COLUMN internal.person_name_hashes.version IS 'Of the rules by which it was made comparable; with other rules all are made afresh.';
COMMENT ON COLUMN internal.person_name_hashes.hash IS 'First 16 bytes of HMAC-SHA256 of the kind and the normalised name.';
