// Memory of one node at full load: load after load on the same process.
import { withFreshPlace } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { product } from "../contestants/product.ts";
import { runLoad } from "../load/run-load.ts";
import { sampleMemory } from "../machine/process-figures.ts";
import type { PartResult } from "../result.ts";
import { productPerSecondMax } from "./intake.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { proveStored } from "./prove.ts";

export type CostResult = Pick<PartResult, "figures" | "targets" | "problems">;

export async function measureMemory(bench: Bench): Promise<CostResult> {
  const { connections, warmUpMs, measuredMs, memorySlices } = bench.scale;
  const problems: string[] = [];
  const { max, slopePerMinute } = await withFreshPlace(bench, null, async (place) => {
    const running = await product.start(place);
    const memory = sampleMemory(running.pid);
    try {
      for (let slice = 1; slice <= memorySlices; slice += 1) {
        bench.within(`load ${slice}/${memorySlices}`);
        const keyPrefix = newKeyPrefix();
        const leadsMax = Math.ceil((productPerSecondMax * (warmUpMs + measuredMs)) / 1_000);
        const load = {
          kind: "closed",
          durationMs: measuredMs,
          leadsMax,
          cycle: false,
          health: null,
        } as const;
        const order = { port: running.port, keyPrefix, connections, warmUpMs, load };
        const report = await runLoad(order, () => bench.server.checkpoint());
        problems.push(...(await proveStored(product.name, report, running, keyPrefix)));
      }
      return memory.stop();
    } finally {
      memory.stop();
      await running.stop();
    }
  });
  const values = max === null ? [] : [max];
  return {
    figures: [
      { what: "memory at full load, most", unit: "MB", values },
      {
        what: "memory at full load, trend",
        unit: "MB/min",
        values: slopePerMinute === null ? [] : [slopePerMinute],
      },
    ],
    targets: [{ what: "memory of one node at full load", wanted: { atMost: 200 }, unit: "MB", values }],
    problems,
  };
}
