// Refused credentials and unknown sources: counted, and audited in summaries, so that an attacker cannot fill the log.
import type { Log } from "../domain/log.ts";
import type { Database } from "../ledger/database.ts";
import { otherSources, recordDeniedRequests } from "../ledger/denied-requests.ts";

export interface DeniedRequests {
  note(sourceName: string, code: string): void;
  /** Writes one `request_denied` event per source and code since the last time. */
  flush(): Promise<void>;
}

/** Names are the sender's choice; beyond this many they are counted together. */
const pairsMax = 100;

interface Tally {
  readonly source: string;
  readonly code: string;
  count: number;
}

export function createDeniedRequests(database: Database, log: Log): DeniedRequests {
  let tallies = new Map<string, Tally>();

  function add(sourceName: string, code: string, count: number): void {
    const isKnown = tallies.has(`${code} ${sourceName}`);
    const source = isKnown || tallies.size < pairsMax ? sourceName : otherSources;
    const tally = tallies.get(`${code} ${source}`) ?? { source, code, count: 0 };
    tally.count += count;
    tallies.set(`${code} ${source}`, tally);
  }

  return {
    note: (sourceName, code) => add(sourceName, code, 1),
    async flush() {
      if (tallies.size === 0) return;
      const noted = tallies;
      tallies = new Map();
      for (const { code, count } of noted.values()) log("warn", "requests_denied", { code, count });
      try {
        await recordDeniedRequests(database, [...noted.values()]);
      } catch (error) {
        // They are told the next time.
        for (const { source, code, count } of noted.values()) add(source, code, count);
        throw error;
      }
    },
  };
}
