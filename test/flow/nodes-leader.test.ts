// Who leads: one node at a time, and nobody writes as leader who has not led all the while.
import { afterEach, beforeEach, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { rollUpWaitingKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { snapshotTransaction, transaction } from "../../src/ledger/connection/database.ts";
import {
  guardedBy,
  LeadershipLostError,
  resignLeadership,
  takeLeadership,
} from "../../src/ledger/connection/leader.ts";
import type { Leadership } from "../../src/ledger/connection/leader.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { until } from "../support/until.ts";

const longLeaseMs = 60_000;

describeOnEachServer("The leadership", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  const campaign = (node: string, leaseMs = longLeaseMs) => takeLeadership(ledger.program, node, leaseMs);

  async function takes(node: string, leaseMs = longLeaseMs): Promise<Leadership> {
    const taken = await campaign(node, leaseMs);
    if (taken.kind !== "leads") throw new Error(`${node}: ${taken.kind}`);
    return taken.leadership;
  }

  const waitingDifferences = async (): Promise<number> =>
    (await one<{ count: number }>(ledger.program, "SELECT count(*) FROM internal.kpi_deltas")).count;

  it("belongs to one node until its lease ends or it resigns; every change of hands is a new epoch", async () => {
    const first = await takes("a");
    expect(first.epoch).toBe(1);
    expect(await takes("a")).toEqual(first);
    expect(await campaign("b")).toEqual({ kind: "another_leads" });

    await resignLeadership(ledger.program, { node: "a", epoch: 0 });
    expect(await campaign("b")).toEqual({ kind: "another_leads" });
    await resignLeadership(ledger.program, first);
    expect(await takes("b", 0)).toEqual({ node: "b", epoch: 2 });
    // Its lease was over at once: what it takes again is another leadership.
    expect(await takes("b")).toEqual({ node: "b", epoch: 3 });
  });

  it("falls to one of many that campaign at once", async () => {
    const nodes = Array.from({ length: 10 }, (_, index) => `node-${index}`);
    for (let round = 1; round <= 10; round += 1) {
      const taken = await Promise.all(nodes.map((node) => campaign(node)));
      const leading = taken.flatMap((each) => (each.kind === "leads" ? [each.leadership] : []));
      expect(leading).toMatchObject([{ epoch: round }]);
      for (const leadership of leading) await resignLeadership(ledger.program, leadership);
    }
  });

  it.each([
    ["another node leads", "b"],
    ["the same node took the leadership anew", "a"],
  ])("that is outdated lets nothing be written: %s", async (_why, successor) => {
    await receiveLead(ledger, ["crm"]);
    const outdated = await takes("a", 0);
    const current = await takes(successor);
    await expect(rollUpWaitingKpis(ledger.program, guardedBy(outdated))).rejects.toThrow(LeadershipLostError);
    expect(await waitingDifferences()).toBe(1);
    await rollUpWaitingKpis(ledger.program, guardedBy(current));
    expect(await waitingDifferences()).toBe(0);
  });

  it("whose lease is over lets nothing be written, even if nobody has taken it yet", async () => {
    await receiveLead(ledger, ["crm"]);
    const lapsed = await takes("a", 0);
    await expect(rollUpWaitingKpis(ledger.program, guardedBy(lapsed))).rejects.toThrow(LeadershipLostError);
    expect(await waitingDifferences()).toBe(1);
  });

  it("cannot be taken while a transaction of the leader is under way, however long that takes", async () => {
    // Long enough for the guard to look while it lasts.
    const leaseMs = 2_000;
    const guard = guardedBy(await takes("a", leaseMs));
    await transaction(ledger.program, "system", async (client) => {
      await guard(client);
      await until("the lease to end", async () => {
        const { ended } = await one<{ ended: boolean }>(
          ledger.program,
          "SELECT held_until < clock_timestamp() AS ended FROM internal.leader",
        );
        return ended;
      });
      expect(await campaign("b")).toEqual({ kind: "busy" });
      expect(await campaign("a")).toEqual({ kind: "busy" });
    });
    expect(await takes("b")).toEqual({ node: "b", epoch: 2 });
  });

  it("keeps no node from starting: the figures that a frozen leader has locked are not waited for", async () => {
    await snapshotTransaction(ledger.program, "system", "kpi_daily", async () => {
      // Every node says its reporting time zone when it starts.
      expect(await changeReportingTimezone(ledger.program, "system", "Europe/Berlin")).toEqual({
        kind: "unchanged",
      });
    });
  });

  it("that is renewed beside a snapshot of the leader lets the snapshot be taken again", async () => {
    const leadership = await takes("a");
    const guard = guardedBy(leadership);
    let tries = 0;
    await snapshotTransaction(ledger.program, "system", "kpi_daily", async (client) => {
      tries += 1;
      if (tries === 1) await takes("a");
      await guard(client);
    });
    expect(tries).toBe(2);
  });
});
