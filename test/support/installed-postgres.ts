// A throw-away cluster of the PostgreSQL that the system has installed, for tests on the oldest supported version.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { chooseServerAccount, type ServerAccount } from "../../src/runtime/embedded-postgres-account.ts";
import { connectionUri } from "../../src/runtime/embedded-postgres.ts";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";
import type { StartedServer } from "./servers.ts";

const run = promisify(execFile);
const debianHome = "/usr/lib/postgresql";
const supportedFrom = 15;

export interface InstalledPostgres extends StartedServer {
  readonly port: number;
  /** As a failure would: every connection is cut, nothing is written down first. */
  stopImmediately(): Promise<void>;
  /** On the same port, after crash recovery. */
  startAgain(): Promise<void>;
}

/** The oldest installed version that is supported, null if there is none. Its data are below `parent`. */
export async function startInstalledPostgres(
  connectionsMax: number,
  parent = tmpdir(),
): Promise<InstalledPostgres | null> {
  const major = await findOldestMajor();
  if (major === null) return null;
  const folder = await mkdtemp(join(parent, "leadledger-postgres-"));
  const account = await chooseServerAccount(folder);
  if (account !== null) await chown(folder, account.uid, account.gid);
  const cluster: Cluster = { bin: join(debianHome, String(major), "bin"), folder, account };
  const password = randomBytes(16).toString("hex");
  const port = await choosePort();
  const stop = () => removeCluster(cluster);
  try {
    await makeCluster(cluster, password);
    await startCluster(cluster, port, connectionsMax);
    const superuser = { host: loopbackHost, port, user: "postgres", password, database: "postgres" };
    await makeProgramRole(connectionUri(superuser), password);
    const server = {
      name: `PostgreSQL ${major}`,
      major,
      superuserUrl: connectionUri(superuser),
      ownerUrl: connectionUri({ ...superuser, user: "leadledger" }),
    };
    return {
      server,
      port,
      stop,
      stopImmediately: () => stopCluster(cluster),
      startAgain: () => startCluster(cluster, port, connectionsMax),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Cluster {
  readonly bin: string;
  readonly folder: string;
  readonly account: ServerAccount | null;
}

async function findOldestMajor(): Promise<number | null> {
  const majors = (await readdir(debianHome).catch(() => []))
    .map(Number)
    .filter((major) => major >= supportedFrom);
  for (const major of majors.toSorted((a, b) => a - b)) {
    const server = join(debianHome, String(major), "bin", "postgres");
    if ((await stat(server).catch(() => null)) !== null) return major;
  }
  return null;
}

async function makeCluster({ bin, folder, account }: Cluster, password: string): Promise<void> {
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== null) await chown(passwordFile, account.uid, account.gid);
  const args = ["-D", "data", "-U", "postgres", "--auth=scram-sha-256", "--pwfile=password"];
  await run(join(bin, "initdb"), [...args, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], {
    cwd: folder,
    ...account,
  });
}

async function startCluster(
  { bin, folder, account }: Cluster,
  port: number,
  connectionsMax: number,
): Promise<void> {
  const settings = [
    `-c listen_addresses=${loopbackHost}`,
    `-c port=${port}`,
    "-c unix_socket_directories=",
    `-c max_connections=${connectionsMax}`,
    "-c timezone=UTC",
    // No test here pulls the plug; killing processes loses nothing that the kernel has been given.
    "-c fsync=off",
  ];
  const args = ["start", "-D", "data", "-w", "-t", "60", "-s", "-l", "log", "-o", settings.join(" ")];
  await run(join(bin, "pg_ctl"), args, { cwd: folder, ...account });
}

async function makeProgramRole(superuserUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`CREATE ROLE leadledger LOGIN CREATEROLE PASSWORD '${password}'`);
  } finally {
    await client.end();
  }
}

async function stopCluster({ bin, folder, account }: Cluster): Promise<void> {
  const args = ["stop", "-D", "data", "-m", "immediate", "-w", "-s"];
  await run(join(bin, "pg_ctl"), args, { cwd: folder, ...account });
}

async function removeCluster(cluster: Cluster): Promise<void> {
  // Fails if the server does not run; the folder goes in any case.
  await stopCluster(cluster).catch(() => undefined);
  await rm(cluster.folder, { recursive: true, force: true });
}
