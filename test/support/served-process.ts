// The program as a process of its own, for tests that kill it or ask it to stop.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { compileSource } from "./compiled-source.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { until } from "./until.ts";

export interface ServedProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Sends the signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote to stdout and stderr. */
  output(): string;
}

const startLimitMs = 60_000;

/** The whole program as JavaScript, with what it reads beside it. */
export async function compileProgram(): Promise<CompiledSource> {
  const compiled = await compileSource(".");
  const [project, home] = [join(import.meta.dirname, "../.."), join(compiled.folder, "..")];
  await symlink(join(project, "migrations"), join(home, "migrations"));
  await copyFile(join(project, "package.json"), join(home, "package.json"));
  return compiled;
}

/** `leadledger serve`; resolves when it takes leads. */
export async function serveProcess(
  program: CompiledSource,
  dataDir: string,
  configurationPath: string,
): Promise<ServedProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(program.folder, "cli/main.js"), "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      LEADLEDGER_DATA_DIR: dataDir,
      LEADLEDGER_CONFIG: configurationPath,
      PORT: String(port),
      LOG_LEVEL: "info",
    },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  await until(
    "the server to take leads",
    async () => {
      if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}:\n${output}`);
      return fetch(`${url}/readyz`).then(
        (response) => response.ok,
        () => false,
      );
    },
    startLimitMs,
  );
  return {
    url,
    child,
    async end(signal) {
      child.kill(signal);
      const [code, by] = await exited;
      return { code, signal: by };
    },
    output: () => output,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
