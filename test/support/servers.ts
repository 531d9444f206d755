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

  const data = await mkdtemp(join(await quickPlace(), "leadledger-data-"));
  await chmod(data, 0o711);
  const outcomes = await Promise.allSettled([startEmbedded(data), startOldest(project, data)]);
  const started = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? (outcome.value ?? []) : [],
  );
  for (const { server } of started) await makeSignInCheap(server);
  const leakFolder = join(folder, "leaks");
  await mkdir(leakFolder);
  const teardown = async () => {
    await Promise.all(started.map((each) => each.stop()));
    const { leaks, linesRead, valuesPlanted } = findLeaks(leakFolder);
    for (const each of [folder, data]) await rm(each, { recursive: true, force: true });
    if (leaks.length > 0)
      throw new Error(
        `personal data or secrets of the tests stand in the log:\n${leaks.slice(0, 20).join("\n")}`,
      );
    console.log(`${linesRead} log lines hold none of ${valuesPlanted} planted values.`);
  };
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) {
    await teardown();
    throw failure.reason;
  }
  if (project.name === "browser") project.provide("chromiumPath", await unpackChromium(folder));
  project.provide(
    "servers",
    started.map((each) => each.server),
  );
  project.provide("leakFolder", leakFolder);
  return teardown;
}

/** The oldest PostgreSQL that is supported, on which a run that leaves out what is `thorough` tries nothing. */
async function startOldest(project: TestProject, data: string): Promise<StartedServer | null> {
  // The browser shows what one server says; which one makes no difference to it.
  if (project.name === "browser" || project.vitest.config.tagsFilter?.includes("!thorough") === true)
    return null;
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
