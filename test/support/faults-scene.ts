// A node under load, its database and its destination, for tests of faults; everything ends with the test.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { onTestFinished } from "vitest";
import {
  connectionUri,
  findRunningEmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/runtime/embedded-postgres.ts";
import { findPostmaster } from "../../src/runtime/embedded-postgres-process.ts";
import { choosePort } from "../../src/runtime/loopback-port.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { startDeliveryLog } from "./evidence-deliveries.ts";
import type { DeliveryLog } from "./evidence-deliveries.ts";
import { NotPossibleHere } from "./faults.ts";
import { startInstalledPostgres } from "./installed-postgres.ts";
import type { InstalledPostgres } from "./installed-postgres.ts";
import { loadSourcesYaml, probe, startLoad } from "./load.ts";
import type { Load, LoadOptions, LoadSource, Told } from "./load.ts";
import { runCommand, serveProcess } from "./served-process.ts";
import type { ServedProcess, ServeOptions } from "./served-process.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

export const destinationName = "crm";
/** Few enough that a test can take them all. */
export const connectionsMax = 60;

export interface SceneOptions {
  /** Where the data folder is made, which the test removes itself; without it, in the scene's own folder. */
  readonly dataDir?: string;
  /** Ids of the deliveries whose first attempt the destination answers with 503. */
  readonly refusesFirst?: (id: string) => boolean;
}

export interface FaultScene {
  readonly dataDir: string;
  /** Where the node listens, after every start. */
  readonly url: string;
  readonly deliveries: DeliveryLog;
  /** Every answer that a load or a probe of this test got, oldest first within each. */
  told(): Told[];
  readonly loads: readonly Load[];
  startNode(options?: ServeOptions): Promise<ServedProcess>;
  /** Posts to the node, or to another one at `url`, until it is stopped. */
  startLoad(options: LoadOptions, url?: string): Load;
  probe(source?: LoadSource): Promise<Told | null>;
  /** A command of the program on this installation; its stdout. */
  command(...args: readonly string[]): Promise<string>;
  /** A session that goes past whatever the node's connections suffer. */
  inLedger<T>(look: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Called when the test has ended, newest first. */
  onEnd(close: () => Promise<unknown>): void;
}

export interface InstalledScene extends FaultScene {
  readonly server: InstalledPostgres;
  /** Past the line, as the program's role. */
  readonly ledgerUrl: string;
  /** The line between node and database. */
  readonly line: TcpProxy;
  /** As superuser, in the ledger's database. */
  readonly asSuperuser: <T>(look: (client: pg.Client) => Promise<T>) => Promise<T>;
}

const endLimitMs = 120_000;
const ledgerName = "leadledger";

/** A node with the embedded server. */
export async function openEmbeddedScene(
  program: CompiledSource,
  options: SceneOptions = {},
): Promise<FaultScene> {
  const ground = await openGround(options);
  ground.onEnd(() => stopWhatIsLeft(ground.dataDir));
  return openScene(program, ground, options, {}, async () => {
    const running = await findRunningEmbeddedPostgres(ground.dataDir);
    if (running === null) throw new Error("the embedded server does not run");
    return connectionUri(running.connection);
  });
}

/** A node with a PostgreSQL of the test's own, which it reaches through a line. */
export async function openInstalledScene(
  program: CompiledSource,
  options: SceneOptions = {},
): Promise<InstalledScene> {
  const server = await startInstalledPostgres(connectionsMax);
  if (server === null) throw new NotPossibleHere("no supported PostgreSQL is installed");
  const ground = await openGround(options);
  ground.onEnd(() => server.stop());
  await withClient(server.server.superuserUrl, (client) =>
    client.query(`CREATE DATABASE ${ledgerName} OWNER leadledger TEMPLATE template0`),
  );
  const line = await startTcpProxy(server.port);
  ground.onEnd(() => line.close());
  const env = {
    DATABASE_URL: urlOfLedger(server.server.ownerUrl, line.port),
    LEADLEDGER_KEY: randomBytes(32).toString("hex"),
  };
  const direct = urlOfLedger(server.server.ownerUrl, server.port);
  const scene = await openScene(program, ground, options, env, () => Promise.resolve(direct));
  return {
    ...scene,
    server,
    line,
    ledgerUrl: direct,
    asSuperuser: (look) => withClient(urlOfLedger(server.server.superuserUrl, server.port), look),
  };
}

function urlOfLedger(url: string, port: number): string {
  const changed = new URL(url);
  changed.pathname = `/${ledgerName}`;
  changed.port = String(port);
  return changed.href;
}

interface Ground extends Pick<FaultScene, "onEnd" | "dataDir"> {
  readonly folder: string;
}

async function openGround({ dataDir }: SceneOptions): Promise<Ground> {
  const closers: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
  }, endLimitMs);
  const folder = await mkdtemp(join(tmpdir(), "leadledger-fault-"));
  closers.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return { folder, dataDir: dataDir ?? join(folder, "data"), onEnd: (close) => void closers.push(close) };
}

async function openScene(
  program: CompiledSource,
  { folder, dataDir, onEnd }: Ground,
  { refusesFirst }: SceneOptions,
  env: Readonly<Record<string, string>>,
  findLedger: () => Promise<string>,
): Promise<FaultScene> {
  const port = await choosePort();
  const url = `http://127.0.0.1:${port}`;
  const deliveries = await startDeliveryLog(refusesFirst);
  onEnd(() => deliveries.close());
  const configuration = join(folder, "leadledger.yaml");
  await writeFile(configuration, configurationOf(deliveries.url));
  const loads: Load[] = [];
  const probed: Told[] = [];
  return {
    dataDir,
    url,
    deliveries,
    loads,
    onEnd,
    told: () => [...loads.flatMap((load) => load.told), ...probed],
    async startNode(options) {
      const node = await serveProcess(program, dataDir, configuration, {
        port,
        ...options,
        env: { ...env, ...options?.env },
      });
      onEnd(() => endNode(node));
      return node;
    },
    startLoad(options, nodeUrl = url) {
      const load = startLoad(nodeUrl, options);
      loads.push(load);
      onEnd(() => load.stop());
      return load;
    },
    async probe(source) {
      const told = await probe(url, source);
      if (told !== null) probed.push(told);
      return told;
    },
    command: (...args) => runCommand(program, dataDir, configuration, args, env),
    inLedger: async (look) => withClient(await findLedger(), look),
  };
}

function configurationOf(deliveriesUrl: string): string {
  return `${loadSourcesYaml}
destinations:
  ${destinationName}:
    kind: http
    url: "${deliveriesUrl}"
    allow_private: true
    retry: { fast: [1s, 2s], slow: [2s, 2s, 2s, 5s, 10s] }
`;
}

async function endNode(node: ServedProcess): Promise<void> {
  const { child } = node;
  if (child.exitCode !== null || child.signalCode !== null) return;
  // One that is frozen hears nothing else.
  child.kill("SIGCONT");
  await node.end("SIGTERM");
}

/** A node that was killed leaves its server behind; the next one stops it, as in real life. */
async function stopWhatIsLeft(dataDir: string): Promise<void> {
  if ((await findPostmaster(dataDir)) === null) return;
  await (await startEmbeddedPostgres({ dataDir, log: () => undefined })).stop();
}

async function withClient<T>(url: string, look: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "evidence" });
  // The server may be stopped under it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await look(client);
  } finally {
    await client.end();
  }
}
