// Where things stand in a JSON text that somebody is writing.
import { describe, expect, it } from "vitest";
import { findPlaces, placeOf } from "../../../web/attention/json-places.ts";

describe("places in JSON", () => {
  it("are found for every member and item, by pointer", () => {
    const read = findPlaces('{\n  "a/b": [1, {"c": 12345678901234567890.10}],\n  "d": "\\u00e9"\n}');
    if (!read.ok) throw new Error(read.fault);
    expect([...read.places].map(([pointer, { line, column }]) => `${pointer} ${line}:${column}`)).toEqual([
      " 1:1",
      "/a~1b 2:3",
      "/a~1b/0 2:11",
      "/a~1b/1 2:14",
      "/a~1b/1/c 2:15",
      "/d 3:3",
    ]);
    expect(placeOf(read.places, "/a~1b/1/missing")).toMatchObject({ line: 2, column: 14 });
    expect(placeOf(read.places, "/missing")).toMatchObject({ line: 1, column: 1 });
  });

  it.each([
    ["", "value_expected", 1, 1],
    ['{"a": }', "value_expected", 1, 7],
    ['{"a": 1,}', "name_expected", 1, 9],
    ["{a: 1}", "name_expected", 1, 2],
    ['{"a" 1}', "colon_expected", 1, 6],
    ['{\n"a": 1\n"b": 2}', "comma_or_end_expected", 3, 1],
    ['{"a": "b\n"}', "text_not_closed", 1, 7],
    ['{"a": "b', "text_not_closed", 1, 7],
    ['{"a": "\t"}', "character_not_allowed", 1, 8],
    ['{"a": "\\x"}', "escape_wrong", 1, 8],
    ['{"a": 01}', "number_wrong", 1, 8],
    ['{"a": 1.}', "number_wrong", 1, 8],
    ['{"a": -}', "number_wrong", 1, 7],
    ['{"a": 1} x', "more_behind_the_end", 1, 10],
    ["[1]", "not_an_object", 1, 1],
    [`${'{"a":'.repeat(66)}1${"}".repeat(66)}`, "too_deep", 1, 326],
  ] as const)("%j: %s", (text, fault, line, column) => {
    expect(findPlaces(text)).toMatchObject({ ok: false, fault, at: { line, column } });
  });
});
