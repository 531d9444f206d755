// Runs the parts of the bench one after the other and writes down what they found.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Bench, Part } from "./bench.ts";
import { productFolder } from "./machine/built-product.ts";
import { endAll } from "./machine/child.ts";
import { startDatabaseServer } from "./machine/database-server.ts";
import { describeMachine } from "./machine/machine.ts";
import { monotonicMs } from "./machine/monotonic.ts";
import { keepCoresAwake } from "./machine/quiet-cores.ts";
import { writeKindsPages } from "./kinds-page.ts";
import { readOptions, usage } from "./options.ts";
import type { Options } from "./options.ts";
import { costPart } from "./parts/cost.ts";
import { deliveryPart } from "./parts/delivery.ts";
import { growthPart } from "./parts/growth.ts";
import { healthPart } from "./parts/health.ts";
import { intakePart } from "./parts/intake.ts";
import { kindsPart } from "./parts/kinds.ts";
import { latencyPart } from "./parts/latency.ts";
import { redrivePart } from "./parts/redrive.ts";
import { soakPart } from "./parts/soak.ts";
import { versionsPart } from "./parts/versions.ts";
import { createProgress } from "./progress.ts";
import { verdict, writeReport } from "./report.ts";
import type { PartResult } from "./result.ts";
import { summarise } from "./statistics.ts";

const parts: readonly Part[] = [
  intakePart,
  deliveryPart,
  redrivePart,
  latencyPart,
  healthPart,
  kindsPart,
  costPart,
  growthPart,
  soakPart,
];

const reasonCharactersMax = 800;

// Whatever ends this process, nothing that it started stays behind.
process.once("exit", endAll);
process.exitCode = await main();

/** 0: measured, and every check passed; 1: something was lost or broke; 2: the command line is wrong. */
async function main(): Promise<number> {
  let options: Options | "help";
  try {
    options = readOptions(
      process.argv.slice(2),
      parts.map(({ name }) => name),
    );
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options === "help") {
    console.log(usage);
    return 0;
  }
  const folder = await mkdtemp(join(options.folder ?? tmpdir(), "leadledger-bench-"));
  try {
    return await runParts(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runParts(
  { scale, only, before, pairs, writesDocs }: Options,
  folder: string,
): Promise<number> {
  const startedMs = monotonicMs();
  const coresAwake = keepCoresAwake();
  const machine = await describeMachine(folder);
  const starting = startDatabaseServer(join(folder, "database"));
  const interrupted = new AbortController();
  stopOnSignals(async () => {
    interrupted.abort();
    endAll();
    await starting.then(
      (server) => server.stop(),
      () => undefined,
    );
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const server = await starting;
  try {
    const chosen =
      before === null
        ? parts.filter(({ name }) => only?.includes(name) ?? true)
        : [versionsPart(join(resolve(before), "dist/cli/main.js"), only, pairs)];
    const progress = createProgress(
      chosen.reduce((sum, part) => sum + part.steps(scale), 0),
      process.stderr,
    );
    const bench: Bench = {
      scale,
      server,
      folder,
      step: (text) => progress.step(text),
      within: (text) => progress.within(text),
      disturbed: [],
    };
    const results: PartResult[] = [];
    for (const part of chosen) {
      const result = await part.run(bench).catch((error: unknown) => brokenPart(part, error));
      if (interrupted.signal.aborted) return 1;
      results.push(result);
      for (const line of outcomeLines(result)) progress.say(line);
    }
    progress.end();
    const tookSeconds = (monotonicMs() - startedMs) / 1_000;
    const { settings } = server;
    const report = {
      at: new Date().toISOString(),
      scale,
      machine,
      settings,
      coresAwake,
      disturbed: bench.disturbed,
      peers: await peerVersions(),
      tookSeconds,
    };
    console.log(await writeReport({ ...report, parts: results }));
    if (writesDocs) await writeKindsPages({ ...report, parts: results });
    return results.some(({ problems }) => problems.length > 0) ? 1 : 0;
  } finally {
    await server.stop();
  }
}

/** The other parts still run. */
function brokenPart({ name }: Part, error: unknown): PartResult {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const problem = `part ${name} broke off: ${reason.slice(0, reasonCharactersMax)}`;
  return { title: name, about: "Broken off.", figures: [], targets: [], checks: [], problems: [problem] };
}

function outcomeLines({ title, targets, problems }: PartResult): string[] {
  return [
    title,
    ...targets.map(
      (target) =>
        `  ${verdict(target)}  ${target.what}: ${summarise(target.values).median.toPrecision(3)} ${target.unit}`,
    ),
    ...problems.map((problem) => `  PROBLEM  ${problem}`),
  ];
}

async function peerVersions(): Promise<Record<string, string>> {
  const file = JSON.parse(await readFile(join(productFolder, "bench", "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { fastify, pg, ...rest } = file.dependencies;
  return {
    fastify: fastify ?? "",
    pg: pg ?? "",
    "pg-boss": rest["pg-boss"] ?? "",
    "graphile-worker": rest["graphile-worker"] ?? "",
  };
}

function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void stop().finally(() => process.exit(1));
    });
  }
}
