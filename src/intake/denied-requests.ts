// Requests that were turned away, for whatever reason: counted by source and code, and told in summaries, so that nobody
// loses a lead without a trace and an attacker cannot fill the log.
import type { Texts } from "../domain/errors/explained.ts";
import type { Log } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import { otherSources, recordDeniedRequests } from "../ledger/intake/denied-requests.ts";

export interface DeniedRequests {
  /** `sourceName`: null where the request names none that can be one. */
  note(sourceName: string | null, code: string, reason?: Texts): void;
  /**
   * Logs a line, and writes a `request_denied` event, per source and code since the last time. `due`: of each of them at most
   * one in ten seconds, so that the first is seen at once and a flood does not fill the log.
   */
  flush(which: "due" | "all"): Promise<void>;
}

export interface DeniedRequestsDeps {
  /** Names are the sender's choice: the log shows those of configured sources alone. */
  readonly isConfigured: (sourceName: string) => boolean;
  /** false: they are logged now, and written when the database is back. */
  readonly isThere: () => boolean;
  readonly monotonicMs: () => number;
}

/** Within `toldEveryMs`; beyond this many they are counted together. */
const pairsMax = 100;

const toldEveryMs = 10_000;

interface Tally {
  readonly source: string;
  readonly code: string;
  count: number;
  /** Of these: what the log has said. */
  logged: number;
  /** Of the newest that had one. */
  reason: Texts | null;
}

export function createDeniedRequests(
  database: Database,
  log: Log,
  { isConfigured, isThere, monotonicMs }: DeniedRequestsDeps,
): DeniedRequests {
  const tallies = new Map<string, Tally>();
  /** When a source and code were told last. */
  const toldAtMs = new Map<string, number>();

  function add({ source: named, code, count, logged, reason }: Tally): void {
    const pair = `${code} ${named}`;
    const isKnown = tallies.has(pair) || toldAtMs.has(pair);
    const source = isKnown || tallies.size + toldAtMs.size < pairsMax ? named : otherSources;
    const tally = tallies.get(`${code} ${source}`) ?? { source, code, count: 0, logged: 0, reason: null };
    tally.count += count;
    tally.logged += logged;
    tally.reason = reason ?? tally.reason;
    tallies.set(`${code} ${source}`, tally);
  }

  function tell(due: readonly Tally[]): void {
    for (const tally of due) {
      const { source, code, count, logged } = tally;
      if (count === logged) continue;
      const named = isConfigured(source) ? { source } : {};
      log("warn", "requests_denied", { ...named, code, count: count - logged });
      tally.logged = count;
    }
  }

  return {
    note: (sourceName, code, reason) =>
      add({ source: sourceName ?? otherSources, code, count: 1, logged: 0, reason: reason ?? null }),
    async flush(which) {
      const nowMs = monotonicMs();
      for (const [pair, atMs] of toldAtMs) if (nowMs - atMs >= toldEveryMs) toldAtMs.delete(pair);
      const due = [...tallies].filter(([pair]) => which === "all" || !toldAtMs.has(pair));
      tell(due.map(([, tally]) => tally));
      for (const [pair] of due) toldAtMs.set(pair, nowMs);
      if (due.length === 0 || !isThere()) return;
      for (const [pair] of due) tallies.delete(pair);
      try {
        await recordDeniedRequests(
          database,
          due.map(([, tally]) => tally),
        );
      } catch (error) {
        // They are written the next time.
        for (const [, tally] of due) add(tally);
        throw error;
      }
    },
  };
}
