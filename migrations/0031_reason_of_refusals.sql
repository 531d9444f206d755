-- What came and what was expected, of the newest request that a source turned away for this reason: so that whoever sets a
-- sender up sees what to correct there.
ALTER TABLE internal.denied_requests ADD COLUMN reason jsonb;
COMMENT ON COLUMN internal.denied_requests.reason IS 'Of the newest: what was looked for and what was there, {"en", "de"}; never a value that may be secret. NULL: not known.';
