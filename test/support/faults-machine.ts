// Faults of the machine and its surroundings: a full disk, a clock that jumps, far more leads than can be taken.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import type { CompiledSource } from "./compiled-source.ts";
import { openJumpingClock } from "./faults-clock.ts";
import type { JumpingClock } from "./faults-clock.ts";
import { openSmallDisk } from "./faults-disk.ts";
import type { SmallDisk } from "./faults-disk.ts";
import { closeBooks, recover, spooling, underWay } from "./faults-judgement.ts";
import { openInstalledScene } from "./faults-scene.ts";
import type { InstalledScene } from "./faults-scene.ts";
import { testFault } from "./faults.ts";
import type { FaultRecord, Suite } from "./faults.ts";
import { loadSources } from "./load.ts";
import type { Load } from "./load.ts";
import type { ServedProcess } from "./served-process.ts";
import { until } from "./until.ts";

const roundLimitMs = 150_000;
const usualLoad = { senders: 60, pauseMs: 20 } as const;

const jumpSeconds = 3_600;
const jumpToleranceSeconds = 10;
const shortestFirstPauseMs = 800;
const longestFirstPauseMs = 15_000;

const floodMs = 60_000;
/** For each of the node's connections to the database: a small part of what comes gets through. */
const narrowBytesPerSecond = 10_000;
/** Ten times as many as keep a node busy. */
const floodSenders = 640;
const overload = 10;
const quietAnswerMs = 15_000;
const rssBytesMax = 768 * 1024 * 1024;
const drainLimitMs = 1_800_000;

export function testMachineFaults(suite: Suite, program: () => CompiledSource): void {
  testFault(
    suite,
    "diskFull",
    {
      promise: "leads are refused with 503 and Retry-After, and taken again when there is room",
      roundLimitMs,
    },
    async (record, rounds) => {
      const disk = await openSmallDisk();
      const scene = await openInstalledScene(program(), { dataDir: disk.dataDir });
      await tryFullDisk(scene, disk, record, rounds);
    },
  );
  testFault(
    suite,
    "clockJumps",
    {
      promise: "signatures are accepted, times are right, nothing is sent too early, late or twice",
      roundLimitMs,
    },
    async (record, rounds) => {
      const folder = await mkdtemp(join(tmpdir(), "leadledger-clock-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const clock = await openJumpingClock(folder);
      // One delivery in sixteen is tried twice.
      const refusesFirst = (id: string): boolean => id.split(":")[0]?.endsWith("0") === true;
      await tryJumps(await openInstalledScene(program(), { refusesFirst }), clock, record, rounds);
    },
  );
  testFault(
    suite,
    "flood",
    {
      promise: "memory stays bounded, a quiet source is not starved, and nothing is lost",
      roundLimitMs: floodMs + 2 * drainLimitMs,
    },
    async (record) => tryFlood(await openInstalledScene(program()), record),
  );
}

async function tryFullDisk(
  scene: InstalledScene,
  disk: SmallDisk,
  record: FaultRecord,
  rounds: number,
): Promise<void> {
  record.note = disk.name;
  const pid = pidOf(await scene.startNode());
  const load = scene.startLoad(usualLoad);
  while (record.rounds < rounds) {
    const fromMs = Date.now();
    await underWay(load);
    await scene.line.set("refuse");
    await spooling(load);
    await disk.fill(pid);
    await refusing(load);
    await disk.free(pid);
    await spooling(load);
    await scene.line.set("pass");
    await recover(scene, record, fromMs);
  }
  await closeBooks(scene, record);
}

async function refusing(load: Load, answers = 50): Promise<void> {
  const before = load.refusedWith5xx;
  await until("leads to be refused", () => load.refusedWith5xx - before >= answers, 30_000);
}

async function tryJumps(
  scene: InstalledScene,
  clock: JumpingClock,
  record: FaultRecord,
  rounds: number,
): Promise<void> {
  record.note = clock.name;
  await clock.set(jumpSeconds);
  const node = await scene.startNode({ env: { ...clock.env, LOG_LEVEL: "debug" } });
  const load = scene.startLoad(usualLoad);
  while (record.rounds < rounds) {
    const fromMs = Date.now();
    for (const offsetSeconds of [0, -jumpSeconds, jumpSeconds]) {
      await clock.set(offsetSeconds);
      await until("the node's clock to have jumped", () => hasOffset(node, offsetSeconds));
      await underWay(load);
    }
    await recover(scene, record, fromMs);
  }
  await closeBooks(scene, record, { neverRefused: true, deliveredOnce: true });
  const pausesMs = [...scene.deliveries.attemptsMs.values()].map(([first = 0, second = 0, ...more]) =>
    more.length === 0 ? second - first : Number.NaN,
  );
  expect(pausesMs.length).toBeGreaterThan(0);
  expect(pausesMs.filter((ms) => !(ms >= shortestFirstPauseMs && ms <= longestFirstPauseMs))).toEqual([]);
}

/** As the newest line of its log tells. */
function hasOffset(node: ServedProcess, offsetSeconds: number): boolean {
  const time = /"time":"([^"]+)"/.exec(node.output().split("\n").at(-2) ?? "")?.[1];
  if (time === undefined) return false;
  const differenceSeconds = (Date.parse(time) - Date.now()) / 1_000;
  return Math.abs(differenceSeconds - offsetSeconds) < jumpToleranceSeconds;
}

async function tryFlood(scene: InstalledScene, record: FaultRecord): Promise<void> {
  const pid = pidOf(await scene.startNode());
  const fromMs = Date.now();
  scene.line.narrow(narrowBytesPerSecond);
  const recordedBefore = await countRuns(scene);
  const quiet = scene.startLoad({ senders: 2, pauseMs: 200, onlyNew: true, sources: [loadSources.shop] });
  const tooFast = scene.startLoad({
    senders: 4,
    pipelined: 25,
    onlyNew: true,
    sources: [loadSources.limited],
  });
  const noisy = scene.startLoad({
    senders: floodSenders,
    onlyNew: true,
    sources: [loadSources.website],
  });
  await delay(floodMs);
  const sentPerSecond = (noisy.sent * 1_000) / floodMs;
  const recordedPerSecond = (((await countRuns(scene)) - recordedBefore) * 1_000) / floodMs;
  await Promise.all([noisy, tooFast, quiet].map((load) => load.stop()));
  const peakBytes = await peakMemoryBytes(pid);
  scene.line.narrow(Infinity);
  record.note = [
    `${Math.round(sentPerSecond)}/s sent, ${Math.round(recordedPerSecond)}/s into the ledger`,
    `RSS at most ${Math.round(peakBytes / 1024 / 1024)} MiB`,
    `${tooFast.rateLimited} times 429`,
  ].join(", ");
  await recover(scene, record, fromMs, { limitMs: drainLimitMs });
  await closeBooks(scene, record, { limitMs: drainLimitMs });
  expect(sentPerSecond).toBeGreaterThan(overload * recordedPerSecond);
  expect(peakBytes).toBeLessThan(rssBytesMax);
  expect(tooFast.rateLimited).toBeGreaterThan(0);
  expect([quiet.refusedWith5xx, quiet.unanswered]).toEqual([0, 0]);
  const waitsMs = quiet.told.map(({ sentAtMs, answeredAtMs }) => answeredAtMs - sentAtMs);
  expect(Math.max(...waitsMs)).toBeLessThan(quietAnswerMs);
}

function countRuns(scene: InstalledScene): Promise<number> {
  return scene.inLedger(async (client) => {
    const { rows } = await client.query<{ count: string }>("SELECT count(*) FROM runs");
    return Number(rows[0]?.count);
  });
}

function pidOf(node: ServedProcess): number {
  if (node.child.pid === undefined) throw new Error("the node has no process");
  return node.child.pid;
}

/** The most that was ever resident; NaN where the system does not say. */
async function peakMemoryBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1_024;
}
