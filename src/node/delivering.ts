// Sends what is due on this node, and looks for what others left to it, ordered or changed.
import { failureRateLimits } from "../domain/destinations/failure-rate.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { createDelivery } from "../delivery/delivery.ts";
import type { Evaluate } from "../domain/destinations/expression.ts";
import type { LeadReadings } from "../kinds/sources/lead-readings.ts";
import { loadSenders } from "../kinds/destinations/senders.ts";
import type { Surroundings } from "../kinds/destinations/surroundings.ts";
import type { DueWork } from "../ledger/delivery/waiting-work.ts";
import { findWaitingWork } from "../ledger/delivery/waiting-work.ts";
import { proxyRulesOf } from "../outgoing/proxy.ts";
import type { NodeBase } from "./node-base.ts";

/** Lets what becomes due one after the other be claimed together. */
const nextPollMinMs = 50;

/** `env` names the proxies that destinations are reached through. */
export async function openDelivery(
  base: NodeBase,
  env: Readonly<Record<string, string | undefined>>,
  readings: LeadReadings,
  surroundings: () => Surroundings,
  evaluate: Evaluate,
  failureRate = failureRateLimits,
): Promise<Delivery> {
  const { database, clock, kinds, monotonicMs, log, lease } = base;
  const deps = { nowMs: () => clock.nowMs(), proxy: proxyRulesOf(env), surroundings };
  return createDelivery({
    database,
    node: lease.node,
    leaseMs: lease.leaseMs,
    monotonicMs,
    nowMs: deps.nowMs,
    log,
    random: Math.random,
    failureRate,
    readingOf: (source) => readings.of(source),
    evaluate,
    openSender: await loadSenders(kinds.destinations, deps),
  });
}

/** From the first contact with the database on. `configurationRevision`: the one that this node goes by. */
export function startDelivering(
  base: NodeBase,
  delivery: Delivery,
  configurationRevision: () => number | null,
): void {
  const { background, intervals, database, lease, monotonicMs, roles } = base;
  let due: readonly DueWork[] = [];
  /** It calls the tasks for what it finds and waits for none of them. */
  const poll = async (): Promise<number | null> => {
    const askedAtMs = monotonicMs();
    const work = await findWaitingWork(database, delivery.ready(), intervals.pollMs);
    const probeInMs = delivery.follow(work, askedAtMs);
    due = work.due;
    if (work.configurationRevision !== configurationRevision()) background.wake("configuration");
    if (work.operations) background.wake("operations");
    if (due.length > 0) background.wake("claim");
    const soon = [work.nextDueInMs ?? Infinity, (probeInMs ?? 0) > 0 ? (probeInMs ?? 0) : Infinity];
    const nextInMs = Math.min(...soon);
    return nextInMs === Infinity ? null : Math.max(nextInMs, nextPollMinMs);
  };
  const claim = (): Promise<void> => {
    const found = due;
    due = [];
    return delivery.claim(found);
  };
  background.every("poll", intervals.pollMs, poll);
  if (!roles.includes("delivery")) return;
  background.every("leases", lease.leaseMs / 4, () => delivery.renewLeases());
  background.every("claim", intervals.uncalledMs, claim);
  background.every("recover", intervals.recoverMs, () => delivery.recover());
}
