// Keeps kpi_daily live: adds the differences that wait. Where nothing waits, nothing is locked.
import type { Database } from "../ledger/database.ts";
import { kpiNeedsRollUp, rollUpKpis } from "../ledger/kpi-daily.ts";
import type { LeaderGuard } from "../ledger/leader.ts";

/**
 * Throws what the database threw, the next run makes up for it; or what the guard throws. Safe on several nodes at
 * once, so a command may do it without a guard.
 */
export async function rollUpWaitingKpis(database: Database, guard?: LeaderGuard): Promise<void> {
  if (await kpiNeedsRollUp(database)) await rollUpKpis(database, guard);
}
