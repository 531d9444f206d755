-- What may be relied on of the schema bi, and the same views for a single client of an agency.

CREATE OR REPLACE VIEW bi.contract AS
  SELECT v.view, v.version, v.grain, v.deprecated_after
  FROM (VALUES
    ('leads', 1, 'lead', NULL::date),
    ('deliveries', 1, 'lead, destination, and each time that it arrived', NULL),
    ('attention', 1, 'entry of the DLQ', NULL),
    ('figures_daily', 1, 'day, source', NULL),
    ('figures_hourly', 1, 'hour, source', NULL),
    ('destinations_hourly', 1, 'hour, destination', NULL),
    ('durations_hourly', 1, 'hour, measure, source, destination, bucket_upper_ms', NULL),
    ('sla_daily', 1, 'day, sla', NULL),
    ('sources', 1, 'source', NULL)) AS n (name, version, grain, deprecated_after)
  CROSS JOIN LATERAL (SELECT n.name || '_v' || n.version AS view, n.version, n.grain, n.deprecated_after) AS v;
COMMENT ON VIEW bi.contract IS 'One row per view of this schema: what may be relied on. A view keeps its columns, their types and what they mean for ever; what is new comes as a view of the next version. Key: view.';
COMMENT ON COLUMN bi.contract.view IS 'The view''s name.';
COMMENT ON COLUMN bi.contract.version IS 'Its version.';
COMMENT ON COLUMN bi.contract.grain IS 'What a row of it stands for.';
COMMENT ON COLUMN bi.contract.deprecated_after IS 'It stays at least until this day, because there is a newer version; NULL: there is none.';

-- A role that is to see one client alone has rights on these views and on no others, and sees what internal.bi_readers says.
-- Barriers: no condition of the question is looked at before it is known whose a row is.
CREATE OR REPLACE VIEW bi_client.leads_v1 WITH (security_barrier) AS
  SELECT * FROM bi.leads_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.deliveries_v1 WITH (security_barrier) AS
  SELECT * FROM bi.deliveries_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.attention_v1 WITH (security_barrier) AS
  SELECT * FROM bi.attention_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
-- Days that were filled in by hand say nothing about whose leads they were.
CREATE OR REPLACE VIEW bi_client.figures_daily_v1 WITH (security_barrier) AS
  SELECT * FROM bi.figures_daily_v1
  WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user)) AND NOT by_hand;
CREATE OR REPLACE VIEW bi_client.figures_hourly_v1 WITH (security_barrier) AS
  SELECT * FROM bi.figures_hourly_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.destinations_hourly_v1 WITH (security_barrier) AS
  SELECT * FROM bi.destinations_hourly_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.durations_hourly_v1 WITH (security_barrier) AS
  SELECT * FROM bi.durations_hourly_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.sla_daily_v1 WITH (security_barrier) AS
  SELECT * FROM bi.sla_daily_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.sources_v1 WITH (security_barrier) AS
  SELECT * FROM bi.sources_v1 WHERE client = ANY (ARRAY(SELECT b.client FROM internal.bi_readers b WHERE b.role = current_user));
CREATE OR REPLACE VIEW bi_client.contract AS
  SELECT * FROM bi.contract;

DO $$
DECLARE
  described record;
BEGIN
  FOR described IN
    SELECT c.relname AS view, a.attname AS name, coalesce(col_description(c.oid, a.attnum), '') AS comment
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_class same ON same.relname = c.relname AND same.relnamespace = 'bi_client'::regnamespace AND same.relkind = 'v'
    WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v'
    UNION ALL
    SELECT c.relname, NULL, obj_description(c.oid, 'pg_class') FROM pg_class c
    JOIN pg_class same ON same.relname = c.relname AND same.relnamespace = 'bi_client'::regnamespace AND same.relkind = 'v'
    WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v'
  LOOP
    IF described.name IS NULL THEN
      EXECUTE format('COMMENT ON VIEW bi_client.%I IS %L', described.view, described.comment);
    ELSE
      EXECUTE format('COMMENT ON COLUMN bi_client.%I.%I IS %L', described.view, described.name, described.comment);
    END IF;
  END LOOP;
END
$$;
