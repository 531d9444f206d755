// Durable intake over HTTP at full speed, beside everybody who does the same.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Contestant } from "../contestants/contestant.ts";
import type { FeedOrder, FeedReport } from "../contestants/full-batches-feeder.ts";
import {
  bareTables,
  graphileWorker,
  graphileWorkerWide,
  noDatabase,
  pgBoss,
  pgBossWide,
} from "../contestants/peer.ts";
import { findPgbench, runPgbench } from "../contestants/pgbench.ts";
import { product } from "../contestants/product.ts";
import { startChild } from "../machine/child.ts";
import type { Figure, PartResult, Target } from "../result.ts";
import { ratios } from "../statistics.ts";
import { intakeRun } from "./intake-run.ts";
import type { IntakeRun } from "./intake-run.ts";
import { quietRun } from "./quiet-run.ts";

export const productPerSecondMax = 18_000;
const pgbenchName = "pgbench, C, no HTTP, bare tables";
const fullBatchesName = "the product's statement fed with full batches, no HTTP";
const stepsPerRound = 10;
const feedLimitMs = 180_000;
const feedBatchesMax = 500;

export const intakePart: Part = {
  name: "intake",
  steps: (scale) => scale.rounds * stepsPerRound,
  run,
};

interface Collected {
  readonly perSecond: Map<string, number[]>;
  readonly productRuns: IntakeRun[];
  /** The product's rate in the run next to that of the peer. */
  readonly productBeside: Map<string, number[]>;
  readonly problems: string[];
}

async function run(bench: Bench): Promise<PartResult> {
  const collected: Collected = {
    perSecond: new Map(),
    productRuns: [],
    productBeside: new Map(),
    problems: [],
  };
  const pgbench = await findPgbench();
  if (pgbench === null)
    collected.problems.push("pgbench is not installed (Debian: postgresql): not compared with it");
  const collect = (name: string, perSecond: number, problems: readonly string[]): number => {
    add(collected.perSecond, name, perSecond);
    collected.problems.push(...problems);
    return perSecond;
  };
  for (let round = 1; round <= bench.scale.rounds; round += 1) {
    const text = (name: string): string => `intake ${round}/${bench.scale.rounds}: ${name}`;
    const overHttp = async (contestant: Contestant, perSecondMax: number): Promise<number> => {
      const { run: done } = await quietRun(bench, text(contestant.name), () =>
        withFreshPlace(bench, null, (place) => intakeRun(bench, contestant, place, { perSecondMax })),
      );
      if (contestant === product) collected.productRuns.push(done);
      return collect(contestant.name, done.report.perSecond, done.problems);
    };
    const first = await overHttp(product, productPerSecondMax);
    await overHttp(bareTables, 16_000);
    if (pgbench !== null) {
      const { run: done } = await quietRun(bench, text(pgbenchName), () => pgbenchRun(bench, pgbench));
      collect(pgbenchName, done.perSecond, done.problems);
    }
    for (const name of [bareTables.name, pgbenchName]) add(collected.productBeside, name, first);
    const second = await overHttp(product, productPerSecondMax);
    await overHttp(pgBoss, 8_000);
    await overHttp(graphileWorker, 6_000);
    await overHttp(pgBossWide, 8_000);
    await overHttp(graphileWorkerWide, 6_000);
    await overHttp(noDatabase, 0);
    const { run: fed } = await quietRun(bench, text(fullBatchesName), () => fullBatchesRun(bench));
    collect(fullBatchesName, fed.perSecond, fed.problems);
    for (const { name } of [pgBoss, graphileWorker, pgBossWide, graphileWorkerWide, noDatabase])
      add(collected.productBeside, name, second);
    add(collected.productBeside, fullBatchesName, second);
  }
  return resultOf(collected);
}

interface Rate {
  readonly perSecond: number;
  readonly problems: readonly string[];
}

async function pgbenchRun(bench: Bench, pgbench: string): Promise<Rate> {
  const { warmUpMs, measuredMs } = bench.scale;
  const seconds = { warmUp: Math.ceil(warmUpMs / 1_000), measured: Math.ceil(measuredMs / 1_000) };
  const done = await withFreshPlace(bench, null, ({ database, folder }) =>
    runPgbench(pgbench, database, folder, seconds),
  );
  return { ...done, problems: done.problems.map((problem) => `${pgbenchName}: ${problem}`) };
}

function fullBatchesRun(bench: Bench): Promise<Rate> {
  const { warmUpMs, measuredMs } = bench.scale;
  return withFreshPlace(bench, null, async ({ database }) => {
    const order: FeedOrder = {
      databaseUrl: database.url,
      batchLeads: 400,
      connections: 2,
      durationMs: measuredMs,
      warmUpMs,
      batchesMax: feedBatchesMax,
    };
    const feeder = startChild("contestants/full-batches-feeder", order);
    try {
      const { result } = await feeder.receive<{ result: FeedReport }>(feedLimitMs);
      const [row] = await database.query<{ count: number }>("SELECT count(*)::int AS count FROM public.runs");
      const stored = row?.count ?? 0;
      const problem = `${fullBatchesName}: ${result.leads} written, ${stored} stored`;
      return { perSecond: result.perSecond, problems: stored === result.leads ? [] : [problem] };
    } finally {
      await feeder.stop();
    }
  });
}

function resultOf({ perSecond, productRuns, productBeside, problems }: Collected): PartResult {
  const against = (name: string): number[] =>
    ratios(productBeside.get(name) ?? [], perSecond.get(name) ?? []);
  const figures: Figure[] = [...perSecond].map(([what, values]) => ({ what, unit: "leads/s", values }));
  for (const name of perSecond.keys()) {
    if (name !== product.name)
      figures.push({ what: `${product.name} ÷ ${name}`, unit: "×", values: against(name) });
  }
  const reports = productRuns.map(({ report }) => report);
  const tail = reports.map(({ latency }) => latency.p99 / latency.p50);
  figures.push(
    { what: `${product.name}: p50`, unit: "ms", values: reports.map(({ latency }) => latency.p50) },
    { what: `${product.name}: p99`, unit: "ms", values: reports.map(({ latency }) => latency.p99) },
    { what: `${product.name}: p99 ÷ p50`, unit: "×", values: tail },
    {
      what: `${product.name}: node's share of one core`,
      unit: "×",
      values: known(productRuns.map((r) => r.serverCpu)),
    },
    { what: "load generator's share of one core", unit: "×", values: productRuns.map((r) => r.generatorCpu) },
    {
      what: `${product.name}: memory at full load`,
      unit: "MB",
      values: known(productRuns.map((r) => r.memory.max)),
    },
  );
  const accepted = reports.reduce((sum, report) => sum + report.accepted, 0);
  return {
    title: "Durable intake over HTTP, closed loop",
    about:
      "128 kept-alive connections, each with one request under way; HMAC verified, one paused destination. " +
      "Every contestant has an empty database of the same server. Ratios compare runs that followed each other.",
    figures,
    targets: targetsOf(against, tail),
    checks: [
      "Every request was answered 202 with a run id of its own.",
      "Every key was stored exactly once under the id that was answered (count, distinct count and checksum), by each contestant with a database.",
      `LeadLedger: each of the ${accepted} leads accepted has one lead_received event and one waiting delivery, and none is in the DLQ.`,
    ],
    problems,
  };
}

function targetsOf(against: (name: string) => number[], tail: number[]): Target[] {
  const ratio = (name: string, atLeast: number): Target => ({
    what: `durable intake ÷ ${name}`,
    wanted: { atLeast },
    unit: "×",
    values: against(name),
  });
  return [
    ratio(bareTables.name, 1.5),
    ratio(pgbenchName, 0.6),
    ratio(pgBoss.name, 4.5),
    ratio(graphileWorker.name, 9),
    { what: "p99 ÷ p50 at 128 connections", wanted: { atMost: 2.5 }, unit: "×", values: tail },
  ];
}

function add(lists: Map<string, number[]>, name: string, value: number): void {
  lists.set(name, [...(lists.get(name) ?? []), value]);
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
