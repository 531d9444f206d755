// Delivery: takes leads over from intake, claims what is due, attempts it, and writes how it ended.
import { setMaxListeners } from "node:events";
import type { Destination } from "../domain/destination.ts";
import { deliveryBody } from "../domain/delivery-message.ts";
import type { Reservation, Reserve } from "../domain/handover.ts";
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import type { Database } from "../ledger/database.ts";
import { recoverExpiredEntries } from "../ledger/dlq-attempts.ts";
import { findDueWork } from "../ledger/due-work.ts";
import type { DestinationLane } from "./destination-lane.ts";
import { openDestinationLane } from "./destination-lane.ts";
import { createSender } from "./destinations/registry.ts";
import type { SenderParts } from "./destinations/registry.ts";
import { createHeldWork } from "./held-work.ts";
import { createSettlement } from "./settlement.ts";

export interface DeliveryParts {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  readonly senders: SenderParts;
  /** As `performance.now`. */
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly log: Log;
}

export interface Delivery {
  /** Makes the lanes what the configuration says. */
  configure(destinations: readonly Destination[]): void;
  readonly reserve: Reserve;
  /** Claims what is due; called again and again. */
  poll(): Promise<void>;
  /** Renews leases; called at least three times per lease. */
  renewLeases(): Promise<void>;
  /** Takes back entries whose node is gone. */
  recover(): Promise<void>;
  /** Ends attempts under way within `limitMs`, gives back every lease. */
  stop(limitMs: number): Promise<void>;
}

/** After attempts were cut off, for writing how they ended. */
const settleGraceMs = 2_000;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { database, node, leaseMs, log } = parts;
  const lanes = new Map<string, DestinationLane>();
  const closing = new Set<Promise<void>>();
  const held = createHeldWork(parts);
  const stopSending = new AbortController();
  const giveUp = new AbortController();
  // Every outcome that waits for the database listens to it; node takes more than ten listeners for a leak.
  setMaxListeners(0, giveUp.signal);
  const laneParts = {
    ...parts,
    held,
    settlement: createSettlement(database, node, log),
    stopSending: stopSending.signal,
    giveUp: giveUp.signal,
  };
  let stopping = false;

  function configure(destinations: readonly Destination[]): void {
    if (stopping) return;
    const wanted = new Map(destinations.map((destination) => [destination.name, destination]));
    for (const [name, lane] of lanes) {
      if (JSON.stringify(wanted.get(name)) !== JSON.stringify(lane.destination)) close(lane);
    }
    for (const destination of wanted.values()) {
      if (destination.kind !== "http" || destination.paused || lanes.has(destination.name)) continue;
      const sender = createSender(destination, parts.senders);
      if (sender !== null) lanes.set(destination.name, openDestinationLane(destination, sender, laneParts));
    }
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
      deliver({ test, ...lead }, leasedAtMs) {
        lane.take({
          ...{ lane: "fast", runId: lead.runId, destination, attempt: 1, test },
          body: deliveryBody(lead),
          leaseUntilMs: leasedAtMs + leaseMs,
        });
      },
      cancel: () => lane.cancel(),
    };
  }

  async function poll(): Promise<void> {
    const ready = [...lanes.values()].filter(({ free }) => free > 0);
    if (ready.length === 0) return;
    const due = await findDueWork(
      database,
      ready.map(({ destination }) => destination.name),
    );
    if (due.some(({ expired }) => expired)) await recoverExpiredEntries(database);
    const lanesWithWork = due.flatMap(({ destination }) => lanes.get(destination) ?? []);
    await Promise.all(lanesWithWork.map((lane) => lane.claim()));
  }

  async function stop(limitMs: number): Promise<void> {
    stopping = true;
    const deadline = setTimeout(() => stopSending.abort(), limitMs);
    const settleDeadline = setTimeout(() => giveUp.abort(), limitMs + settleGraceMs);
    for (const lane of lanes.values()) close(lane);
    const gaveUp = new Promise<void>((resolve) => giveUp.signal.addEventListener("abort", () => resolve()));
    await Promise.race([Promise.all(closing), gaveUp]);
    clearTimeout(deadline);
    clearTimeout(settleDeadline);
  }

  return {
    configure,
    reserve,
    poll,
    renewLeases: () => held.renew(),
    recover: async () => {
      await recoverExpiredEntries(database);
    },
    stop,
  };
}
