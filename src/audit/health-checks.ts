// Health checks as audit events: many that come together are written together.
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import { appendAuditEvents } from "../ledger/audit-events.ts";
import type { Database } from "../ledger/database.ts";
import { createGroupCommit } from "../ledger/group-commit.ts";

const limits = { queueItemsMax: 5_000, batchItemsMax: 500, batchesInFlightMax: 1, gatherMs: 10 };

/**
 * Writes the `health_check` event of a check made at that time (ISO 8601). Resolves to false when it could not be
 * written: then no lead could be either.
 */
export type RecordHealthCheck = (at: string) => Promise<boolean>;

export function createHealthCheckRecorder(database: Database, log: Log): RecordHealthCheck {
  const checks = createGroupCommit<string, true>(limits, async (times) => {
    const events = times.map((at) => ({
      runId: null,
      eventType: "health_check",
      payload: JSON.stringify({ check: "health", at }),
    }));
    await appendAuditEvents(database, "system", events);
    return times.map(() => true);
  });
  return async (at) => {
    try {
      return await checks.submit(at);
    } catch (error) {
      log("error", "health_check_not_recorded", { error: errorText(error) });
      return false;
    }
  };
}
