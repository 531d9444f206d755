#!/usr/bin/env bash
# npm package ajv 8.20.0, on Node.js.
# `multipleOf` is decided by dividing doubles and comparing with parseInt of the quotient. So { "multipleOf": 0.01 }
# refuses 19.99, and { "multipleOf": 1 } refuses 1e21, which { "type": "integer" } accepts: parseInt("1e+21") is 1.
# Wrong guess: every integer is a multiple of 1, and prices in cents are multiples of 0.01, without further options.
# Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
npm install --silent --prefix "$folder" --no-save ajv@8.20.0 >/dev/null
cd "$folder"
node -e '
const { Ajv } = require("ajv");
const ajv = new Ajv({ strict: false });
const said = [[{ multipleOf: 0.01 }, 19.99], [{ multipleOf: 1 }, 1e21], [{ type: "integer" }, 1e21]]
  .map(([schema, value]) => [JSON.stringify(schema), value, ajv.validate(schema, value)]);
console.log(said);
process.exit(JSON.stringify(said.map(([, , is]) => is)) === "[false,false,true]" ? 0 : 1);'
