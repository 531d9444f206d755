-- waits for older nodes: they look for these tables where they were.
--
-- The program's own tables and functions move to the schema `internal`: the default schema shows what is meant for people,
-- and nothing that is refused. Data, keys, indexes, sequences, triggers and rights move along.

ALTER TABLE public.deliveries SET SCHEMA internal;
ALTER TABLE public.settings SET SCHEMA internal;
ALTER TABLE public.sources SET SCHEMA internal;
ALTER TABLE public.destinations SET SCHEMA internal;
ALTER TABLE public.leader SET SCHEMA internal;
ALTER TABLE public.kpi_deltas SET SCHEMA internal;
ALTER TABLE public.kpi_daily_sources SET SCHEMA internal;
ALTER TABLE public.users SET SCHEMA internal;
ALTER TABLE public.sessions SET SCHEMA internal;
ALTER TABLE public.api_keys SET SCHEMA internal;
ALTER TABLE public.setup_links SET SCHEMA internal;
ALTER TABLE public.dlq_causes SET SCHEMA internal;
ALTER TABLE public.runs_by_hand SET SCHEMA internal;
ALTER TABLE public.operations SET SCHEMA internal;
ALTER TABLE public.denied_requests SET SCHEMA internal;

-- Functions of databases that were made before sql/ was; triggers and indexes that use them go on doing so. The owner's
-- others stay.
DO $$
DECLARE
  routine regprocedure;
BEGIN
  FOR routine IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND p.proowner = (SELECT relowner FROM pg_class WHERE oid = 'public.runs'::regclass)
      AND p.proname = ANY ('{
        ledger_actor,ledger_is_by_hand,ledger_is_own_change,ledger_operation_id,ledger_require_read_committed,
        ledger_earliest_time,ledger_keeps_rows,ledger_open_work,ledger_outcome_by_hand,ledger_decide,ledger_settle_delivered,
        audit_envelope,audit_payload_digest,audit_digest,audit_events_complete,audit_events_append_only,audit_event_id_at,
        runs_check_insert,runs_record_insert,runs_check_update,runs_record_update,runs_follow_update,
        deliveries_check_runs,deliveries_record_delete,
        dlq_check_insert,dlq_check_values,dlq_check_kind,dlq_check_reopening,dlq_record_insert,dlq_check_update,
        dlq_record_update,dlq_keep_source,dlq_count_insert,dlq_count_update,dlq_count_causes,dlq_cause,dlq_stage,
        dlq_roll_up_causes,dlq_recount_causes,
        kpi_bucket,microseconds_between,reporting_timezone,kpi_first_day,kpi_count_days,kpi_count_sources,kpi_count_stock,
        kpi_average_ms,kpi_roll_up,kpi_recount_sources,kpi_add_missing_days,kpi_rebuild,kpi_change_timezone,
        kpi_daily_check_change}'::name[])
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET SCHEMA internal', routine);
  END LOOP;
END
$$;

-- Which of the files in sql/ hold here.
CREATE TABLE internal.sql_in_force (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version    integer NOT NULL,
  digest     text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE internal.sql_in_force IS 'The functions, triggers and views that hold: those of which version of sql/.';
COMMENT ON COLUMN internal.sql_in_force.version IS 'As sql/manifest.json numbers them; a program that knows a lower one is older than this database.';
COMMENT ON COLUMN internal.sql_in_force.digest IS 'SHA-256 of the files'' names and texts, in hexadecimal.';
COMMENT ON COLUMN internal.sql_in_force.applied_at IS 'When they were applied.';

-- What the ledger has to know of a destination's kind.
ALTER TABLE internal.destinations ADD COLUMN sends boolean NOT NULL DEFAULT true;
UPDATE internal.destinations SET sends = kind <> 'external';
COMMENT ON COLUMN internal.destinations.kind IS 'How leads are delivered there, and what the settings mean.';
COMMENT ON COLUMN internal.destinations.sends IS 'Whether the program sends there: a trait of the kind. false: a worker of one''s own settles the runs with SQL, and a run that it makes processed needs no delivery.';
