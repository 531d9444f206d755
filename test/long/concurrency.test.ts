// The same crowd as in test/flow/concurrency.test.ts, for minutes; and proof that it finds what is missing: without
// one of the ledger's locks it does not keep its promises, and that is seen.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/ledger/connection/database.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { chooseSeed } from "../support/random.ts";
import { playChapter } from "../support/traffic-chapter.ts";

const chapters = 10;
const chapter = { rounds: 6, roundMs: 5_000 };
const testLimitMs = 15 * 60_000;

const runLocks = /PERFORM 1 FROM runs (r )?WHERE [^;]* FOR NO KEY UPDATE;/g;

describeOnEachServer("A ledger that ten connections work on for minutes", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  it(
    "keeps what it promises, whenever all is quiet",
    async () => {
      const seed = chooseSeed();
      for (let number = 0; number < chapters; number += 1) {
        expect(await playChapter(ledger, { seed: seed + number, ...chapter })).toEqual([]);
        // The checks read everything, so they would take the longer part of the time in a ledger that only grows.
        await ledger.close();
        ledger = await openTestLedger(server);
      }
    },
    testLimitMs,
  );

  // Seen within a round or two. The loss of ledger_decide's lock alone, or of the lock that a new entry takes, is seen
  // within a minute too, but not every time, so neither is a test.
  it(
    "is caught without the locks of runs in settling and deciding",
    async () => {
      for (const name of ["ledger_settle_delivered", "ledger_decide"]) {
        await removeFrom(ledger.program, name, runLocks);
      }
      const violations = await playChapter(ledger, { seed: chooseSeed(), rounds: 20, roundMs: 3_000 });
      console.log(violations.slice(0, 5).join("\n"));
      expect(violations).not.toEqual([]);
    },
    testLimitMs,
  );
});

/** Makes a function of this database anew without the part that the pattern finds; throws where there is none. */
async function removeFrom(database: Database, name: string, part: RegExp): Promise<void> {
  const { definition } = await one<{ definition: string }>(
    database,
    "SELECT pg_get_functiondef($1::regproc) AS definition",
    [`public.${name}`],
  );
  const changed = definition.replace(part, "");
  if (changed === definition) throw new Error(`${name} has no such part`);
  await database.query(changed);
}
