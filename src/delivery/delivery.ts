// Delivery: takes leads over from intake, claims what is due, attempts it, and writes how it ended.
import type { Destination, HttpDestination } from "../domain/destination.ts";
import { deliveryBody } from "../domain/delivery-message.ts";
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import { failure } from "../domain/outcome.ts";
import { decide } from "../domain/retry-policy.ts";
import type { Database } from "../ledger/database.ts";
import { claimDeliveries } from "../ledger/deliveries.ts";
import { claimDueEntries, recoverExpiredEntries } from "../ledger/dlq-attempts.ts";
import { findDueWork } from "../ledger/due-work.ts";
import { createSender } from "./destinations/registry.ts";
import type { SenderParts } from "./destinations/registry.ts";
import type { AttemptResult, Sender } from "./destinations/sender.ts";
import { createHeldWork } from "./held-work.ts";
import { createLane } from "./lane.ts";
import type { Lane } from "./lane.ts";
import { createSettlement } from "./settlement.ts";
import type { Work } from "./work.ts";
import { workOfDelivery, workOfEntry } from "./work.ts";

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

/** A lead that this node has just accepted. */
export interface AcceptedLead {
  readonly runId: string;
  readonly source: string;
  readonly receivedAt: Date;
  /** JSON text, exact. */
  readonly leadJson: string;
  readonly test: boolean;
}

/** A place on the way to a destination, held for a lead that is about to be accepted. */
export interface Reservation {
  /** The lead is in the ledger, its delivery leased to this node since `leasedAtMs` (monotonic): send it now. */
  deliver(lead: AcceptedLead, leasedAtMs: number): void;
  cancel(): void;
}

export interface Delivery {
  /** Makes the lanes what the configuration says. */
  configure(destinations: readonly Destination[]): void;
  /** null: no place now; the delivery will be claimed later. */
  reserve(destination: string): Reservation | null;
  /** Claims what is due; called again and again. */
  poll(): Promise<void>;
  /** Renews leases; called at least three times per lease. */
  renewLeases(): Promise<void>;
  /** Takes back entries whose node is gone. */
  recover(): Promise<void>;
  /** Ends attempts under way within `limitMs`, gives back every lease. */
  stop(limitMs: number): Promise<void>;
}

interface OpenLane {
  readonly destination: HttpDestination;
  readonly sender: Sender;
  readonly lane: Lane<Work>;
  /** Something may be due that was not claimed, because there was no place. */
  backlog: boolean;
  claiming: boolean;
}

/** What waits in memory beside what is under way; it is leased and renewed, so it must stay small. */
const placesPerConcurrency = 4;
/** After attempts were cut off, for writing how they ended. */
const settleGraceMs = 2_000;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { database, node, leaseMs, monotonicMs, log } = parts;
  const settlement = createSettlement(database, node, log);
  const lanes = new Map<string, OpenLane>();
  const held = createHeldWork(parts);
  const stopSending = new AbortController();
  const giveUp = new AbortController();
  let stopping = false;

  function configure(destinations: readonly Destination[]): void {
    const wanted = new Map(destinations.map((destination) => [destination.name, destination]));
    for (const [name, open] of lanes) {
      const destination = wanted.get(name);
      if (destination !== undefined && JSON.stringify(destination) === JSON.stringify(open.destination))
        continue;
      lanes.delete(name);
      void close(open);
    }
    for (const destination of wanted.values()) {
      if (destination.kind !== "http" || destination.paused || lanes.has(destination.name)) continue;
      const opened = openLane(destination);
      if (opened !== null) lanes.set(destination.name, opened);
    }
  }

  function openLane(destination: HttpDestination): OpenLane | null {
    const sender = createSender(destination, parts.senders);
    if (sender === null) return null;
    const limits = {
      concurrency: destination.concurrency,
      placesMax: destination.concurrency * placesPerConcurrency,
    };
    const opened: OpenLane = {
      destination,
      sender,
      lane: createLane<Work>(
        limits,
        (work, sent) => attempt(opened, work, sent),
        () => refill(opened),
      ),
      backlog: true,
      claiming: false,
    };
    return opened;
  }

  async function close({ lane, sender }: OpenLane): Promise<void> {
    try {
      await held.giveBack(lane.stop());
      await lane.idle();
      await sender.close();
    } catch (error) {
      log("warn", "lane_not_closed", { error: errorText(error) });
    }
  }

  async function attempt({ destination, sender }: OpenLane, work: Work, sent: () => void): Promise<void> {
    try {
      // The lease ended while the work waited (a frozen process, a slow destination): it is somebody else's now.
      if (!held.mayStillSend(work)) return;
      const result = await send(sender, work);
      sent();
      const decision = decide({
        lane: work.lane,
        attemptsMade: work.attempt,
        outcome: result.outcome,
        schedule: destination.retry,
        random: parts.random,
      });
      logAttempt(work, result);
      await settlement.settle(work, result, decision, giveUp.signal);
    } catch (error) {
      log("error", "attempt_failed", {
        run_id: work.runId,
        destination: work.destination,
        error: errorText(error),
      });
    } finally {
      held.drop(work);
    }
  }

  function send(sender: Sender, work: Work): Promise<AttemptResult> {
    if (work.body !== null) return sender.attempt({ runId: work.runId, body: work.body }, stopSending.signal);
    const outcome = failure(
      "nothing_to_send",
      "the run has no body, so there is nothing to send; it was made by hand",
    );
    return Promise.resolve({ outcome, durationMs: 0, response: null });
  }

  function logAttempt(work: Work, { outcome, durationMs }: AttemptResult): void {
    const failed = outcome.kind === "failed";
    log(failed ? "warn" : "info", failed ? "delivery_failed" : "lead_delivered", {
      run_id: work.runId,
      destination: work.destination,
      lane: work.lane,
      attempt: work.attempt,
      outcome: failed ? outcome.code : "delivered",
      http_status: outcome.httpStatus,
      duration_ms: durationMs,
    });
  }

  function take({ lane }: OpenLane, work: Work): void {
    held.add(work);
    if (lane.push(work)) return;
    held.giveBack([work]).catch((error: unknown) => {
      // The lease ends by itself.
      log("warn", "lease_not_returned", { run_id: work.runId, error: errorText(error) });
    });
  }

  function refill(open: OpenLane): void {
    if (!open.backlog || open.claiming || open.lane.free * 2 < open.destination.concurrency) return;
    claim(open).catch((error: unknown) =>
      log("warn", "claim_failed", { destination: open.destination.name, error: errorText(error) }),
    );
  }

  /** Fills the lane's free places: entries that are due get at most half of them, so that new leads are not kept waiting. */
  async function claim(open: OpenLane): Promise<void> {
    if (open.claiming) return;
    open.claiming = true;
    try {
      const places = reservePlaces(open.lane);
      let claimed = 0;
      try {
        const leaseUntilMs = monotonicMs() + leaseMs;
        const holder = { node, leaseMs };
        const entriesMax = Math.ceil(places / 2);
        const entries =
          places === 0 ? [] : await claimDueEntries(database, open.destination.name, entriesMax, holder);
        for (const entry of entries) take(open, workOfEntry(entry, bodyOf(entry), leaseUntilMs));
        claimed = entries.length;
        const deliveriesMax = places - claimed;
        const deliveries =
          deliveriesMax === 0
            ? []
            : await claimDeliveries(database, open.destination.name, deliveriesMax, holder);
        for (const delivery of deliveries)
          take(open, workOfDelivery(delivery, bodyOf(delivery), leaseUntilMs));
        claimed += deliveries.length;
        open.backlog = entries.length === entriesMax || deliveries.length === deliveriesMax;
      } finally {
        for (let place = claimed; place < places; place += 1) open.lane.cancel();
      }
    } finally {
      open.claiming = false;
    }
  }

  async function poll(): Promise<void> {
    const ready = [...lanes.values()].filter(({ lane }) => lane.free > 0);
    if (stopping || ready.length === 0) return;
    const due = await findDueWork(
      database,
      ready.map(({ destination }) => destination.name),
    );
    await Promise.all(
      due.map(async ({ destination }) => {
        const open = lanes.get(destination);
        if (open !== undefined && !stopping) await claim(open);
      }),
    );
  }

  function reserve(destination: string): Reservation | null {
    const open = lanes.get(destination);
    if (open === undefined || stopping) return null;
    if (!open.lane.reserve()) {
      open.backlog = true;
      return null;
    }
    return {
      deliver({ test, ...lead }, leasedAtMs) {
        const leaseUntilMs = leasedAtMs + leaseMs;
        take(open, {
          lane: "fast",
          ...{ runId: lead.runId, destination, attempt: 1, test },
          body: deliveryBody(lead),
          leaseUntilMs,
        });
      },
      cancel: () => open.lane.cancel(),
    };
  }

  async function stop(limitMs: number): Promise<void> {
    stopping = true;
    const deadline = setTimeout(() => stopSending.abort(), limitMs);
    const settleDeadline = setTimeout(() => giveUp.abort(), limitMs + settleGraceMs);
    const open = [...lanes.values()];
    lanes.clear();
    await Promise.all(open.map(close));
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

function reservePlaces(lane: Lane<Work>): number {
  let places = 0;
  while (lane.reserve()) places += 1;
  return places;
}

function bodyOf(claimed: {
  runId: string;
  source: string;
  receivedAt: Date;
  leadJson: string | null;
}): string | null {
  return claimed.leadJson === null ? null : deliveryBody({ ...claimed, leadJson: claimed.leadJson });
}
