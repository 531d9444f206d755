// How many random cases a fuzz test tries, and from which seed.
import { chooseSeed } from "./random.ts";

/** LEADLEDGER_FUZZ_CASES, or what this run of the test tries without it. */
export function fuzzCases(otherwise: number): number {
  const given = process.env["LEADLEDGER_FUZZ_CASES"];
  if (given === undefined) return otherwise;
  const count = Number(given);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new Error(`LEADLEDGER_FUZZ_CASES is no number of cases: ${given}`);
  }
  return count;
}

export const casesOfNormalRun = 2_000;
export const casesOfLongRun = 100_000;

/** Printed by every fuzz test, so that LEADLEDGER_SEED makes the same cases again. */
export const fuzzSeed = chooseSeed();
