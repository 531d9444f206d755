// The fuzz tests of the normal run, with more cases; how many says LEADLEDGER_FUZZ_CASES.
import { describe, it } from "vitest";
import { casesOfLongRun, fuzzCases, fuzzSeed } from "../support/fuzz-cases.ts";
import { fuzzBodies, fuzzContentTypes, fuzzKeys } from "../support/fuzz-parsers.ts";
import { fuzzProgram } from "../support/fuzz-sockets.ts";

const cases = fuzzCases(casesOfLongRun);
const limitMs = 120_000 + cases * 20;

describe(`${cases} random cases (LEADLEDGER_SEED=${fuzzSeed})`, () => {
  it(
    "over sockets: only documented answers, and leads are taken all the time",
    () => fuzzProgram(cases),
    limitMs,
  );
  it(
    "of bodies: a lead, a refusal with a code, or not for us; never an exception",
    () => fuzzBodies(cases),
    limitMs,
  );
  it("of keys: stored as they are sent, or refused", () => fuzzKeys(cases), limitMs);
  it("of media types: one of those that are known, or none", () => fuzzContentTypes(cases), limitMs);
});
