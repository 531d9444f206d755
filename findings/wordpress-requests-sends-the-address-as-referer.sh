#!/usr/bin/env bash
# Debian package wordpress 6.1.9 (its Requests library, with php-cli and php-curl of Debian 12).
# Whatever WordPress and its plugins fetch or post by cURL carries a header Referer with the address that is requested, its
# path and query included: POST /hook/TOKEN has Referer: http://host/hook/TOKEN.
# Wrong guess: a server-side client sends no Referer, so whoever leaves the request line out of a log, or keeps headers but
# not addresses, has left a token in the address out too.
# Needs apt-get (download only), dpkg-deb, php with cURL, and node. Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q wordpress >/dev/null 2>&1
dpkg-deb -x wordpress_*.deb unpacked
dpkg-deb -f wordpress_*.deb Version
cat >post.php <<'PHP'
<?php
error_reporting(E_ALL & ~E_DEPRECATED);
require getenv('REQUESTS');
Requests::register_autoloader();
Requests::request($argv[1], ['Content-Type' => 'application/json'], '{}', 'POST', ['transport' => 'Requests_Transport_cURL']);
PHP
export REQUESTS="$folder/unpacked/usr/share/wordpress/wp-includes/class-requests.php"
[ -e "$REQUESTS" ] || export REQUESTS="$folder/unpacked/usr/share/wordpress/wp-includes/Requests/src/Requests.php"
node -e '
const { createServer } = require("node:http");
const { spawn } = require("node:child_process");
const server = createServer((request, response) => {
  const { referer } = request.headers;
  console.log({ url: request.url, referer });
  response.end("{}");
  process.exitCode = referer?.endsWith("/hook/TOKEN?a=1") ? 0 : 1;
}).listen(0, "127.0.0.1", () => {
  const php = spawn("php", ["post.php", `http://127.0.0.1:${server.address().port}/hook/TOKEN?a=1`], { stdio: "inherit" });
  php.on("exit", () => server.close());
});
process.exitCode = 1;'
