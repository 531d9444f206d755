// A stop signal is kept although the thread that serves is busy with something that does not end: the main thread, which
// has nothing to do, asks it whether it still answers, and ends the process if it does not.
import type { Worker } from "node:worker_threads";
import { interruptedExitCodes } from "../frame/exit-codes.ts";

export type StopSignal = keyof typeof interruptedExitCodes;

/** To the thread. It answers a question with `threadAnswer`. */
export type ThreadMessage = StopSignal | typeof threadQuestion;
export const threadQuestion = "are you there?";
export const threadAnswer = "I am";

export interface StopLimits {
  /** After the first signal; a thread that answers keeps to a limit of its own. */
  readonly stopMs: number;
  /** Without an answer for so long, the thread counts as stuck. After a second signal nothing else is waited for. */
  readonly silenceMs: number;
}

/** Passes signals on to the thread. `onStuck` is called once: the process is to end now, as from this signal. */
export function passSignals(thread: Worker, limits: StopLimits, onStuck: (signal: StopSignal) => void): void {
  let answeredAt = 0;
  let firstAt: number | null = null;
  let isUrgent = false;
  let watching: NodeJS.Timeout | undefined;

  function onSignal(signal: StopSignal): void {
    thread.postMessage(signal satisfies ThreadMessage);
    const now = performance.now();
    if (firstAt !== null) {
      isUrgent ||= signal !== "SIGHUP";
      return;
    }
    firstAt = answeredAt = now;
    watching = setInterval(() => look(signal), limits.silenceMs / 4);
    thread.postMessage(threadQuestion satisfies ThreadMessage);
  }

  function look(signal: StopSignal): void {
    const now = performance.now();
    const isSilent = now - answeredAt > limits.silenceMs;
    const isDue = isUrgent || now - (firstAt ?? now) > limits.stopMs;
    if (isSilent && isDue) {
      clearInterval(watching);
      onStuck(signal);
    } else thread.postMessage(threadQuestion satisfies ThreadMessage);
  }

  thread.on("message", (message) => {
    if (message === threadAnswer) answeredAt = performance.now();
  });
  thread.on("exit", () => clearInterval(watching));
  for (const signal of Object.keys(interruptedExitCodes) as StopSignal[]) process.on(signal, onSignal);
}
