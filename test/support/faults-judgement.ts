// What must hold after every fault: nothing that was acknowledged is lost or doubled, everything is delivered, the books
// are verified, and the node is still up.
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import {
  bringEvidence,
  countLost,
  countUnfinished,
  describeLost,
  findDoubled,
  findUndelivered,
  findWrongTimes,
} from "./evidence.ts";
import type { FaultScene } from "./faults-scene.ts";
import { destinationName } from "./faults-scene.ts";
import type { FaultRecord } from "./faults.ts";
import type { Load, Told } from "./load.ts";
import { until } from "./until.ts";

const recoveryLimitMs = 120_000;
const finishLimitMs = 120_000;
const askEveryMs = 100;

/** Resolves when the load's senders have so many more answers. */
export async function underWay(load: Load, answers = 300): Promise<void> {
  const before = load.told.length;
  await until("the load to be under way", () => load.told.length - before >= answers, recoveryLimitMs);
}

/** Resolves when so many more leads were kept in the spool. */
export async function spooling(load: Load, leads = 100): Promise<void> {
  const before = load.spooled;
  await until("leads to go into the spool", () => load.spooled - before >= leads, recoveryLimitMs);
}

export interface Recovery {
  /** What has to be seen before a lead in the ledger counts as recovered. */
  readonly isOver?: () => Promise<boolean>;
  readonly limitMs?: number;
}

/**
 * Measures, from now on, how long it takes until a new lead goes into the ledger again and everything that was
 * acknowledged since `fromMs` is there; one round of the fault.
 */
export async function recover(
  scene: FaultScene,
  record: FaultRecord,
  fromMs: number,
  { isOver, limitMs = recoveryLimitMs }: Recovery = {},
): Promise<void> {
  const overAtMs = Date.now();
  if (isOver !== undefined) await until("the fault to be over", isOver, limitMs);
  await until("a lead to go into the ledger again", async () => isRecorded(await scene.probe()), limitMs);
  const told = scene.told().filter(({ answeredAtMs }) => answeredAtMs >= fromMs);
  record.acknowledged = scene.told().length;
  let problems: string[] = [];
  const isComplete = async (): Promise<boolean> => {
    const asked = scene.inLedger(async (client) => {
      await bringEvidence(client, told);
      record.lost = await countLost(client);
      return describeLost(client);
    });
    // The lead may have been quicker than the fault, so the database may not be back yet.
    problems = await asked.catch((error: unknown) => [String(error)]);
    if (problems.length > 0) await delay(askEveryMs);
    return problems.length === 0;
  };
  await until("everything acknowledged to be in the ledger", isComplete, limitMs).catch((error: unknown) => {
    throw new Error(`${String(error)}:\n${problems.join("\n")}`, { cause: error });
  });
  record.recoveriesMs.push(Date.now() - overAtMs);
  record.rounds += 1;
}

export interface Closing {
  /** Intake never refused: a database that is away is no reason. */
  readonly neverRefused?: boolean;
  readonly deliveredOnce?: boolean;
  readonly limitMs?: number;
}

/** Ends the loads, waits until all work is done, and holds what was told against what the tables hold. */
export async function closeBooks(
  scene: FaultScene,
  record: FaultRecord,
  { neverRefused = false, deliveredOnce = false, limitMs = finishLimitMs }: Closing = {},
): Promise<void> {
  for (const load of scene.loads) await load.stop();
  const last = await scene.probe();
  const told = scene.told();
  record.acknowledged = told.length;
  record.refusedWith5xx = scene.loads.reduce((sum, load) => sum + load.refusedWith5xx, 0);
  const finished = await finish(scene, limitMs);
  await scene.inLedger(async (client) => {
    await bringEvidence(client, told);
    const doubled = await findDoubled(client);
    record.lost = await countLost(client);
    record.doubled = doubled.length;
    record.deliveredTwice = scene.deliveries.twice().length;
    expect(await describeLost(client)).toEqual([]);
    expect(doubled).toEqual([]);
    expect(await findWrongTimes(client)).toEqual([]);
    expect(finished).toBe("finished");
    expect(await findUndelivered(client, scene.deliveries, destinationName)).toEqual([]);
  });
  expect(scene.loads.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  if (neverRefused) expect(record.refusedWith5xx).toBe(0);
  if (deliveredOnce) expect(scene.deliveries.twice()).toEqual([]);
  await booksAreRight(scene);
  expect(last).toMatchObject({ status: 202, isSpooled: false });
  expect((await fetch(`${scene.url}/livez`)).status).toBe(200);
}

/** What is left when it takes too long, in words. */
async function finish(scene: FaultScene, limitMs: number): Promise<string> {
  let left = Number.NaN;
  const isFinished = async (): Promise<boolean> => {
    left = await scene.inLedger(countUnfinished);
    if (left > 0) await delay(askEveryMs);
    return left === 0;
  };
  return until("all work to be done", isFinished, limitMs).then(
    () => "finished",
    (error: unknown) => `${String(error)}: ${left} left`,
  );
}

/** What any ledger must be; a finding ends the command with 1, and says which lead it is about. */
async function booksAreRight(scene: FaultScene): Promise<void> {
  expect(await scene.command("verify", "--json")).toBe("");
  expect(JSON.parse(await scene.command("kpi", "rebuild", "--json"))).toEqual({
    wrong_days: [],
    wrong_sla_days: [],
  });
}

function isRecorded(told: Told | null): boolean {
  return told !== null && told.status === 202 && !told.isSpooled;
}
