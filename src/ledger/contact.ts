// Whether the database can be written to, as far as this process knows: what it need not try, it need not wait for.
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import type { Database } from "./database.ts";

export interface DatabaseContact {
  readonly isThere: boolean;
  /** Something that was asked of it found it out of reach. */
  lost(error: unknown): void;
  /** Something was written. */
  found(): void;
  /** Asks it once; true: it answers and takes changes. Never rejects. */
  ask(): Promise<boolean>;
}

const askTimeoutMs = 3_000;

export interface ContactParts {
  readonly database: Database;
  /** As it is believed to be at first. */
  readonly isThere: boolean;
  readonly onFound?: () => void;
  readonly log: Log;
}

export function createDatabaseContact({ database, isThere, onFound, log }: ContactParts): DatabaseContact {
  let there = isThere;
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
    async ask() {
      try {
        const { rows } = await database.query<{ read_only: string }>({
          text: "SELECT current_setting('transaction_read_only') AS read_only",
          query_timeout: askTimeoutMs,
        });
        return rows[0]?.read_only === "off";
      } catch {
        return false;
      }
    },
  };
}
