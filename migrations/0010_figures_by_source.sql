-- What an overview needs at once: figures per day and source, and which requests were denied lately.

CREATE TABLE public.kpi_daily_sources (
  day                    date NOT NULL REFERENCES public.kpi_daily ON DELETE CASCADE,
  source                 text COLLATE "C" NOT NULL,
  received_count         integer NOT NULL,
  processed_count        integer NOT NULL,
  failed_count           integer NOT NULL,
  no_destination_count   integer NOT NULL,
  resolved_by_hand_count integer NOT NULL,
  processing_us_sum      numeric NOT NULL,
  last_received_at       timestamptz NOT NULL,
  PRIMARY KEY (day, source)
);
CREATE INDEX kpi_daily_sources_by_source ON public.kpi_daily_sources (source, day);

COMMENT ON TABLE public.kpi_daily_sources IS 'One row per day and source that leads came from; the sums over a day''s sources are its figures in kpi_daily. Days in kpi_daily that are by_hand have none.';
COMMENT ON COLUMN public.kpi_daily_sources.day IS 'As of kpi_daily.';
COMMENT ON COLUMN public.kpi_daily_sources.source IS 'Who sent the leads.';
COMMENT ON COLUMN public.kpi_daily_sources.received_count IS 'Leads received that day, without test leads.';
COMMENT ON COLUMN public.kpi_daily_sources.processed_count IS 'Of these: processed by now, however.';
COMMENT ON COLUMN public.kpi_daily_sources.failed_count IS 'Of these: failed as they stand now.';
COMMENT ON COLUMN public.kpi_daily_sources.no_destination_count IS 'Of the processed ones: nobody got them.';
COMMENT ON COLUMN public.kpi_daily_sources.resolved_by_hand_count IS 'Of the processed ones: a person resolved what had failed.';
COMMENT ON COLUMN public.kpi_daily_sources.processing_us_sum IS 'Sum of processed_at - received_at, in microseconds.';
COMMENT ON COLUMN public.kpi_daily_sources.last_received_at IS 'When the last of them was received.';

-- What is there already. Roll-ups wait for the lock. Differences that others write before the new functions hold have
-- no source: kpi_roll_up() counts the sources of their days afresh, so it does not matter what this has seen of them.
LOCK TABLE public.kpi_daily IN EXCLUSIVE MODE;
WITH zone AS MATERIALIZED (
  SELECT coalesce((SELECT value #>> '{}' FROM public.settings WHERE name = 'timezone'), 'Europe/Berlin') AS name),
leads AS (SELECT r.*, (r.received_at AT TIME ZONE zone.name)::date AS day FROM public.runs r, zone WHERE NOT r.test)
INSERT INTO public.kpi_daily_sources
  SELECT day, source, count(*), count(*) FILTER (WHERE status = 'processed'), count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE outcome = 'no_destination'), count(*) FILTER (WHERE outcome = 'resolved_by_hand'),
    coalesce(sum((extract(epoch FROM processed_at - received_at) * 1000000)::bigint), 0), max(received_at)
  FROM leads
  WHERE day IN (SELECT k.day FROM public.kpi_daily k WHERE NOT k.by_hand AND k.closed_at IS NULL)
  GROUP BY 1, 2;

-- Differences by source ----------------------------------------------------------------------------------

ALTER TABLE public.kpi_deltas
  ADD COLUMN source text COLLATE "C",
  ADD COLUMN no_destination integer NOT NULL DEFAULT 0,
  ADD COLUMN by_hand integer NOT NULL DEFAULT 0,
  ADD COLUMN last_received_at timestamptz;
COMMENT ON COLUMN public.kpi_deltas.source IS 'Whose leads these are; NULL: the difference is one of the stock of entries.';

-- Denied requests ----------------------------------------------------------------------------------------

-- The audit events request_denied tell all of them; nothing finds those of the last day among all events at once.
CREATE TABLE public.denied_requests (
  hour       timestamptz NOT NULL,
  source     text COLLATE "C" NOT NULL,
  error_code text COLLATE "C" NOT NULL,
  requests   bigint NOT NULL,
  first_at   timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  PRIMARY KEY (hour, source, error_code)
);
COMMENT ON TABLE public.denied_requests IS 'Requests of the last day that were turned away: no lead, nothing stored. Counted by the hour; older hours are removed.';
COMMENT ON COLUMN public.denied_requests.hour IS 'Begin of the hour.';
COMMENT ON COLUMN public.denied_requests.source IS 'The source that they named; (others): one of too many names.';
COMMENT ON COLUMN public.denied_requests.error_code IS 'Why, as a stable code.';
COMMENT ON COLUMN public.denied_requests.requests IS 'How many.';
COMMENT ON COLUMN public.denied_requests.first_at IS 'When the first was counted, within ten seconds.';
COMMENT ON COLUMN public.denied_requests.last_at IS 'When the last was counted.';

INSERT INTO public.denied_requests
  SELECT date_trunc('hour', event_time, 'UTC'), left(payload ->> 'source', 255), payload ->> 'code',
    sum((payload ->> 'count')::bigint), min(event_time), max(event_time)
  FROM public.audit_events
  WHERE event_time > clock_timestamp() - interval '25 hours' AND event_type = 'request_denied'
    AND actor = 'webhook' AND payload ?& '{source,code,count}'
  GROUP BY 1, 2, 3;
