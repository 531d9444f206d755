// Faults of the database and of the line to it: intake goes on without it, and the ledger has everything afterwards.
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { CompiledSource } from "./compiled-source.ts";
import { serverPid } from "./embedded-postgres.ts";
import { closeBooks, recover, spooling, underWay } from "./faults-judgement.ts";
import { openEmbeddedScene, openInstalledScene } from "./faults-scene.ts";
import type { FaultScene, InstalledScene } from "./faults-scene.ts";
import { testFault } from "./faults.ts";
import type { FaultName, FaultRecord, Suite } from "./faults.ts";
import type { LineState } from "./tcp-proxy.ts";
import { until } from "./until.ts";

const roundLimitMs = 150_000;
const load = { senders: 60, pauseMs: 20 } as const;
const takers = 8;
const takeAgainMs = 10;
/** The second kill falls into the time in which the spool is drained. */
const drainingMs = 300;

/** Takes the database away; what it returns gives it back. */
type Strike = (scene: InstalledScene) => Promise<() => Promise<unknown>>;

const outages: Readonly<Partial<Record<FaultName, Strike>>> = {
  async databaseStopped({ server }) {
    await server.stopImmediately();
    return () => server.startAgain();
  },
  lineRefused: cut("refuse"),
  lineReset: cut("reset"),
  lineBlackHole: cut("black_hole"),
  lineHalfOpen: cut("half_open"),
  async readOnly({ asSuperuser }) {
    await asSuperuser(async (client) => {
      await client.query("ALTER SYSTEM SET default_transaction_read_only = on");
      await client.query("SELECT pg_reload_conf()");
    });
    return () =>
      asSuperuser(async (client) => {
        await client.query("ALTER SYSTEM RESET default_transaction_read_only");
        await client.query("SELECT pg_reload_conf()");
      });
  },
  outOfConnections: takeAllConnections,
};

export function testDatabaseFaults(suite: Suite, program: () => CompiledSource): void {
  for (const [name, strike] of Object.entries(outages) as [FaultName, Strike][]) {
    const promise = "every lead is taken meanwhile, and is in the ledger once when it is over";
    testFault(suite, name, { promise, roundLimitMs }, async (record, rounds) =>
      tryOutages(await openInstalledScene(program()), record, rounds, strike),
    );
  }
  testFault(
    suite,
    "restartInOutage",
    {
      promise: "it goes on taking leads when it is started again, also when it is killed while it drains",
      roundLimitMs: 2 * roundLimitMs,
    },
    async (record, rounds) => tryRestarts(await openInstalledScene(program()), record, rounds),
  );
  const promise = "it comes back by itself, and every lead is taken meanwhile";
  testFault(suite, "postmasterKilled", { promise, roundLimitMs }, async (record, rounds) => {
    const scene = await openEmbeddedScene(program());
    await tryKills(scene, record, rounds, () => serverPid(scene.dataDir));
  });
  testFault(suite, "backendKilled", { promise, roundLimitMs }, async (record, rounds) => {
    const scene = await openEmbeddedScene(program());
    await tryKills(scene, record, rounds, () => anyBackend(scene));
  });
}

async function tryOutages(
  scene: InstalledScene,
  record: FaultRecord,
  rounds: number,
  strike: Strike,
): Promise<void> {
  await scene.startNode();
  const senders = scene.startLoad(load);
  while (record.rounds < rounds) {
    const fromMs = Date.now();
    await underWay(senders);
    const giveBack = await strike(scene);
    await spooling(senders);
    await giveBack();
    await recover(scene, record, fromMs);
  }
  await closeBooks(scene, record, { neverRefused: true });
}

async function tryRestarts(scene: InstalledScene, record: FaultRecord, rounds: number): Promise<void> {
  let node = await scene.startNode();
  const senders = scene.startLoad(load);
  while (record.rounds < rounds) {
    const fromMs = Date.now();
    await underWay(senders);
    await scene.server.stopImmediately();
    await spooling(senders);
    await node.end("SIGKILL");
    node = await scene.startNode();
    await spooling(senders);
    await scene.server.startAgain();
    await delay(randomInt(drainingMs));
    await node.end("SIGKILL");
    [node] = await Promise.all([scene.startNode(), recover(scene, record, fromMs)]);
  }
  await closeBooks(scene, record, { neverRefused: true });
}

async function tryKills(
  scene: FaultScene,
  record: FaultRecord,
  rounds: number,
  findVictim: () => Promise<number>,
): Promise<void> {
  await scene.startNode();
  const senders = scene.startLoad(load);
  while (record.rounds < rounds) {
    const fromMs = Date.now();
    await underWay(senders);
    const before = await scene.inLedger(processesOf);
    process.kill(await findVictim(), "SIGKILL");
    await recover(scene, record, fromMs, { isOver: () => hasRestarted(scene, before) });
  }
  await closeBooks(scene, record, { neverRefused: true });
}

/** A session may outlive its server by a statement, so that a lead it still takes is no sign of a recovery. */
async function hasRestarted(scene: FaultScene, before: readonly number[]): Promise<boolean> {
  const now = await scene.inLedger(processesOf).catch(() => before);
  return !now.some((pid) => before.includes(pid));
}

/** All processes of the server that are listed to everybody: a lost one makes the server end and start them all. */
async function processesOf(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ pid: number }>("SELECT pid FROM pg_stat_activity");
  return rows.map(({ pid }) => pid);
}

function anyBackend(scene: FaultScene): Promise<number> {
  return scene.inLedger(async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name ~ '^leadledger [0-9]' ORDER BY random() LIMIT 1",
    );
    const pid = rows[0]?.pid;
    if (pid === undefined) throw new Error("the node has no connection");
    return pid;
  });
}

function cut(state: LineState): Strike {
  return async ({ line }) => {
    await line.set(state);
    return () => line.set("pass");
  };
}

/** Holds every connection that the server has to give, the node's own included. */
async function takeAllConnections(scene: InstalledScene): Promise<() => Promise<unknown>> {
  const taken: pg.Client[] = [];
  let isOver = false;
  const take = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: scene.ledgerUrl, application_name: "taker" });
    client.on("error", () => undefined);
    try {
      await client.connect();
      taken.push(client);
    } catch {
      await delay(takeAgainMs);
    }
  };
  let all: Promise<void>[] = [];
  const giveBack = async (): Promise<void> => {
    isOver = true;
    await Promise.all(all);
    await Promise.all(taken.splice(0).map((client) => client.end()));
  };
  scene.onEnd(giveBack);
  // A session that is there before: whoever comes later finds even the reserved places taken by those who ask.
  await scene.asSuperuser(async (client) => {
    all = Array.from({ length: takers }, async () => {
      while (!isOver) await take();
    });
    await until("the node to have no connection left", async () => {
      const { rowCount } = await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ '^leadledger [0-9]'",
      );
      return taken.length > 0 && rowCount === 0;
    });
  });
  return giveBack;
}
