-- Every address and number of a lead finds it: what a lead has besides the first of each, which `runs` keeps.
CREATE TABLE internal.further_person_hashes (
  run_id  uuid NOT NULL REFERENCES public.runs,
  kind    text COLLATE "C" NOT NULL,
  version smallint NOT NULL,
  hash    bytea NOT NULL,
  PRIMARY KEY (run_id, kind, version, hash),
  CONSTRAINT further_person_hashes_kind CHECK (kind IN ('email', 'phone')),
  CONSTRAINT further_person_hashes_length CHECK (octet_length(hash) = 16)
);
CREATE INDEX further_person_hashes_hash ON internal.further_person_hashes (hash);
COMMENT ON TABLE internal.further_person_hashes IS 'Of addresses and numbers that a lead has besides the first of each, whose hashes are in runs; the view person_hashes has all of them.';
COMMENT ON COLUMN internal.further_person_hashes.run_id IS 'The lead.';
COMMENT ON COLUMN internal.further_person_hashes.kind IS 'email | phone.';
COMMENT ON COLUMN internal.further_person_hashes.version IS 'Of the rules by which it was made comparable. 2: a number without a country is one of its source''s.';
COMMENT ON COLUMN internal.further_person_hashes.hash IS 'First 16 bytes of HMAC-SHA256 of the normalised address or number, as in runs.';
