// The circuit of one destination as this node knows it: shut at once by what a destination answers here, followed by
// what the table says for all nodes, and tried by whichever node the table lets.
import type { ProbeEnd, Rest } from "../domain/destinations/circuit.ts";
import { rampMs } from "../domain/destinations/circuit.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { endProbe, giveProbeBack, openCircuit, takeProbe } from "../ledger/delivery/circuits.ts";
import type { CircuitSeen, Probe } from "../ledger/delivery/circuits.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { DeliverySwitchSeen } from "../ledger/delivery/delivery-switch.ts";
import { createGate } from "./gate.ts";
import type { Gate } from "./gate.ts";

export interface Circuit {
  readonly gate: Gate;
  /** What a poll that began at `askedAtMs` (monotonic) says; null: closed for long. */
  follow(seen: CircuitSeen | null, deliveries: DeliverySwitchSeen, askedAtMs: number): void;
  /** Until this or another node may try; null: it is not open, or all deliveries are stopped. */
  probeInMs(): number | null;
  /** Nothing is sent any more from this moment on, here and soon everywhere. Never rejects. */
  rest(rest: Rest): Promise<void>;
  /** Resolves with the number of probes that failed before, when this node may try with one lead; null: not now. */
  takeProbe(limitMs: number): Promise<number | null>;
  /** How the probe ended that this node took. Never rejects: what cannot be written ends by itself. */
  endProbe(end: ProbeEnd): Promise<void>;
}

export interface CircuitDeps {
  readonly database: Database;
  readonly node: string;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  /** Which this node goes by. */
  readonly configurationRevision: () => number;
  readonly log: Log;
}

/** Answers of one moment ask for nearly the same; only the first of them is written. */
const sameRestMs = 1_000;

export function createCircuit(destination: string, deps: CircuitDeps): Circuit {
  const { database, node, monotonicMs, log } = deps;
  const gate = createGate(deps);
  let probe: Probe | null = null;
  let probeDueAtMs: number | null = null;
  let restsUntilMs = -Infinity;
  let isStopped = false;
  /** Of the closing after which this node has ramped up. */
  let rampedEpoch = 0;
  /** Polls that began before know nothing of what this node has changed. */
  let changedAtMs = -Infinity;
  let changing = 0;

  async function change(work: () => Promise<void>): Promise<void> {
    changing += 1;
    try {
      await work();
    } catch (error) {
      log("warn", "circuit_not_changed", { destination, error: errorText(error) });
    } finally {
      changing -= 1;
      changedAtMs = monotonicMs();
    }
  }

  function followSwitch({ stopped, resumed_for_ms: resumedForMs }: DeliverySwitchSeen): void {
    if (isStopped && !stopped) gate.rampUp(resumedForMs ?? 0);
    isStopped = stopped;
  }

  return {
    gate,
    follow(seen, deliveries, askedAtMs) {
      if (changing > 0 || probe !== null || askedAtMs < changedAtMs) return;
      followSwitch(deliveries);
      const isOpen = seen !== null && seen.state !== "closed";
      probeDueAtMs = isOpen && !isStopped ? monotonicMs() + seen.probe_in_ms : null;
      if (isOpen || isStopped) {
        if (!gate.isShut) gate.shut();
      } else if (seen !== null && seen.epoch !== rampedEpoch && (seen.closed_for_ms ?? rampMs) < rampMs) {
        rampedEpoch = seen.epoch;
        gate.rampUp(seen.closed_for_ms ?? 0);
      } else if (gate.isShut) gate.free();
    },
    probeInMs: () =>
      probeDueAtMs === null || probe !== null ? null : Math.max(probeDueAtMs - monotonicMs(), 0),
    async rest(rest) {
      const untilMs = monotonicMs() + rest.pauseMs;
      const isTold = gate.isShut && untilMs < restsUntilMs + sameRestMs;
      if (!gate.isShut) gate.shut();
      if (isTold) return;
      restsUntilMs = untilMs;
      probeDueAtMs = untilMs;
      log("warn", "circuit_opened", { destination, reason: rest.reason, pause_ms: rest.pauseMs });
      await change(() => openCircuit(database, destination, rest));
    },
    async takeProbe(limitMs) {
      if (probe !== null) return null;
      const taken = await takeProbe(database, destination, {
        node,
        leaseMs: limitMs,
        configurationRevision: deps.configurationRevision(),
      });
      if (taken === null) return null;
      probe = taken;
      gate.admitOne();
      return taken.failedProbes;
    },
    async endProbe(end) {
      const ended = probe;
      if (ended === null) return;
      await change(async () => {
        switch (end.kind) {
          case "untried":
            return giveProbeBack(database, destination, ended);
          case "opens_again":
            restsUntilMs = monotonicMs() + end.pauseMs;
            probeDueAtMs = restsUntilMs;
            return endProbe(database, destination, ended, end);
          case "closes":
            await endProbe(database, destination, ended, null);
            probeDueAtMs = null;
            rampedEpoch = ended.epoch;
            log("info", "circuit_closed", { destination });
            // Where all deliveries were stopped meanwhile the next poll shuts it again.
            gate.rampUp(0);
        }
      });
      probe = null;
    },
  };
}
