#!/usr/bin/env bash
# npm package libphonenumber-js 1.13.16 (full metadata), on Node.js.
# Senders that store numbers as numbers lose the plus of +49 171 …. Given the country, the library mends that for Austria,
# Switzerland, France and for German landlines; but a German mobile number becomes another number, valid, in the area
# 0491 (Leer): +49 491 713920012. isValid() says true, getType() says FIXED_LINE, nothing warns.
# And an extension as Germans write it (Durchwahl 12, App. 12) makes the whole number unreadable, where "ext. 12" is read.
# Wrong guess: with the country said, digits that begin with its calling code are that number with a plus, or invalid.
# Exits non-zero where that is no longer so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact libphonenumber-js@1.13.16 >/dev/null
node -e '
const { parsePhoneNumberFromString } = require("libphonenumber-js/max");
const said = [
  ["491713920012", "DE", "+49491713920012 FIXED_LINE true"],
  ["49 30 23125042", "DE", "+493023125042 FIXED_LINE true"],
  ["43 664 1234567", "AT", "+436641234567 MOBILE true"],
  ["41 44 668 18 00", "CH", "+41446681800 FIXED_LINE true"],
  ["33 1 99 00 12 34", "FR", "+33199001234 FIXED_LINE true"],
  ["030 23125042 Durchwahl 12", "DE", "nothing"],
  ["030 23125042 App. 12", "DE", "nothing"],
  ["030 23125042 ext. 12", "DE", "+493023125042 FIXED_LINE true"],
].map(([text, country, expected]) => {
  const number = parsePhoneNumberFromString(text, country);
  const found = number === undefined ? "nothing" : `${number.number} ${number.getType()} ${number.isValid()}`;
  console.log(text, country, "->", found);
  return found === expected;
});
process.exit(said.every(Boolean) ? 0 : 1);'
