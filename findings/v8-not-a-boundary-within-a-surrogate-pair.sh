#!/usr/bin/env bash
# Node.js (20.20.2: V8 11.3; the version seen is printed).
# With flag u an expression is tried at code points only (ECMA-262, RegExpBuiltinExec with AdvanceStringIndex), so \B has
# no place in "a😀1": before and after the emoji is a word boundary each. V8 also tries it between the two halves of the
# surrogate pair: /\B/u.exec("a😀1").index is 2, in the middle of a character.
# Wrong guess: with flag u, `index` never points into a character, so a second engine that walks over code points agrees.
# Exits non-zero where that is no longer so.
set -eu
node -e '
const found = /\B/u.exec("a\u{1F600}1");
console.log(process.version, process.versions.v8, "index", found?.index);
process.exit(found?.index === 2 ? 0 : 1);'
