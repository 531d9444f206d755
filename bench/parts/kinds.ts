// What a request of each kind of source costs: senders as the conformance suite has them, over loopback, into an empty
// database.
import { withFreshPlace } from "../bench.ts";
import type { Bench, Part } from "../bench.ts";
import type { Place } from "../contestants/contestant.ts";
import { rootKeyHex, startNode } from "../contestants/product.ts";
import { kindSenders, probedSource } from "../load/kind-requests.ts";
import type { KindSender } from "../load/kind-requests.ts";
import type { LoadReport } from "../load/order.ts";
import { runLoad } from "../load/run-load.ts";
import { cpuSeconds } from "../machine/process-figures.ts";
import type { PartResult } from "../result.ts";
import { newKeyPrefix } from "./intake-run.ts";
import { productPerSecondMax } from "./intake.ts";
import { proveAnswers } from "./prove.ts";
import { quietRun } from "./quiet-run.ts";

export const kindsTitle = "Requests of each kind of source";
export const nodeMicrosUnit = "µs of node per request";
const perSecondUnit = "requests/s";

export const kindsPart: Part = {
  name: "kinds",
  steps: (scale) => scale.kindRounds * kindSenders.length,
  run,
};

interface Measured {
  readonly perSecond: number;
  /** null: not known on this system. */
  readonly nodeMicros: number | null;
  readonly problems: readonly string[];
}

async function run(bench: Bench): Promise<PartResult> {
  const measured = new Map<string, Measured[]>(kindSenders.map(({ name }) => [name, []]));
  const { kindRounds } = bench.scale;
  for (let round = 1; round <= kindRounds; round += 1)
    for (const sender of kindSenders) {
      const { run: done } = await quietRun(bench, `kinds ${round}/${kindRounds}: ${sender.name}`, () =>
        withFreshPlace(bench, null, (place) => measure(bench, sender, place)),
      );
      measured.get(sender.name)?.push(done);
    }
  return {
    title: kindsTitle,
    about:
      "Each kind by itself: a node that has just started and was warmed up, an empty database, one paused destination, " +
      `${bench.scale.connections} kept-alive connections with one request under way each.`,
    figures: [...measured].flatMap(([what, runs]) => [
      { what, unit: perSecondUnit, values: runs.map(({ perSecond }) => perSecond) },
      {
        what,
        unit: nodeMicrosUnit,
        values: runs.map(({ nodeMicros }) => nodeMicros).filter((micros) => micros !== null),
      },
    ]),
    targets: [],
    checks: ["Every request was answered as taken, and there is one accepted lead for each."],
    problems: [...measured.values()].flatMap((runs) => runs.flatMap(({ problems }) => problems)),
  };
}

async function measure(bench: Bench, sender: KindSender, place: Place): Promise<Measured> {
  const { warmUpMs, measuredMs } = bench.scale;
  const node = await startNode({
    folder: place.folder,
    sinkUrl: null,
    sources: { [probedSource]: sender.source },
    environment: { DATABASE_URL: place.database.url, LEADLEDGER_KEY: rootKeyHex },
  });
  try {
    // By a load of its own, because what V8 compiles meanwhile is no part of what a request costs.
    const warmUp = await load(bench, sender, node.port, 0, warmUpMs, () => Promise.resolve());
    const cpu: { before: number | null } = { before: null };
    const report = await load(bench, sender, node.port, warmUp.sent, measuredMs, async () => {
      await bench.server.checkpoint();
      cpu.before = await cpuSeconds(node.pid);
    });
    const cpuAfter = await cpuSeconds(node.pid);
    const taken = warmUp.accepted + report.accepted;
    const [row] = await place.database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM public.runs WHERE status = 'accepted'",
    );
    const problems = [warmUp, report].flatMap((each) => proveAnswers(sender.name, each));
    if (row?.count !== taken) problems.push(`${sender.name}: ${taken} taken, ${row?.count} accepted leads`);
    return {
      perSecond: report.perSecond,
      nodeMicros:
        cpu.before === null || cpuAfter === null ? null : ((cpuAfter - cpu.before) / report.accepted) * 1e6,
      problems,
    };
  } finally {
    await node.stop();
  }
}

/** `firstNumber`: leads before it were sent already. */
function load(
  { scale }: Bench,
  { name }: KindSender,
  port: number,
  firstNumber: number,
  durationMs: number,
  beforeStart: () => Promise<void>,
): Promise<LoadReport> {
  const order = {
    port,
    keyPrefix: newKeyPrefix(),
    sender: name,
    firstNumber,
    connections: scale.connections,
    warmUpMs: 0,
    load: {
      kind: "closed",
      durationMs,
      leadsMax: Math.ceil((productPerSecondMax * durationMs) / 1_000),
      cycle: false,
      health: null,
    },
  } as const;
  return runLoad(order, beforeStart);
}
