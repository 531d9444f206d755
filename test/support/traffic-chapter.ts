// Rounds of traffic on one ledger: after each, while all is quiet, everything is checked.
import { brokenInvariants } from "./invariants.ts";
import { openTraffic } from "./ledger-traffic.ts";
import type { TestLedger } from "./ledger.ts";

export interface Chapter {
  readonly seed: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Ends after the first round with violations, and returns them. Prints the seed and what was done. */
export async function playChapter(ledger: TestLedger, { seed, rounds, roundMs }: Chapter): Promise<string[]> {
  const traffic = await openTraffic(ledger, seed);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await traffic.run(roundMs);
      const violations = [...(await traffic.violations()), ...(await brokenInvariants(ledger.program))];
      if (violations.length > 0) return violations;
    }
    return [];
  } finally {
    console.log(`LEADLEDGER_SEED=${seed}: ${traffic.summary()}`);
    await traffic.close();
  }
}
