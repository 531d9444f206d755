// What the leader does, and the commands for the books: roll-up, rebuild, another time zone, removed destinations. Four
// nodes campaign with short leases, so that the leadership changes hands all the time.
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { rebuildKpis, rollUpWaitingKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { transaction } from "../../src/ledger/connection/database.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { findRemovedWithDeliveries, moveRemovedToDlq } from "../../src/ledger/delivery/deliveries.ts";
import { guardedBy, LeadershipLostError, takeLeadership } from "../../src/ledger/connection/leader.ts";
import type { LeaderGuard } from "../../src/ledger/connection/leader.ts";
import type { WeightedOperations } from "./ledger-traffic.ts";
import type { Random } from "./random.ts";

export interface BookWork {
  readonly operations: WeightedOperations;
  /** What rebuilds found wrong: there must be no such day, at no time. */
  readonly wrongDays: readonly string[];
}

const nodes = ["node-a", "node-b"] as const;
const zones = ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"] as const;
const nothing = /^$/;

export function createBookWork(): BookWork {
  const wrongDays: string[] = [];

  /** As the node that leads; or with a leadership that was over before its transaction began. */
  async function asLeader(
    database: Database,
    random: Random,
    task: (guard: LeaderGuard) => Promise<void>,
  ): Promise<void> {
    const leaseMs = random.chance(0.2) ? 0 : 500;
    const campaign = await takeLeadership(database, random.pick(nodes), leaseMs);
    if (campaign.kind !== "leads") return;
    try {
      await task(guardedBy(campaign.leadership));
    } catch (error) {
      if (!(error instanceof LeadershipLostError)) throw error;
    }
  }

  async function rollUp(database: Database, random: Random): Promise<void> {
    await asLeader(database, random, (guard) => rollUpWaitingKpis(database, guard));
  }

  async function sweep(database: Database, random: Random): Promise<void> {
    await asLeader(database, random, async (guard) => {
      for (const destination of await findRemovedWithDeliveries(database)) {
        await transaction(database, "system", async (client) => {
          await guard(client);
          await moveRemovedToDlq(client, destination);
        });
      }
    });
  }

  async function rebuild(database: Database): Promise<void> {
    wrongDays.push(...(await rebuildKpis(database, "cli:test")));
  }

  async function changeZone(database: Database, random: Random): Promise<void> {
    await changeReportingTimezone(database, "user:7", random.pick(zones));
  }

  return {
    operations: [
      [10, { name: "roll up", tolerates: nothing, run: rollUp }],
      [4, { name: "rebuild", tolerates: nothing, run: rebuild }],
      [2, { name: "time zone", tolerates: nothing, run: changeZone }],
      [4, { name: "sweep", tolerates: nothing, run: sweep }],
    ],
    wrongDays,
  };
}
