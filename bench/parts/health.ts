// Whether health checks, each of them written to the log of events, take anything away from intake.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import { product } from "../contestants/product.ts";
import { blocksOf, slicesPerBlock } from "../load/slices.ts";
import type { PartResult } from "../result.ts";
import { productPerSecondMax } from "./intake.ts";
import { intakeRun } from "./intake-run.ts";
import type { IntakeRun } from "./intake-run.ts";
import { quietRun } from "./quiet-run.ts";

const leadsPerHealthCheck = 10;

export const healthPart: Part = {
  name: "health",
  steps: (scale) => scale.healthRounds,
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  const { healthRounds, healthSliceMs } = bench.scale;
  const slicesPerSecond = 1_000 / healthSliceMs;
  const alone: number[] = [];
  const mixed: number[] = [];
  const values: number[] = [];
  const problems: string[] = [];
  for (let round = 1; round <= healthRounds; round += 1) {
    const step = `health ${round}/${healthRounds}`;
    const { run: counted } = await quietRun(bench, step, () => intakeWithChecks(bench));
    problems.push(...counted.problems);
    for (const block of blocksOf(counted.report.acceptedPerSlice)) {
      alone.push((block.alone / 2) * slicesPerSecond);
      mixed.push((block.withChecks / 2) * slicesPerSecond);
      values.push(block.withChecks / block.alone);
    }
  }
  return {
    title: "Health checks mixed with intake",
    about:
      "One run of intake, in slices: in every other one whichever connection is free asks GET /health after every ten leads, which is answered once its event is committed, and brings no lead meanwhile. Neighbouring slices are compared: whole runs that follow each other differ by more than what is looked for.",
    figures: [
      { what: "intake alone", unit: "leads/s", values: alone },
      { what: "intake with health checks", unit: "leads/s", values: mixed },
      { what: "leads with ÷ without health checks", unit: "×", values },
    ],
    targets: [
      { what: "health checks mixed in 1:10 ÷ intake alone", wanted: { atLeast: 0.9 }, unit: "×", values },
    ],
    checks: ["As in the intake part; and every health check answered `ok` has its event."],
    problems,
  };
}

function intakeWithChecks(bench: Bench): Promise<IntakeRun> {
  const { healthBlocks, healthSliceMs } = bench.scale;
  return withFreshPlace(bench, null, async (place) => {
    const done = await intakeRun(bench, product, place, {
      perSecondMax: productPerSecondMax,
      measuredMs: healthBlocks * slicesPerBlock * healthSliceMs,
      health: { everyLeads: leadsPerHealthCheck, sliceMs: healthSliceMs },
    });
    const [row] = await place.database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM public.audit_events WHERE event_type = 'health_check'",
    );
    const written = row?.count ?? 0;
    if (written === done.report.healthy) return done;
    const problem = `${done.report.healthy} health checks answered, ${written} written`;
    return { ...done, problems: [...done.problems, problem] };
  });
}
