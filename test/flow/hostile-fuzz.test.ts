// Random bytes against the whole program; how many connections says LEADLEDGER_FUZZ_CASES.
import { it } from "vitest";
import { casesOfNormalRun, fuzzCases } from "../support/fuzz-cases.ts";
import { fuzzProgram } from "../support/fuzz-sockets.ts";

const cases = fuzzCases(casesOfNormalRun);

it(
  `${cases} connections with mutated requests and rubbish: only documented answers, and leads are taken all the time`,
  { tags: "thorough", timeout: 120_000 + cases * 20 },
  () => fuzzProgram(cases),
);
