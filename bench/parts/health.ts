// Whether health checks, each of them written to the log of events, take anything away from intake.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import { product } from "../contestants/product.ts";
import type { PartResult } from "../result.ts";
import { ratios } from "../statistics.ts";
import { productPerSecondMax } from "./intake.ts";
import { intakeRun } from "./intake-run.ts";
import type { IntakeRun } from "./intake-run.ts";
import { quietRun } from "./quiet-run.ts";

const leadsPerHealthCheck = 10;

export const healthPart: Part = {
  name: "health",
  steps: (scale) => scale.healthRounds * 2,
  run,
};

async function run(bench: Bench): Promise<PartResult> {
  const alone: number[] = [];
  const mixed: number[] = [];
  const checksPerSecond: number[] = [];
  const problems: string[] = [];
  for (let round = 1; round <= bench.scale.healthRounds; round += 1) {
    // Whoever goes first is favoured a little.
    const turns = round % 2 === 1 ? [0, leadsPerHealthCheck] : [leadsPerHealthCheck, 0];
    for (const healthEvery of turns) {
      const what = healthEvery === 0 ? "intake alone" : "with health checks";
      const step = `health ${round}/${bench.scale.healthRounds}: ${what}`;
      const { run: counted } = await quietRun(bench, step, () => intakeWithChecks(bench, healthEvery));
      const { report } = counted;
      problems.push(...counted.problems);
      (healthEvery === 0 ? alone : mixed).push(report.perSecond);
      if (healthEvery > 0) checksPerSecond.push((report.healthy / report.sent) * report.perSecond);
    }
  }
  const values = ratios(mixed, alone);
  return {
    title: "Health checks mixed with intake",
    about:
      "After every ten leads a connection asks GET /health, which is answered once its event is committed.",
    figures: [
      { what: "intake alone", unit: "leads/s", values: alone },
      { what: "intake with health checks", unit: "leads/s", values: mixed },
      { what: "health checks meanwhile", unit: "checks/s", values: checksPerSecond },
      { what: "leads with ÷ without health checks", unit: "×", values },
    ],
    targets: [
      { what: "health checks mixed in 1:10 ÷ intake alone", wanted: { atLeast: 0.9 }, unit: "×", values },
    ],
    checks: ["As in the intake part; and every health check answered `ok` has its event."],
    problems,
  };
}

function intakeWithChecks(bench: Bench, healthEvery: number): Promise<IntakeRun> {
  return withFreshPlace(bench, null, async (place) => {
    const options = { perSecondMax: productPerSecondMax, healthEvery };
    const done = await intakeRun(bench, product, place, options);
    const [row] = await place.database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM public.audit_events WHERE event_type = 'health_check'",
    );
    const written = row?.count ?? 0;
    if (written === done.report.healthy) return done;
    const problem = `${done.report.healthy} health checks answered, ${written} written`;
    return { ...done, problems: [...done.problems, problem] };
  });
}
