// Accepted, delivered, settled: how many leads per second go the whole way, beside two job libraries.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { graphileWorkerWide as graphileWorker, pgBossWide as pgBoss } from "../contestants/peer.ts";
import { product, productWithMap } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import type { Figure, PartResult } from "../result.ts";
import { ratios } from "../statistics.ts";
import { deliveryRun } from "./delivery-run.ts";
import type { DeliveryRun } from "./delivery-run.ts";
import { quietRun } from "./quiet-run.ts";

const contestants: readonly Contestant[] = [product, productWithMap, pgBoss, graphileWorker];

export const deliveryPart: Part = {
  name: "delivery",
  steps: (scale) => scale.rounds * contestants.length,
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  const runs = new Map<Contestant, DeliveryRun[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= bench.scale.rounds; round += 1) {
    for (const contestant of contestants) {
      const what = `delivery ${round}/${bench.scale.rounds}: ${contestant.name}`;
      const { run: counted } = await quietRun(bench, what, () => freshRun(bench, contestant));
      runs.get(contestant)?.push(counted);
    }
  }
  const perSecond = (contestant: Contestant): number[] =>
    (runs.get(contestant) ?? []).map((r) => r.perSecond);
  const figures = contestants.flatMap((contestant): Figure[] => [
    { what: `${contestant.name}: whole way`, unit: "leads/s", values: perSecond(contestant) },
    {
      what: `${contestant.name}: accepted meanwhile`,
      unit: "leads/s",
      values: (runs.get(contestant) ?? []).map((r) => r.acceptedPerSecond),
    },
  ]);
  for (const peer of contestants.slice(2)) {
    const values = ratios(perSecond(product), perSecond(peer));
    figures.push({ what: `${product.name} ÷ ${peer.name}: whole way`, unit: "×", values });
  }
  const values = ratios(perSecond(product), perSecond(pgBoss));
  const mapped = ratios(perSecond(productWithMap), perSecond(product));
  return {
    title: "Accepted, delivered, settled",
    about:
      "A closed loop of 128 connections posts so many leads; the clock stops when the last one has arrived at the sink " +
      "and is settled in the database. The job libraries' workers run as their documentation recommends for throughput.",
    figures,
    targets: [
      { what: "accept → delivered → processed ÷ pg-boss workers", wanted: { atLeast: 4 }, unit: "×", values },
      { what: "with a map ÷ without", wanted: { atLeast: 0.95 }, unit: "×", values: mapped },
    ],
    checks: [
      "Every accepted lead arrived at the sink (count and checksum of keys), none twice.",
      "Nothing was left unsettled; LeadLedger: every run is processed, the DLQ is empty.",
    ],
    problems: [...runs.values()].flat().flatMap(({ problems }) => problems),
  };
}

function freshRun(bench: Bench, contestant: Contestant): Promise<DeliveryRun> {
  const { product: many, peers: fewer } = bench.scale.deliverLeads;
  return withSink((sink) =>
    withFreshPlace(bench, sink.url, (place) =>
      deliveryRun(
        bench,
        contestant,
        place,
        sink,
        contestant === pgBoss || contestant === graphileWorker ? fewer : many,
      ),
    ),
  );
}
