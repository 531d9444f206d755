-- Tables whose rows leave by the ledger's own retention alone.

CREATE OR REPLACE FUNCTION internal.ledger_keeps_rows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the ledger keeps every row', TG_OP, TG_TABLE_NAME USING ERRCODE = 'LL003',
    HINT = 'Rows leave the ledger only by its own retention.';
END
$$;

CREATE OR REPLACE TRIGGER runs_keep_rows BEFORE DELETE OR TRUNCATE ON public.runs
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER audit_events_keep_rows BEFORE TRUNCATE ON public.audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER dlq_keep_rows BEFORE DELETE OR TRUNCATE ON public.dlq
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER kpi_daily_keep_rows BEFORE TRUNCATE ON public.kpi_daily
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER kpi_daily_sources_keep_rows BEFORE TRUNCATE ON internal.kpi_daily_sources
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER deliveries_keep_rows BEFORE TRUNCATE ON internal.deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

-- A lead says whose it is by the name of its source (clients.sql), so that name stays, and stays this source's.
CREATE OR REPLACE TRIGGER sources_keep_rows BEFORE DELETE OR TRUNCATE ON internal.sources
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER destinations_keep_rows BEFORE DELETE OR TRUNCATE ON internal.destinations
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE FUNCTION internal.parts_keep_name() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '%: the name % never changes', TG_TABLE_NAME, OLD.name USING ERRCODE = 'LL002',
    HINT = 'Make another one, and switch this one off.';
END
$$;

CREATE OR REPLACE TRIGGER sources_keep_name BEFORE UPDATE OF name ON internal.sources
  FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION internal.parts_keep_name();

CREATE OR REPLACE TRIGGER destinations_keep_name BEFORE UPDATE OF name ON internal.destinations
  FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION internal.parts_keep_name();

CREATE OR REPLACE TRIGGER operations_keep_rows BEFORE DELETE OR TRUNCATE ON internal.operations
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER users_keep_rows BEFORE DELETE OR TRUNCATE ON internal.users
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();

CREATE OR REPLACE TRIGGER api_keys_keep_rows BEFORE DELETE OR TRUNCATE ON internal.api_keys
  FOR EACH STATEMENT EXECUTE FUNCTION internal.ledger_keeps_rows();
