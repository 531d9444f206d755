#!/usr/bin/env bash
# npm package csv-stringify 6.9.0, read back by Python's csv module (csv-parse 7.0.3 as well).
# With record_delimiter "\r\n" (RFC 4180, what Excel expects) a value with a lone line feed is written without quotes: only
# the delimiter of records as a whole makes it quote. Readers end the record there, so one record comes back as two.
# Wrong guess: a writer of CSV quotes every value with a line break in it, as RFC 4180 section 2 rule 6 says of LF too.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact csv-stringify@6.9.0 csv-parse@7.0.3 >/dev/null

cat >write.mjs <<'SCRIPT'
import { writeFileSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import { parse } from "csv-parse/sync";
const text = stringify([["id", "message"], ["1", "first line\nsecond line"]], { record_delimiter: "\r\n" });
console.log(JSON.stringify(text));
writeFileSync("out.csv", text);
const read = parse(text, { record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true });
console.log(`csv-parse reads ${read.length} records`);
SCRIPT
seen="$(node write.mjs)"
python="$(python3 -c 'import csv; print("Python reads", len(list(csv.reader(open("out.csv", newline="")))), "records")')"
printf '%s\n%s\n' "$seen" "$python"

expected='"id,message\r\n1,first line\nsecond line\r\n"
csv-parse reads 3 records'
[ "$seen" = "$expected" ] && [ "$python" = "Python reads 3 records" ] || {
  echo "This has changed: two records were written, three were read when this was noted."
  exit 1
}
