-- How much may be sent to a destination at this moment.

-- Takes up to `wanted` of what may be sent to it in this second, this minute and this day (of the reporting time zone);
-- NULL: without a limit of that kind. Nodes that ask at the same time ask one after the other. `full`: which limit left
-- less than was wanted, the longest first; `wait_ms`: until its time is over, 0 where nothing was refused.
CREATE OR REPLACE FUNCTION internal.ledger_take_sends(
  the_destination text, wanted integer, per_second integer, per_minute integer, per_day integer,
  OUT granted integer, OUT wait_ms float8, OUT "full" text)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone CONSTANT text := internal.reporting_timezone();
  used internal.sending_limits;
  now_at timestamptz;
  until timestamptz;
BEGIN
  INSERT INTO internal.sending_limits (destination) VALUES (the_destination) ON CONFLICT DO NOTHING;
  SELECT * INTO used FROM internal.sending_limits WHERE destination = the_destination FOR UPDATE;
  -- After the lock, and never back: a clock that is put back grants nothing a second time.
  now_at := greatest(clock_timestamp(), used.second_at);
  IF used.second_at IS DISTINCT FROM date_trunc('second', now_at) THEN used.second_used := 0; END IF;
  IF used.minute_at IS DISTINCT FROM date_trunc('minute', now_at) THEN used.minute_used := 0; END IF;
  IF used.day IS DISTINCT FROM (now_at AT TIME ZONE zone)::date THEN used.day_used := 0; END IF;
  granted := greatest(0, least(wanted, per_second - used.second_used, per_minute - used.minute_used, per_day - used.day_used));
  wait_ms := 0;
  IF granted < wanted THEN
    IF per_day - used.day_used <= granted THEN
      "full" := 'day';
      until := ((now_at AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone;
    ELSIF per_minute - used.minute_used <= granted THEN
      "full" := 'minute';
      until := date_trunc('minute', now_at) + interval '1 minute';
    ELSE
      "full" := 'second';
      until := date_trunc('second', now_at) + interval '1 second';
    END IF;
    wait_ms := greatest(extract(epoch FROM until - clock_timestamp()) * 1000, 1);
  END IF;
  UPDATE internal.sending_limits SET
    second_at = date_trunc('second', now_at), second_used = used.second_used + granted,
    minute_at = date_trunc('minute', now_at), minute_used = used.minute_used + granted,
    day = (now_at AT TIME ZONE zone)::date, day_used = used.day_used + granted,
    waits_for = CASE WHEN granted = 0 AND "full" <> 'second' THEN 'limit' ELSE waits_for END,
    waits_until = CASE WHEN granted = 0 AND "full" <> 'second' THEN until ELSE waits_until END
  WHERE destination = the_destination;
END
$$;

-- Whoever changes the limits or the opening hours ends the wait that came of them: what still holds is found anew.
CREATE OR REPLACE FUNCTION internal.destinations_end_wait() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE internal.sending_limits SET waits_until = clock_timestamp()
    WHERE destination = NEW.name AND waits_until > clock_timestamp();
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER destinations_end_wait AFTER UPDATE OF settings ON internal.destinations
  FOR EACH ROW WHEN ((OLD.settings -> 'limits', OLD.settings -> 'openingHours', OLD.settings -> 'holidays')
    IS DISTINCT FROM (NEW.settings -> 'limits', NEW.settings -> 'openingHours', NEW.settings -> 'holidays'))
  EXECUTE FUNCTION internal.destinations_end_wait();
