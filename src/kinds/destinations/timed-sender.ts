// The part of a sender that is the same for every kind without a transport of its own: a deadline, an end at once when the
// process stops, and failures put into words. HTTP has it in outgoing/exchange.ts, where answers count before deadlines.
import { setMaxListeners } from "node:events";
import { interrupted, timedOut } from "../../domain/destinations/outcome.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { Whom } from "../../outgoing/transport-error.ts";
import { probeWith } from "./probe.ts";
import type { DeliveryMessage, Sender } from "./sender.ts";

export interface Work {
  /**
   * One attempt. Whatever it rejects with is a failed attempt: an `AttemptFailed` as it says, a `ConnectError` by its
   * code, anything else as a lost connection. `over` is aborted at the deadline and when the process stops: what is open must be dropped then.
   */
  send(message: DeliveryMessage, over: AbortSignal): Promise<Outcome>;
  /** The address that answered; nothing is sent. */
  connect(): Promise<string>;
  /** Called once, after the last attempt. */
  close?(): void | Promise<void>;
}

export function timedSender(whom: Whom, work: Work): Sender {
  const underWay = new Set<Promise<Outcome>>();
  let isClosed = false;

  function attempt(message: DeliveryMessage, signal: AbortSignal): Promise<Outcome> {
    if (isClosed || signal.aborted) return Promise.resolve(interrupted(whom.name));
    const ended = inTime(whom, signal, (over) => work.send(message, over));
    underWay.add(ended);
    return ended.finally(() => underWay.delete(ended));
  }

  return {
    async attempt(message, signal) {
      const startedMs = performance.now();
      const outcome = await attempt(message, signal);
      return { outcome, durationMs: Math.round(performance.now() - startedMs), response: null };
    },
    probe: () => probeWith(whom, () => work.connect()),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.all(underWay);
      await work.close?.();
    },
  };
}

/** Whichever comes first: the outcome, the deadline, an interruption; the latter two end what is under way. */
function inTime(
  whom: Whom,
  signal: AbortSignal,
  work: (over: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(outcome);
      over.abort();
    };
    const onAbort = (): void => end(interrupted(whom.name));
    const timer = setTimeout(() => end(timedOut(whom.name, whom.timeoutMs)), whom.timeoutMs);
    // One signal stops many attempts; node takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort, { once: true });
    work(over.signal).then(end, (error: unknown) => end(classifyTransportError(error, whom)));
  });
}
