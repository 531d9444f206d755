#!/usr/bin/env bash
# npm package pg 8.23.1 (with the pg-connection-string that it brings).
# The user and password of a connection URI are decoded with decodeURIComponent, the database with decodeURI, which leaves
# %2F, %3F, %23, %26 … as they are: postgresql://h/my%2Fdb asks for a database named my%2Fdb. libpq asks for my/db.
# Wrong guess: what encodeURIComponent made of a name is that name again on the other side.
# Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
npm install --silent --prefix "$folder" --no-save pg@8.23.1 >/dev/null
cd "$folder"
node -e '
const { Client } = require("pg");
const { database, user } = new Client({ connectionString: "postgresql://a%2Fb@h/my%2Fdb" });
console.log({ user, database });
process.exit(user === "a/b" && database === "my%2Fdb" ? 0 : 1);'
