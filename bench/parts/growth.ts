// Whether speed lasts: intake, delivery and roll-up with so many runs in the database, beside an empty one.
import { statfs } from "node:fs/promises";
import pg from "pg";
import { withFolder, withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import { product } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import { leadBody } from "../load/lead.ts";
import { loadMigrate } from "../machine/built-product.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import type { Figure, PartResult, Target } from "../result.ts";
import { ratios } from "../statistics.ts";
import { deliveryRun } from "./delivery-run.ts";
import { fill, settleFilled } from "./fill.ts";
import { productPerSecondMax } from "./intake.ts";
import { intakeRun } from "./intake-run.ts";
import { rollUpPairs } from "./kpi-roll-up.ts";
import { quietRun } from "./quiet-run.ts";

const stepsPerRound = 4;
const bytesPerRun = 4_000;

export const growthPart: Part = {
  name: "growth",
  steps: (scale) => scale.growthSizes.length * (2 + scale.growthRounds * stepsPerRound),
  run,
};

interface AtSize {
  readonly intake: { readonly empty: number[]; readonly filled: number[] };
  readonly delivery: { readonly empty: number[]; readonly filled: number[] };
}

async function run(bench: Bench): Promise<PartResult> {
  const figures: Figure[] = [];
  const targets: Target[] = [];
  const problems: string[] = [];
  const filled = await bench.server.createDatabase();
  try {
    await (await loadMigrate()).migrate(filled.url);
    let runs = 0;
    for (const size of bench.scale.growthSizes) {
      const name = `${(size / 1_000_000).toLocaleString("en")} million runs`;
      if (!(await hasRoom(bench.folder, (size - runs) * bytesPerRun))) {
        problems.push(`not enough disk space for ${name}: not measured`);
        break;
      }
      bench.step(`growth: filling to ${name}`);
      const range = { from: runs, to: size, sizeMax: Math.max(...bench.scale.growthSizes) };
      await fillTo(filled, range, (done) => bench.within(`${Math.floor((done / size) * 100)} %`));
      runs = size;
      bench.step(`growth: KPI roll-up, ${name}`);
      const rollUp = await withFreshPlace(bench, null, async ({ database }) => {
        await (await loadMigrate()).migrate(database.url);
        return rollUpPairs(database, filled, bench.scale.rollUps);
      });
      const atSize = await measurePairs(bench, filled, name, problems);
      const intake = ratios(atSize.intake.filled, atSize.intake.empty);
      const delivery = ratios(atSize.delivery.filled, atSize.delivery.empty);
      const slower = ratios(rollUp.filled, rollUp.empty);
      figures.push(
        { what: `intake, ${name}`, unit: "leads/s", values: atSize.intake.filled },
        { what: "intake, empty database beside it", unit: "leads/s", values: atSize.intake.empty },
        { what: `delivery, ${name}`, unit: "leads/s", values: atSize.delivery.filled },
        { what: "delivery, empty database beside it", unit: "leads/s", values: atSize.delivery.empty },
        { what: `KPI roll-up, ${name}`, unit: "ms", values: rollUp.filled },
        { what: "KPI roll-up, empty database beside it", unit: "ms", values: rollUp.empty },
      );
      targets.push(
        { what: `intake with ${name} ÷ empty`, wanted: { atLeast: 0.85 }, unit: "×", values: intake },
        { what: `delivery with ${name} ÷ empty`, wanted: { atLeast: 0.85 }, unit: "×", values: delivery },
        { what: `KPI roll-up with ${name} ÷ empty`, wanted: { atMost: 1.5 }, unit: "×", values: slower },
      );
    }
  } finally {
    await filled.drop();
  }
  return {
    title: "Growth",
    about:
      "The same runs of intake and delivery in turn on an empty and on a filled database (three events per run, real " +
      "digests, spread over 400 days). A roll-up follows 100 batches of 10 leads; the issue asks for it to be independent of history, " +
      "which is read here as at most 1.5 times the empty database's.",
    figures,
    targets,
    checks: ["Each run as in the intake and delivery parts; the leads of the run alone are compared."],
    problems,
  };
}

async function measurePairs(
  bench: Bench,
  filled: BenchDatabase,
  name: string,
  problems: string[],
): Promise<AtSize> {
  const rounds = bench.scale.growthRounds;
  const result: AtSize = { intake: { empty: [], filled: [] }, delivery: { empty: [], filled: [] } };
  for (let round = 1; round <= rounds; round += 1) {
    for (const which of ["empty", "filled"] as const) {
      const { run: done } = await quietRun(
        bench,
        `growth, ${name} ${round}/${rounds}: intake, ${which}`,
        () =>
          onDatabase(bench, which === "filled" ? filled : null, null, (place) =>
            intakeRun(bench, product, place, { perSecondMax: productPerSecondMax }),
          ),
      );
      result.intake[which].push(done.report.perSecond);
      problems.push(...done.problems);
    }
    await forgetWaiting(filled);
    for (const which of ["empty", "filled"] as const) {
      const { run: done } = await quietRun(
        bench,
        `growth, ${name} ${round}/${rounds}: delivery, ${which}`,
        () =>
          withSink((sink) =>
            onDatabase(bench, which === "filled" ? filled : null, sink.url, (place) =>
              deliveryRun(bench, product, place, sink, bench.scale.deliverLeads.product),
            ),
          ),
      );
      result.delivery[which].push(done.perSecond);
      problems.push(...done.problems);
    }
  }
  return result;
}

/** On that database, or on one of its own. */
function onDatabase<Result>(
  bench: Bench,
  database: BenchDatabase | null,
  sinkUrl: string | null,
  work: Parameters<typeof withFreshPlace<Result>>[2],
): Promise<Result> {
  if (database === null) return withFreshPlace(bench, sinkUrl, work);
  return withFolder(bench, (folder) => work({ database, folder, sinkUrl }));
}

async function fillTo(
  { superuserUrl, ...rest }: BenchDatabase,
  range: Parameters<typeof fill>[1],
  onProgress: (runs: number) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await fill(client, range, leadBody(1, "fill"), onProgress);
  } finally {
    await client.end();
  }
  await settleFilled({ superuserUrl, ...rest });
}

/** The intake runs leave deliveries that wait for a paused destination; the next run's must not be among them. */
async function forgetWaiting(database: BenchDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query("DELETE FROM internal.deliveries");
    await client.query("VACUUM internal.deliveries");
  } finally {
    await client.end();
  }
}

async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > bytes * 1.5;
}
