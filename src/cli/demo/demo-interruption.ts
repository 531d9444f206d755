// Ctrl-C and its like while the demo runs: heard once, and everything is stopped in order.
import { setMaxListeners } from "node:events";
import type { interruptedExitCodes } from "../frame/exit-codes.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  by(): keyof typeof interruptedExitCodes | null;
  forget(): void;
}

const listenersMax = 200;

/** Everything is stopped in order; a terminal and npm may both send the signal, so later ones count for nothing. */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  // Every sender that waits listens to it.
  setMaxListeners(listenersMax, controller.signal);
  let first: keyof typeof interruptedExitCodes | null = null;
  const onInterrupt = (): void => end("SIGINT");
  const onTerminate = (): void => end("SIGTERM");
  function end(by: keyof typeof interruptedExitCodes): void {
    first ??= by;
    controller.abort(new Error("interrupted"));
  }
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onTerminate);
  return {
    signal: controller.signal,
    by: () => first,
    forget() {
      process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate).off("SIGHUP", onTerminate);
    },
  };
}

/** Fulfils when the signal is given. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // A signal handler alone keeps no process alive; the server does that.
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
