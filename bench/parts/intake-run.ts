// One run of intake: a contestant on a place, a closed loop at full speed, and the proof that nothing was lost.
import { randomBytes } from "node:crypto";
import type { Bench } from "../bench.ts";
import type { Contestant, Place } from "../contestants/contestant.ts";
import type { HealthChecks, LoadReport } from "../load/order.ts";
import { runLoad } from "../load/run-load.ts";
import { cpuSeconds, sampleMemory } from "../machine/process-figures.ts";
import type { MemorySamples } from "../machine/process-figures.ts";
import { proveAnswers, proveStored } from "./prove.ts";

export interface IntakeRun {
  readonly report: LoadReport;
  readonly memory: MemorySamples;
  /** Share of one core that the contestant's process took while it was loaded, 0 to 1; null: unknown. */
  readonly serverCpu: number | null;
  readonly generatorCpu: number;
  readonly problems: readonly string[];
}

export interface IntakeRunOptions {
  /** More than it can take; so many requests are made beforehand. */
  readonly perSecondMax: number;
  /** The scale's where nothing is said. */
  readonly measuredMs?: number;
  readonly health?: HealthChecks;
}

export function newKeyPrefix(): string {
  return `lead-${randomBytes(5).toString("hex")}`;
}

export async function intakeRun(
  bench: Bench,
  contestant: Contestant,
  place: Place,
  { perSecondMax, measuredMs = bench.scale.measuredMs, health }: IntakeRunOptions,
): Promise<IntakeRun> {
  const { connections, warmUpMs } = bench.scale;
  const running = await contestant.start(place);
  const keyPrefix = newKeyPrefix();
  const cycle = !contestant.stores;
  const leadsMax = cycle ? 20_000 : Math.ceil((perSecondMax * (warmUpMs + measuredMs)) / 1_000);
  const load = { kind: "closed", durationMs: measuredMs, leadsMax, cycle, health: health ?? null } as const;
  const memory = sampleMemory(running.pid);
  const cpu: { before: number | null } = { before: null };
  try {
    const order = { port: running.port, keyPrefix, connections, warmUpMs, load };
    const report = await runLoad(order, async () => {
      await bench.server.checkpoint();
      cpu.before = await cpuSeconds(running.pid);
    });
    const cpuAfter = await cpuSeconds(running.pid);
    const seconds = (report.measuredMs + warmUpMs) / 1_000;
    return {
      report,
      memory: memory.stop(),
      serverCpu: cpuAfter === null || cpu.before === null ? null : (cpuAfter - cpu.before) / seconds,
      generatorCpu: report.cpuSeconds / seconds,
      problems: contestant.stores
        ? await proveStored(contestant.name, report, running, keyPrefix)
        : proveAnswers(contestant.name, report),
    };
  } finally {
    memory.stop();
    await running.stop();
  }
}
