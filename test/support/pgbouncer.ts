// A throw-away PgBouncer in transaction mode in front of a test server, where Debian's package is installed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { chooseServerAccount } from "../../src/runtime/embedded-postgres-account.ts";
import { choosePort, loopbackHost } from "../../src/runtime/loopback-port.ts";
import { until } from "./until.ts";

const program = "/usr/sbin/pgbouncer";

export interface PgBouncer {
  /** The same database, through the pooler. */
  through(url: string): string;
  /** Makes new connections to the server from now on, as `RECONNECT` on its console does. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

export const isPgBouncerInstalled: boolean = await access(program).then(
  () => true,
  () => false,
);
if (!isPgBouncerInstalled) console.log("PgBouncer is not installed: tests through a pooler are skipped.");

/** `url`: of any database of the server, with the password of the role that comes through the pooler. */
export async function startPgBouncer(url: string): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), "leadledger-pgbouncer-"));
  const port = await choosePort();
  const users = join(folder, "users");
  await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`, { mode: 0o600 });
  const config = join(folder, "pgbouncer.ini");
  await writeFile(config, configuration(hostname, serverPort, { port, users, admin: username }));
  const account = await chooseServerAccount(folder);
  if (account !== null)
    for (const path of [folder, users, config]) await chown(path, account.uid, account.gid);
  const child = spawn(program, ["-q", config], { ...account, stdio: "ignore", cwd: folder });
  const through = (direct: string): string => {
    const changed = new URL(direct);
    changed.port = String(port);
    return changed.href;
  };
  await until("PgBouncer to answer", () => answers(through(url)));
  return {
    through,
    async reconnect() {
      const admin = new URL(through(url));
      admin.pathname = "/pgbouncer";
      const client = new pg.Client({ connectionString: admin.href });
      await client.connect();
      await client.query("RECONNECT");
      await client.end();
    },
    async close() {
      const exited = once(child, "exit");
      // SIGTERM ends it at once in this version.
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  host: string,
  serverPort: string,
  { port, users, admin }: { readonly port: number; readonly users: string; readonly admin: string },
): string {
  return `[databases]
* = host=${host} port=${serverPort}
[pgbouncer]
listen_addr = ${loopbackHost}
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
admin_users = ${admin}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
