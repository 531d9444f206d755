// Makes the database cluster once, all or nothing, and keeps its port and passwords.

import { spawn } from "node:child_process";
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isErrno, syncFolder, writeDurably } from "./data-folder.ts";
import type { ServerAccount } from "./embedded-postgres-account.ts";
import type { PostgresBinaries } from "./embedded-postgres-binaries.ts";
import { EmbeddedPostgresError, explainOutput, explainSpawnFailure } from "./embedded-postgres-error.ts";

/** What `postgres.json` (0600) in the data folder remembers. */
export interface ServerFile {
  readonly port: number;
  readonly superuserPassword: string;
  readonly password: string;
}

export interface ClusterPlace {
  /** The data folder's real path. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount | null;
}

/** The program's role, which owns the database of the same name and is no superuser. */
export const programRole = "leadledger";
export const programDatabase = "leadledger";
export const superuserRole = "postgres";

export function clusterDirOf(folder: string): string {
  return join(folder, "postgres");
}

/** null: there is none, or it is damaged. */
export async function readServerFile(folder: string): Promise<ServerFile | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(folder, serverFileName), "utf8"));
    return isServerFile(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

export async function writeServerFile(folder: string, server: ServerFile): Promise<void> {
  await writeDurably(join(folder, serverFileName), `${JSON.stringify(server, null, 2)}\n`);
}

/**
 * Makes the cluster if there is none; gives it new passwords if theirs were lost. No server may be running.
 * @param port the port that a new `postgres.json` starts with
 * @throws {EmbeddedPostgresError}
 */
export async function prepareCluster(
  place: ClusterPlace,
  port: number,
): Promise<ServerFile & { isNew: boolean }> {
  const clusterDir = clusterDirOf(place.folder);
  if (!(await exists(clusterDir))) return { ...(await makeCluster(place, port)), isNew: true };
  await checkVersion(clusterDir, place.binaries.major);
  const known = await readServerFile(place.folder);
  if (known !== null) return { ...known, isNew: false };
  const renewed = { port, ...makePasswords() };
  await runSql(place, clusterDir, passwordStatements(renewed));
  await writeServerFile(place.folder, renewed);
  return { ...renewed, isNew: false };
}

/**
 * The folder argument of PostgreSQL's programs. Under an account of its own the server cannot enter the
 * private folders above its own one; it starts inside, and this name for where it is needs no passage.
 */
export function dataDirectoryArgument(clusterDir: string, account: ServerAccount | null): string {
  return account === null ? clusterDir : "/proc/self/cwd";
}

/** Nothing of our own environment: it holds secrets, and PostgreSQL obeys variables like PGOPTIONS. */
export const serverEnvironment: NodeJS.ProcessEnv = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

const serverFileName = "postgres.json";
const passwordBytes = 32;

/** The rename is the last step, so a kill at any point leaves either no cluster or a whole one. */
async function makeCluster(place: ClusterPlace, port: number): Promise<ServerFile> {
  const clusterDir = clusterDirOf(place.folder);
  const growing = `${clusterDir}.new`;
  // The initdb of a killed LeadLedger may still be writing there; without its folder it gives up.
  await rm(growing, { recursive: true, force: true, maxRetries: 10 });
  await mkdir(growing, { mode: 0o700 });
  if (place.account !== null) await chown(growing, place.account.uid, place.account.gid);
  const server = { port, ...makePasswords() };
  await runInitdb(place, growing);
  await writeFile(join(growing, "pg_hba.conf"), hostBasedAuthentication);
  await runSql(place, growing, [
    `CREATE ROLE ${programRole} LOGIN CREATEROLE`,
    `CREATE DATABASE ${programDatabase} OWNER ${programRole}`,
    ...passwordStatements(server),
  ]);
  await writeServerFile(place.folder, server);
  await rename(growing, clusterDir);
  await syncFolder(place.folder);
  return server;
}

// Which passwords are asked for is said below, before the server ever listens.
const initdbArguments = [
  `--username=${superuserRole}`,
  "--auth=trust",
  "--encoding=UTF8",
  // Sorting and case must not depend on the machine's C library and its updates.
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--text-search-config=simple",
];

const hostBasedAuthentication = `# Written by LeadLedger. The server listens on the loopback address only.
# TYPE  DATABASE      USER  ADDRESS       METHOD
host    all           all   127.0.0.1/32  scram-sha-256
host    replication   all   127.0.0.1/32  scram-sha-256
`;

async function runInitdb(place: ClusterPlace, clusterDir: string): Promise<void> {
  const directory = dataDirectoryArgument(clusterDir, place.account);
  await runProgram(place, "initdb", clusterDir, ["-D", directory, ...initdbArguments], "");
}

/** Without a server: standalone mode reads one statement per line and asks for no password. */
async function runSql(place: ClusterPlace, clusterDir: string, statements: readonly string[]): Promise<void> {
  const directory = dataDirectoryArgument(clusterDir, place.account);
  const settings = [
    "-c",
    "exit_on_error=on",
    "-c",
    "log_checkpoints=off",
    "-c",
    "log_min_error_statement=panic",
  ];
  const input = statements.map((statement) => `${statement}\n`).join("");
  await runProgram(
    place,
    "postgres",
    clusterDir,
    ["--single", "-D", directory, ...settings, "postgres"],
    input,
  );
}

/** The passwords are hex digits, so they need no quoting. */
function passwordStatements(server: Pick<ServerFile, "password" | "superuserPassword">): string[] {
  return [
    `ALTER ROLE ${superuserRole} PASSWORD '${server.superuserPassword}'`,
    `ALTER ROLE ${programRole} PASSWORD '${server.password}'`,
  ];
}

function makePasswords(): Pick<ServerFile, "password" | "superuserPassword"> {
  const make = () => randomBytes(passwordBytes).toString("hex");
  return { password: make(), superuserPassword: make() };
}

async function runProgram(
  { binaries, account }: ClusterPlace,
  program: "initdb" | "postgres",
  cwd: string,
  args: readonly string[],
  input: string,
): Promise<void> {
  const child = spawn(binaries[program], args, { cwd, env: serverEnvironment, ...account });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  // A program that dies early closes its input; its exit status says so better than the broken pipe does.
  child.stdin.on("error", () => undefined).end(input);
  const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", (error) => {
      reject(explainSpawnFailure(program, error));
    });
    child.once("close", (code, signal) => {
      resolve(code ?? signal);
    });
  });
  if (status !== 0) throw explainOutput(program, output || `exit status ${status}`, "initialisation_failed");
}

async function checkVersion(clusterDir: string, major: number): Promise<void> {
  const found = Number.parseInt(await readFile(join(clusterDir, "PG_VERSION"), "utf8"), 10);
  if (found === major) return;
  throw new EmbeddedPostgresError(
    "cluster_version",
    `The database in ${clusterDir} was made by PostgreSQL ${found}; this LeadLedger brings PostgreSQL ${major}, ` +
      "which cannot read it. Export with the LeadLedger that made it, and import into an empty data folder.",
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}

function isServerFile(value: unknown): value is ServerFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "port" in value &&
    Number.isInteger(value.port) &&
    "superuserPassword" in value &&
    typeof value.superuserPassword === "string" &&
    "password" in value &&
    typeof value.password === "string"
  );
}
