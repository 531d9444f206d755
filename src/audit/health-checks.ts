// Health checks as audit events: many that come together are written together.
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import { appendAuditEvents } from "../ledger/audit-events.ts";
import type { DatabaseContact } from "../ledger/contact.ts";
import type { Database } from "../ledger/database.ts";
import { createGroupCommit, QueueFullError } from "../ledger/group-commit.ts";
import { databaseTrouble } from "../ledger/postgres-error.ts";

const limits = {
  queueItemsMax: 5_000,
  batchItemsMax: 500,
  batchesInFlightMax: 1,
  gatherMs: 10,
  answerMsMax: 2_000,
};

/**
 * Writes the `health_check` event of a check made at that time (ISO 8601), or keeps it until that is possible. Resolves to
 * false when neither can be done: then no lead could be taken either.
 */
export type RecordHealthCheck = (at: string) => Promise<boolean>;

export interface HealthCheckParts {
  readonly database: Database;
  readonly contact: DatabaseContact;
  /** Keeps a check on disk; false: it could not. */
  readonly keep: (at: string) => Promise<boolean>;
  readonly log: Log;
}

export function createHealthCheckRecorder({
  database,
  contact,
  keep,
  log,
}: HealthCheckParts): RecordHealthCheck {
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
    if (!contact.isThere) return keep(at);
    try {
      return await checks.submit(at);
    } catch (error) {
      log("error", "health_check_not_recorded", { error: errorText(error) });
      if (!(error instanceof QueueFullError) && databaseTrouble(error) === "unreachable") contact.lost(error);
      return keep(at);
    }
  };
}
