-- What lists and groups need to answer at once, however much history there is.

-- An entry knows its source, as it knows whether it is a test lead's: lists and groups need not open payloads for it.
ALTER TABLE public.dlq ADD COLUMN source text COLLATE "C";
COMMENT ON COLUMN public.dlq.source IS 'Where the payload came from: the run''s source; without a run, what the payload says. Set by the database.';

ALTER TABLE public.dlq DISABLE TRIGGER USER;
UPDATE public.dlq q
  SET source = coalesce((SELECT r.source FROM public.runs r WHERE r.run_id = q.run_id), left(q.payload ->> 'source', 255));
ALTER TABLE public.dlq ENABLE TRIGGER USER;

CREATE FUNCTION public.dlq_take_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.source IS DISTINCT FROM OLD.source THEN
      RAISE EXCEPTION 'DLQ entry %: source never changes', OLD.dlq_id USING ERRCODE = 'LL002';
    END IF;
    RETURN NEW;
  END IF;
  SELECT r.source INTO NEW.source FROM runs r WHERE r.run_id = NEW.run_id;
  NEW.source := coalesce(NEW.source, left(NEW.payload ->> 'source', 255));
  RETURN NEW;
END
$$;

CREATE TRIGGER dlq_take_source BEFORE INSERT ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_take_source();
CREATE TRIGGER dlq_keep_source BEFORE UPDATE OF source ON public.dlq
  FOR EACH ROW EXECUTE FUNCTION public.dlq_take_source();
