// One run of the whole way: so many leads accepted at full speed, delivered to the sink, and settled.
import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import type { Contestant, Place, Running } from "../contestants/contestant.ts";
import type { SinkReport } from "../contestants/sink.ts";
import type { RunningSink } from "../contestants/run-sink.ts";
import type { LoadReport } from "../load/order.ts";
import { runLoad } from "../load/run-load.ts";
import { monotonicMs } from "../machine/monotonic.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { proveAnswers, proveStored } from "./prove.ts";

export interface DeliveryRun {
  /** Leads ÷ the time from the first request to the last settlement. */
  readonly perSecond: number;
  readonly acceptedPerSecond: number;
  readonly problems: readonly string[];
}

const warmUpLeads = 1_000;
const acceptLimitMs = 150_000;
const deliverLimitMs = 240_000;
const settlePollMs = 10;

/** `sink` must be the place's own. */
export async function deliveryRun(
  bench: Bench,
  contestant: Contestant,
  place: Place,
  sink: RunningSink,
  leads: number,
): Promise<DeliveryRun> {
  const running = await contestant.start(place);
  try {
    const before = (await sink.report()).distinct;
    const warmUp = await send(bench, running, warmUpLeads);
    await allSettled(running, sink, before + warmUp.report.accepted);
    const main = await send(bench, running, leads);
    const { accepted } = main.report;
    await allSettled(running, sink, before + warmUp.report.accepted + accepted);
    const tookMs = monotonicMs() - main.report.startedAtMs;
    const problems = [
      ...proveAnswers(contestant.name, main.report),
      ...proveArrived(contestant.name, before, await sink.report(), [warmUp.report, main.report]),
      // graphile-worker deletes a job that is done: there the sink is the witness.
      ...(contestant.keepsSettled
        ? await proveStored(contestant.name, main.report, running, main.keyPrefix)
        : []),
    ];
    return { perSecond: (accepted / tookMs) * 1_000, acceptedPerSecond: main.report.perSecond, problems };
  } finally {
    await running.stop();
  }
}

/** Sends so many leads over all connections, as fast as they are taken. */
export async function send(
  bench: Bench,
  { port }: Pick<Running, "port">,
  leadsMax: number,
): Promise<{ report: LoadReport; keyPrefix: string }> {
  const keyPrefix = newKeyPrefix();
  const load = { kind: "closed", durationMs: acceptLimitMs, leadsMax, cycle: false, health: null } as const;
  const order = { port, keyPrefix, connections: bench.scale.connections, warmUpMs: 0, load };
  return { report: await runLoad(order, () => bench.server.checkpoint()), keyPrefix };
}

export async function allSettled(running: Running, sink: RunningSink, arrived: number): Promise<void> {
  await sink.arrived(arrived, deliverLimitMs);
  const endMs = monotonicMs() + deliverLimitMs;
  for (;;) {
    const unsettled = await running.unsettled();
    if (unsettled === 0) return;
    if (monotonicMs() > endMs) throw new Error(`${unsettled} deliveries were not settled in time`);
    await delay(settlePollMs);
  }
}

/** Every accepted lead arrived; a sink that had leads before is compared by count alone. */
export function proveArrived(
  name: string,
  before: number,
  sink: SinkReport,
  sent: readonly LoadReport[],
): string[] {
  const accepted = sent.reduce((sum, { accepted }) => sum + accepted, before);
  const problems: string[] = [];
  if (sink.distinct !== accepted) problems.push(`${name}: ${accepted} accepted, ${sink.distinct} arrived`);
  const keys = sent.reduce((sum, { keys }) => sum + BigInt(keys), 0n);
  if (before === 0 && String(keys) !== sink.keys)
    problems.push(`${name}: other leads arrived than were accepted`);
  if (sink.received !== sink.distinct)
    problems.push(`${name}: ${sink.received - sink.distinct} leads arrived twice`);
  return problems;
}
