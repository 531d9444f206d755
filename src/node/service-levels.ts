// Keeps the days of service levels and how each of them stands; no more often than the database can bear.
import type { Database } from "../ledger/connection/database.ts";
import { createSlaEvaluation } from "../ledger/sla/evaluate.ts";
import type { LeaderTask } from "../runtime/leadership.ts";

/** Of the time, at most one part in so many is spent on it. */
const partOfTime = 20;
/** Between turns of what is behind. */
const catchUpPauseMs = 250;

export function createSlaKeeping(database: Database, everyMs: number, monotonicMs: () => number): LeaderTask {
  const evaluate = createSlaEvaluation(database);
  return async (guard) => {
    const beganMs = monotonicMs();
    const evaluated = await evaluate(guard);
    const restMs = (monotonicMs() - beganMs) * partOfTime;
    if (evaluated === "behind") return Math.max(restMs / 4, catchUpPauseMs);
    return restMs > everyMs ? restMs : null;
  };
}
