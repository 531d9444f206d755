// Starts the PostgreSQL servers of a test run: the embedded one and, where it is installed, the oldest supported.

import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { connectionUri, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { findLeaks } from "./leak-watch.ts";
import { unpackChromium } from "./chromium.ts";
import { startInstalledPostgres } from "./installed-postgres.ts";
import { quickPlace } from "./quick-place.ts";

export interface TestServer {
  /** For the names of tests, such as `PostgreSQL 18`. */
  readonly name: string;
  readonly major: number;
  /** The superuser's connection to the maintenance database `postgres`. */
  readonly superuserUrl: string;
  /** The same as the program's role `leadledger`: LOGIN CREATEROLE, no superuser. */
  readonly ownerUrl: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    servers: readonly TestServer[];
  }
}

export interface StartedServer {
  readonly server: TestServer;
  stop(): Promise<void>;
}

const connectionsMax = 400;
const projectsWithServers = ["flow", "own-process", "measuring", "browser", "long"];

/** Unit tests use no server, so a run of them alone does not start one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-test-"));
  // Other users read the program that is built in it.
  await chmod(folder, 0o711);
  project.provide("runFolder", folder);
  if (!projectsWithServers.includes(project.name)) return () => rm(folder, { recursive: true, force: true });

  const { servers, release } = await serversOfRun(project);
  const leakFolder = join(folder, "leaks");
  await mkdir(leakFolder);
  if (project.name.startsWith("browser")) project.provide("chromiumPath", await unpackChromium(folder));
  project.provide("servers", servers);
  project.provide("leakFolder", leakFolder);
  return async () => {
    await release();
    const { leaks, linesRead, valuesPlanted } = findLeaks(leakFolder);
    await rm(folder, { recursive: true, force: true });
    if (leaks.length > 0)
      throw new Error(
        `personal data or secrets of the tests stand in the log:\n${leaks.slice(0, 20).join("\n")}`,
      );
    console.log(`${linesRead} log lines hold none of ${valuesPlanted} planted values.`);
  };
}

/** Of one run of vitest: its projects share the servers, and the last to end stops them. */
interface ServersOfRun {
  users: number;
  readonly started: Promise<{ readonly embedded: TestServer; readonly oldest: TestServer | null }>;
  stop(): Promise<void>;
}

declare global {
  // Each project loads this module anew.
  var leadledgerTestServers: ServersOfRun | undefined;
}

async function serversOfRun(
  project: TestProject,
): Promise<{ readonly servers: readonly TestServer[]; readonly release: () => Promise<void> }> {
  const run = (globalThis.leadledgerTestServers ??= startServers(
    project.vitest.config.tagsFilter?.includes("!thorough") !== true,
  ));
  run.users += 1;
  const release = async (): Promise<void> => {
    run.users -= 1;
    if (run.users > 0) return;
    globalThis.leadledgerTestServers = undefined;
    await run.stop();
  };
  try {
    const { embedded, oldest } = await run.started;
    // The browser shows what one server says; which one makes no difference to it.
    return {
      servers: project.name.startsWith("browser") || oldest === null ? [embedded] : [embedded, oldest],
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A run that leaves out what is `thorough` tries nothing on the oldest PostgreSQL that is supported. */
function startServers(isThorough: boolean): ServersOfRun {
  let data = "";
  const running: StartedServer[] = [];
  const start = async (): Promise<{ embedded: TestServer; oldest: TestServer | null }> => {
    data = await mkdtemp(join(await quickPlace(), "leadledger-data-"));
    await chmod(data, 0o711);
    const begun = [startEmbedded(data), isThorough ? startOldest(data) : Promise.resolve(null)] as const;
    for (const outcome of await Promise.allSettled(begun))
      if (outcome.status === "fulfilled" && outcome.value !== null) running.push(outcome.value);
    const [embedded, oldest] = await Promise.all(begun);
    for (const { server } of running) await makeSignInCheap(server);
    return { embedded: embedded.server, oldest: oldest?.server ?? null };
  };
  return {
    users: 0,
    started: start(),
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function startOldest(data: string): Promise<StartedServer | null> {
  const started = await startInstalledPostgres(connectionsMax, data);
  if (started === null)
    console.log("PostgreSQL 15 is not installed: the flow tests run on the embedded server alone.");
  return started;
}

async function startEmbedded(data: string): Promise<StartedServer> {
  const running = await startEmbeddedPostgres({
    dataDir: join(data, "embedded"),
    log: () => undefined,
    // No test here pulls the plug; killing processes loses nothing that the kernel has been given.
    settings: {
      max_connections: String(connectionsMax),
      fsync: "off",
      scram_iterations: "1",
      shared_buffers: "128MB",
    },
  });
  const maintenance = { database: "postgres" };
  return {
    server: {
      name: "PostgreSQL 18",
      major: 18,
      superuserUrl: connectionUri({ ...running.superuser, ...maintenance }),
      ownerUrl: connectionUri({ ...running.connection, ...maintenance }),
    },
    stop: () => running.stop(),
  };
}

/**
 * Tests make thousands of connections, and each costs both sides the thousands of rounds that a password is hashed in: one
 * is enough here. The passwords stay the same. Also where the server has no setting for it (before PostgreSQL 16).
 */
async function makeSignInCheap({ superuserUrl, ownerUrl }: TestServer): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const { username, password } of [new URL(superuserUrl), new URL(ownerUrl)]) {
      const verifier = scramVerifier(decodeURIComponent(password));
      await client.query(`ALTER ROLE ${pg.escapeIdentifier(username)} PASSWORD '${verifier}'`);
    }
  } finally {
    await client.end();
  }
}

/** With one round of hashing; RFC 5803, section 2, as PostgreSQL stores it in pg_authid. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 1, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$1:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
