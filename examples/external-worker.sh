#!/usr/bin/env bash
# A worker of one's own with nothing but bash and psql: it takes the leads of one source, gives each to a program, and
# tells LeadLedger how that went. Several may run at once.
#
#   WORKER_DATABASE_URL="$(leadledger db url)" WORKER_SOURCE=shop ./external-worker.sh ./my-program
#
# my-program reads the lead (JSON) from its standard input and ends with 0 when it is done. In leadledger.yaml the source
# has one destination, `to: [own-worker]`, and that destination is of `kind: external`.
set -euo pipefail

: "${WORKER_DATABASE_URL:?the output of: leadledger db url}"
: "${WORKER_SOURCE:?the source whose leads this worker takes}"
export WORKER_DESTINATION="${WORKER_DESTINATION:-own-worker}"
export WORKER_RETRY_AFTER="${WORKER_RETRY_AFTER:-5 minutes}"
export WORKER_ATTEMPTS_MAX="${WORKER_ATTEMPTS_MAX:-6}"
export WORKER_PROGRAM="${1:?the program that gets each lead on its standard input}"
WORKER_RESULT="$(mktemp)"
export WORKER_RESULT
trap 'rm -f "$WORKER_RESULT"' EXIT

# Prints 1 when there was something to do, 0 when not. An error of SQL ends psql, which undoes an open transaction.
in_psql() {
  psql "$WORKER_DATABASE_URL" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
    --set=source="$WORKER_SOURCE" --set=destination="$WORKER_DESTINATION" \
    --set=retry_after="$WORKER_RETRY_AFTER" --set=attempts_max="$WORKER_ATTEMPTS_MAX"
}

# The lock on the row is the claim: SKIP LOCKED lets the others pass by, and if this worker dies the lead is free again.
take_new_lead() {
  in_psql <<'SQL'
BEGIN ISOLATION LEVEL READ COMMITTED;
WITH next AS (
  SELECT run_id FROM runs WHERE status = 'accepted' AND source = :'source'
  ORDER BY received_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
SELECT count(*) AS found, max(run_id::text) AS run_id FROM next \gset
\if :found
  SELECT payload -> 'body' FROM audit_events
  WHERE run_id = :'run_id' AND event_type IN ('lead_received', 'lead_corrected')
  ORDER BY event_time DESC LIMIT 1
  \g |if "$WORKER_PROGRAM" >&2; then echo on; else echo off; fi > "$WORKER_RESULT"
  \set done `cat "$WORKER_RESULT"`
  \if :done
    UPDATE runs SET status = 'processed' WHERE run_id = :'run_id';
  \else
    INSERT INTO dlq (run_id, kind, destination, error_code, reason, payload, next_retry_at)
    SELECT run_id, 'delivery', :'destination', 'worker_failed', 'my-program could not process the lead',
      jsonb_build_object('source', :'source', 'body', payload -> 'body'),
      clock_timestamp() + :'retry_after'::interval
    FROM audit_events WHERE run_id = :'run_id' AND event_type IN ('lead_received', 'lead_corrected')
    ORDER BY event_time DESC LIMIT 1;
  \endif
\endif
COMMIT;
\echo :found
SQL
}

# An entry is claimed by its state and a lease, so no lock is held during the work. Should this worker die, LeadLedger
# opens the entry again when the lease has ended; retry_count then no longer matches, and a late answer changes nothing.
take_due_entry() {
  in_psql <<'SQL'
WITH next AS (
  SELECT dlq_id FROM dlq
  WHERE destination = :'destination' AND status = 'open' AND next_retry_at <= clock_timestamp()
  ORDER BY next_retry_at LIMIT 1 FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE dlq SET status = 'retrying', lease_until = clock_timestamp() + interval '10 minutes'
  FROM next WHERE dlq.dlq_id = next.dlq_id RETURNING dlq.dlq_id, dlq.retry_count)
SELECT count(*) AS found, max(dlq_id) AS dlq_id, max(retry_count) AS attempt,
  coalesce(max(retry_count) >= :attempts_max, false) AS last_attempt FROM claimed \gset
\if :found
  SELECT payload -> 'body' FROM dlq WHERE dlq_id = :dlq_id
  \g |if "$WORKER_PROGRAM" >&2; then echo on; else echo off; fi > "$WORKER_RESULT"
  \set done `cat "$WORKER_RESULT"`
  \if :done
    UPDATE dlq SET status = 'resolved', resolution = 'delivered'
    WHERE dlq_id = :dlq_id AND status = 'retrying' AND retry_count = :attempt;
  \elif :last_attempt
    UPDATE dlq SET status = 'dead' WHERE dlq_id = :dlq_id AND status = 'retrying' AND retry_count = :attempt;
  \else
    UPDATE dlq SET status = 'open', next_retry_at = clock_timestamp() + :'retry_after'::interval
    WHERE dlq_id = :dlq_id AND status = 'retrying' AND retry_count = :attempt;
  \endif
\endif
\echo :found
SQL
}

# Trouble (a deadlock, a database that restarts) is no reason to give up: what was not committed is simply taken again.
while true; do
  new="$(take_new_lead)" || new=0
  due="$(take_due_entry)" || due=0
  if [[ "$new$due" == 00 ]]; then sleep 1; fi
done
