// LeadLedger as a user runs it: its own process, its own configuration file, HMAC source, one destination.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sourceName, sourceSecret } from "../load/signed-requests.ts";
import { productMain } from "../machine/built-product.ts";
import { endProcess, watchOver } from "../machine/child.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import { storedSql } from "./contestant.ts";
import type { Contestant, Running, Stored } from "./contestant.ts";

export const product = productBuiltAt("LeadLedger", productMain);

/** The same, where the destination gets fields of its own instead of the whole delivery. */
export const productWithMap = productBuiltAt("LeadLedger with a map", productMain, {
  map: {
    // The sink counts leads by it.
    anfrage_nr: "/data/anfrage_nr",
    email: "/lead/email",
    name: { join: ["/lead/first_name", "/lead/last_name"] },
    "properties.phone": { pointer: "/lead/phones/0", format: "e164" },
    "properties.town": "/lead/town",
    "properties.message": { first: ["/lead/message", "/data/message"], default: "-" },
    "properties.stage": { constant: "new" },
    source: "/source",
    id: "/run_id",
  },
});

/** `main`: of a build, dist/cli/main.js. `destination`: what its entry says besides the usual. */
export function productBuiltAt(name: string, main: string, destination: object = {}): Contestant {
  return {
    name,
    stores: true,
    keepsSettled: true,
    async start({ database, folder, sinkUrl }) {
      const environment = { DATABASE_URL: database.url, LEADLEDGER_KEY: rootKeyHex };
      const node = await startNode({ main, folder, sinkUrl, environment, destination });
      const deliveries = await deliveriesTable(database);
      return {
        ...node,
        stored: (keyPrefix) => storedLeads(database, deliveries, keyPrefix, sinkUrl === null),
        unsettled: () => unsettledLeads(database, deliveries),
      };
    },
  };
}

/** Attempts under way at once; the one setting that is not the default (16), as for everybody who delivers much. */
const deliveryConcurrency = 64;
export const rootKeyHex = randomBytes(32).toString("hex");
const startLimitMs = 30_000;
const startPollMs = 5;
const stopLimitMs = 25_000;

export interface NodeOptions {
  /** Absent: the product as it is built here. */
  readonly main?: string;
  readonly folder: string;
  readonly sinkUrl: string | null;
  /** As the configuration file has them; absent: the one of the load generator. */
  readonly sources?: Readonly<Record<string, object>>;
  /** What the destination's entry says besides the usual. */
  readonly destination?: object;
  /** Says where the database is; without it the embedded server is started in `folder`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Resolves when it listens. */
export async function startNode({
  main = productMain,
  folder,
  sinkUrl,
  sources = usualSources,
  environment,
  destination = {},
}: NodeOptions): Promise<Omit<Running, "stored" | "unsettled">> {
  await mkdir(folder, { recursive: true });
  const configPath = join(folder, "leadledger.yaml");
  const logPath = join(folder, `node-${randomBytes(4).toString("hex")}.log`);
  await writeFile(configPath, configurationFor(sinkUrl, sources, destination));
  const log = openSync(logPath, "a");
  const child = spawn(process.execPath, [main, "serve"], {
    env: {
      PATH: process.env.PATH,
      ...environment,
      LEADLEDGER_CONFIG: configPath,
      LEADLEDGER_DATA_DIR: join(folder, "data"),
      PORT: "0",
      NODE_ENV: "production",
    },
    // As under a service manager: a log that is written, with the default level.
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  watchOver(child);
  const port = await listeningPort(logPath, () => child.exitCode !== null);
  return { port, pid: child.pid ?? 0, stop: () => endProcess(child, "SIGTERM", stopLimitMs) };
}

const usualSources = { [sourceName]: { auth: { kind: "hmac", secret: sourceSecret } } };

function configurationFor(
  sinkUrl: string | null,
  sources: Readonly<Record<string, object>>,
  besides: object,
): string {
  const destination = {
    kind: "http",
    url: sinkUrl ?? "http://127.0.0.1:9/leads",
    secret: "bench-destination-secret-0123456789",
    allow_private: true,
    paused: sinkUrl === null,
    concurrency: deliveryConcurrency,
    ...besides,
  };
  // JSON is YAML.
  return JSON.stringify({
    timezone: "Europe/Berlin",
    sources,
    destinations: { crm: destination },
  });
}

async function listeningPort(logPath: string, hasEnded: () => boolean): Promise<number> {
  const endMs = Date.now() + startLimitMs;
  while (Date.now() < endMs) {
    const log = await readFile(logPath, "utf8");
    const port = /"port":(\d+)[^\n]*"event":"started"/.exec(log)?.[1];
    if (port !== undefined) return Number(port);
    if (hasEnded()) throw new Error(`LeadLedger did not start: ${log.slice(-2_000)}`);
    await delay(startPollMs);
  }
  throw new Error(`LeadLedger did not listen within ${startLimitMs} ms`);
}

/** Older builds have it in another schema. */
async function deliveriesTable(database: BenchDatabase): Promise<string> {
  const [found] = await database.query<{ name: string }>(
    "SELECT coalesce(to_regclass('internal.deliveries'), to_regclass('public.deliveries'))::text AS name",
  );
  if (found === undefined) throw new Error("there are no deliveries");
  return found.name;
}

async function storedLeads(
  database: BenchDatabase,
  deliveries: string,
  keyPrefix: string,
  allWait: boolean,
): Promise<Stored> {
  const [stored] = await database.query<Omit<Stored, "problems">>(
    storedSql("public.runs", "idempotency_key", "run_id"),
    [keyPrefix],
  );
  const [story] = await database.query<Story>(storySql(deliveries), [keyPrefix]);
  if (stored === undefined || story === undefined) throw new Error("no answer from the database");
  const problems: string[] = [];
  if (story.received !== stored.rows || story.receivedRuns !== stored.rows)
    problems.push(`${story.received} lead_received events for ${stored.rows} runs`);
  const waiting = allWait ? stored.rows : 0;
  if (story.waiting !== waiting) problems.push(`${story.waiting} deliveries wait instead of ${waiting}`);
  if (story.processed !== stored.rows - waiting)
    problems.push(`${story.processed} of ${stored.rows} processed`);
  if (story.inDlq !== 0) problems.push(`${story.inDlq} DLQ entries`);
  return { ...stored, problems };
}

interface Story {
  readonly received: number;
  readonly receivedRuns: number;
  readonly processed: number;
  readonly waiting: number;
  readonly inDlq: number;
}

const storySql = (deliveries: string): string => `
  WITH sent AS MATERIALIZED (SELECT run_id, status FROM public.runs WHERE starts_with(idempotency_key, $1)),
  told AS (SELECT run_id FROM public.audit_events JOIN sent USING (run_id) WHERE event_type = 'lead_received')
  SELECT (SELECT count(*)::int FROM told) AS received, (SELECT count(DISTINCT run_id)::int FROM told) AS "receivedRuns",
    (SELECT count(*)::int FROM sent WHERE status = 'processed') AS processed,
    (SELECT count(*)::int FROM ${deliveries} JOIN sent USING (run_id)) AS waiting,
    (SELECT count(*)::int FROM public.dlq JOIN sent USING (run_id)) AS "inDlq"`;

async function unsettledLeads(database: BenchDatabase, deliveries: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${deliveries}`);
  return row?.count ?? 0;
}
