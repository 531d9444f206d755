-- How much was sent to destinations that have limits, in the second, the minute and the day that are on; and until when
-- one waits because it has its limit or is not open. All nodes count together.

CREATE TABLE internal.sending_limits (
  destination  text COLLATE "C" PRIMARY KEY,
  second_at    timestamptz,
  second_used  integer NOT NULL DEFAULT 0,
  minute_at    timestamptz,
  minute_used  integer NOT NULL DEFAULT 0,
  day          date,
  day_used     integer NOT NULL DEFAULT 0,
  waits_for    text COLLATE "C",
  waits_until  timestamptz,
  CONSTRAINT sending_limits_destination_length CHECK (octet_length(destination) BETWEEN 1 AND 255),
  CONSTRAINT sending_limits_used CHECK (second_used >= 0 AND minute_used >= 0 AND day_used >= 0),
  CONSTRAINT sending_limits_waits_for CHECK (waits_for IN ('opening_hours', 'limit')),
  CONSTRAINT sending_limits_waits CHECK ((waits_for IS NULL) = (waits_until IS NULL))
);

COMMENT ON TABLE internal.sending_limits IS 'Destinations with limits or opening hours: what was sent, and what they wait for.';
COMMENT ON COLUMN internal.sending_limits.destination IS 'Its name.';
COMMENT ON COLUMN internal.sending_limits.second_at IS 'The second in which it was sent to last.';
COMMENT ON COLUMN internal.sending_limits.second_used IS 'How many were sent in it, or are about to be.';
COMMENT ON COLUMN internal.sending_limits.minute_at IS 'The minute in which it was sent to last.';
COMMENT ON COLUMN internal.sending_limits.minute_used IS 'How many were sent in it, or are about to be.';
COMMENT ON COLUMN internal.sending_limits.day IS 'The day, in the reporting time zone, on which it was sent to last.';
COMMENT ON COLUMN internal.sending_limits.day_used IS 'How many were sent on it, or are about to be.';
COMMENT ON COLUMN internal.sending_limits.waits_for IS 'opening_hours: it is not open | limit: a minute''s or a day''s is used up. NULL: it never waited.';
COMMENT ON COLUMN internal.sending_limits.waits_until IS 'Until then nothing is sent; in the past: it goes on.';
