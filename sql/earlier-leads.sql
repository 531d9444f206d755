-- Whether somebody sent a lead before.

-- The newest lead of the same client that came at most so many milliseconds before this one and has an e-mail address or a telephone number
-- in common with it: {"run_id", "by"}. NULL: there is none, or this one is a test.
CREATE OR REPLACE FUNCTION internal.earlier_lead_of_person(the_run uuid, within_ms bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
  WITH mine AS MATERIALIZED (SELECT p.kind, p.hash FROM internal.person_hashes p WHERE p.run_id = the_run),
  found AS (
    SELECT o.run_id, m.kind FROM mine m JOIN public.runs o ON o.email_hash = m.hash WHERE m.kind = 'email'
    UNION ALL
    SELECT o.run_id, m.kind FROM mine m JOIN public.runs o ON o.phone_hash = m.hash WHERE m.kind = 'phone'
    UNION ALL
    SELECT f.run_id, f.kind FROM mine m JOIN internal.further_person_hashes f USING (kind, hash))
  SELECT jsonb_build_object('run_id', o.run_id, 'by', min(f.kind))
  FROM public.runs r CROSS JOIN found f JOIN public.runs o ON o.run_id = f.run_id
  WHERE r.run_id = the_run AND NOT r.test AND NOT o.test AND NOT o.refused
    AND (o.received_at, o.run_id) < (r.received_at, r.run_id)
    AND o.received_at >= r.received_at - within_ms * interval '1 millisecond'
    AND (o.source = r.source OR internal.client_of_source(o.source) = internal.client_of_source(r.source))
  GROUP BY o.run_id, o.received_at ORDER BY o.received_at DESC, o.run_id DESC LIMIT 1
$$;
