#!/usr/bin/env bash
# prom-client 15.1.3: three of the gauges that collectDefaultMetrics() makes are named as only counters may be.
#
# The wrong guess: the default metrics of the client library of an ecosystem pass the linter of that ecosystem, so that
# `promtool check metrics` on one's own /metrics finds one's own mistakes alone.
# What happens: `nodejs_active_handles_total`, `nodejs_active_requests_total` and `nodejs_active_resources_total` are of
# TYPE gauge; promtool says 'non-counter metrics should not have "_total" suffix' for each and exits 3.
# Exits 0 as long as that is so, 1 when it has changed, 2 when promtool (Debian's prometheus) or npm is missing.
set -u
command -v promtool >/dev/null && command -v npm >/dev/null || { echo "promtool or npm is missing"; exit 2; }
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
npm init -y >/dev/null && npm install --silent --no-audit --no-fund prom-client@15.1.3 >/dev/null || exit 2
node -e '
  const { collectDefaultMetrics, register } = require("prom-client");
  collectDefaultMetrics();
  register.metrics().then((text) => { console.log(text); process.exit(0); });
' >metrics.txt
promtool --version 2>&1 | head -n 1
promtool check metrics <metrics.txt >said.txt 2>&1
status=$?
cat said.txt
echo "promtool exits $status"
[ "$status" = 3 ] && [ "$(grep -c '^nodejs_active_[a-z]*_total non-counter' said.txt)" = 3 ]
