// Whether the database can be written to, as far as this process knows: what it need not try, it need not wait for.
import type { Log } from "../../domain/node/log.ts";
import { errorText } from "../../domain/node/log.ts";
import { checkCommit } from "./commit-check.ts";
import type { Database } from "./database.ts";

export interface DatabaseCircuit {
  readonly isThere: boolean;
  /** Something that was asked of it found it out of reach. */
  lost(error: unknown): void;
  /** Something was written. */
  found(): void;
  /** Asks it once for a commit; true: it finishes one. Whoever asks meanwhile gets the same answer. Never rejects. */
  ask(): Promise<boolean>;
}

const askTimeoutMs = 3_000;

export interface DatabaseCircuitDeps {
  readonly database: Database;
  /** As it is believed to be at first. */
  readonly isThere: boolean;
  readonly onFound?: () => void;
  readonly log: Log;
}

export function createDatabaseCircuit({
  database,
  isThere,
  onFound,
  log,
}: DatabaseCircuitDeps): DatabaseCircuit {
  let there = isThere;
  /** No more than one at a time: where commits hang, each of them is one more backend that waits. */
  let asking: Promise<boolean> | null = null;
  return {
    get isThere() {
      return there;
    },
    lost(error) {
      if (!there) return;
      there = false;
      database.dropIdle();
      log("error", "database_lost", { error: errorText(error) });
    },
    found() {
      if (there) return;
      there = true;
      log("info", "database_found");
      onFound?.();
    },
    ask() {
      asking ??= checkCommit(database, askTimeoutMs)
        .then(({ kind }) => kind === "finished")
        .finally(() => (asking = null));
      return asking;
    },
  };
}
