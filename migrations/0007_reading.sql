-- What lists and groups need to answer at once, however much history there is.

-- An entry knows its source, as it knows whether it is a test lead's: lists and groups need not open payloads for it.
ALTER TABLE public.dlq ADD COLUMN source text COLLATE "C";
COMMENT ON COLUMN public.dlq.source IS 'Where the payload came from: the run''s source; without a run, what the payload says. Set by the database.';

ALTER TABLE public.dlq DISABLE TRIGGER USER;
UPDATE public.dlq q
  SET source = coalesce((SELECT r.source FROM public.runs r WHERE r.run_id = q.run_id), left(q.payload ->> 'source', 255));
ALTER TABLE public.dlq ENABLE TRIGGER USER;

-- How many entries each cause has. Every statement that changes dlq appends differences, so that none waits for another;
-- the sum over a cause is its count, at any moment. The leader makes one row of them.
CREATE TABLE public.dlq_causes (
  cause         text COLLATE "C" NOT NULL,
  entries       bigint NOT NULL,
  at_work       bigint NOT NULL,
  need_decision bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE public.dlq_causes IS 'Numbers of DLQ entries by cause, as differences: the sum over a cause is its number. A cause stays once it was seen.';
COMMENT ON COLUMN public.dlq_causes.cause IS 'dlq_cause() of the entries.';
COMMENT ON COLUMN public.dlq_causes.entries IS 'Entries of whatever status.';
COMMENT ON COLUMN public.dlq_causes.at_work IS 'Entries that are open or retrying.';
COMMENT ON COLUMN public.dlq_causes.need_decision IS 'Of these: open without a next attempt, so that a person must decide.';
INSERT INTO public.dlq_causes (cause, entries, at_work, need_decision)
  SELECT kind || E'\x1f' || coalesce(destination, E'\x1e' || coalesce(source, E'\x1e')) || E'\x1f' || coalesce(error_code, E'\x1e'),
    count(*), count(*) FILTER (WHERE status IN ('open', 'retrying')),
    count(*) FILTER (WHERE status = 'open' AND next_retry_at IS NULL)
  FROM public.dlq GROUP BY 1;

-- Lists of runs ------------------------------------------------------------------------------------------

-- Whatever an index on runs says in its columns or its condition, a change of it costs a new entry in every index. So
-- nothing here looks at the status, which changes with every lead: a run that is not failed has neither error_code nor
-- error_message, before and after it is processed, and test never changes. A lead that is delivered is in neither index.
CREATE INDEX runs_failed ON public.runs (received_at, run_id) WHERE error_code IS NOT NULL OR error_message IS NOT NULL;
CREATE INDEX runs_test ON public.runs (received_at, run_id) WHERE test;

-- For that, a run that a person made failed says so where they gave no reason.
ALTER TABLE public.runs DISABLE TRIGGER USER;
UPDATE public.runs SET error_message = coalesce(error_code, 'made failed by hand') WHERE status = 'failed' AND error_message IS NULL;
ALTER TABLE public.runs ENABLE TRIGGER USER;

-- An accepted run has deliveries, by which it is found, and the error code of a failed one is that of an entry; but for
-- those that were made so by hand.
CREATE TABLE public.runs_by_hand (run_id uuid PRIMARY KEY REFERENCES public.runs ON DELETE CASCADE);
COMMENT ON TABLE public.runs_by_hand IS 'Runs that were inserted, or changed while failed, with SQL: only they can be accepted without a delivery, or have an error code that no entry has.';
INSERT INTO public.runs_by_hand (run_id)
  SELECT DISTINCT run_id FROM public.audit_events
  WHERE run_id IS NOT NULL
    AND (event_type = 'run_inserted' OR event_type IN ('lead_failed', 'run_changed') AND actor LIKE 'db:%');
