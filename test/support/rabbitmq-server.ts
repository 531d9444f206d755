// A throw-away RabbitMQ, where Debian's package is installed. It takes seconds to start and 150 MB: one for a whole file.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as openSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "amqplib";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";
import { until } from "./until.ts";

// Debian's wrapper in /usr/sbin changes to a user of its own, which has no business in our folder.
const programs = "/usr/lib/rabbitmq/bin";
const password = "planted-password";
const startMaxMs = 90_000;

export interface RabbitServer {
  readonly port: number;
  /** As that user, whose password is `planted-password`. */
  urlFor(user: "leads" | "reader", port?: number): string;
  /** As a failure would. */
  kill(): Promise<void>;
  /** On the same port, with what it had stored. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export const isRabbitInstalled: boolean = await access(`${programs}/rabbitmq-server`).then(
  () => true,
  () => false,
);
if (!isRabbitInstalled) console.log("rabbitmq-server is not installed: tests with it are skipped.");

/**
 * Users `leads`, who may do everything, and `reader`, who may write nothing. Queues `leads`, and `full`, which takes
 * nothing; an exchange `sales` with the first bound for `leads.new`.
 */
export async function startRabbit(): Promise<RabbitServer> {
  const folder = await mkdtemp(join(tmpdir(), "leadledger-rabbitmq-"));
  const [port, distributionPort, namesPort] = [await choosePort(), await choosePort(), await choosePort()];
  await writeFile(join(folder, "definitions.json"), JSON.stringify(definitions));
  await writeFile(join(folder, "enabled_plugins"), "[].\n");
  await writeFile(join(folder, "rabbitmq.conf"), configuration(folder, port));
  const env = environment(folder, { port, distributionPort, namesPort });
  const urlFor: RabbitServer["urlFor"] = (user, through = port) =>
    `amqp://${user}:${password}@${loopbackHost}:${through}/`;
  const names = await startedNames(env, namesPort);
  let child = await started(env, urlFor("leads"));
  const kill = (signal: NodeJS.Signals) => end(child, signal);
  return {
    port,
    urlFor,
    kill: () => kill("SIGKILL"),
    async startAgain() {
      child = await started(env, urlFor("leads"));
    },
    async stop() {
      await kill("SIGKILL");
      names.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The script is the server's parent, and passes no signal on. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, signal);
  await exited;
}

/** Erlang's name service: where there is none, the server leaves one behind that nobody ends. */
async function startedNames(env: NodeJS.ProcessEnv, port: number): Promise<ChildProcess> {
  const child = spawn("epmd", [], { env, stdio: "ignore" });
  await until("Erlang's name service to listen", () => listens(port));
  return child;
}

async function listens(port: number): Promise<boolean> {
  const socket = openSocket(port, loopbackHost);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function started(env: NodeJS.ProcessEnv, url: string): Promise<ChildProcess> {
  const child = spawn(`${programs}/rabbitmq-server`, [], { env, stdio: "ignore", detached: true });
  await until("RabbitMQ to let us in", () => letsIn(url), startMaxMs);
  return child;
}

async function letsIn(url: string): Promise<boolean> {
  try {
    const connection = await connect(url, { timeout: 2_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

function configuration(folder: string, port: number): string {
  return [
    `listeners.tcp.1 = ${loopbackHost}:${port}`,
    `load_definitions = ${join(folder, "definitions.json")}`,
    "loopback_users = none",
    "log.file = false",
    "log.console = false",
  ].join("\n");
}

function environment(
  folder: string,
  ports: { readonly port: number; readonly distributionPort: number; readonly namesPort: number },
): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    HOME: folder,
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_NODENAME: `leads${ports.port}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    ERL_EPMD_PORT: String(ports.namesPort),
    ERL_EPMD_ADDRESS: loopbackHost,
  };
}

const everything = { configure: ".*", write: ".*", read: ".*" };
const definitions = {
  users: [userOf("leads"), userOf("reader")],
  vhosts: [{ name: "/" }],
  permissions: [
    { user: "leads", vhost: "/", ...everything },
    { user: "reader", vhost: "/", ...everything, write: "^$" },
  ],
  queues: [queueOf("leads", {}), queueOf("full", { "x-max-length": 0, "x-overflow": "reject-publish" })],
  exchanges: [
    {
      name: "sales",
      vhost: "/",
      type: "direct",
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    },
  ],
  bindings: [
    {
      source: "sales",
      vhost: "/",
      destination: "leads",
      destination_type: "queue",
      routing_key: "leads.new",
      arguments: {},
    },
  ],
};

function queueOf(name: string, args: Readonly<Record<string, unknown>>) {
  return { name, vhost: "/", durable: true, auto_delete: false, arguments: args };
}

/** RabbitMQ documentation, Credentials and Passwords: the salt, and SHA-256 of it and the password. */
function userOf(name: string) {
  const salt = Buffer.from("salt");
  const hash = createHash("sha256")
    .update(Buffer.concat([salt, Buffer.from(password)]))
    .digest();
  return {
    name,
    tags: "",
    password_hash: Buffer.concat([salt, hash]).toString("base64"),
    hashing_algorithm: "rabbit_password_hashing_sha256",
  };
}
