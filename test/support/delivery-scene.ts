// A ledger, nodes that run on it and destinations that receive from it, for tests of delivery; closed after each test.
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import { afterEach, beforeEach } from "vitest";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { testAdminKey } from "./api-client.ts";
import type { TestApp, TestAppOptions, TestConfiguration } from "./app.ts";
import { ledgerDatabase, startTestApp, testDestination } from "./app.ts";
import type { FreshDatabase, TestServer } from "./database.ts";
import { findingsNow } from "./invariants.ts";
import { open } from "./ledger.ts";
import type { Sink, SinkBehaviour } from "./sink.ts";
import { startSink } from "./sink.ts";

export interface DeliveryScene {
  readonly url: string;
  readonly superuserUrl: string;
  /** As the program's role. */
  readonly sql: Database;
  /** Stopped after the test, if it was not before. */
  startNode(configuration: TestConfiguration, options?: TestAppOptions): Promise<TestApp>;
  startSink(behaviour?: SinkBehaviour): Promise<Sink>;
  /** Closed after the test, newest first. */
  onEnd(close: () => Promise<unknown>): void;
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** The first column of the first row. */
  value<T>(text: string, values?: unknown[]): Promise<T>;
  events(runId: string): Promise<StoryEvent[]>;
  /** What is wrong with the books, also while nodes are at work. */
  brokenStories(): Promise<string[]>;
}

export interface StoryEvent {
  readonly event_type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A scene of its own for every test of the suite. */
export function useDeliveryScene(server: TestServer): DeliveryScene {
  let database: FreshDatabase;
  let sql: Database;
  const closers: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    database = await ledgerDatabase(server);
    sql = open(database.url, 4);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await sql.close();
    await database.drop();
  });

  const rows: DeliveryScene["rows"] = async (text, values) => (await sql.query(text, values)).rows as never;
  return {
    get url() {
      return database.url;
    },
    get superuserUrl() {
      return database.superuserUrl;
    },
    get sql() {
      return sql;
    },
    async startNode(configuration, options = {}) {
      const node = await startTestApp(database, configuration, { adminKey: testAdminKey, ...options });
      let stopped: Promise<void> | null = null;
      const stop = (): Promise<void> => (stopped ??= node.stop());
      closers.push(stop);
      return { ...node, stop };
    },
    async startSink(behaviour) {
      const sink = await startSink(behaviour);
      closers.push(() => sink.close());
      return sink;
    },
    onEnd: (close) => void closers.push(close),
    rows,
    async value<T>(text: string, values?: unknown[]) {
      const [row] = await rows(text, values);
      return Object.values(row ?? {})[0] as T;
    },
    events: (runId) =>
      rows<StoryEvent>(
        "SELECT event_type, actor, payload FROM audit_events WHERE run_id = $1 ORDER BY event_time",
        [runId],
      ),
    brokenStories: () => findingsNow(sql),
  };
}

/** A destination that tries again quickly, and waits long: a machine with too much to do is no reason to send a lead twice. */
export function quickDestination(
  name: string,
  url: string,
  changes: Partial<HttpDestination> = {},
): HttpDestination {
  return testDestination(name, url, {
    retry: { fastMs: [50, 100], slowMs: Array<number>(100).fill(300) },
    timeoutMs: 30_000,
    ...changes,
  });
}

/** Sends a lead; throws unless it was accepted, and returns its run id. */
export async function postLead(node: { readonly url: string }, key: string, agent?: Agent): Promise<string> {
  const answer = await request(`${node.url}/webhook/lead/website`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ name: "Jürgen Groß", email: `${key}@beispiel.de`, note: "bitte zurückrufen" }),
    ...(agent === undefined ? {} : { dispatcher: agent }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode} ${text}`);
  return (JSON.parse(text) as { run_id: string }).run_id;
}

/** Sends leads over so many connections at once; returns their run ids. */
export async function postLeads(
  node: { readonly url: string },
  count: number,
  { connections = 20, prefix = "lead" }: { connections?: number; prefix?: string } = {},
): Promise<string[]> {
  const agent = new Agent({ connections, pipelining: 1 });
  try {
    const keys = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    return await Promise.all(keys.map((key) => postLead(node, key, agent)));
  } finally {
    await agent.close();
  }
}

/** Waits until `condition` holds; throws with what it saw last when it takes longer than `limitMs`. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  limitMs = 30_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await delay(20);
  }
}

/** `{run_id}:{destination}` of what arrived more than once. */
export function repeats(sink: Sink): string[] {
  return [...new Set(sink.requests.map(({ id }) => id))].filter((id) => sink.countOf(id) > 1);
}
