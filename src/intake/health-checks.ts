// Health checks as audit events: written with the leads that come meanwhile, or kept on disk until that is possible.
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { DatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import { QueueFullError } from "../ledger/connection/group-commit.ts";
import { databaseTrouble } from "../ledger/connection/postgres-error.ts";

/**
 * Whoever asks waits no longer, though the event may be written yet and is there twice then. Longer than a statement waits
 * for a lock (2 s), so that takes a database which does not answer.
 */
const answerMsMax = 2_500;

/**
 * Writes the `health_check` event of a check made at that time (ISO 8601), or keeps it until that is possible. Resolves to
 * false when neither can be done: then no lead could be taken either.
 */
export type RecordHealthCheck = (at: string) => Promise<boolean>;

export interface HealthCheckRecorder {
  readonly record: RecordHealthCheck;
  /** Whether the newest check that has an answer was committed in time. */
  readonly isAnswered: boolean;
}

export interface HealthCheckDeps {
  readonly databaseCircuit: DatabaseCircuit;
  /** Resolves once the event is committed. */
  readonly write: (at: string) => Promise<void>;
  /** Keeps a check on disk; false: it could not. */
  readonly keep: (at: string) => Promise<boolean>;
  readonly log: Log;
}

export function createHealthCheckRecorder({
  databaseCircuit,
  write,
  keep,
  log,
}: HealthCheckDeps): HealthCheckRecorder {
  let isAnswered = true;

  async function isWritten(at: string): Promise<boolean> {
    try {
      await write(at);
      return true;
    } catch (error) {
      log("error", "health_check_not_recorded", { error: errorText(error) });
      if (!(error instanceof QueueFullError) && databaseTrouble(error) === "unreachable")
        databaseCircuit.lost(error);
      return false;
    }
  }

  return {
    async record(at) {
      isAnswered = databaseCircuit.isThere && (await isTrueInTime(isWritten(at)));
      return isAnswered || keep(at);
    },
    get isAnswered() {
      return isAnswered;
    },
  };
}

function isTrueInTime(answer: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(() => resolve(false), answerMsMax);
    answer.then(resolve, reject).finally(() => clearTimeout(alarm));
  });
}
