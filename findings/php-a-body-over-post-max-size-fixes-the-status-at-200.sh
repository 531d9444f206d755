#!/usr/bin/env bash
# PHP 8.2 (Debian's package php-cli, built-in web server), a JSON body that is larger than `post_max_size`.
# 1. php://input holds the whole body nevertheless; the limit is for forms alone.
#    Wrong guess: the body is cut off or empty, and a signature over it does not fit.
# 2. Where warnings are shown (`display_errors`, PHP's default without a php.ini), a warning about it is written before the
#    program begins. The status is 200 from then on: http_response_code(500) changes nothing.
#    Wrong guess: a receiver that catches each of its own failures, and says 500 then, never answers 200 for one.
# With display_errors=0 the status is the program's.
# Exits non-zero where that is no longer so, 77 where php is missing.
set -u
command -v php >/dev/null && command -v curl >/dev/null || { echo "php or curl is missing (apt-get install php-cli curl)"; exit 77; }
folder="$(mktemp -d)"
cd "$folder" || exit 1
server=
stop() { [ -z "$server" ] || kill "$server" 2>/dev/null; }
trap 'stop; rm -rf "$folder"' EXIT
echo '<?php http_response_code(500); echo "read=", strlen(file_get_contents("php://input"));' > program.php
printf '{"name":"%02000d"}' 0 > body.json
failed=0
expect() { if [ "$2" = "$3" ]; then echo "as stated: $1: $3"; else echo "NOT as stated: $1: $3 instead of $2"; failed=1; fi; }
# $1: display_errors. Sets `status` and `answer`.
ask() {
  local port=$((20000 + RANDOM % 20000))
  php -n -d post_max_size=1K -d "display_errors=$1" -S "127.0.0.1:$port" program.php >/dev/null 2>&1 &
  server=$!
  status="$(curl -s --retry 20 --retry-delay 1 --retry-connrefused --max-time 20 -o answer -w '%{http_code}' \
    -H 'Content-Type: application/json' --data-binary @body.json "http://127.0.0.1:$port/")"
  answer="$(grep -ao 'read=[0-9]*' answer)"
  stop
}
php -n -r 'echo "PHP ", PHP_VERSION, "\n";'
size="$(wc -c < body.json)"
ask 1
expect "status with display_errors=1" 200 "$status"
expect "bytes read with display_errors=1" "read=$size" "$answer"
ask 0
expect "bytes read with display_errors=0" "read=$size" "$answer"
expect "status with display_errors=0" 500 "$status"
exit $failed
