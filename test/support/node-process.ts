// Nodes in processes of their own, that can be killed and frozen.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { TestConfiguration } from "./app.ts";
import { testRootKeyHex } from "./app.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { compileSource } from "./compiled-source.ts";

export interface NodeProcess {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** As the ledger names it. */
  readonly node: string;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL" | "SIGTERM"): void;
  readonly exited: Promise<unknown>;
}

/** Starts a node on a database; killed after the test. Sources and destinations must survive JSON: no dates. */
export type StartNodeProcess = (
  databaseUrl: string,
  configuration: TestConfiguration,
) => Promise<NodeProcess>;

export function useNodeProcesses(): StartNodeProcess {
  let compiled: CompiledSource;
  const running: NodeProcess[] = [];
  beforeAll(async () => {
    compiled = await compileSource(".");
    await symlink(join(import.meta.dirname, "../../migrations"), join(compiled.folder, "../migrations"));
    await writeFile(join(compiled.folder, "node.js"), nodeScript);
  });
  afterEach(async () => {
    for (const node of running.splice(0)) {
      node.signal("SIGKILL");
      await node.exited;
    }
  });
  afterAll(() => compiled.remove());

  return async (databaseUrl, configuration) => {
    const input = JSON.stringify({ databaseUrl, rootKeyHex: testRootKeyHex, configuration });
    const child = spawn(process.execPath, [join(compiled.folder, "node.js"), input], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const started: Pick<NodeProcess, "exited" | "signal"> = {
      exited,
      signal: (name) => void child.kill(name),
    };
    const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    if (first.done === true) throw new Error("the node did not start");
    const node = { ...started, ...(JSON.parse(first.value) as { url: string; node: string }) };
    running.push(node);
    return node;
  };
}

const nodeScript = `
import { startApp } from "./app.js";
import { openInstallation } from "./runtime/installation.js";
const { databaseUrl, rootKeyHex, configuration } = JSON.parse(process.argv[2]);
const log = () => {};
const installation = await openInstallation({
  databaseUrl, rootKeyHex, dataDir: "unused", purpose: "serve", connectionsMax: 12, log,
});
const app = await startApp({
  installation, host: "127.0.0.1", port: 0, log,
  configuration: { timezone: "Europe/Berlin", openIntake: false, trustProxy: [], sources: [], destinations: [], ...configuration },
});
process.once("SIGTERM", () => app.stop());
console.log(JSON.stringify({ url: "http://127.0.0.1:" + app.port, node: installation.node }));
`;
