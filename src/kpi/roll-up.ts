// Keeps kpi_daily live: the leader's task that adds the waiting differences, again and again.
import type { Database } from "../ledger/database.ts";
import { kpiNeedsRollUp, rollUpKpis } from "../ledger/kpi-daily.ts";

export interface KpiRollUpOptions {
  readonly database: Database;
  /** Pause between the end of one run and the begin of the next. */
  readonly everyMs: number;
  /** A run failed; the next one makes up for it. */
  readonly onError: (error: unknown) => void;
}

export interface KpiRollUp {
  /** One run: adds what waits; does nothing where nothing waits. Throws what the database threw. */
  run(): Promise<void>;
  /** Begins to run regularly, now and then every `everyMs`. Runs never overlap. */
  start(): void;
  /** Ends that, and fulfils when a run that has begun is over. */
  stop(): Promise<void>;
}

export function createKpiRollUp({ database, everyMs, onError }: KpiRollUpOptions): KpiRollUp {
  let loop: { readonly stopping: AbortController; readonly ended: Promise<void> } | null = null;

  const run = async (): Promise<void> => {
    if (await kpiNeedsRollUp(database)) await rollUpKpis(database);
  };

  const runUntil = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await run().catch(onError);
      await pause(everyMs, signal);
    }
  };

  return {
    run,
    start() {
      if (loop !== null) return;
      const stopping = new AbortController();
      loop = { stopping, ended: runUntil(stopping.signal) };
    },
    async stop() {
      const ending = loop;
      loop = null;
      ending?.stopping.abort();
      await ending?.ended;
    },
  };
}

/** Fulfils after `milliseconds`, or at once when `signal` is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
