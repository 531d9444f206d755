-- Differences for the figures: every statement that changes dlq leaves one row in internal.kpi_deltas, and one in
-- internal.hour_deltas for each source and destination of new entries. Those of runs are written where their changes are told (change-runs.sql, decide-runs.sql).

-- 15 minutes of UTC: since ledger_earliest_time() no time zone's offset is finer, so the reporting zone is applied only
-- when differences are rolled up, and a change of zone rewrites nothing but kpi_daily.
CREATE OR REPLACE FUNCTION internal.kpi_bucket(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin('15 minutes', at, '2000-01-01T00:00:00Z');

CREATE OR REPLACE FUNCTION internal.microseconds_between(earlier timestamptz, later timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (extract(epoch FROM later - earlier) * 1000000)::bigint;

-- The stock: +1 when an entry is made, -1 when it is closed.
CREATE OR REPLACE FUNCTION internal.dlq_count_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO internal.kpi_deltas (bucket, dlq_open)
    SELECT internal.kpi_bucket(moved.at), sum(moved.difference)
    FROM (SELECT created_at AS at, 1 AS difference FROM new_rows WHERE NOT test
      UNION ALL SELECT closed_at, -1 FROM new_rows WHERE closed_at IS NOT NULL AND NOT test) AS moved
    GROUP BY 1;
  INSERT INTO internal.hour_deltas (bucket, source, destination, entries, conflicts, refused)
    SELECT internal.kpi_bucket(created_at), source, destination, count(destination), count(*) FILTER (WHERE kind = 'conflict'),
      count(*) FILTER (WHERE kind = 'refused')
    FROM new_rows WHERE NOT test AND (destination IS NOT NULL OR kind IN ('conflict', 'refused')) GROUP BY 1, 2, 3;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER dlq_count_insert AFTER INSERT ON public.dlq REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_count_insert();

CREATE OR REPLACE FUNCTION internal.dlq_count_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO internal.kpi_deltas (bucket, dlq_open)
    -- as in dlq_record_update(): joined as a set, whatever the plan was made for
    SELECT internal.kpi_bucket(closed_at), -count(*) FROM (
      SELECT n.closed_at, n.closed_at IS NOT NULL AND o.closed_at IS NULL AND NOT n.test AS is_closed
      FROM new_rows n FULL JOIN old_rows o ON o.dlq_id = n.dlq_id OFFSET 0) AS change
    WHERE is_closed GROUP BY 1;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER dlq_count_update AFTER UPDATE ON public.dlq
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.dlq_count_update();
