-- Clients of an agency: nothing of one reaches another. Whose a lead is says its source, and whose a delivery its
-- destination. Where nobody names a client, all are of the same one.

-- Whose the leads of a source are; '': it names no client, or there is no such source.
CREATE OR REPLACE FUNCTION internal.client_of_source(the_source text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT s.client FROM internal.sources s WHERE s.name = the_source), '')
$$;

-- What has not ended, and would go to another client; there is none, by the triggers below and those of deliveries, dlq and
-- waiting_revisions.
CREATE OR REPLACE VIEW internal.deliveries_across_clients AS
  SELECT o.run_id, o.source, o.destination
  FROM (
    SELECT e.run_id, r.source, e.destination FROM internal.deliveries e JOIN public.runs r ON r.run_id = e.run_id
    UNION ALL
    SELECT q.run_id, q.source, q.destination FROM public.dlq q
      WHERE q.status IN ('open', 'retrying') AND q.run_id IS NOT NULL
    UNION ALL
    SELECT w.run_id, r.source, w.destination FROM internal.waiting_revisions w JOIN public.runs r ON r.run_id = w.run_id) AS o
  JOIN internal.destinations d ON d.name = o.destination
  LEFT JOIN internal.sources s ON s.name = o.source
  WHERE d.client <> coalesce(s.client, '');
COMMENT ON VIEW internal.deliveries_across_clients IS 'Open deliveries and entries that would reach another client than their lead''s; always empty.';
COMMENT ON COLUMN internal.deliveries_across_clients.run_id IS 'The lead.';
COMMENT ON COLUMN internal.deliveries_across_clients.source IS 'Its source.';
COMMENT ON COLUMN internal.deliveries_across_clients.destination IS 'Where it would go.';

-- Sources that name another client's destination; there is none either.
CREATE OR REPLACE VIEW internal.routes_across_clients AS
  SELECT s.name AS source, s.client, d.name AS destination
  FROM internal.sources s CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(s.settings -> 'to') WHEN 'array' THEN s.settings -> 'to' ELSE '[]' END) AS named (destination)
  JOIN internal.destinations d ON d.name = named.destination
  WHERE s.enabled AND d.enabled AND s.client <> d.client;
COMMENT ON VIEW internal.routes_across_clients IS 'Sources that name a destination of another client; always empty.';
COMMENT ON COLUMN internal.routes_across_clients.source IS 'The source.';
COMMENT ON COLUMN internal.routes_across_clients.client IS 'Whose it is.';
COMMENT ON COLUMN internal.routes_across_clients.destination IS 'What it names.';

-- Judges sources and destinations when the transaction ends, so that both can move to a client together. Whoever makes a
-- delivery meanwhile waits for the lock, and is judged by what holds then. DETAIL is for the program.
CREATE OR REPLACE FUNCTION internal.check_clients() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  route record;
  open_leads bigint;
  moves boolean := true;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    moves := NEW.client <> OLD.client;
    IF moves AND TG_TABLE_NAME = 'sources' AND OLD.client <> '' AND EXISTS (SELECT FROM public.runs r WHERE r.source = OLD.name) THEN
      RAISE EXCEPTION 'source %: its leads are the client %''s, and stay so', OLD.name, OLD.client USING ERRCODE = 'LL007',
        DETAIL = jsonb_build_object('code', 'client_has_leads', 'source', OLD.name, 'client', OLD.client),
        HINT = 'Make another source for the other client.';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM internal.sources s WHERE s.client <> '')
    AND NOT EXISTS (SELECT FROM internal.destinations d WHERE d.client <> '')
  THEN
    RETURN NULL;
  END IF;

  SELECT * INTO route FROM internal.routes_across_clients a
    WHERE CASE TG_TABLE_NAME WHEN 'sources' THEN a.source ELSE a.destination END = NEW.name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'source %: % is another client''s destination', route.source, route.destination USING ERRCODE = 'LL007',
      DETAIL = jsonb_build_object('code', 'destination_of_other_client', 'source', route.source, 'name', route.destination,
        'client', nullif(route.client, ''));
  END IF;

  IF moves THEN
    LOCK TABLE internal.deliveries, public.dlq, internal.waiting_revisions IN SHARE MODE;
    SELECT count(*) INTO open_leads FROM internal.deliveries_across_clients a
      WHERE CASE TG_TABLE_NAME WHEN 'sources' THEN a.source ELSE a.destination END = NEW.name;
    IF open_leads > 0 THEN
      RAISE EXCEPTION '%: % deliveries that have not ended would go from one client to another', NEW.name, open_leads
        USING ERRCODE = 'LL007',
          DETAIL = jsonb_build_object('code', 'client_has_open_deliveries', 'name', NEW.name, 'leads', open_leads);
    END IF;
  END IF;
  RETURN NULL;
END
$$;

-- A revision that waits becomes a delivery by itself.
CREATE OR REPLACE FUNCTION internal.waiting_revisions_check_client() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM internal.destinations d WHERE d.name = NEW.destination
    AND d.client <> internal.client_of_source((SELECT r.source FROM public.runs r WHERE r.run_id = NEW.run_id)))
  THEN
    RAISE EXCEPTION 'run %: % is another client''s destination', NEW.run_id, NEW.destination USING ERRCODE = 'LL007';
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER waiting_revisions_check_client BEFORE INSERT OR UPDATE ON internal.waiting_revisions
  FOR EACH ROW EXECUTE FUNCTION internal.waiting_revisions_check_client();

-- They cannot be replaced.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = 'sources_check_clients' AND t.tgrelid = 'internal.sources'::regclass) THEN
    CREATE CONSTRAINT TRIGGER sources_check_clients AFTER INSERT OR UPDATE ON internal.sources
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION internal.check_clients();
  END IF;
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgname = 'destinations_check_clients' AND t.tgrelid = 'internal.destinations'::regclass) THEN
    CREATE CONSTRAINT TRIGGER destinations_check_clients AFTER INSERT OR UPDATE ON internal.destinations
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION internal.check_clients();
  END IF;
END
$$;
