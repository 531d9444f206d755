// A data folder of its own for each test of the embedded server, and LeadLedger processes that can be killed.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { ServerAccount } from "../../src/runtime/embedded-postgres-account.ts";
import { findPostmaster } from "../../src/runtime/embedded-postgres-process.ts";
import type { EmbeddedPostgresEvent } from "../../src/runtime/embedded-postgres-supervisor.ts";
import {
  connectionUri,
  type EmbeddedPostgres,
  type PostgresConnection,
  startEmbeddedPostgres,
} from "../../src/runtime/embedded-postgres.ts";
import { commandLine, identifyProcess } from "../../src/runtime/process-identity.ts";
import { addScript, compileSource } from "./compiled-source.ts";

const run = promisify(execFile);

export interface DataFolderFixture {
  /** Holds the data folder; only its owner may enter it, so as root the server's account may not. */
  readonly home: string;
  readonly dataDir: string;
  readonly events: readonly EmbeddedPostgresEvent[];
  /** Starts the server in this process; it is stopped after the test. */
  start(): Promise<EmbeddedPostgres>;
  countOf(event: EmbeddedPostgresEvent["event"]): number;
}

/**
 * Gives every test a new data folder.
 * @param content `database`: a copy of one made before the tests, which saves making it; `nothing`: none yet
 */
export function useDataFolder(content: "database" | "nothing"): DataFolderFixture {
  const fixture = { home: "", dataDir: "", events: [] as EmbeddedPostgresEvent[], start, countOf };
  const running: EmbeddedPostgres[] = [];
  let prepared: string | null = null;

  beforeAll(async () => {
    if (content === "nothing") return;
    prepared = await mkdtemp(join(tmpdir(), "leadledger-prepared-"));
    await (await startEmbeddedPostgres({ dataDir: prepared, log: () => undefined })).stop();
  });
  afterAll(() => prepared === null || rm(prepared, { recursive: true }));

  beforeEach(async () => {
    fixture.home = await mkdtemp(join(tmpdir(), "leadledger-embedded-"));
    fixture.dataDir = join(fixture.home, "data");
    fixture.events.length = 0;
    if (prepared !== null) await run("cp", ["-a", prepared, fixture.dataDir]);
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
    // What a killed LeadLedger left behind is stopped by the next one, as in real life.
    if ((await findPostmaster(fixture.dataDir)) !== null) await (await start()).stop();
    await rm(fixture.home, { recursive: true, force: true, maxRetries: 10 });
  });

  async function start(): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({
      dataDir: fixture.dataDir,
      log: (event) => fixture.events.push(event),
    });
    running.push(server);
    return server;
  }

  function countOf(name: EmbeddedPostgresEvent["event"]): number {
    return fixture.events.filter(({ event }) => event === name).length;
  }

  return fixture;
}

export interface ProcessStarter {
  /** A LeadLedger process in a process group of its own, as under a terminal, that starts its server. */
  spawn(dataDir: string, account?: ServerAccount): ChildProcess;
  /** The same, returned when the server runs. */
  serve(dataDir: string, account?: ServerAccount): Promise<ServingProcess>;
}

export interface ServingProcess {
  readonly child: ChildProcess;
  readonly connection: PostgresConnection;
  /** What it prints from then on. */
  readonly lines: AsyncIterator<string>;
  /** `stop`: ends in good order; `throw`: by an uncaught error. */
  readonly tell: (command: "stop" | "throw") => Promise<void>;
}

/** Processes that are killed after their test. */
export function useProcesses(): ProcessStarter {
  let script: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    script = await addScript(await compileSource("runtime/embedded-postgres"), "serve.js", serveScript);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
  });

  const starter: ProcessStarter = {
    spawn(dataDir, account) {
      const stdio = ["pipe", "pipe", "ignore"] as const;
      const child = spawn(process.execPath, [script, dataDir], {
        stdio: [...stdio],
        detached: true,
        ...account,
      });
      children.push(child);
      return child;
    },
    async serve(dataDir, account) {
      const child = starter.spawn(dataDir, account);
      const lines = linesOf(child);
      const first = await lines.next();
      if (first.done === true || !first.value.startsWith("{")) throw new Error(`no start: ${first.value}`);
      const tell = async (command: string) => {
        child.stdin?.write(`${command}\n`);
        await exitOf(child);
      };
      return { child, lines, tell, connection: JSON.parse(first.value) as PostgresConnection };
    },
  };
  return starter;
}

/** The lines that a process prints. */
export function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (child.stdout === null) throw new Error("the process has no output to read");
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

export async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await exitOf(child);
}

/** The pids of the data folder's server and of its children. */
export async function serverProcesses(dataDir: string): Promise<number[]> {
  const pid = await serverPid(dataDir);
  const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(pid)]);
  return [pid, ...stdout.trim().split(/\s+/).map(Number)];
}

export async function serverPid(dataDir: string): Promise<number> {
  const found = await findPostmaster(dataDir);
  if (found === null) throw new Error(`no server runs in ${dataDir}`);
  return found.pid;
}

/** The command lines of those that still live. */
export async function living(pids: readonly number[]): Promise<string[]> {
  const found = await Promise.all(
    pids.map(async (pid) => ((await identifyProcess(pid)) === null ? null : await commandLine(pid))),
  );
  return found.flatMap((args) => (args === null ? [] : [args.join(" ")]));
}

export async function rows<Row extends pg.QueryResultRow>(
  connection: PostgresConnection,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: connectionUri(connection) });
  // The server may be killed under it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The first column of the first row. */
export async function value(connection: PostgresConnection, sql: string): Promise<unknown> {
  const [row] = await rows<Record<string, unknown>>(connection, sql);
  return Object.values(row ?? {})[0];
}

async function exitOf(child: ChildProcess): Promise<void> {
  await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), { timeout: 20_000 });
}

const serveScript = `
import { startEmbeddedPostgres } from "./runtime/embedded-postgres.js";
process.on("SIGINT", () => console.log("interrupted"));
process.stdin.setEncoding("utf8").on("data", (command) => {
  if (command === "throw\\n") throw new Error("uncaught");
  server.stop().then(() => process.exit());
});
const server = await startEmbeddedPostgres({ dataDir: process.argv[2], log: () => {} }).catch((error) => {
  console.log(error.code);
  process.exit(1);
});
console.log(JSON.stringify(server.connection));
`;
