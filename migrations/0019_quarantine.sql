-- What was turned away and is kept aside all the same, because a lead may be in it: no run, no entry, never delivered
-- unless a person releases it. It is bounded in number, size and time, and it is encrypted: nobody has checked what it is.

-- A request is here from the moment it was turned away until a person releases or discards it, or until it is dropped:
-- after seven days, or when newer ones of its source need its place.
CREATE TABLE internal.quarantine (
  quarantine_id uuid PRIMARY KEY,
  source        text COLLATE "C" NOT NULL,
  room          text COLLATE "C" NOT NULL,
  received_at   timestamptz NOT NULL,
  error_code    text COLLATE "C" NOT NULL,
  authenticated boolean NOT NULL,
  is_whole      boolean NOT NULL,
  size_bytes    bigint,
  email_hash    bytea,
  phone_hash    bytea,
  content       bytea NOT NULL,
  CONSTRAINT quarantine_size CHECK (size_bytes >= 0),
  CONSTRAINT quarantine_hashes CHECK (octet_length(email_hash) = 16 AND octet_length(phone_hash) = 16)
);

CREATE INDEX quarantine_received ON internal.quarantine (received_at, quarantine_id);
CREATE INDEX quarantine_room ON internal.quarantine (room, authenticated, received_at);
CREATE INDEX quarantine_email ON internal.quarantine (email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX quarantine_phone ON internal.quarantine (phone_hash) WHERE phone_hash IS NOT NULL;

COMMENT ON TABLE internal.quarantine IS 'Requests that were turned away and kept aside: at most 1000 per source, 64 kB each, for seven days.';
COMMENT ON COLUMN internal.quarantine.quarantine_id IS 'UUIDv7, made when the request came; an answer of 401 names it.';
COMMENT ON COLUMN internal.quarantine.source IS 'The source that the request named.';
COMMENT ON COLUMN internal.quarantine.room IS 'Whose 1000 it counts towards: the source, or (others) for names that nobody has set up.';
COMMENT ON COLUMN internal.quarantine.received_at IS 'When it came.';
COMMENT ON COLUMN internal.quarantine.error_code IS 'Why it was turned away, as a stable code.';
COMMENT ON COLUMN internal.quarantine.authenticated IS 'Whether its credentials were valid; where there is no room, those without give way first.';
COMMENT ON COLUMN internal.quarantine.is_whole IS 'false: only the beginning of its body was kept, so that it cannot be released.';
COMMENT ON COLUMN internal.quarantine.size_bytes IS 'Of the body as it was sent; NULL: it was cut off before its end was known.';
COMMENT ON COLUMN internal.quarantine.email_hash IS 'HMAC of the person''s e-mail address, as in runs; NULL: none was found.';
COMMENT ON COLUMN internal.quarantine.phone_hash IS 'HMAC of the person''s telephone number, as in runs; NULL: none was found.';
COMMENT ON COLUMN internal.quarantine.content IS 'The headers that reading needs, and the body: AES-256-GCM, bound to id, source and time.';

-- Figures of its own: none of this is a lead, so kpi_daily knows nothing of it.
CREATE TABLE internal.quarantine_daily (
  day       date NOT NULL,
  source    text COLLATE "C" NOT NULL,
  kept      bigint NOT NULL DEFAULT 0,
  released  bigint NOT NULL DEFAULT 0,
  discarded bigint NOT NULL DEFAULT 0,
  expired   bigint NOT NULL DEFAULT 0,
  displaced bigint NOT NULL DEFAULT 0,
  not_kept  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (day, source)
);
COMMENT ON TABLE internal.quarantine_daily IS 'What happened to quarantined requests, by the day on which it happened.';
COMMENT ON COLUMN internal.quarantine_daily.day IS 'Calendar day in the reporting time zone of that moment.';
COMMENT ON COLUMN internal.quarantine_daily.source IS 'The source; (others): names that nobody has set up.';
COMMENT ON COLUMN internal.quarantine_daily.kept IS 'Came into the quarantine.';
COMMENT ON COLUMN internal.quarantine_daily.released IS 'Were released by a person and taken in.';
COMMENT ON COLUMN internal.quarantine_daily.discarded IS 'Were discarded by a person.';
COMMENT ON COLUMN internal.quarantine_daily.expired IS 'Were dropped after seven days.';
COMMENT ON COLUMN internal.quarantine_daily.displaced IS 'Were dropped because newer ones needed their place.';
COMMENT ON COLUMN internal.quarantine_daily.not_kept IS 'Should have been kept and were not: too many came at once, or the database was away for too long.';
