// Real reverse proxies for tests, with the configurations that the documentation shows.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examples } from "./documentation.ts";
import { until } from "./until.ts";

export const proxyKinds = ["nginx", "apache", "haproxy", "caddy"] as const;
export type ProxyKind = (typeof proxyKinds)[number];

export interface ReverseProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** `host`: everything is LeadLedger's. `path`: below /leads/, which the proxy passes on; `stripped`: which it takes away. */
export type ProxyLayout = "host" | "path" | "stripped";

const programs: Readonly<Record<ProxyKind, string>> = {
  nginx: "nginx",
  apache: "apache2",
  haproxy: "haproxy",
  caddy: "caddy",
};
const host = "leads.example.com";
const tls = join(import.meta.dirname, "tls");

export function isInstalled(kind: ProxyKind): boolean {
  return spawnSync("which", [programs[kind]], { env: withSystemPaths }).status === 0;
}

// Debian's servers lie where only root's shell looks.
const withSystemPaths = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };

/**
 * Starts it with the documented configuration in front of a LeadLedger, or of another proxy, on `upstreamPort`. `plain`:
 * without TLS, as one behind another (nginx alone).
 */
export async function startReverseProxy(
  kind: ProxyKind,
  layout: ProxyLayout,
  upstreamPort: number,
  { plain = false } = {},
): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), `leadledger-${kind}-`));
  // Its workers give up root's rights.
  await chmod(folder, 0o755);
  const port = await freePort();
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const both = join(folder, "both.pem");
  const material = [
    await readFile(join(tls, "crm.test.cert.pem"), "utf8"),
    await readFile(join(tls, "crm.test.key.pem"), "utf8"),
  ] as const;
  await writeFile(cert, material[0]);
  await writeFile(key, material[1]);
  await writeFile(both, material.join("\n"));
  const documented = arranged(kind, layout)
    .replaceAll(/\/etc\/ssl\/\S*fullchain\.pem/g, cert)
    .replaceAll(/\/etc\/ssl\/\S*privkey\.pem/g, key)
    .replaceAll(/\/etc\/ssl\/\S*both\.pem/g, both)
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${upstreamPort}`)
    .replace(plain ? " ssl http2;" : "", plain ? ";" : "");
  const file = join(folder, "proxy.conf");
  const run = runs[kind]({ documented, folder, file, port, cert, key });
  await writeFile(file, run.text);
  const process = spawn(programs[kind], run.arguments, {
    env: { ...withSystemPaths, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: Buffer[] = [];
  for (const stream of [process.stdout, process.stderr])
    stream.on("data", (chunk: Buffer) => said.push(chunk));
  const stop = async (): Promise<void> => {
    await ended(process);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(`${kind} to listen`, async () => {
      if (process.exitCode !== null) throw new Error(Buffer.concat(said).toString("utf8"));
      return canConnect(port);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

/** The documented configuration, with its second part put where the page says that it goes. */
function arranged(kind: ProxyKind, layout: ProxyLayout): string {
  const [whole = "", below = ""] = examples("en", "reverse-proxy.md", kind).map(({ code }) => code);
  if (layout === "host") return whole;
  switch (kind) {
    case "nginx": {
      const body = /location \/ \{\n\s*proxy_pass [^\n]*\n([\s\S]*?)\n {4}\}/.exec(whole)?.[1] ?? "";
      const location = below.replace(/^.*# … .*$/m, body);
      const kept = whole.replace(/location \/ \{[\s\S]*?\n {4}\}/, location);
      return layout === "path" ? kept : kept.replace("127.0.0.1:8080;", "127.0.0.1:8080/;");
    }
    case "apache": {
      const kept = whole.replace(/ProxyPass "\/" .*/, below);
      return layout === "path" ? kept : kept.replace("127.0.0.1:8080/leads/", "127.0.0.1:8080/");
    }
    case "haproxy": {
      const kept = whole.replace("default_backend leadledger", below.trim());
      const strip = "backend leadledger\n    http-request replace-path /leads/?(.*) /\\1";
      return layout === "path" ? kept : kept.replace("backend leadledger\n", `${strip}\n`);
    }
    case "caddy": {
      const inner = /reverse_proxy 127\.0\.0\.1:8080 (\{[\s\S]*\n {4}\})/.exec(whole)?.[1] ?? "";
      const kept = below.replace("127.0.0.1:8080", `127.0.0.1:8080 ${inner}`);
      if (layout === "path") return kept;
      return whole.replace(
        /reverse_proxy [\s\S]*\n {4}\}/,
        (proxied) => `handle_path /leads/* {\n${proxied}\n}`,
      );
    }
  }
}

interface Placed {
  readonly documented: string;
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

interface Run {
  readonly text: string;
  readonly arguments: readonly string[];
}

/** What each server needs around a site's configuration to run in the foreground, in a folder of its own. */
const runs: Readonly<Record<ProxyKind, (placed: Placed) => Run>> = {
  nginx: ({ documented, folder, file, port }) => ({
    text: `daemon off;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${documented.replace("listen 443", `listen 127.0.0.1:${port}`)}
}`,
    arguments: ["-p", folder, "-c", file],
  }),
  apache: ({ documented, folder, file, port }) => ({
    text: `ServerRoot ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
DefaultRuntimeDir ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
User www-data
Group www-data
${["mpm_event", "authz_core", "headers", "ssl", "socache_shmcb", "proxy", "proxy_http", "alias"]
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join("\n")}
${documented.replace("*:443", `*:${port}`)}`,
    arguments: ["-X", "-f", file],
  }),
  haproxy: ({ documented, file, port }) => ({
    text: documented.replace("bind :443", `bind 127.0.0.1:${port}`),
    arguments: ["-db", "-f", file],
  }),
  caddy: ({ documented, file, port, cert, key }) => ({
    text: `{
  admin off
  auto_https disable_redirects
  default_sni crm.test
  http_port ${port + 1}
  https_port ${port}
}
${documented.replace(`${host} {`, `https://${host}, https://crm.test {\n  bind 127.0.0.1\n  tls ${cert} ${key}`)}`,
    arguments: ["run", "--adapter", "caddyfile", "--config", file],
  }),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, "exit");
  process.kill("SIGTERM");
  const timer = setTimeout(() => process.kill("SIGKILL"), stopLimitMs);
  await exit;
  clearTimeout(timer);
}

const stopLimitMs = 5_000;
