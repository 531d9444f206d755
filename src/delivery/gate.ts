// The way to one destination as this node may use it at this moment: free, shut, or ever wider (the ramp).
import { rampAllows, rampMs, rampReaches } from "../domain/destinations/circuit.ts";

export interface Gate {
  readonly isShut: boolean;
  /** Counts one that is sent now; false: not now. */
  pass(): boolean;
  /** How many may be taken on besides those that are being sent; Infinity: the gate does not matter. */
  roomAhead(): number;
  /** Until `pass` may be true; null: it is, or nobody knows when. */
  opensInMs(): number | null;
  free(): void;
  shut(): void;
  /** Once: lets one through although it is shut. */
  admitOne(): void;
  /** Ever wider since `sinceMs` ago. */
  rampUp(sinceMs: number): void;
}

type Width =
  | { readonly kind: "free" }
  | { kind: "shut"; admits: number }
  | { readonly kind: "ramp"; readonly startedMs: number; passed: number };

/** What is taken on waits in memory for so long at most. */
const aheadMs = 1_000;
/** Several nodes, or several destinations, do not begin at the same instant. */
const rampJitterMs = 250;

export function createGate({
  monotonicMs,
  random,
}: {
  readonly monotonicMs: () => number;
  readonly random: () => number;
}): Gate {
  let width: Width = { kind: "free" };

  function widened(): Width {
    if (width.kind === "ramp" && monotonicMs() - width.startedMs >= rampMs) width = { kind: "free" };
    return width;
  }

  return {
    get isShut() {
      return width.kind === "shut";
    },
    pass() {
      const now = widened();
      switch (now.kind) {
        case "free":
          return true;
        case "shut":
          if (now.admits === 0) return false;
          now.admits -= 1;
          return true;
        case "ramp":
          if (now.passed >= rampAllows(monotonicMs() - now.startedMs)) return false;
          now.passed += 1;
          return true;
      }
    },
    roomAhead() {
      const now = widened();
      switch (now.kind) {
        case "free":
          return Infinity;
        case "shut":
          return now.admits;
        case "ramp":
          return rampAllows(monotonicMs() + aheadMs - now.startedMs) - now.passed;
      }
    },
    opensInMs() {
      const now = widened();
      if (now.kind !== "ramp") return null;
      return Math.max(now.startedMs + rampReaches(now.passed + 1) - monotonicMs(), 0);
    },
    free: () => void (width = { kind: "free" }),
    shut: () => void (width = { kind: "shut", admits: 0 }),
    admitOne() {
      if (width.kind === "shut") width.admits = 1;
    },
    rampUp(sinceMs) {
      const startedMs = monotonicMs() - sinceMs + random() * rampJitterMs;
      // What was not used before this node heard of it is not made up for.
      width = { kind: "ramp", startedMs, passed: Math.max(rampAllows(Math.max(sinceMs, 0)) - 1, 0) };
    },
  };
}
