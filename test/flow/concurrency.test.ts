// Many nodes, people and commands work on one ledger at once, at random: whatever they do, the books balance, every run
// is in the state that its story tells, and nothing waits for ever. test/long does the same for minutes.
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { chooseSeed } from "../support/random.ts";
import { playChapter } from "../support/traffic-chapter.ts";

describeOnEachServer("A ledger that ten connections work on at once", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  it("keeps what it promises, whenever all is quiet", async () => {
    expect(await playChapter(ledger, { seed: chooseSeed(), rounds: 3, roundMs: 1_500 })).toEqual([]);
  });
});
