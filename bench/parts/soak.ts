// A long, steady load with delivery: memory must stay flat and dead rows bounded.
import { setInterval } from "node:timers";
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import { product } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import type { LoadReport } from "../load/order.ts";
import { runLoad } from "../load/run-load.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import { sampleMemory } from "../machine/process-figures.ts";
import type { MemorySamples } from "../machine/process-figures.ts";
import type { Figure, PartResult, Target } from "../result.ts";
import { allSettled, proveArrived } from "./delivery-run.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { proveAnswers } from "./prove.ts";

/** A generator keeps the times of its requests in memory, so it is asked again and again. */
const sliceMs = 30_000;
const sampleEveryMs = 5_000;
const relations = [
  "runs",
  "audit_events",
  "deliveries",
  "dlq",
  "kpi_deltas",
  "kpi_daily",
  "kpi_daily_sources",
  "leader",
] as const;

export const soakPart: Part = { name: "soak", steps: () => 1, run };

interface DeadRows {
  readonly name: string;
  readonly dead: number;
  readonly bytes: number;
}

async function run(bench: Bench): Promise<PartResult> {
  const { soakMs, soakPerSecond } = bench.scale;
  const minutes = Math.round((soakMs / 60_000) * 10) / 10;
  bench.step(`soak: ${minutes} min at ${soakPerSecond} leads/s`);
  const reports: LoadReport[] = [];
  const samples: DeadRows[][] = [];
  const problems: string[] = [];
  const memory = await withSink((sink) =>
    withFreshPlace(bench, sink.url, async (place) => {
      const running = await product.start(place);
      const sampled = sampleMemory(running.pid);
      const timer = setInterval(
        () => {
          void deadRows(place.database).then(
            (rows) => samples.push(rows),
            (error: unknown) => problems.push(String(error)),
          );
        },
        Math.min(sampleEveryMs, soakMs / 4),
      );
      try {
        for (let doneMs = 0; doneMs < soakMs; doneMs += sliceMs) {
          bench.within(`${Math.floor((doneMs / soakMs) * 100)} %`);
          const load = {
            kind: "open",
            durationMs: Math.min(sliceMs, soakMs - doneMs),
            perSecond: soakPerSecond,
          } as const;
          const order = {
            port: running.port,
            keyPrefix: newKeyPrefix(),
            connections: bench.scale.connections,
            warmUpMs: 0,
            load,
          };
          reports.push(await runLoad(order, () => Promise.resolve()));
        }
        const accepted = reports.reduce((sum, report) => sum + report.accepted, 0);
        await allSettled(running, sink, accepted);
        problems.push(...proveArrived(product.name, 0, await sink.report(), reports));
        return sampled.stop();
      } finally {
        clearInterval(timer);
        sampled.stop();
        await running.stop();
      }
    }),
  );
  problems.push(...reports.flatMap((report) => proveAnswers(product.name, report)));
  return resultOf(bench, reports, samples, memory, problems);
}

function resultOf(
  { scale }: Bench,
  reports: readonly LoadReport[],
  samples: readonly (readonly DeadRows[])[],
  { max, slopePerMinute }: MemorySamples,
  problems: string[],
): PartResult {
  const middle = Math.floor(samples.length / 2);
  const most = (
    name: string,
    part: readonly (readonly DeadRows[])[],
    read: (row: DeadRows) => number,
  ): number =>
    Math.max(
      0,
      ...part
        .flat()
        .filter((row) => row.name === name)
        .map(read),
    );
  const figures: Figure[] = [
    { what: "accepted", unit: "leads/s", values: reports.map((report) => report.perSecond) },
    { what: "answer 202, p99", unit: "ms", values: reports.map((report) => report.latency.p99) },
    { what: "memory of the node, most", unit: "MB", values: max === null ? [] : [max] },
    {
      what: "memory of the node, trend",
      unit: "MB/min",
      values: slopePerMinute === null ? [] : [slopePerMinute],
    },
  ];
  const targets: Target[] = [];
  for (const name of relations) {
    const first = most(name, samples.slice(0, middle), (row) => row.dead);
    const second = most(name, samples.slice(middle), (row) => row.dead);
    figures.push(
      { what: `${name}: dead rows, most in the first half`, unit: "rows", values: [first] },
      { what: `${name}: dead rows, most in the second half`, unit: "rows", values: [second] },
      {
        what: `${name}: size at most`,
        unit: "MB",
        values: [most(name, samples, (row) => row.bytes) / 2 ** 20],
      },
    );
  }
  // Runs get one dead row per lead until vacuum comes: they are bounded by its threshold, a share of the table.
  for (const name of ["deliveries", "kpi_deltas"] as const) {
    const first = most(name, samples.slice(0, middle), (row) => row.bytes);
    const second = most(name, samples.slice(middle), (row) => row.bytes);
    const values = first === 0 ? [] : [second / first];
    targets.push({
      what: `${name}: size, second half of the soak ÷ first half`,
      wanted: { atMost: 1.5 },
      unit: "×",
      values,
    });
  }
  if (slopePerMinute !== null) {
    targets.push({
      what: "memory trend over the soak",
      wanted: { atMost: 2 },
      unit: "MB/min",
      values: [slopePerMinute],
    });
  }
  return {
    title: "Soak",
    about: `An open loop of ${scale.soakPerSecond} leads/s with delivery for ${Math.round(scale.soakMs / 6_000) / 10} minutes on an empty database; dead rows as PostgreSQL counts them.`,
    figures,
    targets,
    problems,
    checks: ["Every lead was answered 202, arrived at the sink exactly once, and was settled."],
  };
}

function deadRows(database: BenchDatabase): Promise<DeadRows[]> {
  return database.query<DeadRows>(
    `SELECT relname AS name, n_dead_tup::int AS dead, pg_total_relation_size(relid)::float8 AS bytes
     FROM pg_stat_user_tables WHERE schemaname IN ('public', 'internal') AND relname = ANY ($1)`,
    [relations],
  );
}
