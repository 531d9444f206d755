#!/usr/bin/env bash
# feiertagejs 1.5.1 (public holidays of the German states): what `getHolidays` lists depends on the time zone of the
# process, what `isHoliday` answers does not; and holidays of a single year are unknown to it.
#
# The guess: a library of one country's calendar days lists the same days everywhere, and knows those that are law already.
#
# Seen with feiertagejs 1.5.1 on Node 20:
# - In the time zone Pacific/Auckland (UTC+12, in summer +13) every `dateString` is a day late as long as summer time
#   holds: Christmas Day is listed as 2026-12-26. In UTC and in America/Los_Angeles it is 2026-12-25. `isHoliday` with the
#   text "2026-12-25" is true in all of them.
# - 8 May 2025 was, and 17 June 2028 will be, a public holiday in Berlin, once: neither is in the list for "BE".
#
# What follows: ask `isHoliday` with a text, and bring the holidays of a single year oneself.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --save-exact feiertagejs@1.5.1 >/dev/null

cat >try.mjs <<'SCRIPT'
import { getHolidays, isHoliday } from "feiertagejs";
const christmas = getHolidays(2026, "BE").find(({ name }) => name === "ERSTERWEIHNACHTSFEIERTAG").dateString;
const once = ["2025-05-08", "2028-06-17"].map((day) => isHoliday(day, "BE"));
console.log(christmas, isHoliday("2026-12-25", "BE"), ...once);
SCRIPT

expect() {
  local seen
  seen="$(TZ="$1" node try.mjs)"
  echo "$1: $seen"
  [ "$seen" = "$2" ] || { echo "Expected: $2"; exit 1; }
}
expect UTC "2026-12-25 true false false"
expect America/Los_Angeles "2026-12-25 true false false"
expect Pacific/Auckland "2026-12-26 true false false"
