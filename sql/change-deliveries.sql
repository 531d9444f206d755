-- Deliveries belong to runs, and their end moves these.

-- Every delivery is of a run. A foreign key would ask for each row by itself, with a statement that costs as much as
-- writing the delivery; this asks once for all rows of a statement. It is enough to ask when a delivery is made: runs
-- stay (runs_keep_rows), and neither run_id ever changes. The inner query is a single value, so it is a look into the
-- index for every row, whatever runs held when the plan was made. Nor does it go to a destination of another client than its
-- source's; a client's name moves only where nothing is open (clients.sql).
CREATE OR REPLACE FUNCTION internal.deliveries_check_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  unknown_run uuid;
  astray record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'deliveries: run_id and destination never change' USING ERRCODE = 'LL002';
  END IF;
  SELECT n.run_id INTO unknown_run FROM new_rows n
    WHERE (SELECT r.run_id FROM public.runs r WHERE r.run_id = n.run_id) IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'deliveries: there is no run %', unknown_run USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF EXISTS (SELECT FROM internal.destinations d WHERE d.client <> '') OR EXISTS (SELECT FROM internal.sources s WHERE s.client <> '') THEN
    SELECT n.run_id, n.destination INTO astray FROM new_rows n
      WHERE (SELECT d.client FROM internal.destinations d WHERE d.name = n.destination) <> coalesce((SELECT s.client
        FROM internal.sources s WHERE s.name = (SELECT r.source FROM public.runs r WHERE r.run_id = n.run_id)), '') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'run %: % is another client''s destination', astray.run_id, astray.destination USING ERRCODE = 'LL007';
    END IF;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER deliveries_check_runs AFTER INSERT ON internal.deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_check_runs();

CREATE OR REPLACE TRIGGER deliveries_keep_run BEFORE UPDATE OF run_id ON internal.deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_check_runs();

CREATE OR REPLACE TRIGGER deliveries_keep_destination BEFORE UPDATE OF destination ON internal.deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_check_runs();

-- A delivery that is gone may have been the last that its run waited for.
CREATE OR REPLACE FUNCTION internal.deliveries_record_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM internal.ledger_decide(array_agg(DISTINCT run_id)) FROM old_rows HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER deliveries_record_delete AFTER DELETE ON internal.deliveries REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION internal.deliveries_record_delete();
