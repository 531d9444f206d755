// What one node does for all, as long as it leads.
import type { Database } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import { rollUpDlqCauses } from "../ledger/attention/dlq-causes.ts";
import { dropExpired } from "../ledger/attention/quarantine.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import { tendCircuits } from "../ledger/delivery/circuits.ts";
import { findRemovedWithDeliveries, moveRemovedToDlq } from "../ledger/delivery/deliveries.ts";
import { releaseResumed } from "../ledger/delivery/held-deliveries.ts";
import { deliverWaitingRevisions } from "../ledger/intake/revision-deliveries.ts";
import { tellNamesShown } from "../ledger/leads/names-shown.ts";
import { rollUpWaitingKpis } from "../ledger/figures/kpi-daily.ts";
import { startLeadership } from "../runtime/leadership.ts";
import type { LeaderTasks } from "../runtime/leadership.ts";
import { createDeadMansSwitch } from "./dead-mans-switch.ts";
import type { DeadMansSwitchDeps } from "./dead-mans-switch.ts";
import { createSlaKeeping } from "./service-levels.ts";
import { createNameIndexing } from "./name-hashes.ts";
import type { Alerting } from "./alerting.ts";
import { createHeartbeats } from "./heartbeats.ts";
import { createSilenceWatch } from "./silence.ts";
import type { NodeBase } from "./node-base.ts";
import type { Reporting } from "./reporting.ts";

/** From the first contact with the database on. */
export function startLeading(
  base: NodeBase,
  alerting: Alerting,
  deadMansSwitch: DeadMansSwitchDeps,
  reporting: Reporting,
): LeaderTasks {
  const { background, intervals, database, lease, monotonicMs, log } = base;
  const { node, leaseMs } = lease;
  const leader = startLeadership(background, { database, node, leaseMs, monotonicMs, log });
  leader.every("kpi_roll_up", intervals.kpiRollUpMs, (guard) => rollUpWaitingKpis(database, guard));
  leader.every("alerts", intervals.alertsMs, alerting.evaluate);
  leader.every("notifications", intervals.notificationsMs, alerting.dispatch);
  leader.every("circuits", intervals.circuitsMs, (guard) => tendCircuits(database, guard));
  leader.every("dlq_causes", intervals.dlqCausesMs, (guard) => rollUpDlqCauses(database, guard));
  leader.every("held_deliveries", intervals.heldDeliveriesMs, async (guard) => {
    if ((await releaseResumed(database, guard)) > 0) background.wake("poll");
  });
  leader.every("waiting_revisions", intervals.waitingRevisionsMs, async (guard) => {
    if ((await deliverWaitingRevisions(database, guard)) > 0) background.wake("poll");
  });
  leader.every("quarantine_expiry", intervals.quarantineExpiryMs, (guard) => dropExpired(database, guard));
  leader.every("names_shown", intervals.namesShownMs, (guard) => tellNamesShown(database, guard));
  leader.every("person_names", intervals.personNamesMs, createNameIndexing(base));
  leader.every("reports", intervals.reportsMs, (guard) => reporting.run(guard));
  const { serviceLevelsMs } = intervals;
  leader.every("service_levels", serviceLevelsMs, createSlaKeeping(database, serviceLevelsMs, monotonicMs));
  leader.every("silences", intervals.silencesMs, createSilenceWatch(database));
  leader.every("heartbeats", intervals.heartbeatsMs, createHeartbeats(base));
  leader.every("removed_destinations", intervals.removedDestinationsMs, (guard) =>
    sweepRemovedDestinations(database, guard),
  );
  leader.every("dead_mans_switch", intervals.deadMansSwitchMs, createDeadMansSwitch(base, deadMansSwitch));
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
