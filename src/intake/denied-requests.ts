// Requests that were turned away, for whatever reason: counted by source and code, and told in summaries, so that nobody
// loses a lead without a trace and an attacker cannot fill the log.
import type { Log } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import { otherSources, recordDeniedRequests } from "../ledger/intake/denied-requests.ts";

export interface DeniedRequests {
  /** `sourceName`: null where the request names none that can be one. */
  note(sourceName: string | null, code: string): void;
  /** Logs a line, and writes a `request_denied` event, per source and code since the last time. */
  flush(): Promise<void>;
}

export interface DeniedRequestsDeps {
  /** Names are the sender's choice: the log shows those of configured sources alone. */
  readonly isConfigured: (sourceName: string) => boolean;
  /** false: they are logged now, and written when the database is back. */
  readonly isThere: () => boolean;
}

/** Beyond this many they are counted together. */
const pairsMax = 100;

interface Tally {
  readonly source: string;
  readonly code: string;
  count: number;
  /** Of these: what the log has said. */
  logged: number;
}

export function createDeniedRequests(
  database: Database,
  log: Log,
  { isConfigured, isThere }: DeniedRequestsDeps,
): DeniedRequests {
  let tallies = new Map<string, Tally>();

  function add({ source: named, code, count, logged }: Tally): void {
    const isKnown = tallies.has(`${code} ${named}`);
    const source = isKnown || tallies.size < pairsMax ? named : otherSources;
    const tally = tallies.get(`${code} ${source}`) ?? { source, code, count: 0, logged: 0 };
    tally.count += count;
    tally.logged += logged;
    tallies.set(`${code} ${source}`, tally);
  }

  function tell(): void {
    for (const tally of tallies.values()) {
      const { source, code, count, logged } = tally;
      if (count === logged) continue;
      const named = isConfigured(source) ? { source } : {};
      log("warn", "requests_denied", { ...named, code, count: count - logged });
      tally.logged = count;
    }
  }

  return {
    note: (sourceName, code) => add({ source: sourceName ?? otherSources, code, count: 1, logged: 0 }),
    async flush() {
      tell();
      if (tallies.size === 0 || !isThere()) return;
      const noted = tallies;
      tallies = new Map();
      try {
        await recordDeniedRequests(database, [...noted.values()]);
      } catch (error) {
        // They are written the next time.
        for (const tally of noted.values()) add(tally);
        throw error;
      }
    },
  };
}
