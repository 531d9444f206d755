-- Which rows of kpi_daily a person may fill in.

-- Figures may be filled in by hand only for days that the ledger does not count itself.
CREATE OR REPLACE FUNCTION internal.kpi_daily_check_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('leadledger.operation', true) = 'kpi' AND has_table_privilege(session_user, TG_RELID, 'TRUNCATE') THEN
    RETURN NEW;
  END IF;
  IF NEW.day >= coalesce(internal.kpi_first_day(), 'infinity') OR NEW.day >= (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date
    OR TG_OP = 'UPDATE' AND (NEW.day <> OLD.day OR NOT OLD.by_hand)
  THEN
    RAISE EXCEPTION 'kpi_daily %: this day is counted by the ledger', NEW.day USING ERRCODE = 'LL006',
      HINT = 'Change runs or dlq: the figures follow. By hand only days before the first lead can be filled in.';
  END IF;
  IF NEW.day < date '2000-01-01' THEN
    RAISE EXCEPTION 'kpi_daily %: day must not be before the year 2000', NEW.day USING ERRCODE = 'LL004';
  END IF;
  IF least(NEW.received_count - NEW.processed_count - NEW.failed_count, NEW.processed_count, NEW.failed_count,
    NEW.dlq_open_count, NEW.avg_processing_ms) < 0
  THEN
    RAISE EXCEPTION 'kpi_daily %: figures must not be negative, nor processed and failed together exceed received', NEW.day
      USING ERRCODE = 'LL006';
  END IF;
  NEW.by_hand := true;
  NEW.closed_at := NULL;
  INSERT INTO public.audit_events (event_type, payload) VALUES ('kpi_changed', to_jsonb(NEW));
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER kpi_daily_check_change BEFORE INSERT OR UPDATE ON public.kpi_daily
  FOR EACH ROW EXECUTE FUNCTION internal.kpi_daily_check_change();
