// The program as a process of its own, for tests that kill it, freeze it or ask it to stop.
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { choosePort } from "../../src/runtime/loopback-port.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { keepLogLine } from "./leak-watch.ts";
import { until } from "./until.ts";

export interface ServedProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Sends the signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The newest part of what it wrote to stdout and stderr. */
  output(): string;
}

export interface ServeOptions {
  /** On top of a clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Without it, any free one. */
  readonly port?: number;
}

const startLimitMs = 60_000;
const outputCharactersMax = 200_000;
const run = promisify(execFile);

/** `leadledger serve`; resolves when it takes leads. */
export async function serveProcess(
  program: CompiledSource,
  dataDir: string,
  configurationPath: string,
  { env = {}, port: wantedPort }: ServeOptions = {},
): Promise<ServedProcess> {
  const port = wantedPort ?? (await choosePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [mainOf(program), "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environmentOf(dataDir, configurationPath), PORT: String(port), LOG_LEVEL: "info", ...env },
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-outputCharactersMax);
    keepLogLine(chunk.toString().trimEnd());
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const end: ServedProcess["end"] = async (signal) => {
    child.kill(signal);
    const [code, by] = await exited;
    return { code, signal: by };
  };
  try {
    await until(
      "the server to take leads",
      async () => {
        if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}`);
        return fetch(`${url}/readyz`).then(
          (response) => response.ok,
          () => false,
        );
      },
      startLimitMs,
    );
  } catch (error) {
    if (child.exitCode === null) await end("SIGKILL");
    throw new Error(`${String(error)}\n${output}`, { cause: error });
  }
  return { url, child, end, output: () => output };
}

/** Another command of the program, on the same installation; resolves to its stdout, rejects when it fails. */
export async function runCommand(
  program: CompiledSource,
  dataDir: string,
  configurationPath: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run(process.execPath, [mainOf(program), ...args], {
    env: { ...environmentOf(dataDir, configurationPath), ...env },
  });
  return stdout;
}

function mainOf(program: CompiledSource): string {
  return join(program.folder, "cli/main.js");
}

function environmentOf(dataDir: string, configurationPath: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    LEADLEDGER_DATA_DIR: dataDir,
    LEADLEDGER_CONFIG: configurationPath,
  };
}
