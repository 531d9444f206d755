// A whole LeadLedger on a fresh database, in this process, with real HTTP; and the shapes its configuration needs.
import { failureRateLimits } from "../../src/domain/destinations/failure-rate.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertTimings } from "../../src/domain/alerts/alert-rules.ts";
import type { Destination } from "../../src/domain/destinations/destination.ts";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import {
  defaultConcurrency,
  defaultRetry,
  defaultTimeoutMs,
} from "../../src/domain/destinations/destination.ts";
import type { LogFields } from "../../src/domain/node/log.ts";
import { openSource } from "../../src/domain/sources/source.ts";
import type { Source } from "../../src/domain/sources/source.ts";
import type { Kinds } from "../../src/kinds/kinds.ts";
import { parsePublicUrl } from "../../src/config/public-url.ts";
import type { PublicUrl } from "../../src/config/public-url.ts";
import { startApp } from "../../src/app.ts";
import type { App } from "../../src/app.ts";
import { openInstallation } from "../../src/runtime/installation.ts";
import type { TlsPaths } from "../../src/runtime/tls-files.ts";
import type { ConfigurationFile } from "../../src/runtime/followed-file.ts";
import type { Installation } from "../../src/runtime/installation.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import type { TaskIntervals } from "../../src/node/task-intervals.ts";
import type { SpoolLimits } from "../../src/spool/spool.ts";
import { freshDatabase } from "./database.ts";
import { keepLogLine } from "./leak-watch.ts";
import type { FreshDatabase, TestServer } from "./database.ts";

export const testRootKeyHex = "1f".repeat(32);

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly fields: LogFields;
}

export interface TestApp {
  readonly app: App;
  readonly installation: Installation;
  /** `http://127.0.0.1:…`, `https://…` with `tls`. */
  readonly url: string;
  readonly log: LogLine[];
  stop(): Promise<void>;
}

export interface TestConfiguration {
  readonly sources?: readonly Source[];
  readonly destinations?: readonly (Destination | HttpDestination)[];
  readonly openIntake?: boolean;
  readonly timezone?: string;
  readonly trustProxy?: readonly string[];
  readonly publicUrl?: string;
}

export interface TestAppOptions {
  /** Absent: those of the program. */
  readonly kinds?: Kinds;
  /** Absent: a folder of its own, which is gone after `stop`. */
  readonly dataDir?: string;
  readonly spoolLimits?: SpoolLimits;
  /** Shorter than the program's own where a test waits for them; absent: the program's own. */
  readonly leaseMs?: number;
  readonly intervals?: Partial<TaskIntervals>;
  readonly alertTimings?: Partial<AlertTimings>;
  readonly attemptsStopLimitMs?: number;
  /** Whatever fails is attempted again, and no destination is left alone because of it. */
  readonly neverLeftAlone?: true;
  readonly adminKey?: string;
  readonly configurationFile?: ConfigurationFile;
  /** Absent: the system chooses. */
  readonly port?: number;
  /** There is no leadledger.yaml: the database's configuration holds. */
  readonly withoutFile?: boolean;
  readonly tls?: TlsPaths;
  /** Absent: `testRootKeyHex`. */
  readonly rootKeyHex?: string;
}

/** A migrated database of one's own on that server. */
export function ledgerDatabase(server: TestServer): Promise<FreshDatabase> {
  return freshDatabase(server, { migrate });
}

/** Starts a node on the database; several may run on one. */
export async function startTestApp(
  database: Pick<FreshDatabase, "url">,
  {
    sources = [],
    destinations = [],
    openIntake = false,
    timezone = "Europe/Berlin",
    trustProxy = [],
    publicUrl,
  }: TestConfiguration = {},
  options: TestAppOptions = {},
): Promise<TestApp> {
  const log: LogLine[] = [];
  const write = (level: string, event: string, fields: LogFields = {}): void => {
    log.push({ level, event, fields });
    keepLogLine(JSON.stringify({ level, event, ...fields }));
  };
  const ownFolder = options.dataDir === undefined ? await mkdtemp(join(tmpdir(), "leadledger-node-")) : null;
  const dataDir = options.dataDir ?? ownFolder ?? "";
  const installation = await openInstallation({
    databaseUrl: database.url,
    dataDir,
    rootKeyHex: options.rootKeyHex ?? testRootKeyHex,
    purpose: "serve",
    connectionsMax: 12,
    log: write,
  });
  const file = {
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrlOf(publicUrl) }),
    timezone,
    openIntake,
    trustProxy,
    sources,
    destinations,
  };
  const configuration = options.withoutFile === true ? null : file;
  const app = await startApp({
    installation,
    configuration,
    host: "127.0.0.1",
    port: options.port ?? 0,
    configurationFile: options.configurationFile ?? null,
    log: write,
    ...(options.kinds === undefined ? {} : { kinds: options.kinds }),
    ...(options.spoolLimits === undefined ? {} : { spoolLimits: options.spoolLimits }),
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.intervals === undefined ? {} : { intervals: options.intervals }),
    ...(options.alertTimings === undefined ? {} : { alertTimings: options.alertTimings }),
    ...(options.neverLeftAlone === undefined
      ? {}
      : { failureRate: { ...failureRateLimits, inRow: Infinity, failed: Infinity } }),
    ...(options.attemptsStopLimitMs === undefined
      ? {}
      : { attemptsStopLimitMs: options.attemptsStopLimitMs }),
    adminKey: options.adminKey ?? null,
    tls: options.tls ?? null,
  });
  return {
    app,
    installation,
    url: `${app.scheme}://127.0.0.1:${app.port}`,
    log,
    async stop() {
      await app.stop();
      if (ownFolder !== null) await rm(ownFolder, { recursive: true, force: true });
    },
  };
}

function publicUrlOf(text: string): PublicUrl {
  const url = parsePublicUrl(text);
  if (url === null) throw new Error(`${text} is no public address`);
  return url;
}

export function testSource(name: string, changes: Partial<Source> = {}): Source {
  return { ...openSource(name), ...changes };
}

export function testDestination(
  name: string,
  url: string,
  changes: Partial<HttpDestination> = {},
): HttpDestination {
  return {
    name,
    kind: "http",
    url,
    method: "POST",
    secret: null,
    headers: {},
    query: {},
    auth: { kind: "none" },
    content: "json",
    timeoutMs: defaultTimeoutMs,
    concurrency: defaultConcurrency,
    paused: false,
    allowPrivate: true,
    limits: [],
    openingHours: [],
    retry: defaultRetry,
    ...changes,
  };
}
