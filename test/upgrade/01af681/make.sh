#!/usr/bin/env bash
# Makes database.sql.gz: a small database by the build of commit 01af681, with leads in every state that build knew.
# README.md says how to call it and what is in the database.
set -euo pipefail

program="${1:?the folder of a built checkout of commit 01af681}/dist/cli/main.js"
into="$(cd "$(dirname "$0")" && pwd)/database.sql.gz"
postgres=/usr/lib/postgresql/15/bin
folder="$(mktemp -d)"
node_pid="" sink_pid=""
postgres_port=54315 port=54316 sink_port=54317
url="http://127.0.0.1:$port"
token=a-token-that-everybody-may-know-1
export LEADLEDGER_KEY=1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f
export LEADLEDGER_ADMIN_KEY=an-admin-key-that-everybody-may-know
export LEADLEDGER_DATA_DIR="$folder/data" LEADLEDGER_CONFIG="$folder/leadledger.yaml" LANG=C
export DATABASE_URL="postgresql://leadledger@127.0.0.1:$postgres_port/old" PORT="$port" HOST=127.0.0.1

main() {
  start_postgres
  start_sink
  write_schema
  configuration Europe/Berlin "" >"$LEADLEDGER_CONFIG"
  start_node
  make_delivered_and_failed
  make_refused_and_conflicting
  make_replays
  make_settings_and_accounts
  make_changes_by_hand
  make_spooled
  make_what_is_under_way
  dump
}

# Servers ------------------------------------------------------------------------------------------------

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgres() {
  chmod 755 "$folder"
  mkdir "$folder/postgres"
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder/postgres"; fi
  as_postgres "$postgres/initdb" -D "$folder/postgres" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  run_postgres
  sql postgres postgres "CREATE ROLE leadledger LOGIN CREATEROLE"
  sql postgres postgres "CREATE DATABASE old OWNER leadledger"
}

run_postgres() {
  as_postgres "$postgres/pg_ctl" start -D "$folder/postgres" -w -s -l "$folder/postgres/log" \
    -o "-c listen_addresses=127.0.0.1 -c port=$postgres_port -c unix_socket_directories= -c timezone=UTC -c fsync=off"
}

kill_postgres() { as_postgres "$postgres/pg_ctl" stop -D "$folder/postgres" -m immediate -w -s; }

# Answers the nth request with a webhook-id as the lead's own `answers` say for the destination (the last one again and
# again, 0: never), otherwise 200.
start_sink() {
  node -e '
    const seen = new Map();
    require("node:http").createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk)).on("end", () => {
        const id = request.headers["webhook-id"];
        const nth = seen.get(id) ?? 0;
        seen.set(id, nth + 1);
        const answers = JSON.parse(body).data?.answers?.[request.url.slice(1)] ?? [200];
        const status = answers[Math.min(nth, answers.length - 1)];
        if (status !== 0) response.writeHead(status).end(status === 200 ? "taken" : "not taken");
      });
    }).listen(Number(process.argv[1]), "127.0.0.1");' "$sink_port" &
  sink_pid=$!
}

start_node() {
  LOG_LEVEL=info node "$program" serve >>"$folder/node.log" 2>&1 &
  node_pid=$!
  until curl -sf "$url/readyz" >/dev/null; do kill -0 "$node_pid"; sleep 0.2; done
}

clean_up() {
  local code=$?
  if [ "$code" != 0 ]; then tail -n 40 "$folder/node.log" >&2 || true; fi
  [ -z "$node_pid" ] || kill -KILL "$node_pid" 2>/dev/null || true
  [ -z "$sink_pid" ] || kill -KILL "$sink_pid" 2>/dev/null || true
  kill_postgres || true
  rm -rf "$folder"
}
trap clean_up EXIT

# The configuration --------------------------------------------------------------------------------------

write_schema() {
  echo '{"type":"object","required":["email"],"properties":{"email":{"type":"string"}}}' >"$folder/form.json"
}

# configuration TIMEZONE CRM: the time zone, and what is added to the destination crm.
configuration() {
  local zone="$1" crm="$2"
  cat <<YAML
timezone: $zone
sources:
  website: { auth: { kind: token, secret: $token }, to: [crm, erp] }
  fair: { auth: { kind: token, secret: $token }, to: [] }
  shop: { auth: { kind: token, secret: $token }, key: { body_hash: 10m }, to: [crm] }
  form: { auth: { kind: token, secret: $token }, schema: form.json, to: [crm] }
  partner: { auth: { kind: hmac, secrets: [{ value: $token }, { value: an-older-secret-of-the-partner, not_after: 2099-01-31 }] }, key: { pointer: /lead_id }, to: [crm] }
  worker: { auth: { kind: token, secret: $token }, to: [own-worker] }
destinations:
  crm: { kind: http, url: "http://127.0.0.1:$sink_port/crm", secret: whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0, headers: { X-Team: inbound }, allow_private: true, timeout: 50s, retry: { fast: [100ms], slow: [200ms, 2d] }$crm }
  erp: { kind: http, url: "http://127.0.0.1:$sink_port/erp", allow_private: true, timeout: 50s, retry: { fast: [100ms], slow: [200ms, 200ms] } }
  own-worker: { kind: external }
YAML
  if [ "$zone" = Europe/Berlin ]; then
    echo "  gone: { kind: http, url: \"http://127.0.0.1:1/\", allow_private: true, paused: true }"
  fi
}

# Tools --------------------------------------------------------------------------------------------------

# sql ROLE DATABASE TEXT: prints values only.
sql() { psql -qAtX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$postgres_port" -U "$1" -d "$2" -c "$3"; }
owner() { sql leadledger old "$1"; }
# As the role that people use; its actor is db:<role>.
hand() { psql -qAtX -v ON_ERROR_STOP=1 "$hand_url" -c "$1"; }
cli() { node "$program" "$@"; }
api() { local method="$1" path="$2"; shift 2; curl -sf -X "$method" "$url/api/v1$path" -H "Authorization: Bearer $LEADLEDGER_ADMIN_KEY" -H 'Content-Type: application/json' "$@"; }

# wait_for CONDITION: SQL that is true in the end.
wait_for() {
  for _ in $(seq 300); do
    if [ "$(owner "SELECT $1")" = t ]; then return; fi
    sleep 0.1
  done
  echo "waited in vain for: $1" >&2
  exit 1
}

# lead SOURCE KEY BODY [STATUS]: posts it and prints the run id.
lead() {
  local answer
  answer="$(curl -s -w '\n%{http_code}' "$url/webhook/lead/$1" -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' ${2:+-H "Idempotency-Key: $2"} --data-binary "$3")"
  if [ "${answer##*$'\n'}" != "${4:-202}" ]; then echo "unexpected answer to $2: $answer" >&2; exit 1; fi
  sed -nE 's/.*"run_id":"([^"]+)".*/\1/p' <<<"$answer"
}
status_of() { echo "(SELECT status FROM runs WHERE run_id = '$1')"; }
entry_of() { owner "SELECT max(dlq_id) FROM dlq WHERE run_id = '$1' AND status IN ('open', 'retrying')"; }
person() { echo "{\"email\":\"$1@example.com\",\"phone\":\"+49 30 $2\",\"name\":\"$1\"${3:+,\"answers\":$3}}"; }

# The scenes ---------------------------------------------------------------------------------------------

make_delivered_and_failed() {
  local delivered healed waits dead given_up again by_hand none denied each
  delivered="$(lead website delivered "$(person Anna 5550001)")"
  lead website delivered "$(person Anna 5550001)" 200 >/dev/null
  lead website delivered "$(person Anna 5550001)" 200 >/dev/null
  none="$(lead fair none "$(person Bernd 5550002)")"
  lead shop "" "$(person Carla 5550003)" >/dev/null
  lead shop "" "$(person Carla 5550003)" 200 >/dev/null
  post_signed '{"lead_id":"p-1","email":"dora@example.com"}'
  curl -sf "$url/webhook/lead/website" -H "X-Api-Key: $token" -H 'Idempotency-Key: by-form' \
    --data-urlencode 'email=emil@example.com' --data-urlencode 'message=Grüße, 10 €' >/dev/null
  for _ in 1 2 3; do curl -sf "$url/health" >/dev/null; done
  denied="$(curl -s -o "$folder/denied" -w '%{http_code}' "$url/webhook/lead/website" -H 'Authorization: Bearer wrong-token' -d '{}')"
  [ "$denied" = 401 ]

  healed="$(lead website healed "$(person Frida 5550004 '{"erp":[503,503,200]}')")"
  waits="$(lead website waits "$(person Gerd 5550005 '{"crm":[503]}')")"
  dead="$(lead website dead "$(person Hanna 5550006 '{"erp":[503]}')")"
  lead website refused-by-erp "$(person Ida 5550007 '{"erp":[400]}')" >/dev/null
  lead website credentials "$(person Jan 5550008 '{"crm":[401]}')" >/dev/null
  wait_for "$(status_of "$delivered") = 'processed' AND $(status_of "$none") = 'processed' AND $(status_of "$healed") = 'processed'"
  wait_for "(SELECT status = 'open' AND retry_count = 1 AND next_retry_at > now() FROM dlq WHERE run_id = '$waits')"
  wait_for "(SELECT status = 'dead' OR status = 'open' AND next_retry_at IS NULL FROM dlq WHERE run_id = '$dead')"

  by_hand="$(lead website by-hand "$(person Karl 5550009 '{"erp":[400]}')")"
  given_up="$(lead website given-up "$(person Lena 5550010 '{"erp":[410]}')")"
  again="$(lead website again "$(person Mara 5550011 '{"erp":[400,200]}')")"
  for each in "$by_hand" "$given_up" "$again"; do wait_for "$(status_of "$each") = 'failed'"; done
  cli dlq resolve "$(entry_of "$by_hand")" --reason "entered by phone"
  cli dlq dead "$(entry_of "$given_up")" --reason spam
  cli dlq dead "$(entry_of "$again")" --reason "hopeless, it seemed"
  # A dead entry is tried again by a new one, which arrives; the other reopened one fails again.
  cli dlq retry "$(owner "SELECT dlq_id FROM dlq WHERE run_id = '$again'")" --reason "not hopeless"
  cli dlq retry "$(owner "SELECT max(dlq_id) FROM dlq WHERE run_id = '$dead'")" --reason "once more"
  wait_for "$(status_of "$again") = 'processed' AND $(status_of "$by_hand") = 'processed'"
  wait_for "(SELECT count(*) = 0 FROM dlq WHERE status = 'retrying' OR status = 'open' AND next_retry_at < now() + interval '1 minute')"
}

post_signed() {
  local at signature
  at="$(date +%s)"
  signature="$(printf '%s.%s' "$at" "$1" | openssl dgst -sha256 -hmac "$token" -r | cut -d' ' -f1)"
  curl -sf "$url/webhook/lead/partner" -H "X-Timestamp: $at" -H "X-Signature: sha256=$signature" \
    -H 'Content-Type: application/json' -d "$1" >/dev/null
}

make_refused_and_conflicting() {
  local discarded corrected edited
  lead form refused '{"name":"Nora, without an address"}' 422 >/dev/null
  lead form unreadable $'{"email": "otto@example.com\xff' 422 >/dev/null
  discarded="$(lead form discarded '{"name":"Paul"}' 422)"
  corrected="$(lead form corrected '{"name":"Rosa"}' 422)"
  edited="$(lead form edited '{"name":"Sven"}' 422)"
  cli dlq resolve "$(entry_of "$discarded")" --reason "a test of the agency's"
  lead form corrected "$(person Rosa 5550012)" >/dev/null
  person Sven 5550013 >"$folder/sven.json"
  cli dlq edit "$(entry_of "$edited")" --file "$folder/sven.json" --reason "asked by phone"
  lead website delivered '{"email":"somebody-else@example.com"}' 422 >/dev/null
  lead website delivered '{"email":"somebody-else@example.com"}' 422 >/dev/null
  lead website healed '{"email":"yet-another@example.com"}' 422 >/dev/null
  cli dlq resolve "$(owner "SELECT max(dlq_id) FROM dlq WHERE kind = 'conflict'")" --reason "a slip of the form"
  wait_for "$(status_of "$corrected") = 'processed' AND $(status_of "$edited") = 'processed'"
}

make_replays() {
  local delivered
  delivered="$(owner "SELECT run_id FROM runs WHERE idempotency_key = 'delivered'")"
  cli destination add second-crm --address "http://127.0.0.1:$sink_port/second-crm" --allow-private --retry-fast 100ms --retry-slow 200ms
  lead shop "" "$(person Tine 5550014 '{"second-crm":[400]}')" >/dev/null
  wait_for "NOT EXISTS (SELECT FROM runs WHERE source = 'shop' AND status = 'accepted')"
  sleep 2.5 # until every node knows the destination
  cli runs replay "$delivered" --to second-crm --reason "added later"
  # Of these one fails: its entry is a replay's.
  cli runs replay --to second-crm --source shop --reason "added later"
  wait_for "EXISTS (SELECT FROM dlq WHERE kind = 'replay') AND NOT EXISTS (SELECT FROM deliveries)"
  wait_for "NOT EXISTS (SELECT FROM operations WHERE status <> 'done')"
}

make_settings_and_accounts() {
  local operation
  api POST /sources -d '{"name":"landing","auth":{"kind":"token","secret":"'"$token"'"},"to":["crm"]}' >/dev/null
  api PATCH /sources/landing -d '{"rate_limit":"50/s"}' >/dev/null
  api POST /sources -d '{"name":"rotated","auth":{"kind":"token","secret":"'"$token"'"},"to":["crm"]}' >/dev/null
  api POST /sources/rotated/rotate-secret -d '{"overlap":"30d"}' >/dev/null
  api POST /sources -d '{"name":"paused","auth":{"kind":"none"},"to":["crm"]}' >/dev/null
  api POST /sources/paused/pause >/dev/null
  api POST /sources -d '{"name":"removed","auth":{"kind":"none"},"to":["crm"]}' >/dev/null
  api DELETE /sources/removed >/dev/null
  api POST /destinations -d '{"name":"old-crm","kind":"http","url":"https://crm.example.com/leads"}' >/dev/null
  api PATCH /destinations/old-crm -d '{"concurrency":3}' >/dev/null
  api DELETE /destinations/old-crm >/dev/null
  api PATCH /settings -d '{"masked_pointers":["/note"]}' >/dev/null
  api POST /users -d '{"login":"anna@example.com","display_name":"Anna","role":"admin","password":"a-long-enough-password-27"}' >/dev/null
  api POST /users -d '{"login":"bert@example.com","display_name":"Bert","role":"viewer","language":"de","password":"a-long-enough-password-28"}' >/dev/null
  api PATCH /users/2 -d '{"role":"operator"}' >/dev/null
  cli user add carla@example.com --role sales >/dev/null
  cli user disable carla@example.com
  curl -sf "$url/api/v1/session" -H 'Content-Type: application/json' -d '{"login":"anna@example.com","password":"a-long-enough-password-27"}' >/dev/null
  cli api-key create reporting --role viewer >/dev/null
  cli api-key create short-lived --role operator >/dev/null
  cli api-key revoke 2
  cli source test website >/dev/null
  printf 'email;phone\nulf@example.com;030 5550015\nvera@example.com;030 5550016\n' >"$folder/leads.csv"
  cli import "$folder/leads.csv" --source shop
  # A lead to the destination that the file then no longer names.
  wait_for "NOT EXISTS (SELECT FROM runs WHERE status = 'accepted')"
  cli runs replay "$(owner "SELECT run_id FROM runs WHERE idempotency_key = 'none'")" --to gone --reason "is still there"
  configuration Europe/Vienna "" >"$LEADLEDGER_CONFIG"
  cli apply
  wait_for "EXISTS (SELECT FROM dlq WHERE error_code = 'destination_removed')"
  wait_for "EXISTS (SELECT FROM audit_events WHERE event_type = 'timezone_changed')"
  api POST /operations -d '{"action":"dlq.resolve","filter":{"error_code":"destination_removed"},"reason":"nobody misses it"}' >/dev/null
  wait_for "NOT EXISTS (SELECT FROM operations WHERE status <> 'done')"
  # One that is not at its end.
  api POST /operations -d '{"action":"runs.replay","filter":{"source":"shop"},"destination":"second-crm","reason":"in case they were lost","rate_per_second":0.01}' >/dev/null
  operation="$(owner "SELECT operation_id FROM operations WHERE status <> 'done'")"
  wait_for "(SELECT done + skipped > 0 FROM operations WHERE operation_id = '$operation')"
  cli operation pause "$operation"
}

make_changes_by_hand() {
  hand_url="$(cli db url)"
  cli db url --read-only >/dev/null
  local done failed open_entry
  done="$(lead worker done "$(person Wanda 5550017)")"
  failed="$(lead worker failed "$(person Xaver 5550018)")"
  lead worker waiting "$(person Yvonne 5550019)" >/dev/null
  hand "UPDATE runs SET status = 'processed' WHERE run_id = '$done'"
  hand "UPDATE runs SET status = 'failed', error_code = 'worker_error', error_message = 'the worker could not' WHERE run_id = '$failed'"
  hand "INSERT INTO runs (source, idempotency_key, status) VALUES ('by-hand', 'one', 'accepted'), ('by-hand', 'two', 'failed')"
  hand "INSERT INTO runs DEFAULT VALUES"
  hand "INSERT INTO dlq (reason) VALUES ('call back')"
  hand "INSERT INTO dlq (run_id, reason, payload) VALUES ('$done', 'look at this', '{\"note\": \"by hand\"}')"
  hand "INSERT INTO audit_events (run_id, event_type, payload) VALUES ('$done', 'called_back', '{\"by\": \"Zoe\"}'), (NULL, 'tidied_up', '{}')"
  open_entry="$(lead website resolved-by-sql "$(person Yusuf 5550020 '{"erp":[400]}')")"
  wait_for "$(status_of "$open_entry") = 'failed'"
  hand "UPDATE dlq SET status = 'resolved', resolution = 'sent by post' WHERE run_id = '$open_entry'"
  hand "UPDATE dlq SET note = 'asked the ERP people' WHERE run_id = (SELECT run_id FROM runs WHERE idempotency_key = 'refused-by-erp')"
  # Figures of before the first lead: filled in by hand, and of a day whose leads retention has removed.
  hand "INSERT INTO kpi_daily (day, received_count, processed_count, failed_count) VALUES (current_date - 40, 12, 10, 2)"
  owner "BEGIN; SELECT set_config('leadledger.operation', 'kpi', true);
    INSERT INTO kpi_daily (day, received_count, processed_count, closed_at) VALUES (current_date - 3, 7, 7, clock_timestamp()); COMMIT" >/dev/null
  # As erasure leaves an event.
  owner "BEGIN; SELECT set_config('leadledger.operation', 'erasure', true);
    UPDATE audit_events SET payload = NULL, salt = NULL WHERE event_type = 'health_check' AND event_id = (SELECT min(event_id) FROM audit_events WHERE event_type = 'health_check'); COMMIT" >/dev/null
}

make_spooled() {
  kill_postgres
  lead website spooled-1 "$(person Zita 5550021)" >/dev/null
  lead website spooled-2 "$(person Zeno 5550022)" >/dev/null
  run_postgres
  wait_for "(SELECT count(*) = 2 FROM runs WHERE idempotency_key LIKE 'spooled-%' AND status = 'processed')"
}

# The node is killed in the middle of it: deliveries that wait, a delivery and an entry that are being attempted.
make_what_is_under_way() {
  local attempted retried
  attempted="$(lead website attempted "$(person Ada 5550023 '{"crm":[0]}')")"
  retried="$(lead website retried "$(person Ben 5550024 '{"erp":[503,503,0]}')")"
  wait_for "(SELECT status = 'retrying' AND leased_by IS NOT NULL FROM dlq WHERE run_id = '$retried')"
  configuration Europe/Vienna ", paused: true" >"$LEADLEDGER_CONFIG"
  cli apply
  wait_for "EXISTS (SELECT FROM deliveries WHERE run_id = '$attempted' AND leased_by IS NOT NULL)"
  sleep 2.5 # until the node knows that crm is paused
  lead website waiting-1 "$(person Cem 5550025)" >/dev/null
  lead website waiting-2 "$(person Dana 5550026)" >/dev/null
  wait_for "(SELECT count(*) = 2 FROM deliveries d JOIN runs r USING (run_id) WHERE r.idempotency_key LIKE 'waiting-%' AND destination = 'crm' AND leased_by IS NULL)"
  wait_for "NOT EXISTS (SELECT FROM deliveries d JOIN runs r USING (run_id) WHERE r.idempotency_key LIKE 'waiting-%' AND destination = 'erp')"
  kill -KILL "$node_pid"
  node_pid=""
}

dump() {
  # psql's own commands have no place in a file that a driver runs.
  pg_dump -h 127.0.0.1 -p "$postgres_port" -U postgres --inserts --rows-per-insert=200 --no-owner old |
    sed -E '/^\\/d' | gzip -9n >"$into"
  owner "SELECT event_type, count(*) FROM audit_events GROUP BY 1 ORDER BY 1; SELECT status, outcome, refused, test, count(*) FROM runs GROUP BY 1, 2, 3, 4;
    SELECT kind, status, error_code, count(*) FROM dlq GROUP BY 1, 2, 3; SELECT destination, leased_by IS NOT NULL, count(*) FROM deliveries GROUP BY 1, 2"
  ls -l "$into"
}

main
