-- Operations: the same thing done to many entries or runs, at the wish of one person.
-- States of an operation:
--   pending    was ordered; nothing has been done yet
--   running    batch after batch is done, by whichever node is free
--   paused     a person has stopped it; it goes on where it was
--   done       everything that it was meant for has been looked at; final
--   cancelled  a person has ended it; what was done stays done; final
--   failed     the database refused to let it go on; `error` says why; final
--
-- A batch is one transaction that locks the operation's row, changes the entries, and moves the cursor. So nobody else
-- does the same batch, a process that is killed leaves nothing half done, and there is no lease that would have to run
-- out: the next node goes on as soon as the lock is gone.

CREATE TABLE public.operations (
  operation_id    uuid PRIMARY KEY,
  action          text NOT NULL,
  filter          jsonb,
  ids             text[],
  destination     text COLLATE "C",
  at              timestamptz,
  reason          text NOT NULL,
  actor           text NOT NULL,
  rate_per_second double precision,
  status          text NOT NULL DEFAULT 'pending',
  up_to           text NOT NULL,
  cursor          jsonb,
  total           bigint,
  done            bigint NOT NULL DEFAULT 0,
  skipped         bigint NOT NULL DEFAULT 0,
  failed          bigint NOT NULL DEFAULT 0,
  obstacles       jsonb NOT NULL DEFAULT '{}',
  error           text,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at      timestamptz,
  finished_at     timestamptz,
  last_batch_at   timestamptz,
  next_batch_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  node            text,
  CONSTRAINT operations_action CHECK (action IN ('dlq.retry', 'dlq.resolve', 'dlq.dead', 'runs.replay')),
  CONSTRAINT operations_status CHECK (status IN ('pending', 'running', 'paused', 'cancelled', 'done', 'failed')),
  CONSTRAINT operations_filter_or_ids CHECK ((filter IS NULL) <> (ids IS NULL)),
  CONSTRAINT operations_destination CHECK ((action = 'runs.replay') = (destination IS NOT NULL)),
  CONSTRAINT operations_at CHECK (at IS NULL OR action = 'dlq.retry'),
  CONSTRAINT operations_rate CHECK (rate_per_second > 0),
  CONSTRAINT operations_finished CHECK ((status IN ('cancelled', 'done', 'failed')) = (finished_at IS NOT NULL)),
  CONSTRAINT operations_error CHECK ((status = 'failed') = (error IS NOT NULL))
);

CREATE INDEX operations_created ON public.operations (created_at, operation_id);
CREATE INDEX operations_at_work ON public.operations (next_batch_at) WHERE status IN ('pending', 'running');

COMMENT ON TABLE public.operations IS 'The same thing done to many entries or runs, at the wish of one person: what, why, how far it is.';
COMMENT ON COLUMN public.operations.action IS 'dlq.retry: deliver again | dlq.resolve: settled by hand | dlq.dead: given up | runs.replay: deliver once more, to `destination`.';
COMMENT ON COLUMN public.operations.filter IS 'Which entries or runs, by the columns of their table; NULL: those in `ids`.';
COMMENT ON COLUMN public.operations.ids IS 'These entries or runs alone; NULL: those that `filter` matches.';
COMMENT ON COLUMN public.operations.destination IS 'Where runs are delivered to once more.';
COMMENT ON COLUMN public.operations.at IS 'When entries are tried again; NULL: at once.';
COMMENT ON COLUMN public.operations.reason IS 'Why; it becomes the note of every entry.';
COMMENT ON COLUMN public.operations.actor IS 'Who ordered it; the actor of everything that it does.';
COMMENT ON COLUMN public.operations.rate_per_second IS 'How many entries or runs per second at most; NULL: as fast as it goes.';
COMMENT ON COLUMN public.operations.status IS 'pending: ordered | running: is being done | paused: stopped by a person | done | cancelled: ended by a person | failed: could not go on.';
COMMENT ON COLUMN public.operations.up_to IS 'The last dlq_id, or the last received_at, at the time of the order: what came later is left alone.';
COMMENT ON COLUMN public.operations.cursor IS 'The last that was looked at: [dlq_id] or [received_at, run_id]; NULL: none yet.';
COMMENT ON COLUMN public.operations.total IS 'How many matched when it began; NULL: not counted yet.';
COMMENT ON COLUMN public.operations.done IS 'How many were changed; each has an audit event with this operation_id.';
COMMENT ON COLUMN public.operations.skipped IS 'How many could not be changed, or needed no change; `obstacles` says why.';
COMMENT ON COLUMN public.operations.failed IS 'How many the database refused to change.';
COMMENT ON COLUMN public.operations.obstacles IS 'How many were skipped or failed for which reason: {"<code>": n}.';
COMMENT ON COLUMN public.operations.error IS 'Why it could not go on.';
COMMENT ON COLUMN public.operations.last_batch_at IS 'When the last batch was done.';
COMMENT ON COLUMN public.operations.next_batch_at IS 'Not before that is the next batch done: this is how rate_per_second is kept.';
COMMENT ON COLUMN public.operations.node IS 'Who did the last batch.';

CREATE TRIGGER operations_keep_rows BEFORE DELETE OR TRUNCATE ON public.operations
  FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_keeps_rows();

-- The operation that the changes of this transaction belong to; NULL: none. As with the actor, the setting is believed
-- only from a role that owns the ledger.
CREATE FUNCTION public.ledger_operation_id() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN CASE WHEN has_table_privilege(session_user, 'public.audit_events'::regclass, 'TRUNCATE')
  THEN nullif(current_setting('leadledger.operation_id', true), '') END;

-- As in 0004; the event names the operation, where the entry was made by one.
CREATE OR REPLACE FUNCTION public.dlq_record_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
DECLARE
  the_operation text := ledger_operation_id();
BEGIN
  INSERT INTO audit_events (run_id, event_type, payload)
    SELECT run_id, 'dlq_created', jsonb_strip_nulls(jsonb_build_object(
      'dlq_id', dlq_id, 'kind', kind, 'status', status, 'destination', destination, 'error_code', error_code,
      'reason', reason, 'next_retry_at', next_retry_at, 'reopened_from', reopened_from,
      'resolution', resolution, 'note', note, 'operation_id', the_operation))
    FROM new_rows ORDER BY run_id, dlq_id;

  -- A delivery lives in one place.
  DELETE FROM deliveries d USING new_rows n
    WHERE n.kind IN ('delivery', 'replay') AND d.run_id = n.run_id AND d.destination = n.destination;

  PERFORM ledger_decide(array_agg(DISTINCT run_id)) FROM new_rows
    WHERE kind IN ('delivery', 'refused') HAVING count(*) > 0;
  RETURN NULL;
END
$$;

-- As in 0004, and: the event names the operation, where one made the change; and events are written complete, as a set,
-- because operations change entries by the hundred and every one of them is told four times until it is delivered.
CREATE OR REPLACE FUNCTION public.dlq_record_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET timezone = 'UTC' AS $$
DECLARE
  -- A lease that is renewed leaves no event and needs no lock.
  told bigint[] := ARRAY(SELECT n.dlq_id FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE (n.status, n.reason, n.retry_count, n.next_retry_at, n.error_code, n.resolution, n.note)
        IS DISTINCT FROM (o.status, o.reason, o.retry_count, o.next_retry_at, o.error_code, o.resolution, o.note)
      OR n.payload IS DISTINCT FROM o.payload);
  the_actor text := ledger_actor();
  the_operation jsonb := jsonb_strip_nulls(jsonb_build_object('operation_id', ledger_operation_id()));
  told_at timestamptz;
  for_transaction text;
BEGIN
  IF cardinality(told) = 0 THEN
    RETURN NULL;
  END IF;
  -- Whoever changed the entry may not hold the run's lock yet; the run's events need it.
  PERFORM 1 FROM runs WHERE run_id IN (SELECT run_id FROM new_rows WHERE dlq_id = ANY (told)) ORDER BY run_id FOR NO KEY UPDATE;

  told_at := clock_timestamp();
  for_transaction := set_config('leadledger.events', 'complete', true);
  INSERT INTO audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, the_actor, payload, salt, payload_digest,
      audit_digest(event_id, run_id, event_time, event_type, the_actor, payload_digest)
    FROM (
      SELECT *, audit_payload_digest(salt, payload) AS payload_digest FROM (
        -- several entries of one run may have changed
        SELECT nextval('audit_events_event_id_seq') AS event_id, change.run_id, change.event_type,
          change.payload || the_operation AS payload, uuid_send(gen_random_uuid()) AS salt,
          greatest(told_at, last.event_time + interval '1 microsecond')
            + (row_number() OVER (PARTITION BY change.run_id ORDER BY change.is_note, change.dlq_id) - 1)
              * interval '1 microsecond' AS event_time
        FROM (
          SELECT n.run_id, n.dlq_id, n.status = o.status AS is_note,
            CASE WHEN n.status = o.status THEN 'dlq_changed'
              ELSE CASE n.status WHEN 'retrying' THEN 'dlq_retrying' WHEN 'open' THEN 'dlq_rescheduled'
                WHEN 'resolved' THEN 'dlq_resolved' ELSE 'dlq_dead' END END AS event_type,
            CASE WHEN n.status = o.status THEN jsonb_build_object('dlq_id', n.dlq_id, 'changed', (
                SELECT jsonb_object_agg(key, CASE WHEN key = 'payload' THEN 'true' ELSE
                    jsonb_build_object('from', was -> key, 'to', value) END)
                FROM (SELECT to_jsonb(o) AS was) AS before_change,
                  jsonb_each(to_jsonb(n) - 'leased_by' - 'lease_until') AS after_change (key, value)
                WHERE value IS DISTINCT FROM was -> key))
              ELSE jsonb_strip_nulls(jsonb_build_object(
                'dlq_id', n.dlq_id, 'destination', n.destination, 'retry_count', n.retry_count,
                'resolution', n.resolution, 'note', n.note,
                'next_retry_at', CASE n.status WHEN 'open' THEN n.next_retry_at END,
                'error_code', CASE WHEN n.status <> 'resolved' THEN n.error_code END,
                'reason', CASE WHEN n.status IN ('open', 'dead') THEN n.reason END)) END AS payload
          FROM new_rows n JOIN old_rows o USING (dlq_id)
          WHERE n.dlq_id = ANY (told)) AS change
        LEFT JOIN LATERAL (
          SELECT e.event_time FROM audit_events e WHERE e.run_id = change.run_id
          ORDER BY e.event_time DESC LIMIT 1) AS last ON true
        ) AS event OFFSET 0) AS event;
  for_transaction := set_config('leadledger.events', '', true);

  PERFORM ledger_decide(array_agg(DISTINCT n.run_id)) FROM new_rows n JOIN old_rows o USING (dlq_id)
    WHERE n.kind = 'delivery' AND (n.status <> o.status AND n.status IN ('resolved', 'dead')
      OR (n.error_code, n.reason) IS DISTINCT FROM (o.error_code, o.reason)) HAVING count(*) > 0;
  RETURN NULL;
END
$$;
