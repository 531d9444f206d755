// What a test lead leaves behind stands with every kind of destination, so that it can be said before one is sent.
import { describe, expect, it } from "vitest";
import { destinationFormOf } from "../../../src/config/form-fields.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

const kinds = builtInKinds.destinations.map((declared) => [declared.kind, declared] as const);

describe.each(kinds)("A destination of kind %s", (_kind, declared) => {
  it.each([
    ["en", /^A test lead .+\.$/],
    ["de", /\bTestlead\b.+\.$/],
  ] as const)("says (%s) what a test lead leaves behind there", (language, sentence) => {
    expect(declared.testLeaves[language]).toMatch(sentence);
    expect(destinationFormOf(declared, language).test_leaves).toBe(declared.testLeaves[language]);
  });
});

it("No two kinds leave the same behind, for each says it of its own receiver", () => {
  const said = kinds.map(([, { testLeaves }]) => testLeaves.en);
  expect(new Set(said).size).toBe(said.length);
});
