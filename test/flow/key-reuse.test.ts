// A key that comes again with another body: refused, kept beside the lead that stands, or the lead's newest state.
import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import type { KeyReuseRule } from "../../src/domain/leads/key-reuse.ts";
import type { IntakeResult, Lead, RefusedPayload } from "../../src/domain/leads/lead.ts";
import { deduplicateArrivals } from "../../src/ledger/intake/deduplicate-arrivals.ts";
import { createKnownKeys } from "../../src/spool/known-keys.ts";
import { apiClient } from "../support/api-client.ts";
import { testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, useDeliveryScene } from "../support/delivery-scene.ts";
import { always } from "../support/sink.ts";
import type { Sink, SinkRequest } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const down = always({ kind: "answer", status: 503 });
const fine = always({ kind: "answer", status: 200 });

describeOnEachServer("A key that comes again with another body", (server) => {
  const scene = useDeliveryScene(server);

  async function start(rule: KeyReuseRule, sinks: Readonly<Record<string, Sink>>): Promise<TestApp> {
    return scene.startNode({
      sources: [testSource("shop", { onKeyReuse: rule })],
      destinations: Object.entries(sinks).map(([name, { url }]) => quickDestination(name, url)),
    });
  }
  const send = (node: TestApp, body: object | string, key = "order-1"): Promise<Answer> =>
    postLead(node.url, {
      path: "/webhook/lead/shop",
      key,
      body: typeof body === "string" ? body : { ...body },
    });
  const runIdOf = ({ json }: Answer): string => String(json["run_id"]);
  const dataOf = ({ body }: SinkRequest): unknown => (JSON.parse(body) as { data: unknown }).data;
  const arrived = (sink: Sink, id: string): Promise<unknown> =>
    until(`${id} to arrive`, () => Promise.resolve(sink.countOf(id) > 0));
  const statusOf = (runId: string) =>
    scene.value<string>("SELECT status FROM runs WHERE run_id = $1", [runId]);
  const isProcessed = (runId: string) =>
    until("the lead to be delivered", async () => (await statusOf(runId)) === "processed");
  const isQuiet = () =>
    until("nothing to wait any more", async () => {
      const left = await scene.value<number>(
        "SELECT ((SELECT count(*) FROM internal.deliveries) + (SELECT count(*) FROM internal.waiting_revisions))::int",
      );
      return left === 0;
    });

  it("keep_first: tells the sender that the lead is there, and keeps what came as a settled entry", async () => {
    const crm = await scene.startSink();
    const node = await start("keep_first", { crm });
    const runId = runIdOf(await send(node, { n: 1 }));
    await isProcessed(runId);
    const expected = { status: "duplicate", run_id: runId, existing_status: "processed" };
    for (const body of [{ n: 2 }, { n: 2 }, { n: 3 }, { n: 1 }, "no json"]) {
      const answer = await send(node, body);
      expect([answer.status, answer.json]).toEqual([200, expected]);
    }
    const entries = await scene.rows("SELECT kind, status, resolution, error_code FROM dlq ORDER BY dlq_id");
    const kept = { kind: "conflict", status: "resolved", resolution: "kept_first" };
    expect(entries).toEqual(Array(3).fill({ ...kept, error_code: "idempotency_key_reused" }));
    expect(crm.requests.length).toBe(1);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("revision: the newest data hold, and go to the destinations once more, under an id of their own", async () => {
    const [crm, erp] = [await scene.startSink(), await scene.startSink()];
    const node = await start("revision", { crm, erp });
    const runId = runIdOf(await send(node, { n: 1, email: "anna@example.com" }));
    await isProcessed(runId);
    const second = await send(node, { n: 2, email: "bert@example.com" });
    expect([second.status, second.json]).toEqual([202, { status: "accepted", run_id: runId, revision: 1 }]);
    const again = await send(node, { email: "bert@example.com", n: 2 });
    const repeat = { status: "duplicate", run_id: runId, existing_status: "processed", revision: 1 };
    expect([again.status, again.json]).toEqual([200, repeat]);
    expect((await send(node, { n: 3 })).json).toMatchObject({ run_id: runId, revision: 2 });
    expect((await send(node, { n: 1, email: "anna@example.com" })).json).toEqual({
      status: "duplicate",
      run_id: runId,
      existing_status: "processed",
    });
    for (const [name, sink] of Object.entries({ crm, erp })) {
      await arrived(sink, `${runId}:${name}:r2`);
      const last = sink.requests.at(-1);
      expect(last && [dataOf(last), JSON.parse(last.body)]).toMatchObject([{ n: 3 }, { revision: 2 }]);
      expect(last?.headers["idempotency-key"]).toBe(`${runId}:${name}:r2`);
      expect(sink.countOf(`${runId}:${name}`)).toBe(1);
    }
    await isQuiet();
    expect(await statusOf(runId)).toBe("processed");
    expect(await scene.value("SELECT email_hash IS NULL FROM runs WHERE run_id = $1", [runId])).toBe(true);
    expect(await scene.value("SELECT count(*)::int FROM dlq")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("a revision that cannot be delivered becomes an entry of kind replay, and the lead stays delivered", async () => {
    const crm = await scene.startSink();
    const node = await start("revision", { crm });
    const runId = runIdOf(await send(node, { n: 1 }));
    await isProcessed(runId);
    crm.behave(always({ kind: "answer", status: 422 }));
    await send(node, { n: 2 });
    await until("the entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    expect(
      await scene.rows("SELECT kind, status, payload ->> 'revision' AS revision FROM dlq"),
    ).toMatchObject([{ kind: "replay", revision: "1" }]);
    expect(await statusOf(runId)).toBe("processed");
    crm.behave(fine);
    expect((await send(node, { n: 3 })).json).toMatchObject({ revision: 2 });
    await scene.rows("UPDATE dlq SET next_retry_at = now() WHERE status = 'open'");
    await arrived(crm, `${runId}:crm:r2`);
    expect(crm.requests.map(dataOf).at(-1)).toEqual({ n: 3 });
    await until(
      "it to be settled",
      async () => (await scene.value("SELECT min(status) FROM dlq")) === "resolved",
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("what no attempt has begun brings the newest data alone, and moves the lead as the first delivery does", async () => {
    const [crm, erp] = [await scene.startSink(), await scene.startSink(down)];
    const node = await start("revision", { crm, erp });
    const runId = runIdOf(await send(node, { n: 1 }));
    await until("the entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    expect((await send(node, { n: 2 })).json).toMatchObject({ revision: 1 });
    expect((await send(node, { n: 3 })).json).toMatchObject({ revision: 2 });
    // The lead is failed, and its change reaches whom the lead had reached.
    await arrived(crm, `${runId}:crm:r2`);
    expect(await statusOf(runId)).toBe("failed");
    erp.behave(fine);
    await isProcessed(runId);
    await isQuiet();
    expect(erp.requests.map(dataOf).at(-1)).toEqual({ n: 3 });
    expect(erp.countOf(`${runId}:erp:r2`)).toBeGreaterThan(0);
    expect(await scene.rows("SELECT DISTINCT kind FROM dlq")).toEqual([{ kind: "delivery" }]);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("what is under way ends with the data that it has, and the change follows", async () => {
    const held: (() => void)[] = [];
    const crm = await scene.startSink(async () => {
      if (held.length === 0) await new Promise<void>((resolve) => void held.push(resolve));
      return { kind: "answer", status: 200 };
    });
    const node = await start("revision", { crm });
    const runId = runIdOf(await send(node, { n: 1 }));
    await until("the attempt to begin", () => Promise.resolve(held.length === 1));
    expect((await send(node, { n: 2 })).json).toMatchObject({ revision: 1 });
    expect((await send(node, { n: 3 })).json).toMatchObject({ revision: 2 });
    expect(await scene.value("SELECT count(*)::int FROM internal.waiting_revisions")).toBe(1);
    held[0]?.();
    await arrived(crm, `${runId}:crm:r2`);
    expect(crm.requests.map(({ id }) => id)).toEqual([`${runId}:crm`, `${runId}:crm:r2`]);
    expect(crm.requests.map(dataOf)).toEqual([{ n: 1 }, { n: 3 }]);
    await isQuiet();
    expect(await statusOf(runId)).toBe("processed");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("what was refused or kept is taken in as a lead of its own, once, and linked both ways", async () => {
    const crm = await scene.startSink();
    const node = await start("keep_first", { crm });
    const runId = runIdOf(await send(node, { n: 1 }));
    await isProcessed(runId);
    await send(node, { n: 2 });
    const api = apiClient(node.url);
    const takeIn = () => api.post("/dlq/1/take-in", { reason: "two orders, one number" });
    const [first, second] = [await takeIn(), await takeIn()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json).toEqual(first.json);
    const own = String(first.json["run_id"]);
    expect(own).not.toBe(runId);
    await arrived(crm, `${own}:crm`);
    await isProcessed(own);
    const told = (await scene.events(runId)).find(({ event_type: type }) => type === "conflict_taken_in");
    expect(told?.payload).toMatchObject({ dlq_id: 1, new_run_id: own, reason: "two orders, one number" });
    const [received] = await scene.events(own);
    expect(received?.payload).toMatchObject({ taken_from: { run_id: runId, dlq_id: 1 }, body: { n: 2 } });
    expect(await scene.rows("SELECT status, resolution FROM dlq")).toEqual([
      { status: "resolved", resolution: "taken_in" },
    ]);
    expect((await api.post("/dlq/1/deliver-change", { reason: "or not" })).json).toMatchObject({
      code: "entry_closed",
    });
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("many are delivered as changes, each once; of several of one lead the last one holds", async () => {
    const crm = await scene.startSink();
    const node = await start("reject", { crm });
    const runId = runIdOf(await send(node, { n: 1 }));
    await isProcessed(runId);
    for (const body of [{ n: 2 }, { n: 3 }, "no json"]) expect((await send(node, body)).status).toBe(422);
    const api = apiClient(node.url);
    const order = { action: "dlq.deliver_change", filter: { source: "shop" }, reason: "the shop corrects" };
    const { json } = await api.post("/operations", order);
    await until("the operation to end", async () => {
      const { json: now } = await api.get(`/operations/${String(json["operation_id"])}`);
      return now["status"] === "done";
    });
    expect((await api.get(`/operations/${String(json["operation_id"])}`)).json).toMatchObject({
      done: 2,
      skipped: 1,
      obstacles: { conflict_unreadable: 1 },
    });
    await arrived(crm, `${runId}:crm:r2`);
    expect(crm.requests.map(dataOf).at(-1)).toEqual({ n: 3 });
    const again = await api.post("/dlq/1/deliver-change", { reason: "again" });
    expect([again.status, again.json]).toEqual([202, { run_id: runId, revision: 1 }]);
    expect((await send(node, { n: 3 })).json).toMatchObject({ status: "duplicate", revision: 2 });
    await isQuiet();
    expect(await statusOf(runId)).toBe("processed");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("ledger and spool decide the same about any sequence of bodies and rules under one key", async () => {
    const rules = ["reject", "keep_first", "revision"] as const;
    const step = fc.record({
      body: fc.integer({ min: 1, max: 4 }),
      rule: fc.constantFrom(...rules),
      isRead: fc.boolean(),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        round += 1;
        const keys = createKnownKeys();
        for (const each of steps) {
          const arrival = arrivalOf(each, `key-${round}`);
          const [ledger] = await deduplicateArrivals(scene.sql, [arrival], { node: "n", leaseMs: 0 });
          expect(comparable(keys.add(arrival).result)).toEqual(comparable(ledger));
        }
      }),
      { numRuns: 60 },
    );
    expect(await scene.brokenStories()).toEqual([]);
  });
});

/** What its sender is told, without ids of entries, and states that only the ledger knows. */
function comparable(result: IntakeResult | undefined): object {
  const unknown = ["dlqId", "existingStatus", "message"];
  return Object.fromEntries(Object.entries(result ?? {}).filter(([name]) => !unknown.includes(name)));
}

function arrivalOf(
  { body, rule, isRead }: { readonly body: number; readonly rule: KeyReuseRule; readonly isRead: boolean },
  key: string,
): Lead | RefusedPayload {
  const receivedAt = new Date(0).toISOString().replace("1970", "2026");
  const content = isRead ? `"body":{"n":${body}}` : `"body_base64":"${body}"`;
  const common = {
    runId: uuidv7(),
    source: "shop",
    recognisedBy: { kind: "key", key } as const,
    receivedAt,
    onKeyReuse: rule,
    payload: `{"at":"${receivedAt}","source":"shop","sha256":"${isRead ? "a" : "b"}${body}",${content}}`,
  };
  return isRead
    ? {
        ...common,
        kind: "lead",
        emailHash: null,
        phoneHash: null,
        leadJson: `{"n":${body}}`,
        test: false,
        routes: [{ destination: "crm", leased: false }],
      }
    : { ...common, kind: "refused", errorCode: "json_malformed", message: "no JSON" };
}
