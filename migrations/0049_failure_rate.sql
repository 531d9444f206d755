-- A destination is left alone, too, when most of the last attempts failed, although no answer asked for it.
ALTER TABLE internal.circuits
  ADD COLUMN failed_attempts integer,
  ADD COLUMN counted_attempts integer,
  ADD CONSTRAINT circuits_attempts CHECK (failed_attempts BETWEEN 1 AND counted_attempts);
COMMENT ON COLUMN internal.circuits.failed_attempts IS 'How many of the last attempts had failed when it opened; NULL: one answer was reason enough.';
COMMENT ON COLUMN internal.circuits.counted_attempts IS 'Of how many.';
