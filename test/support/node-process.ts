// Nodes in processes of their own, that can be killed and frozen.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import type { NodeRole } from "../../src/domain/node/node-role.ts";
import type { LogLine, TestAppOptions, TestConfiguration } from "./app.ts";
import { testRootKeyHex } from "./app.ts";
import { addScript, compileSource } from "./compiled-source.ts";
import type { DeliveryScene } from "./delivery-scene.ts";
import { until } from "./until.ts";

const run = promisify(execFile);

export interface NodeProcess {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** As the ledger names it. */
  readonly node: string;
  /** What it has logged so far, without `debug`. */
  readonly log: readonly LogLine[];
  signal(name: "SIGCONT" | "SIGKILL" | "SIGTERM"): void;
  /** SIGSTOP; resolves when it stands still. */
  freeze(): Promise<void>;
  readonly exited: Promise<unknown>;
}

/**
 * Starts a node on the scene's database, with all roles unless told otherwise; killed after the test. Sources and
 * destinations must survive JSON: no dates.
 */
export type StartNodeProcess = (
  scene: Pick<DeliveryScene, "url" | "onEnd">,
  configuration: TestConfiguration,
  roles?: readonly NodeRole[],
  timing?: Pick<TestAppOptions, "leaseMs" | "intervals" | "neverLeftAlone">,
) => Promise<NodeProcess>;

export function useNodeProcesses(): StartNodeProcess {
  let script: string;
  let home: string;
  let started = 0;
  beforeAll(async () => {
    script = await addScript(await compileSource("app", "runtime/installation"), "node.js", nodeScript);
    home = await mkdtemp(join(tmpdir(), "leadledger-nodes-"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  return async (scene, configuration, roles, timing = {}) => {
    const dataDir = join(home, `data-${(started += 1)}`);
    const input = {
      databaseUrl: scene.url,
      dataDir,
      rootKeyHex: testRootKeyHex,
      configuration,
      roles,
      timing,
    };
    const child = spawn(process.execPath, [script, JSON.stringify(input)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    scene.onEnd(async () => {
      child.kill("SIGKILL");
      await exited;
    });

    const log: LogLine[] = [];
    const lines = createInterface({ input: child.stdout });
    const self = await new Promise<{ url: string; node: string }>((resolve, reject) => {
      lines.once("close", () => reject(new Error("the node did not start")));
      lines.on("line", (line) => {
        const told = JSON.parse(line) as LogLine | { url: string; node: string };
        if ("url" in told) resolve(told);
        else log.push(told);
      });
    });
    return {
      ...self,
      log,
      exited,
      signal: (name) => void child.kill(name),
      async freeze() {
        child.kill("SIGSTOP");
        await until("the process to stand still", () => standsStill(child.pid ?? 0));
      },
    };
  };
}

async function standsStill(pid: number): Promise<boolean> {
  const { stdout } = await run("ps", ["-o", "state=", "-p", String(pid)]);
  return stdout.trim().startsWith("T");
}

const nodeScript = `
import { startApp } from "./app.js";
import { openInstallation } from "./runtime/installation.js";
const { databaseUrl, dataDir, rootKeyHex, configuration, roles, timing } = JSON.parse(process.argv[2]);
const tell = (value) => console.log(JSON.stringify(value));
const log = (level, event, fields = {}) => {
  if (level !== "debug") tell({ level, event, fields });
};
const installation = await openInstallation({
  databaseUrl, rootKeyHex, dataDir, purpose: "serve", connectionsMax: 12, log,
});
const app = await startApp({
  installation, roles, host: "127.0.0.1", port: 0, log, ...timing,
  ...(timing.neverLeftAlone ? { failureRate: { inRow: 1e9, attempts: 20, failed: 1e9, windowMs: 60_000 } } : {}),
  configuration: { timezone: "Europe/Berlin", openIntake: false, trustProxy: [], sources: [], destinations: [], ...configuration },
});
process.once("SIGTERM", () => app.stop());
tell({ url: "http://127.0.0.1:" + app.port, node: installation.node });
`;
