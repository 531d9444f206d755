// How serve is told to stop: the first signal asks for a graceful stop, the second ends the process.
import type { Log } from "../../domain/node/log.ts";
import { exitCodes, interruptedExitCodes } from "../frame/exit-codes.ts";

export interface Signals {
  readonly firstSignal: Promise<void>;
  stopWatching(): void;
}

/**
 * Also logs what nobody caught. Ending by `process.exit` runs the embedded server's exit handler, which dying from a
 * signal would not.
 */
export function watchSignals(log: Log): Signals {
  let received = 0;
  let tellFirst = (): void => undefined;
  const firstSignal = new Promise<void>((resolve) => (tellFirst = resolve));
  const onSignal = (signal: "SIGINT" | "SIGTERM" | "SIGHUP"): void => {
    received += 1;
    if (received > 1 && signal !== "SIGHUP") process.exit(interruptedExitCodes[signal]);
    log("info", "stop_requested", { signal });
    tellFirst();
  };
  const onUncaught = (error: Error): void => {
    log("error", "uncaught_error", { error: error.message, stack: error.stack });
    process.exit(exitCodes.failed);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  process.on("uncaughtException", onUncaught);
  return {
    firstSignal,
    stopWatching() {
      for (const signal of signals) process.removeListener(signal, onSignal);
      process.removeListener("uncaughtException", onUncaught);
    },
  };
}
