// A throw-away NATS server with JetStream, where Debian's package is installed.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";
import { until } from "./until.ts";

const program = "/usr/sbin/nats-server";

export interface NatsServer {
  readonly port: number;
  /** As a failure would. */
  kill(): Promise<void>;
  /** On the same port, with what it had stored. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export const isNatsServerInstalled: boolean = await access(program).then(
  () => true,
  () => false,
);
if (!isNatsServerInstalled) console.log("nats-server is not installed: tests with it are skipped.");

/** `more`: lines of its configuration, such as `authorization { … }`. */
export async function startNatsServer(more = "", { withStreams = true } = {}): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-nats-"));
  const port = await choosePort();
  const file = join(folder, "nats.conf");
  const streams = withStreams ? `jetstream { store_dir: "${join(folder, "store")}" }` : "";
  await writeFile(file, `host: ${loopbackHost}\nport: ${port}\nserver_name: leads\n${streams}\n${more}\n`);
  let child = await started(file, port);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    port,
    kill: () => kill("SIGKILL"),
    async startAgain() {
      child = await started(file, port);
    },
    async stop() {
      await kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(file: string, port: number): Promise<ChildProcess> {
  const child = spawn(program, ["-c", file], { stdio: "ignore" });
  await until("nats-server to greet", () => greets(port));
  return child;
}

async function greets(port: number): Promise<boolean> {
  const socket = connect(port, loopbackHost);
  try {
    await once(socket, "data");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
