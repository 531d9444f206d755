// What one node does for all, as long as it leads.
import type { Database } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import { rollUpDlqCauses } from "../ledger/attention/dlq-causes.ts";
import { dropExpired } from "../ledger/attention/quarantine.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import { tendCircuits } from "../ledger/delivery/circuits.ts";
import { findRemovedWithDeliveries, moveRemovedToDlq } from "../ledger/delivery/deliveries.ts";
import { releaseResumed } from "../ledger/delivery/held-deliveries.ts";
import { rollUpWaitingKpis } from "../ledger/figures/kpi-daily.ts";
import { startLeadership } from "../runtime/leadership.ts";
import type { LeaderTasks } from "../runtime/leadership.ts";
import type { NodeBase } from "./node-base.ts";

/** People were promised figures of the last two seconds. */
const rollUpEveryMs = 1_500;
/** What waited for a circuit to close is made due within it. */
const circuitsEveryMs = 2_000;
/** Of differences that are read as well before they are rolled up. */
const causesEveryMs = 10_000;
const releaseEveryMs = 1_000;
const quarantineExpiryEveryMs = 60_000;
const sweepEveryMs = 10_000;

/** From the first contact with the database on. */
export function startLeading({ background, database, lease, monotonicMs, log }: NodeBase): LeaderTasks {
  const { node, leaseMs } = lease;
  const leader = startLeadership(background, { database, node, leaseMs, monotonicMs, log });
  leader.every("kpi_roll_up", rollUpEveryMs, (guard) => rollUpWaitingKpis(database, guard));
  leader.every("circuits", circuitsEveryMs, (guard) => tendCircuits(database, guard));
  leader.every("dlq_causes", causesEveryMs, (guard) => rollUpDlqCauses(database, guard));
  leader.every("held_deliveries", releaseEveryMs, async (guard) => {
    if ((await releaseResumed(database, guard)) > 0) background.wake("poll");
  });
  leader.every("quarantine_expiry", quarantineExpiryEveryMs, (guard) => dropExpired(database, guard));
  leader.every("removed_destinations", sweepEveryMs, (guard) => sweepRemovedDestinations(database, guard));
  return leader;
}

/** Whoever resigns leaves nothing uncounted. */
export async function stopLeading({ database }: NodeBase, leader: LeaderTasks): Promise<void> {
  await leader.ifLeading((guard) => rollUpWaitingKpis(database, guard));
  await leader.resign();
}

/** A node that had not heard of the removal yet may have accepted leads for it. */
async function sweepRemovedDestinations(database: Database, guard: LeaderGuard): Promise<void> {
  for (const destination of await findRemovedWithDeliveries(database)) {
    await transaction(database, "system", async (client) => {
      await guard(client);
      await moveRemovedToDlq(client, destination);
    });
  }
}
