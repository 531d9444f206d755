// Reads the environment variables into one typed value, or says every problem at once (docs/contract.md, Environment).
import { isIP } from "node:net";
import { nearestName } from "./nearest-name.ts";
import type { Language, Said } from "./problem.ts";
import { say } from "./problem-texts.ts";

export interface Environment {
  /** null: the embedded server in `dataDir`. Contains a password. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly host: string;
  readonly configPath: string;
  readonly logLevel: LogLevel;
  /** An API key with the admin role; secret. */
  readonly adminKey: string | null;
  /** Files with certificate and key for TLS; null: plain HTTP. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | null;
  /** The root of all keys, 64 hex digits; secret. Required with `databaseUrl`, which the key ring checks. */
  readonly rootKeyHex: string | null;
}

export type LogLevel = (typeof logLevels)[number];

/** As pino names them. */
export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export const adminKeyCharactersMin = 32;

export type EnvironmentProblem = Said & { readonly variable: string; readonly message: string };

export type ReadEnvironment =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: readonly EnvironmentProblem[] };

/**
 * A variable that is set but empty counts as not set where the default is harmless (HOST, PORT, LOG_LEVEL and the
 * paths). DATABASE_URL and the keys must not be empty: a secret that failed to arrive would otherwise start a
 * server on another, empty database. Values are never in a message.
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  language: Language = "en",
): ReadEnvironment {
  const problems: EnvironmentProblem[] = [];
  const report = (variable: string, said: Said): null => {
    problems.push({ variable, ...said, message: say(said, language) });
    return null;
  };
  const environment: Environment = {
    databaseUrl: required(
      env,
      "DATABASE_URL",
      isDatabaseUrl,
      { code: "env_database_url", params: {} },
      report,
    ),
    dataDir: nonEmpty(env.LEADLEDGER_DATA_DIR) ?? "./data",
    port: readPort(nonEmpty(env.PORT), report),
    host: readHost(nonEmpty(env.HOST), report),
    configPath: nonEmpty(env.LEADLEDGER_CONFIG) ?? "./leadledger.yaml",
    logLevel: readLogLevel(nonEmpty(env.LOG_LEVEL), report),
    adminKey: required(env, "LEADLEDGER_ADMIN_KEY", isAdminKey, adminKeyRule, report),
    tls: readTls(nonEmpty(env.LEADLEDGER_TLS_CERT), nonEmpty(env.LEADLEDGER_TLS_KEY), report),
    rootKeyHex: required(env, "LEADLEDGER_KEY", isRootKey, { code: "env_key", params: {} }, report),
  };
  return problems.length === 0 ? { ok: true, environment } : { ok: false, problems };
}

type Report = (variable: string, said: Said) => null;

const adminKeyRule: Said = { code: "env_admin_key", params: { charactersMin: adminKeyCharactersMin } };

function required(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  fits: (value: string) => boolean,
  otherwise: Said,
  report: Report,
): string | null {
  const value = env[variable];
  if (value === undefined) return null;
  if (value === "") return report(variable, { code: "env_empty", params: { variable } });
  return fits(value) ? value : report(variable, otherwise);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

// Nothing more: with several hosts it is no URL to anybody but libpq.
function isDatabaseUrl(value: string): boolean {
  return /^postgres(?:ql)?:\/\/\S+$/.test(value);
}

// It travels as `Authorization: Bearer <key>`.
function isAdminKey(value: string): boolean {
  return value.length >= adminKeyCharactersMin && /^[\x21-\x7e]+$/.test(value);
}

function isRootKey(value: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(value);
}

/** One without the other is a mistake: the server would speak in the clear. */
function readTls(
  certPath: string | undefined,
  keyPath: string | undefined,
  report: Report,
): Environment["tls"] {
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  if (certPath === undefined && keyPath === undefined) return null;
  const variable = certPath === undefined ? "LEADLEDGER_TLS_CERT" : "LEADLEDGER_TLS_KEY";
  return report(variable, { code: "env_tls_half", params: { variable } });
}

function readPort(value: string | undefined, report: Report): number {
  if (value === undefined) return 8080;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  report("PORT", { code: "env_port", params: {} });
  return Number.NaN;
}

function readHost(value: string | undefined, report: Report): string {
  if (value === undefined) return "127.0.0.1";
  if (isIP(value) !== 0 || isHostName(value)) return value;
  report("HOST", { code: "env_host", params: {} });
  return value;
}

// A name whose last label is a number is a mistyped address: 127.0.0.256, 10.1
function isHostName(value: string): boolean {
  const labels = value.replace(/\.$/, "").split(".");
  if (value.length > 253 || /^\d+$/.test(labels.at(-1) ?? "")) return false;
  return labels.every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

function readLogLevel(value: string | undefined, report: Report): LogLevel {
  const level = logLevels.find((known) => known === value);
  if (value === undefined || level !== undefined) return level ?? "info";
  report("LOG_LEVEL", {
    code: "env_log_level",
    params: { allowed: logLevels, suggestion: nearestName(value, logLevels) },
  });
  return "info";
}
