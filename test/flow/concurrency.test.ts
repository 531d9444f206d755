// Many nodes, people and commands work on one ledger at once, at random: whatever they do, the books balance, every run
// is in the state that its story tells, and nothing waits for ever. test/long does the same for minutes.
import { afterEach, beforeEach, expect, it } from "vitest";
import { transaction } from "../../src/ledger/connection/database.ts";
import { moveRemovedToDlq } from "../../src/ledger/delivery/deliveries.ts";
import { describeOnEachServer } from "../support/database.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { one, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { chooseSeed } from "../support/random.ts";
import { playChapter } from "../support/traffic-chapter.ts";
import { until } from "../support/until.ts";

describeOnEachServer("A ledger that ten connections work on at once", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  it("keeps what it promises, whenever all is quiet", async () => {
    expect(await playChapter(ledger, { seed: chooseSeed(), rounds: 3, roundMs: 1_500 })).toEqual([]);
  });

  it("makes no case of a lead that arrives while a removed destination is being swept", async () => {
    await ledger.by(
      "system",
      "INSERT INTO internal.destinations (name, kind, managed_by, enabled, settings) VALUES ('gone', 'http', 'file', false, '{}')",
    );
    const runIds = [await receiveLead(ledger, ["gone"]), await receiveLead(ledger, ["gone", "crm"])];
    await ledger.program.query(
      "UPDATE internal.deliveries SET due_at = clock_timestamp() WHERE destination = 'gone'",
    );

    let sweep: Promise<number> | undefined;
    await transaction(ledger.program, "delivery", async (client) => {
      const event = JSON.stringify({ destination: "gone", lane: "fast", attempt: 1, outcome: "delivered" });
      await client.query("SELECT internal.ledger_settle_delivered($1, $2, $3, $4, 'n1')", [
        ...[runIds, runIds.map(() => "gone"), runIds.map(() => 1), runIds.map(() => event)],
      ]);
      sweep = transaction(ledger.program, "system", (other) => moveRemovedToDlq(other, "gone"));
      await until("the sweep to wait for the runs", async () => {
        const { waits } = await one<{ waits: boolean }>(
          ledger.program,
          "SELECT count(*) > 0 AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        return waits;
      });
    });
    expect(await sweep).toBe(0);
    expect(await one(ledger.program, "SELECT count(*) FROM dlq")).toEqual({ count: 0 });
    expect(await brokenInvariants(ledger.program)).toEqual([]);
  });
});
