// Keeps the embedded server alive, and says what happens to it.

import { setTimeout as delay } from "node:timers/promises";
import { type Postmaster, stopPostmaster } from "./embedded-postgres-process.ts";

/** What happens to the server, for the log. */
export type EmbeddedPostgresEvent =
  | { readonly event: "postgres_left_behind"; readonly pid: number }
  | { readonly event: "postgres_initialised"; readonly durationMs: number }
  | { readonly event: "postgres_port_changed"; readonly from: number; readonly to: number }
  | {
      readonly event: "postgres_started";
      readonly pid: number;
      readonly port: number;
      readonly durationMs: number;
    }
  | {
      readonly event: "postgres_exited";
      readonly pid: number;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly restartInMs: number;
    }
  | { readonly event: "postgres_restart_failed"; readonly error: unknown; readonly restartInMs: number }
  | { readonly event: "postgres_stopped"; readonly durationMs: number };

/**
 * Keeps a server running: when it dies it is launched again, with growing pauses, until `stop`.
 * @param launch starts the same server again; is aborted by `stop`
 */
export function supervise(
  first: Postmaster,
  launch: (signal: AbortSignal) => Promise<Postmaster>,
  log: (event: EmbeddedPostgresEvent) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  let current = first;
  // If our process ends without `stop` (an uncaught error), the server is at least asked to end too.
  const askToStop = () => {
    current.askToStop();
  };
  process.once("exit", askToStop);
  const watching = watch();

  async function watch(): Promise<void> {
    let failures = 0;
    for (;;) {
      const startedAt = performance.now();
      const exit = await current.exited;
      if (isStopping()) return;
      failures = performance.now() - startedAt > stableMs ? 0 : failures;
      log({ event: "postgres_exited", pid: current.pid, ...exit, restartInMs: restartDelayMs(failures) });
      const next = await relaunch(failures);
      if (next === null) return;
      current = next;
      // `stop` may have looked at the dead server while this one was becoming ready.
      if (isStopping()) return stopPostmaster(next);
      failures += 1;
    }
  }

  async function relaunch(failuresBefore: number): Promise<Postmaster | null> {
    for (let failures = failuresBefore; ; failures += 1) {
      try {
        await delay(restartDelayMs(failures), undefined, { signal: stopping.signal });
        return await launch(stopping.signal);
      } catch (error) {
        if (isStopping()) return null;
        log({ event: "postgres_restart_failed", error, restartInMs: restartDelayMs(failures + 1) });
      }
    }
  }

  return {
    async stop() {
      const startedAt = performance.now();
      stopping.abort();
      await stopPostmaster(current);
      await watching;
      process.removeListener("exit", askToStop);
      log({ event: "postgres_stopped", durationMs: Math.round(performance.now() - startedAt) });
    },
  };
}

/** How long to wait before the next start after so many in a row that failed. */
export function restartDelayMs(failures: number): number {
  return Math.min(100 * 2 ** failures, restartDelayMaxMs);
}

const restartDelayMaxMs = 10_000;
/** A server that ran this long before it died is started again without counting earlier failures. */
const stableMs = 60_000;
