-- Who makes a change, on whose behalf, and whether they may make it now.
--
-- Trigger functions are SECURITY DEFINER with a fixed search_path: whoever makes the change needs no rights on what
-- they read, and nothing in the session (search_path, temporary tables and types) changes what they do. Who that is
-- they learn from session_user, which no function and no SET ROLE changes.
-- All names are qualified all the same; the path has `public` for triggers of somebody's own, which our changes fire.

-- Who is at work. The program names the actor of its transaction in the setting leadledger.actor; the setting
-- is believed only from a role that owns the ledger (TRUNCATE is never granted to anyone). Everybody else is
-- db:<role>. A transaction-local setting reads '' once its transaction has ended.
CREATE OR REPLACE FUNCTION internal.ledger_actor() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN CASE
  WHEN has_table_privilege(session_user, 'public.audit_events'::regclass, 'TRUNCATE')
  THEN coalesce(nullif(current_setting('leadledger.actor', true), ''), 'db:' || session_user)
  ELSE 'db:' || session_user
END;

-- True when the change comes from SQL typed by a person or run by a foreign program.
CREATE OR REPLACE FUNCTION internal.ledger_is_by_hand() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN internal.ledger_actor() LIKE 'db:%';

-- The operation that the changes of this transaction belong to; NULL: none. As with the actor, the setting is believed
-- only from a role that owns the ledger.
CREATE OR REPLACE FUNCTION internal.ledger_operation_id() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN CASE WHEN has_table_privilege(session_user, 'public.audit_events'::regclass, 'TRUNCATE')
  THEN nullif(current_setting('leadledger.operation_id', true), '') END;

-- True in the one change of runs that ledger_decide() makes. Its mark alone proves nothing, anyone can set a
-- setting; the mark together with the owner's rights can only come from inside that function. The body is parsed
-- once, here, so that no search_path changes its meaning, and is inlined where it is used.
CREATE OR REPLACE FUNCTION internal.ledger_is_own_change() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN current_setting('leadledger.deciding', true) = 'on' AND has_table_privilege('public.runs'::regclass, 'TRUNCATE');

-- A REPEATABLE READ snapshot misses a change of another transaction even after waiting for the run's lock.
CREATE OR REPLACE FUNCTION internal.ledger_require_read_committed() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'state changes need isolation level READ COMMITTED, this transaction is %',
      upper(current_setting('transaction_isolation')) USING ERRCODE = 'LL005';
  END IF;
END
$$;
