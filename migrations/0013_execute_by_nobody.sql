-- Who may call what. A function that everybody may execute can be made the trigger of a table of one's own, and then does
-- what it does for our tables with rows that somebody made up, with the owner's rights: remove a delivery, make a run
-- processed, write an event. Firing a trigger takes no right to execute its function, so nothing of ours needs PUBLIC.
-- What SQL roles call without knowing it (the condition of a trigger, the expression of an index) is granted to them by a
-- list: src/ledger/sql-role-rights.ts.

-- For whatever this role makes in this database later, in any schema: a default of a single schema cannot take away.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION
  public.ledger_actor, public.ledger_is_by_hand, public.ledger_is_own_change, public.ledger_operation_id,
  public.ledger_require_read_committed, public.ledger_earliest_time, public.ledger_keeps_rows, public.ledger_open_work,
  public.ledger_outcome_by_hand, public.ledger_decide, public.ledger_settle_delivered,
  public.audit_envelope, public.audit_payload_digest, public.audit_digest, public.audit_events_complete,
  public.audit_events_append_only, public.audit_event_id_at,
  public.runs_check_insert, public.runs_record_insert, public.runs_check_update, public.runs_record_update,
  public.runs_follow_update,
  public.deliveries_check_runs, public.deliveries_record_delete,
  public.dlq_check_insert, public.dlq_check_values, public.dlq_check_kind, public.dlq_check_reopening,
  public.dlq_record_insert, public.dlq_check_update, public.dlq_record_update, public.dlq_keep_source,
  public.dlq_count_insert, public.dlq_count_update, public.dlq_count_causes, public.dlq_cause, public.dlq_stage,
  public.dlq_roll_up_causes, public.dlq_recount_causes,
  public.kpi_bucket, public.microseconds_between, public.reporting_timezone, public.kpi_first_day, public.kpi_count_days,
  public.kpi_count_sources, public.kpi_count_stock, public.kpi_average_ms, public.kpi_roll_up,
  public.kpi_recount_sources, public.kpi_add_missing_days, public.kpi_rebuild, public.kpi_change_timezone,
  public.kpi_daily_check_change
FROM PUBLIC;

-- Whoever may write runs or dlq by now goes on to be able to: the roles of `db url`, and those that an administrator made.
DO $$
DECLARE
  writer regrole;
BEGIN
  FOR writer IN
    SELECT DISTINCT item.grantee::regrole
    FROM (SELECT oid AS relation, relacl AS acl FROM pg_class UNION ALL SELECT attrelid, attacl FROM pg_attribute) AS granted,
      aclexplode(granted.acl) AS item
    WHERE granted.relation IN ('public.runs'::regclass, 'public.dlq'::regclass)
      AND item.privilege_type IN ('INSERT', 'UPDATE') AND item.grantee <> 0
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION public.ledger_is_own_change, public.dlq_cause, public.dlq_stage TO %s', writer);
  END LOOP;
END
$$;

-- What a function means is fixed when it is made: by a search_path of its own, or, where that would keep it from being
-- inlined, by a body that was parsed here.
ALTER FUNCTION public.ledger_keeps_rows() SET search_path = pg_catalog, public, pg_temp;

-- All as in 0001 and 0005, but parsed.
CREATE OR REPLACE FUNCTION public.ledger_actor() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN CASE
  WHEN has_table_privilege(session_user, 'public.audit_events'::regclass, 'TRUNCATE')
  THEN coalesce(nullif(current_setting('leadledger.actor', true), ''), 'db:' || session_user)
  ELSE 'db:' || session_user
END;

CREATE OR REPLACE FUNCTION public.ledger_is_by_hand() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN public.ledger_actor() LIKE 'db:%';

CREATE OR REPLACE FUNCTION public.kpi_bucket(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin('15 minutes', at, '2000-01-01T00:00:00Z');

CREATE OR REPLACE FUNCTION public.microseconds_between(earlier timestamptz, later timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (extract(epoch FROM later - earlier) * 1000000)::bigint;

CREATE OR REPLACE FUNCTION public.kpi_average_ms(processing_us numeric, processed integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN processed > 0 THEN round(processing_us / 1000 / processed)::bigint END;
