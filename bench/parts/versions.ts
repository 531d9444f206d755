// This build beside an earlier one, in turns: what a change costs at intake and on the whole way.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { product, productBuiltAt } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import type { Figure, PartResult, Target } from "../result.ts";
import { meanInterval, ratios } from "../statistics.ts";
import { deliveryRun } from "./delivery-run.ts";
import { intakeRun } from "./intake-run.ts";
import { productPerSecondMax } from "./intake.ts";
import { quietRun } from "./quiet-run.ts";

interface Measured {
  readonly perSecond: number;
  /** The node's processor time per lead, µs: says the same with less noise; null: not measured. */
  readonly nodeMicros: number | null;
  readonly problems: readonly string[];
}

type Measure = (bench: Bench, contestant: Contestant) => Promise<Measured>;

const ways: readonly (readonly [what: string, measure: Measure])[] = [
  ["intake", measureIntake],
  ["delivery", measureDelivery],
];

/**
 * `beforeMain`: dist/cli/main.js of the earlier build; `only`: names of the ways that are measured, null: all; `pairs`:
 * how often both builds are.
 */
export function versionsPart(beforeMain: string, only: readonly string[] | null, pairs: number): Part {
  const before = productBuiltAt("before", beforeMain);
  const chosen = ways.filter(([what]) => only?.includes(what) ?? true);
  return {
    name: "versions",
    steps: () => chosen.length * pairs * 2,
    run: (bench) => run(bench, before, chosen, pairs),
  };
}

async function run(
  bench: Bench,
  before: Contestant,
  chosen: typeof ways,
  pairs: number,
): Promise<PartResult> {
  const figures: Figure[] = [];
  const targets: Target[] = [];
  const problems: string[] = [];
  for (const [what, measure] of chosen) {
    const rates = new Map<Contestant, number[]>([
      [before, []],
      [product, []],
    ]);
    const nodeMicros = new Map<Contestant, number[]>([
      [before, []],
      [product, []],
    ]);
    for (let pair = 1; pair <= pairs; pair += 1) {
      // Whoever goes first is favoured, or not: each does so in turn.
      for (const contestant of pair % 2 === 1 ? [before, product] : [product, before]) {
        const { run: counted } = await quietRun(bench, `${what} ${pair}/${pairs}: ${contestant.name}`, () =>
          measure(bench, contestant),
        );
        rates.get(contestant)?.push(counted.perSecond);
        if (counted.nodeMicros !== null) nodeMicros.get(contestant)?.push(counted.nodeMicros);
        problems.push(...counted.problems);
      }
    }
    const values = ratios(rates.get(product) ?? [], rates.get(before) ?? []);
    const { low, mean, high } = meanInterval(values);
    for (const [contestant, measured] of rates)
      figures.push({ what: `${what}, ${contestant.name}`, unit: "leads/s", values: measured });
    for (const [contestant, measured] of nodeMicros)
      if (measured.length > 0)
        figures.push({ what: `${what}, node's time, ${contestant.name}`, unit: "µs/lead", values: measured });
    figures.push(
      { what: `${what}, now ÷ before`, unit: "×", values },
      { what: `${what}, geometric mean of the pairs`, unit: "×", values: [mean] },
      { what: `${what}, upper end of its 90 % interval`, unit: "×", values: [high] },
    );
    targets.push({
      what: `${what}: lower end of the 90 % interval`,
      wanted: { atLeast: 0.95 },
      unit: "×",
      values: [low],
    });
  }
  return {
    title: "This build beside an earlier one",
    about: "Pairs of runs that follow each other, in changing order; each begins with an empty database.",
    figures,
    targets,
    checks: ["Every lead that was answered is stored once, delivered once, and settled."],
    problems,
  };
}

async function measureIntake(bench: Bench, contestant: Contestant): Promise<Measured> {
  const { report, serverCpu, problems } = await withFreshPlace(bench, null, (place) =>
    intakeRun(bench, contestant, place, { perSecondMax: productPerSecondMax }),
  );
  const { perSecond } = report;
  return { perSecond, nodeMicros: serverCpu === null ? null : (serverCpu / perSecond) * 1e6, problems };
}

async function measureDelivery(bench: Bench, contestant: Contestant): Promise<Measured> {
  const { perSecond, problems } = await withSink((sink) =>
    withFreshPlace(bench, sink.url, (place) =>
      deliveryRun(bench, contestant, place, sink, bench.scale.deliverLeads.product),
    ),
  );
  return { perSecond, nodeMicros: null, problems };
}
