-- Notes since when a source or a destination is paused, whoever pauses it: the file, the API, or a statement by hand.

CREATE OR REPLACE FUNCTION internal.parts_note_pause() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF coalesce(NEW.settings ->> 'paused', 'false') = 'false' THEN
    NEW.paused_at := NULL;
  ELSIF TG_OP = 'INSERT' THEN
    NEW.paused_at := clock_timestamp();
  ELSIF coalesce(OLD.settings ->> 'paused', 'false') = 'false' THEN
    NEW.paused_at := clock_timestamp();
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER sources_note_pause BEFORE INSERT OR UPDATE OF settings ON internal.sources
  FOR EACH ROW EXECUTE FUNCTION internal.parts_note_pause();

CREATE OR REPLACE TRIGGER destinations_note_pause BEFORE INSERT OR UPDATE OF settings ON internal.destinations
  FOR EACH ROW EXECUTE FUNCTION internal.parts_note_pause();
