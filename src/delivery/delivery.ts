// Delivery: takes leads over from intake, claims what is due, attempts it, and writes how it ended.
import { setMaxListeners } from "node:events";
import type { FailureRateLimits } from "../domain/destinations/failure-rate.ts";
import type { Destination } from "../domain/destinations/destination.ts";
import type { Evaluate } from "../domain/destinations/expression.ts";
import type { Reservation, Reserve } from "../domain/destinations/handover.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { DueWork, WaitingWork } from "../ledger/delivery/waiting-work.ts";
import { createCircuit } from "./node-circuit.ts";
import type { Circuit } from "./node-circuit.ts";
import type { DestinationLane } from "./destination-lane.ts";
import { openDestinationLane } from "./destination-lane.ts";
import type { OpenSender } from "../kinds/destinations/senders.ts";
import { createLeases } from "./leases.ts";
import { createRecovery } from "./recover-entries.ts";
import { createSettlement } from "./settlement.ts";
import { createUnrecordedOutcomes } from "./unrecorded-outcomes.ts";
import { workOfLead } from "./work.ts";
import type { ReadingOf } from "./work.ts";

export interface DeliveryDeps {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly openSender: OpenSender;
  /** As `performance.now`. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly random: () => number;
  /** When it is left alone because attempts fail; absent: `failureRateLimits`. */
  readonly failureRate?: FailureRateLimits;
  readonly readingOf: ReadingOf;
  /** Of destinations that have an expression. */
  readonly evaluate: Evaluate;
  readonly log: Log;
}

export interface Delivery {
  /** Makes the lanes what the configuration says; leads wait for one that cannot be made. */
  configure(destinations: readonly Destination[], revision: number): void;
  readonly reserve: Reserve;
  /** Destinations that have places free, or are left alone and may be tried. */
  ready(): string[];
  /**
   * Goes by what a poll that began at `askedAtMs` (monotonic) says of circuits and of all deliveries. Returns the
   * milliseconds until a destination may be tried, or is sent to again; null: none waits for that.
   */
  follow(seen: Pick<WaitingWork, "circuits" | "deliverySwitch" | "zone">, askedAtMs: number): number | null;
  /** Claims what is due for them. */
  claim(due: readonly DueWork[]): Promise<void>;
  /** Renews leases; called at least three times per lease. */
  renewLeases(): Promise<void>;
  /**
   * Takes back entries whose node is gone. Rejects as long as the database refuses something of this node, or a
   * destination cannot be sent to: the others go on without it, but whoever looks at the node's health must hear of it.
   */
  recover(): Promise<void>;
  /** Ends attempts under way within `limitMs`, gives back every lease. */
  stop(limitMs: number): Promise<void>;
}

/** After attempts were cut off, for writing how they ended. */
const settleGraceMs = 2_000;

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { leaseMs, log } = deps;
  const lanes = new Map<string, DestinationLane>();
  /** They outlive the lanes, which are made anew with every change. */
  const circuits = new Map<string, Circuit>();
  const unusable = new Set<string>();
  const closing = new Set<Promise<void>>();
  const held = createLeases(deps);
  const unrecorded = createUnrecordedOutcomes(held, log);
  const recovery = createRecovery(deps);
  const stopSending = new AbortController();
  const giveUp = new AbortController();
  // Every outcome that waits for the database listens to it; node takes more than ten listeners for a leak.
  setMaxListeners(0, giveUp.signal);
  const laneDeps = {
    ...deps,
    held,
    settlement: createSettlement({ ...deps, unrecorded }),
    stopSending: stopSending.signal,
    giveUp: giveUp.signal,
  };
  let stopping = false;
  let configurationRevision = 0;

  function configure(destinations: readonly Destination[], revision: number): void {
    if (stopping) return;
    configurationRevision = revision;
    const wanted = new Map(destinations.map((destination) => [destination.name, destination]));
    for (const [name, lane] of lanes) {
      if (JSON.stringify(wanted.get(name)) !== JSON.stringify(lane.destination)) close(lane);
    }
    unusable.clear();
    for (const destination of wanted.values()) {
      if (destination.paused || lanes.has(destination.name)) continue;
      try {
        const opened = deps.openSender(destination);
        if (opened === null) continue;
        const circuit = circuitOf(destination.name);
        const lane = openDestinationLane(opened.destination, opened.sender, { ...laneDeps, circuit });
        lanes.set(destination.name, lane);
      } catch (error) {
        unusable.add(destination.name);
        log("error", "destination_unusable", { destination: destination.name, error: errorText(error) });
      }
    }
  }

  function circuitOf(destination: string): Circuit {
    const known = circuits.get(destination);
    if (known !== undefined) return known;
    const circuit = createCircuit(destination, {
      ...deps,
      configurationRevision: () => configurationRevision,
    });
    circuits.set(destination, circuit);
    return circuit;
  }

  function follow(
    { circuits: seen, deliverySwitch, zone }: Pick<WaitingWork, "circuits" | "deliverySwitch" | "zone">,
    askedAtMs: number,
  ): number | null {
    const byName = new Map(seen.map((circuit) => [circuit.destination, circuit]));
    for (const [name, circuit] of circuits) {
      circuit.follow(byName.get(name) ?? null, deliverySwitch, askedAtMs);
      lanes.get(name)?.obeyGate();
    }
    const probes = [...lanes.keys()].flatMap((name) => circuits.get(name)?.probeInMs() ?? []);
    const openings = [...lanes.values()].flatMap((lane) => lane.followLimits(zone) ?? []);
    // A probe that is due waits for a lead, which is found without this.
    const waits = [...probes, ...openings].filter((ms) => ms > 0);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  function close(lane: DestinationLane): void {
    lanes.delete(lane.destination.name);
    const closed = lane
      .close()
      .catch((error: unknown) => log("warn", "lane_not_closed", { error: errorText(error) }));
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  }

  function reserve(destination: string): Reservation | null {
    const lane = lanes.get(destination);
    if (lane === undefined || !lane.reserve()) return null;
    return {
      deliver: (lead, leasedAtMs) =>
        lane.take(workOfLead(lead, destination, leasedAtMs + leaseMs, deps.readingOf)),
      cancel: () => lane.cancel(),
    };
  }

  async function claim(due: readonly DueWork[]): Promise<void> {
    if (due.some(({ expired }) => expired)) await recovery.run();
    const lanesWithWork = due.flatMap(({ destination }) => lanes.get(destination) ?? []);
    await Promise.all(lanesWithWork.map((lane) => lane.claim()));
  }

  async function recover(): Promise<void> {
    await recovery.run();
    const claims = [...lanes.values()].reduce((sum, lane) => sum + lane.refused, 0);
    const refused = recovery.refused + held.refused + claims;
    const troubles = [
      ...(unrecorded.count > 0 ? [`outcomes that the database refuses: ${unrecorded.count}`] : []),
      ...(refused > 0 ? [`rows that the database refuses to change: ${refused}`] : []),
      ...(unusable.size > 0 ? [`destinations that cannot be sent to: ${[...unusable].join(", ")}`] : []),
    ];
    if (troubles.length > 0) throw new Error(troubles.join("; "));
  }

  async function stop(limitMs: number): Promise<void> {
    stopping = true;
    const deadline = setTimeout(() => stopSending.abort(), limitMs);
    const settleDeadline = setTimeout(() => giveUp.abort(), limitMs + settleGraceMs);
    for (const lane of lanes.values()) close(lane);
    const gaveUp = new Promise<void>((resolve) => giveUp.signal.addEventListener("abort", () => resolve()));
    await Promise.race([Promise.all([...closing, unrecorded.stop()]), gaveUp]);
    clearTimeout(deadline);
    clearTimeout(settleDeadline);
  }

  return {
    configure,
    reserve,
    ready: () =>
      [...lanes.values()]
        .filter(({ free, isShut }) => free > 0 || isShut)
        .map(({ destination }) => destination.name),
    follow,
    claim,
    renewLeases: () => held.renew(),
    recover,
    stop,
  };
}
