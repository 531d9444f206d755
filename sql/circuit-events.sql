-- Openings and closings of circuits leave events.

-- The events come with the change, whoever makes it. A probe that fails is told by its lead's delivery_failed.
CREATE OR REPLACE FUNCTION internal.circuits_record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  IF NEW.state <> 'closed' AND (TG_OP = 'INSERT' OR OLD.state = 'closed') THEN
    INSERT INTO public.audit_events (event_type, payload) VALUES ('circuit_opened', jsonb_build_object(
      'destination', NEW.destination, 'reason', NEW.reason, 'message', NEW.message, 'next_probe_at', NEW.next_probe_at)
      || CASE WHEN NEW.failed_attempts IS NULL THEN '{}' ELSE jsonb_build_object(
        'failures', jsonb_build_object('failed', NEW.failed_attempts, 'of', NEW.counted_attempts)) END);
  ELSIF TG_OP = 'UPDATE' AND NEW.state = 'closed' AND OLD.state <> 'closed' THEN
    INSERT INTO public.audit_events (event_type, payload) VALUES ('circuit_closed', jsonb_build_object(
      'destination', NEW.destination, 'reason', NEW.reason, 'opened_at', NEW.opened_at));
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER circuits_record_change AFTER INSERT OR UPDATE ON internal.circuits
  FOR EACH ROW EXECUTE FUNCTION internal.circuits_record_change();
