-- A source or destination of leadledger.yaml can be taken over by API, dashboard or command line. Until the file has
-- been applied without it, its entry there is passed over: otherwise the next start would take it back.

ALTER TABLE public.sources ADD COLUMN taken_over_at timestamptz;
ALTER TABLE public.destinations ADD COLUMN taken_over_at timestamptz;

COMMENT ON COLUMN public.sources.taken_over_at IS 'When it was taken over from leadledger.yaml, whose entry is passed over since; NULL: it was not, or the file has been applied without it.';
COMMENT ON COLUMN public.destinations.taken_over_at IS 'When it was taken over from leadledger.yaml, whose entry is passed over since; NULL: it was not, or the file has been applied without it.';
