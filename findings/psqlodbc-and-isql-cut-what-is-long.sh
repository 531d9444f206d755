#!/usr/bin/env bash
# psqlodbc 13.02 and unixODBC's isql 2.3.11 (Debian's packages odbc-postgresql, unixodbc) with PostgreSQL 15.
# 1. psqlodbc describes jsonb as VARCHAR(255), however long the values are, and uuid as a type of its own (-11, SQL_GUID).
#    MaxVarcharSize widens jsonb, but not text, which stays at 8190 (MaxLongVarcharSize is for that one).
#    Wrong guess: jsonb is described like text, or one setting widens both.
# 2. SQLTables (isql's "help") lists every table, also those that the role may not read; information_schema does not.
#    Wrong guess: a role is shown what it may read.
# 3. isql shows at most 300 characters of a value and puts "..." behind them, in batch mode (-b) with a delimiter, too.
#    Wrong guess: its output can be used as an export.
# Exits non-zero where that is no longer so, 77 where a package is missing.
set -u
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/postgres" ] || { echo "PostgreSQL 15 is missing (apt-get install postgresql-15)"; exit 77; }
command -v isql >/dev/null || { echo "isql is missing (apt-get install unixodbc)"; exit 77; }
odbcinst -q -d -n "PostgreSQL Unicode" >/dev/null 2>&1 || { echo "psqlodbc is missing (apt-get install odbc-postgresql)"; exit 77; }
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
as_server "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync --locale=C.UTF-8 --encoding=UTF8 >/dev/null || exit 1
as_server "$bin/pg_ctl" start -D "$folder/data" -w -s -l "$folder/log" \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off" || exit 1
psql -h 127.0.0.1 -p "$port" -U postgres -X -q -c "CREATE ROLE reader LOGIN" \
  -c "CREATE TABLE shown (id uuid, words text, document jsonb)" -c "CREATE TABLE secret (id int)" \
  -c "INSERT INTO shown (words) VALUES (repeat('x', 400))" -c "GRANT SELECT ON shown TO reader" || exit 1

failed=0
expect() { if [ "$2" = "$3" ]; then echo "as stated: $1: $3"; else echo "NOT as stated: $1: $3 instead of $2"; failed=1; fi; }
# $1: what to ask, $2: settings of the connection.
ask() {
  isql -b -v "-d|" -k "Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port=$port;Database=postgres;Username=reader;Password=x${2:+;$2}" <<<"$1"
}
# Width of the column $1 under the settings $2.
width() { ask "help shown" "$2" | awk -F'|' -v name="$1" '$4 == name { print $7 }'; }

dpkg-query -W odbc-postgresql unixodbc
expect "jsonb" 255 "$(width document "")"
expect "jsonb with MaxVarcharSize=50000" 50000 "$(width document "MaxVarcharSize=50000")"
expect "text with MaxVarcharSize=50000" 8190 "$(width words "MaxVarcharSize=50000")"
expect "text with MaxLongVarcharSize=50000" 50000 "$(width words "MaxLongVarcharSize=50000")"
expect "jsonb with UnknownsAsLongVarchar=1 and MaxLongVarcharSize=50000" 50000 \
  "$(width document "UnknownsAsLongVarchar=1;MaxLongVarcharSize=50000")"
expect "tables listed, of which one may be read" "secret shown" \
  "$(ask help "" | awk -F'|' '$2 == "public" { print $3 }' | sort | xargs)"
expect "tables in information_schema" shown \
  "$(ask "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'" "")"
shown="$(ask "SELECT words FROM shown" "")"
expect "characters of 400 that isql shows" 300 "$(tr -cd x <<<"$shown" | wc -c)"
expect "what it ends with" "..." "${shown: -3}"
exit $failed
