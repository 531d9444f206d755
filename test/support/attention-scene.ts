// Leads that need attention, for tests of the dashboard: a source with a schema, a destination that answers as told.
import { afterAll } from "vitest";
import type { ApiScene } from "./api-scene.ts";
import { useApiScene } from "./api-scene.ts";
import { testDestination, testSource } from "./app.ts";
import type { Sink } from "./sink.ts";
import { accept, always, startSink } from "./sink.ts";
import { until } from "./until.ts";
import { postLead } from "./webhook-client.ts";

export interface AttentionScene extends ApiScene {
  readonly sink: Sink;
  /** From now on `crm` takes every lead, or refuses it for good. */
  answer(behaviour: "accept" | "reject"): void;
  /** A lead that `crm` did not want; returns its entry. */
  rejectedLead(key: string, body: string): Promise<Waiting>;
  /** A payload that its source's schema refuses. */
  refusedPayload(key: string, body: string): Promise<Waiting>;
  /** Entries as a node leaves them that found `crm` down. */
  manyEntries(count: number): Promise<void>;
  runStatus(runId: string): Promise<string | null>;
}

export interface Waiting {
  readonly runId: string;
  readonly dlqId: number;
}

const schema = {
  type: "object",
  required: ["email", "name"],
  properties: {
    email: { type: "string", format: "email" },
    name: { type: "string" },
    budget: { type: "integer", minimum: 1 },
  },
};

const reject = always({ kind: "answer", status: 422, body: '{"error":"unknown product"}' });

export function useAttentionScene(): AttentionScene {
  let sink: Sink | undefined;
  const scene = useApiScene(async () => {
    sink = await startSink(reject);
    return {
      sources: [testSource("website", { to: ["crm"] }), testSource("formular", { to: ["crm"], schema })],
      destinations: [testDestination("crm", sink.url)],
    };
  });
  afterAll(() => sink?.close());

  const there = (): Sink => {
    if (sink === undefined) throw new Error("the scene has not begun");
    return sink;
  };
  const post = async (source: string, key: string, body: string) =>
    (await postLead(scene.app.url, { path: `/webhook/lead/${source}`, key, body })).json;

  const own = {
    answer: (behaviour: "accept" | "reject") => there().behave(behaviour === "accept" ? accept : reject),
    async rejectedLead(key: string, body: string): Promise<Waiting> {
      const runId = String((await post("website", key, body))["run_id"]);
      const dlqId = await until("the lead's entry", async () => {
        const [row] = await scene.query<{ dlq_id: string }>("SELECT dlq_id FROM dlq WHERE run_id = $1", [
          runId,
        ]);
        return row === undefined ? null : Number(row.dlq_id);
      });
      return { runId, dlqId };
    },
    async refusedPayload(key: string, body: string): Promise<Waiting> {
      const json = await post("formular", key, body);
      return { runId: String(json["run_id"]), dlqId: Number(json["dlq_id"]) };
    },
    async manyEntries(count: number): Promise<void> {
      await scene.query(
        `WITH made AS (
           INSERT INTO runs (run_id, idempotency_key, source)
           SELECT gen_random_uuid(), 'many-' || gen_random_uuid(), 'website' FROM generate_series(1, $1::int) RETURNING run_id)
         INSERT INTO dlq (run_id, kind, destination, error_code, reason, payload)
         SELECT run_id, 'delivery', 'crm', 'destination_auth', 'crm answered 401 Unauthorized: the credentials need mending',
           '{"source":"website","body":{"a":1}}' FROM made`,
        [count],
      );
    },
    async runStatus(runId: string): Promise<string | null> {
      const [row] = await scene.query<{ status: string }>("SELECT status FROM runs WHERE run_id = $1", [
        runId,
      ]);
      return row?.status ?? null;
    },
  };
  return Object.defineProperties(own, {
    ...Object.getOwnPropertyDescriptors(scene),
    sink: { get: there },
  }) as AttentionScene;
}
