-- Since when a source or a destination is paused (sql/paused-parts.sql). What is paused already does not say.
ALTER TABLE internal.sources ADD COLUMN paused_at timestamptz;
ALTER TABLE internal.destinations ADD COLUMN paused_at timestamptz;
COMMENT ON COLUMN internal.sources.paused_at IS 'Since when it is paused; NULL: it is not, or was before this was noted.';
COMMENT ON COLUMN internal.destinations.paused_at IS 'Since when it is paused; NULL: it is not, or was before this was noted.';
