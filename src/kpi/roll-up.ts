// Keeps kpi_daily live: adds the differences that wait. Where nothing waits, nothing is locked.
import type { Database } from "../ledger/database.ts";
import { kpiNeedsRollUp, rollUpKpis } from "../ledger/kpi-daily.ts";

/** Throws what the database threw; the next run makes up for it. Safe on several nodes at once. */
export async function rollUpWaitingKpis(database: Database): Promise<void> {
  if (await kpiNeedsRollUp(database)) await rollUpKpis(database);
}
