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
