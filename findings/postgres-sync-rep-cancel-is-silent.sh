#!/usr/bin/env bash
# PostgreSQL 15.18 (Debian's package postgresql-15; the same code is in 18).
# A COMMIT that waits for a synchronous standby and is cancelled is reported as success. The only sign is a WARNING
# (SQLSTATE 01000), and with client_min_messages = error, which ALTER DATABASE may have set, there is no sign at all:
# psql exits 0 and prints "COMMIT", as if the standby had the row.
# Wrong guess: that a cancelled statement fails with 57014, or that the SQLSTATE tells it from other warnings.
# Also: pg_logical_emit_message(true, …) writes WAL, gets a transaction id and waits for the standby in a READ ONLY
# transaction. Wrong guess: that such a transaction refuses it, so that it shows whether a server takes changes.
# Exits non-zero where that is no longer so, 77 where the package is missing.
set -u
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/postgres" ] || { echo "PostgreSQL 15 is missing (apt-get install postgresql-15)"; exit 77; }
folder="$(mktemp -d)"
port=$((20000 + RANDOM % 20000))
as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
[ "$(id -u)" = 0 ] && chown postgres "$folder"
cd "$folder" || exit 1
finish() {
  as_server "$bin/pg_ctl" stop -D "$folder/data" -m immediate -s >/dev/null 2>&1
  rm -rf "$folder"
}
trap finish EXIT
as_server "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null || exit 1
as_server "$bin/pg_ctl" start -D "$folder/data" -w -s -l "$folder/log" \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off" || exit 1
sql() { psql -h 127.0.0.1 -p "$port" -U postgres -X -At "$@"; }
"$bin/postgres" --version
sql -qc "CREATE TABLE t (n int)" -c "SET synchronous_commit = local" \
  -c "ALTER SYSTEM SET synchronous_standby_names = 'nobody'" -c "SELECT pg_reload_conf()" >/dev/null
sleep 1

# $1: client_min_messages. Prints what the client of the cancelled commit saw.
cancelled_commit() {
  PGOPTIONS="-c client_min_messages=$1" sql -c "BEGIN" -c "INSERT INTO t VALUES (1)" -c "COMMIT" >"$folder/said" 2>&1 &
  local client=$!
  for _ in $(seq 50); do
    sleep 0.1
    [ "$(sql -c "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" = 1 ] && break
  done
  wait "$client"
  echo "exit $?"
  cat "$folder/said"
}

loud="$(cancelled_commit warning)"
silent="$(cancelled_commit error)"
printf -- '--- client_min_messages = warning\n%s\n--- client_min_messages = error\n%s\n' "$loud" "$silent"
case "$loud" in *"exit 0"*"canceling wait for synchronous replication"*) ;; *) echo "changed: the warning"; exit 1 ;; esac
[ "$silent" = "$(printf 'exit 0\nBEGIN\nINSERT 0 1\nCOMMIT')" ] || { echo "changed: no longer silent"; exit 1; }

sql -c "BEGIN READ ONLY" -c "SELECT pg_logical_emit_message(true, 'probe', '')" -c "COMMIT" >"$folder/said" 2>&1 &
client=$!
for _ in $(seq 50); do
  sleep 0.1
  [ "$(sql -c "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" = 1 ] && break
done
wait "$client"
echo "--- READ ONLY"
cat "$folder/said"
grep -q "canceling wait for synchronous replication" "$folder/said" || { echo "changed: READ ONLY"; exit 1; }
echo "as described"
