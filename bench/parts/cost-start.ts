// From `serve` to the first accepted lead, on a new and on an existing data folder; and what a node does when idle.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withFolder } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { startNode } from "../contestants/product.ts";
import { runLoad } from "../load/run-load.ts";
import { monotonicMs } from "../machine/monotonic.ts";
import { cpuSeconds, processTree } from "../machine/process-figures.ts";
import type { CostResult } from "./cost-memory.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { proveAnswers } from "./prove.ts";

interface Started {
  readonly tookMs: number;
  readonly problems: readonly string[];
}

export async function measureStarts(bench: Bench): Promise<CostResult> {
  const fresh: number[] = [];
  const existing: number[] = [];
  const idle: { node: number; all: number }[] = [];
  const problems: string[] = [];
  for (let start = 1; start <= bench.scale.starts; start += 1) {
    bench.step(`cost: start ${start}/${bench.scale.starts}`);
    await withFolder(bench, async (folder) => {
      const first = await startOnce(folder);
      const second = await startOnce(folder);
      fresh.push(first.tookMs);
      existing.push(second.tookMs);
      problems.push(...first.problems, ...second.problems);
    });
  }
  bench.step("cost: idle");
  await withFolder(bench, async (folder) => {
    // Ready to deliver, unlike the paused one of the other parts: that is how nodes are idle.
    const node = await startNode({ folder, sinkUrl: "http://127.0.0.1:9/leads", environment: {} });
    idle.push(await idleShare(bench, node.pid).finally(() => node.stop()));
  });
  const seconds = (values: readonly number[]): number[] => values.map((ms) => ms / 1_000);
  const all = idle.map((share) => share.all);
  return {
    figures: [
      { what: "start to first accepted lead, new data folder", unit: "s", values: seconds(fresh) },
      { what: "start to first accepted lead, existing data folder", unit: "s", values: seconds(existing) },
      { what: "idle: the node's share of one core", unit: "%", values: idle.map((share) => share.node) },
      { what: "idle: node and embedded PostgreSQL", unit: "%", values: all },
    ],
    targets: [
      {
        what: "start to first accepted lead, existing folder",
        wanted: { atMost: 2 },
        unit: "s",
        values: seconds(existing),
      },
      {
        what: "start to first accepted lead, new folder",
        wanted: { atMost: 4 },
        unit: "s",
        values: seconds(fresh),
      },
      { what: "processor time at idle, PostgreSQL included", wanted: { atMost: 1 }, unit: "%", values: all },
    ],
    problems,
  };
}

async function startOnce(folder: string): Promise<Started> {
  // The generator is prepared when the node is not there yet: only the node's own time counts.
  const keyPrefix = newKeyPrefix();
  const startedMs = monotonicMs();
  const node = await startNode({ folder: join(folder, "node"), sinkUrl: null, environment: {} });
  const listensMs = monotonicMs();
  try {
    const load = { kind: "closed", durationMs: 10_000, leadsMax: 1, cycle: false, health: null } as const;
    const order = { port: node.port, keyPrefix, connections: 1, warmUpMs: 0, load };
    const report = await runLoad(order, () => Promise.resolve());
    // Starting the generator in between is not the node's doing: its first answer is added to when it listened.
    return {
      tookMs: listensMs - startedMs + report.latency.max,
      problems: proveAnswers("first lead", report),
    };
  } finally {
    await node.stop();
  }
}

async function idleShare({ scale }: Bench, pid: number): Promise<{ node: number; all: number }> {
  await delay(scale.settleDownMs);
  const tree = await processTree(pid);
  const sum = async (pids: readonly number[]): Promise<number> => {
    const seconds = await Promise.all(pids.map(cpuSeconds));
    return seconds.reduce<number>((total, each) => total + (each ?? 0), 0);
  };
  const before = { node: await sum([pid]), all: await sum(tree) };
  await delay(scale.idleMs);
  const share = (seconds: number): number => (seconds / (scale.idleMs / 1_000)) * 100;
  return { node: share((await sum([pid])) - before.node), all: share((await sum(tree)) - before.all) };
}
