// Random bodies, keys and media types; how many says LEADLEDGER_FUZZ_CASES.
import { describe, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { casesOfNormalRun, fuzzCases, fuzzSeed } from "../../support/fuzz-cases.ts";
import { fuzzBodies, fuzzContentTypes, fuzzKeys, fuzzKinds } from "../../support/fuzz-parsers.ts";

const cases = fuzzCases(casesOfNormalRun);
const limitMs = 60_000 + cases * 10;

describe(`${cases} random cases (LEADLEDGER_SEED=${fuzzSeed})`, () => {
  it(
    "of bodies: a lead, a refusal with a code, or not for us; never an exception",
    () => fuzzBodies(cases),
    limitMs,
  );
  it("of what every kind of source gets", () => fuzzKinds(builtInKinds.sources, cases), limitMs);
  it("of keys: stored as they are sent, or refused", () => fuzzKeys(cases), limitMs);
  it("of media types: one of those that are known, or none", () => fuzzContentTypes(cases), limitMs);
});
