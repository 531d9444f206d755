// From a lead's intended start to its arrival at the destination, at a calm and steady 200 leads per second.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { pgBossWide as pgBoss } from "../contestants/peer.ts";
import { product } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import { createLatencies } from "../load/latencies.ts";
import type { Latency } from "../load/order.ts";
import { runLoad } from "../load/run-load.ts";
import type { Figure, PartResult } from "../result.ts";
import { ratios } from "../statistics.ts";
import { allSettled, proveArrived } from "./delivery-run.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { proveAnswers } from "./prove.ts";
import { quietRun } from "./quiet-run.ts";

const contestants: readonly Contestant[] = [product, pgBoss];

export const latencyPart: Part = {
  name: "latency",
  steps: (scale) => scale.latencyRounds * contestants.length,
  run,
};

interface LatencyRun {
  readonly arrival: Latency;
  readonly answer: Latency;
  readonly lateness: Latency;
  readonly problems: readonly string[];
}

async function run(bench: Bench): Promise<PartResult> {
  const runs = new Map<Contestant, LatencyRun[]>(contestants.map((contestant) => [contestant, []]));
  const discarded = new Map<Contestant, LatencyRun[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= bench.scale.latencyRounds; round += 1) {
    for (const contestant of contestants) {
      const what = `latency ${round}/${bench.scale.latencyRounds}: ${contestant.name}`;
      const done = await quietRun(bench, what, () => latencyRun(bench, contestant));
      runs.get(contestant)?.push(done.run);
      discarded.get(contestant)?.push(...done.discarded);
    }
  }
  const of = (contestant: Contestant, read: (run: LatencyRun) => number): number[] =>
    (runs.get(contestant) ?? []).map(read);
  const figures = contestants.flatMap((contestant): Figure[] => [
    {
      what: `${contestant.name}: accepted → delivered, p50`,
      unit: "ms",
      values: of(contestant, (r) => r.arrival.p50),
    },
    {
      what: `${contestant.name}: accepted → delivered, p99`,
      unit: "ms",
      values: of(contestant, (r) => r.arrival.p99),
    },
    {
      what: `${contestant.name}: accepted → delivered, max`,
      unit: "ms",
      values: of(contestant, (r) => r.arrival.max),
    },
    { what: `${contestant.name}: answer 202, p99`, unit: "ms", values: of(contestant, (r) => r.answer.p99) },
    {
      what: `${contestant.name}: load generator late, p99`,
      unit: "ms",
      values: of(contestant, (r) => r.lateness.p99),
    },
    {
      what: `${contestant.name}: p99 of tries that do not count`,
      unit: "ms",
      values: (discarded.get(contestant) ?? []).map((r) => r.arrival.p99),
    },
  ]);
  const p99 = of(product, (r) => r.arrival.p99);
  const share = ratios(
    p99,
    of(pgBoss, (r) => r.arrival.p99),
  );
  const rate = `${bench.scale.latencyPerSecond} leads/s`;
  return {
    title: `Accepted → delivered at ${rate}, open loop`,
    about:
      "Requests start at fixed times whatever happened to those before. Time runs from the intended start (not from " +
      "when the generator got round to it) to the arrival of that lead at the sink, on one monotonic clock.",
    figures,
    targets: [
      { what: `accept → delivered at ${rate}: p99`, wanted: { atMost: 15 }, unit: "ms", values: p99 },
      { what: `the same ÷ pg-boss' p99`, wanted: { atMost: 0.05 }, unit: "×", values: share },
    ],
    checks: [
      "Every lead was answered 202 and arrived at the sink exactly once (count and checksum of keys).",
    ],
    problems: [...runs.values()].flat().flatMap(({ problems }) => problems),
  };
}

function latencyRun(bench: Bench, contestant: Contestant): Promise<LatencyRun> {
  const { connections, latencyWarmUpMs: warmUpMs, latencyMs, latencyPerSecond } = bench.scale;
  return withSink((sink) =>
    withFreshPlace(bench, sink.url, async (place) => {
      const running = await contestant.start(place);
      try {
        const keyPrefix = newKeyPrefix();
        const load = { kind: "open", durationMs: latencyMs, perSecond: latencyPerSecond } as const;
        const order = { port: running.port, keyPrefix, connections, warmUpMs, load };
        const report = await runLoad(order, () => bench.server.checkpoint());
        await allSettled(running, sink, report.accepted);
        const arrived = await sink.report();
        const arrivals = new Map(arrived.arrivals);
        const latencies = createLatencies();
        for (const [lead, intendedMs] of report.intendedAtMs) {
          const atMs = arrivals.get(`${keyPrefix}-${lead}`);
          if (atMs !== undefined) latencies.record(atMs - intendedMs);
        }
        return {
          arrival: latencies.summary(),
          answer: report.latency,
          lateness: report.lateness,
          problems: [
            ...proveAnswers(contestant.name, report),
            ...proveArrived(contestant.name, 0, arrived, [report]),
          ],
        };
      } finally {
        await running.stop();
      }
    }),
  );
}
