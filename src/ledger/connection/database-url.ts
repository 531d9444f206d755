// DATABASE_URL: what node-pg makes of it, checked before anything is connected, and said again so that libpq (psql, ODBC,
// most other clients) makes the same of it.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";

export type DatabaseUrlTrouble =
  | "database_url_malformed"
  | "database_url_several_hosts"
  | "database_url_sslmode_unknown"
  | "database_tls_file_unreadable"
  | "database_tls_file_malformed";

/** Nothing in its message is secret. */
export class DatabaseUrlError extends Error {
  override readonly name = "DatabaseUrlError";
  readonly code: DatabaseUrlTrouble;

  constructor(code: DatabaseUrlTrouble, message: string) {
    super(message);
    this.code = code;
  }
}

/** What node-pg takes, by what it does with each of them; libpq knows all but the last. */
const sslmodes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/** Throws DatabaseUrlError. Connects to nothing, and reads the files that the URL names. */
export function checkDatabaseUrl(url: string): void {
  openable(url);
}

/** A connection, in the words of libpq 15. */
export interface LibpqConnection {
  /** `postgresql://…`, complete: nothing is left to an environment variable or a default. */
  readonly uri: string;
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** null: as libpq does by itself (`prefer`). */
  readonly sslmode: string | null;
}

/** The same server and database as the URL, as another role. Throws DatabaseUrlError. */
export function libpqConnection(url: string, user: string, password: string): LibpqConnection {
  const { client, parameters } = openable(url);
  const { host, port } = client;
  const database = client.database ?? "";
  const tls = tlsParameters(client, parameters);
  const isSocket = host.startsWith("/");
  const query = new URLSearchParams();
  if (isSocket) {
    query.set("host", host);
    query.set("port", String(port));
  }
  for (const [name, value] of Object.entries(tls)) query.set(name, value);
  for (const name of passedOn) {
    const value = parameters.get(name);
    if (value !== null) query.set(name, value);
  }
  const place = isSocket ? "" : `${host.includes(":") ? `[${host}]` : encodeURIComponent(host)}:${port}`;
  // libpq reads %20 where a form would have "+".
  const text = query.toString().replaceAll("+", "%20");
  const uri = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}/${encodeURIComponent(database)}${text === "" ? "" : `?${text}`}`;
  return { uri, host, port, database, user, password, sslmode: tls["sslmode"] ?? null };
}

/** Parameters of libpq 15 that mean the same to both and change nothing about where the connection goes. */
const passedOn = [
  "options",
  "connect_timeout",
  "keepalives",
  "keepalives_idle",
  "gssencmode",
  "channel_binding",
];

interface Openable {
  readonly client: pg.Client;
  readonly parameters: URLSearchParams;
}

function openable(url: string): Openable {
  const parameters = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "");
  refuseSeveralHosts(url, parameters);
  const sslmode = parameters.get("sslmode");
  if (sslmode !== null && !sslmodes.includes(sslmode))
    throw new DatabaseUrlError("database_url_sslmode_unknown", `sslmode=${sslmode}: ${sslmodes.join(", ")}`);
  const client = parsed(url, parameters);
  for (const name of ["sslrootcert", "sslcert", "sslkey"] as const)
    checkPem(client, name, parameters.get(name));
  return { client, parameters };
}

function refuseSeveralHosts(url: string, parameters: URLSearchParams): void {
  const authority = /^[a-z]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? "";
  const named = [
    authority.slice(authority.lastIndexOf("@") + 1),
    parameters.get("host"),
    parameters.get("port"),
  ];
  if (named.some((each) => each?.includes(",") === true))
    throw new DatabaseUrlError(
      "database_url_several_hosts",
      named.filter((each) => each !== null && each !== "").join(" "),
    );
}

/** What node-pg will do; it also reads the files for TLS here. */
function parsed(url: string, parameters: URLSearchParams): pg.Client {
  const port = parameters.get("port");
  try {
    if (port !== null && !/^\d{1,5}$/.test(port)) throw new Error(`port=${port}`);
    return new pg.Client({ connectionString: url });
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (path !== undefined)
      throw new DatabaseUrlError("database_tls_file_unreadable", `${path} (${code ?? ""})`);
    // The URL itself holds a password, and so may the message.
    throw new DatabaseUrlError(
      "database_url_malformed",
      code === "ERR_INVALID_URL" ? "Invalid URL" : message.replaceAll(url, "…"),
    );
  }
}

type TlsOptions = {
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
  checkServerIdentity?: unknown;
};

function tlsOptions(client: pg.Client): TlsOptions | null {
  const { ssl } = client as unknown as { ssl: boolean | TlsOptions | undefined };
  if (ssl === true) return {};
  return typeof ssl === "object" ? ssl : null;
}

function checkPem(client: pg.Client, name: "sslrootcert" | "sslcert" | "sslkey", path: string | null): void {
  const options = tlsOptions(client);
  if (path === null || options === null) return;
  const text = { sslrootcert: options.ca, sslcert: options.cert, sslkey: options.key }[name] ?? "";
  try {
    if (name === "sslkey") createPrivateKey(text);
    else new X509Certificate(text);
  } catch (error) {
    const { message } = error as Error;
    throw new DatabaseUrlError("database_tls_file_malformed", `${name}=${path} (${message})`);
  }
}

/**
 * node-pg 8 takes `prefer`, `require` and `verify-ca` for `verify-full`, unless `uselibpqcompat=true` stands beside them,
 * and has `no-verify`, which libpq calls `require`. So what it really does is what is said again.
 */
function tlsParameters(client: pg.Client, parameters: URLSearchParams): Readonly<Record<string, string>> {
  const options = tlsOptions(client);
  if (options === null) return parameters.get("sslmode") === "disable" ? { sslmode: "disable" } : {};
  const own = ["sslcert", "sslkey"].flatMap((name) => {
    const path = parameters.get(name);
    return path === null ? [] : [[name, resolve(path)] as const];
  });
  const file = parameters.get("sslrootcert");
  const root = file === null ? systemRoots() : resolve(file);
  // With a root certificate beside it, libpq would take `require` for `verify-ca`.
  if (options.rejectUnauthorized === false) return { sslmode: "require", ...Object.fromEntries(own) };
  return {
    sslmode: options.checkServerIdentity === undefined ? "verify-full" : "verify-ca",
    ...(root === null ? {} : { sslrootcert: root }),
    ...Object.fromEntries(own),
  };
}

/** Node has its own list of authorities; libpq 15 looks for none unless a file is named. */
function systemRoots(): string | null {
  return rootFiles.find((path) => existsSync(path)) ?? null;
}

const rootFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];
