-- By what people are found: each address and number of each lead, and its names, as a keyed hash. Those in runs
-- are of version 2 since the migration that made room for the others.

CREATE OR REPLACE VIEW internal.person_hashes AS
  SELECT r.run_id, first.kind,
    (CASE WHEN r.received_at < (SELECT m.run_on AT TIME ZONE 'UTC' FROM internal.schema_migrations m WHERE split_part(m.name, '.', 1) = '0029_further_person_hashes')
      THEN 1 ELSE 2 END)::smallint AS version,
    first.hash
  FROM public.runs r
  CROSS JOIN LATERAL (VALUES ('email' COLLATE "C", r.email_hash), ('phone' COLLATE "C", r.phone_hash)) AS first (kind, hash)
  WHERE first.hash IS NOT NULL
  UNION ALL
  SELECT f.run_id, f.kind, f.version, f.hash FROM internal.further_person_hashes f
  UNION ALL
  SELECT n.run_id, n.kind, n.version, n.hash FROM internal.person_name_hashes n;
COMMENT ON VIEW internal.person_hashes IS 'One row for each e-mail address and telephone number of a lead: email_hash and phone_hash of runs, and what a lead has besides; and for its last and full name, seconds after it came.';
COMMENT ON COLUMN internal.person_hashes.run_id IS 'The lead.';
COMMENT ON COLUMN internal.person_hashes.kind IS 'email | phone | last_name | full_name.';
COMMENT ON COLUMN internal.person_hashes.version IS 'Of the rules by which it was made comparable: 1 read every number without a country as a German one, 2 by the country of its source. Names have versions of their own, from 1.';
COMMENT ON COLUMN internal.person_hashes.hash IS 'First 16 bytes of HMAC-SHA256 of the normalised address, number or name.';
