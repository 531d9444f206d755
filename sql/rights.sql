-- Whoever may write runs or dlq may call what that calls without naming it: the condition of a trigger, the expression of
-- an index. These are the roles of `db url` (src/ledger/accounts/sql-role-rights.ts) and those that an administrator made.

DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN
    SELECT DISTINCT item.grantee::regrole
    FROM (SELECT oid AS relation, relacl AS acl FROM pg_class UNION ALL SELECT attrelid, attacl FROM pg_attribute) AS granted,
      aclexplode(granted.acl) AS item
    WHERE granted.relation IN ('public.runs'::regclass, 'public.dlq'::regclass)
      AND item.privilege_type IN ('INSERT', 'UPDATE') AND item.grantee <> 0
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION internal.ledger_is_own_change, internal.dlq_cause, internal.dlq_stage TO %s', role);
  END LOOP;

  -- Whoever could read the figures by source before their table moved reads the view. (The owner has its rights anyway.)
  FOR role IN
    SELECT DISTINCT item.grantee::regrole
    FROM pg_class c, aclexplode(c.relacl) AS item
    WHERE c.oid = 'internal.kpi_daily_sources'::regclass AND item.privilege_type = 'SELECT'
      AND item.grantee <> 0 AND item.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT SELECT ON public.kpi_daily_sources TO %s', role);
    EXECUTE format('REVOKE SELECT ON internal.kpi_daily_sources FROM %s', role);
  END LOOP;

  -- Whoever reads the figures by source reads their sums by client.
  FOR role IN
    SELECT DISTINCT item.grantee::regrole
    FROM pg_class c, aclexplode(c.relacl) AS item
    WHERE c.oid = 'public.kpi_daily_sources'::regclass AND item.privilege_type = 'SELECT'
      AND item.grantee <> 0 AND item.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT SELECT ON public.kpi_daily_clients, public.sla_daily TO %s', role);
  END LOOP;
END
$$;
