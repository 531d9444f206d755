// What a node costs: memory, the time to start, processor time when nothing happens, disk per lead.
import type { Bench, Part } from "../bench.ts";
import type { PartResult } from "../result.ts";
import { measureBytes } from "./cost-disk.ts";
import { measureMemory } from "./cost-memory.ts";
import { measureStarts } from "./cost-start.ts";

export const costPart: Part = {
  name: "cost",
  steps: (scale) => 3 + scale.starts,
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  bench.step("cost: memory at full load");
  const memory = await measureMemory(bench);
  const starts = await measureStarts(bench);
  bench.step("cost: disk");
  const bytes = await measureBytes(bench);
  return {
    title: "Cost",
    about:
      "Memory is the resident memory of the node's process, sampled four times a second under the closed loop of the " +
      "intake part. Starts use the embedded database, from `serve` to the first 202. Idle is measured on a node " +
      "of its own that is ready to deliver, with and without the embedded database's processes. Disk is what the tables and indexes take after the leads were delivered and settled.",
    figures: [...memory.figures, ...starts.figures, ...bytes.figures],
    targets: [...memory.targets, ...starts.targets],
    checks: ["Memory and disk: as in the intake and delivery parts, every lead is where it should be."],
    problems: [...memory.problems, ...starts.problems, ...bytes.problems],
  };
}
