// Somebody publishes all tables, for a warehouse or for a move to another server: everything goes on.
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, open, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

describeOnEachServer("A publication of all tables", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    const superuser = open(ledger.superuserUrl, 1);
    // That every row can be told from others is checked whatever wal_level the server has.
    await superuser.query("CREATE PUBLICATION everything FOR ALL TABLES");
    await superuser.close();
  });
  afterAll(() => ledger.close());

  it("stops neither leads nor figures", async () => {
    const run = await receiveLead(ledger, ["crm"]);
    await ledger.hand.query("INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'crm')", [
      run,
    ]);
    await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [run]);
    await rollUpKpis(ledger.program);
    await ledger.program.query("SELECT internal.dlq_roll_up_causes()");
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/Vienna");
    expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
    const { received, waiting } = await one<{ received: number; waiting: number }>(
      ledger.program,
      "SELECT sum(received_count)::int AS received, (SELECT count(*) FROM internal.kpi_deltas) AS waiting FROM kpi_daily",
    );
    expect({ received, waiting }).toEqual({ received: 1, waiting: 0 });
  });
});
