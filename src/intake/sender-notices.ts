// Gathers what senders should be corrected for, so that taking a lead costs no statement for it.
import type { SenderNotice } from "../domain/sources/sender-notice.ts";
import type { Database } from "../ledger/connection/database.ts";
import { recordSenderNotices } from "../ledger/intake/sender-notices.ts";
import type { NoticeCount } from "../ledger/intake/sender-notices.ts";

export interface SenderNotices {
  note(sourceName: string, notice: SenderNotice): void;
  /** Writes what has come since the last time. */
  flush(): Promise<void>;
  /** How many wait to be written. */
  readonly waiting: number;
}

/** Under open intake names of sources are the sender's choice; beyond this many they are not noted. */
const sourcesMax = 1_000;

export function createSenderNotices(database: Database): SenderNotices {
  let counts = new Map<string, NoticeCount>();

  function add(source: string, notice: SenderNotice, requests: number): void {
    const name = `${notice.code} ${source}`;
    const before = counts.get(name)?.requests ?? 0;
    if (before > 0 || counts.size < sourcesMax)
      counts.set(name, { source, notice, requests: before + requests });
  }

  return {
    note: (sourceName, notice) => add(sourceName, notice, 1),
    async flush() {
      if (counts.size === 0) return;
      const noted = counts;
      counts = new Map();
      try {
        await recordSenderNotices(database, [...noted.values()]);
      } catch (error) {
        for (const { source, notice, requests } of noted.values()) add(source, notice, requests);
        throw error;
      }
    },
    get waiting() {
      return [...counts.values()].reduce((sum, { requests }) => sum + requests, 0);
    },
  };
}
