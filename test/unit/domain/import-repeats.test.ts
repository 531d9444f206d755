// Rows of one file that repeat each other are foreseen as the ledger would find them.
import { expect, it } from "vitest";
import { createRepeatFinder } from "../../../src/domain/leads/import-repeats.ts";

it("a row under a known key is a duplicate where its data are equal as values, else the key is reused", () => {
  const repeatOf = createRepeatFinder();
  expect([
    repeatOf("k", '{"a":1.50,"b":[1,{"c":null}]}'),
    repeatOf("k", '{"b":[1,{"c":null}],"a":1.5}'),
    repeatOf("k", '{"a":1.5,"b":[{"c":null},1]}'),
    repeatOf("k", '{"a":"1.5","b":[1,{"c":null}]}'),
    repeatOf("other", '{"a":12345678901234567890}'),
    repeatOf("other", '{"a":12345678901234567891}'),
    repeatOf("broken", "{"),
    repeatOf("broken", "{"),
  ]).toEqual(["new", "duplicate", "key_reused", "key_reused", "new", "key_reused", "new", "duplicate"]);
});
