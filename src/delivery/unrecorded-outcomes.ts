// Outcomes that the database refuses in every form. They are kept in memory and their leases renewed, so that nothing is
// sent a second time while this node lives, and tried again ever more seldom: whoever mends the cause finds them written.
import { setMaxListeners } from "node:events";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { backoffMs } from "../ledger/connection/refused-rows.ts";
import type { Leases } from "./leases.ts";
import { pause } from "./pause.ts";
import type { Work } from "./work.ts";

export interface UnrecordedOutcomes {
  /**
   * Takes the work over and calls `write` until it resolves. False when there are too many: then its lease ends and it is
   * sent again, `lostAttemptsMax` times at most. So it is when this node stops.
   */
  keep(work: Work, write: (work: Work) => Promise<void>): boolean;
  readonly count: number;
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

const keptMax = 500;
const pauses = { firstMs: 2_000, maxMs: 60_000 };

export function createUnrecordedOutcomes(held: Leases, log: Log): UnrecordedOutcomes {
  const kept = new Map<Work, Promise<void>>();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);

  async function persist(work: Work, write: (work: Work) => Promise<void>): Promise<void> {
    const which = { run_id: work.runId, destination: work.destination, lane: work.lane };
    for (let tries = 1; ; tries += 1) {
      await pause(backoffMs(tries, pauses), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await write(work);
        log("warn", "outcome_settled_late", { ...which, tries });
        return;
      } catch (error) {
        log("error", "outcome_unsettled", { ...which, tries, error: errorText(error) });
      }
    }
  }

  return {
    keep(work, write) {
      if (stopping.signal.aborted || kept.size >= keptMax) return false;
      // Only the lease is needed from here on, not what was sent.
      const bodiless: Work = { ...work, body: null };
      held.drop(work);
      held.add(bodiless);
      const end = persist(bodiless, write).finally(() => {
        held.drop(bodiless);
        kept.delete(bodiless);
      });
      kept.set(bodiless, end);
      return true;
    },
    get count() {
      return kept.size;
    },
    async stop() {
      stopping.abort();
      await Promise.all(kept.values());
    },
  };
}
