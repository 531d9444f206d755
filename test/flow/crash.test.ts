// The program is killed, or asked to stop, while 200 senders post: no acknowledged lead is lost or doubled.
import { randomInt, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectionUri, findRunningEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import type { CompiledSource } from "../support/compiled-source.ts";
import { compileProgram, serveProcess } from "../support/served-process.ts";
import type { ServedProcess } from "../support/served-process.ts";
import { until } from "../support/until.ts";
import { answerOf } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const senders = 200;
const rounds = 3;
const limitMs = 240_000;

describe("200 senders", () => {
  let program: CompiledSource;
  let folder: string;
  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(() => program.remove());
  let sink: Sink;
  let served: ServedProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "leadledger-crash-"));
    sink = await startSink();
    const configuration = `
sources: { website: { auth: { kind: token, secret: long-enough-for-a-test } } }
destinations: { crm: { kind: http, url: "${sink.url}", allow_private: true } }`;
    await writeFile(join(folder, "leadledger.yaml"), configuration);
  });
  afterEach(async () => {
    if (served?.child.exitCode === null && served.child.signalCode === null) await served.end("SIGTERM");
    await sink.close();
    await rm(folder, { recursive: true, force: true });
  });
  const dataDir = () => join(folder, "data");
  const serve = async () =>
    (served = await serveProcess(program, dataDir(), join(folder, "leadledger.yaml")));

  it(
    `kill -9 in the middle, ${rounds} times: every 202 is one run, and every run is delivered after the restart`,
    async () => {
      const acknowledged = new Map<string, string>();
      for (let round = 1; round <= rounds; round++) {
        const server = await serve();
        const load = startLoad(server.url);
        await until("the load to be under way", () => load.accepted.size > senders);
        await delay(randomInt(300));
        expect((await server.end("SIGKILL")).signal).toBe("SIGKILL");
        await load.stopped();
        expect(load.unexpected).toEqual([]);
        for (const [key, runId] of load.accepted) acknowledged.set(key, runId);
      }
      await serve();
      await inLedger(dataDir(), async (rows) => {
        await until(
          "every run to be delivered",
          async () => {
            const [open] = await rows("SELECT 1 FROM runs WHERE status <> 'processed' LIMIT 1");
            return open === undefined;
          },
          60_000,
        );
        const runs = await rows("SELECT idempotency_key, run_id, outcome FROM runs");
        const stored = new Map(runs.map((run) => [String(run["idempotency_key"]), String(run["run_id"])]));
        expect(stored.size).toBe(runs.length);
        expect([...acknowledged].filter(([key, runId]) => stored.get(key) !== runId)).toEqual([]);
        expect(runs.filter((run) => run["outcome"] !== "delivered")).toEqual([]);
        // A repeat is allowed after a crash, and its id tells that it is one.
        expect(runs.filter((run) => sink.countOf(`${String(run["run_id"])}:crm`) === 0)).toEqual([]);
        await booksBalance(rows, runs.length);
      });
    },
    limitMs,
  );

  it(
    "SIGTERM under load: all that was begun is answered, all that was acknowledged is stored, no process is left",
    async () => {
      const server = await serve();
      const load = startLoad(server.url);
      await until("the load to be under way", () => load.accepted.size > 2 * senders);
      const ended = await server.end("SIGTERM");
      await load.stopped();
      expect(ended).toEqual({ code: 0, signal: null });
      expect(load.unexpected).toEqual([]);
      expect(await findRunningEmbeddedPostgres(dataDir())).toBeNull();
      await serve();
      await inLedger(dataDir(), async (rows) => {
        const stored = new Map(
          (await rows("SELECT idempotency_key, run_id FROM runs")).map((run) => [
            run["idempotency_key"],
            run["run_id"],
          ]),
        );
        expect([...load.accepted].filter(([key, runId]) => stored.get(key) !== runId)).toEqual([]);
        // Every request that was begun got its answer: there is no run that nobody was told of. (A request that was
        // still on the wire when its idle connection was closed was not begun, and its sender sends it again.)
        expect(stored.size).toBe(load.accepted.size);
      });
    },
    limitMs,
  );
});

interface Load {
  /** run_id by key, of every 202 that was received. */
  readonly accepted: ReadonlyMap<string, string>;
  /** Answers other than 202 and 503. */
  readonly unexpected: readonly string[];
  /** Resolves when every sender has given up, because nobody listens any more. */
  stopped(): Promise<void>;
}

function startLoad(url: string): Load {
  const accepted = new Map<string, string>();
  const unexpected: string[] = [];
  // Whose connection breaks goes on until nobody listens any more.
  const sender = async (): Promise<void> => {
    for (;;) {
      const key = randomUUID();
      const answer = await post(url, key);
      if (answer === "ECONNREFUSED") return;
      if (typeof answer === "string") continue;
      if (answer.status === 202) accepted.set(key, String(answer.json["run_id"]));
      else if (answer.status !== 503) unexpected.push(`${answer.status} ${answer.text}`);
    }
  };
  const all = Array.from({ length: senders }, sender);
  return { accepted, unexpected, stopped: () => Promise.all(all).then(() => undefined) };
}

/** The answer, or the code of the error that came instead. */
async function post(url: string, key: string): Promise<Answer | string> {
  try {
    const response = await fetch(`${url}/webhook/lead/website`, {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", "idempotency-key": key },
        authorization: "Bearer long-enough-for-a-test",
      },
      body: JSON.stringify({ name: "Anna", key }),
    });
    return await answerOf(response);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? String(error);
  }
}

type Rows = (text: string) => Promise<Record<string, unknown>[]>;

async function inLedger(dataDir: string, look: (rows: Rows) => Promise<void>): Promise<void> {
  const running = await findRunningEmbeddedPostgres(dataDir);
  if (running === null) throw new Error("the embedded server does not run");
  const client = new pg.Client({ connectionString: connectionUri(running.connection) });
  await client.connect();
  try {
    await look(async (text) => (await client.query<Record<string, unknown>>(text)).rows);
  } finally {
    await client.end();
  }
}

async function booksBalance(rows: Rows, runs: number): Promise<void> {
  const [books] = await until("the KPIs to follow", async () => {
    const sums =
      await rows(`SELECT sum(received_count)::int AS received, sum(processed_count)::int AS processed,
      sum(failed_count)::int AS failed, max(dlq_open_count)::int AS open FROM kpi_daily`);
    return sums[0]?.["processed"] === runs && sums;
  });
  expect(books).toEqual({ received: runs, processed: runs, failed: 0, open: 0 });
}
