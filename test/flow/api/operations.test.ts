// Many entries at once: exactly those that matched, none twice, whoever dies meanwhile.
import { expect, it } from "vitest";
import { createOperationRunner } from "../../../src/operations/runner.ts";
import { testSource } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { apiClient } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { describeOnEachServer } from "../../support/database.ts";
import { postLeads, quickDestination, until, useDeliveryScene } from "../../support/delivery-scene.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { useNodeProcesses } from "../../support/node-process.ts";
import { createOperation } from "../../../src/ledger/operations/operations.ts";
import { accept, always } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";

const refusing = always({ kind: "answer", status: 422 });

interface Operation {
  readonly operation_id: string;
  readonly status: string;
  readonly total: number | null;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly obstacles: Readonly<Record<string, number>>;
}

describeOnEachServer("An operation", (server) => {
  const scene = useDeliveryScene(server);
  const startProcess = useNodeProcesses();

  async function start(sinkBehaviour = refusing): Promise<{ node: TestApp; sink: Sink; api: ApiClient }> {
    const sink = await scene.startSink(sinkBehaviour);
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url)],
    });
    return { node, sink, api: apiClient(node.url) };
  }

  async function failedLeads(node: TestApp, count: number): Promise<string[]> {
    const runIds = await postLeads(node, count);
    await until("all have failed", async () => (await openEntries()) === count);
    return runIds;
  }

  const openEntries = (): Promise<number> =>
    scene.value<number>("SELECT count(*) FROM dlq WHERE status = 'open'");

  /** Entries as they are left by a node that found a destination down; nobody delivers meanwhile. */
  async function entriesByHand(count: number): Promise<void> {
    await scene.sql.query(
      `WITH made AS (
         INSERT INTO runs (run_id, idempotency_key, source)
         SELECT gen_random_uuid(), 'made-' || n, 'website' FROM generate_series(1, $1::int) AS n RETURNING run_id)
       INSERT INTO dlq (run_id, kind, destination, error_code, reason, payload)
       SELECT run_id, 'delivery', 'crm', 'destination_rejected', 'crm answered 422', '{"source":"website","body":{"a":1}}' FROM made`,
      [count],
    );
  }

  async function ordered(api: ApiClient, order: object): Promise<Operation> {
    const answer = await api.post("/operations", { reason: "the CRM is mended", ...order });
    expect(answer.status).toBe(202);
    return answer.json as unknown as Operation;
  }

  async function ended(api: ApiClient, { operation_id: id }: Operation): Promise<Operation> {
    let operation: Operation | undefined;
    await until("the operation has ended", async () => {
      operation = (await api.get(`/operations/${id}`)).json as unknown as Operation;
      return !["pending", "running"].includes(operation.status);
    });
    if (operation === undefined) throw new Error("no operation");
    return operation;
  }

  /** How many events each treated entry has that name the operation. */
  async function eventsPerEntry({
    operation_id: id,
  }: Operation): Promise<{ dlq_id: number; count: number }[]> {
    return scene.rows(
      `SELECT (payload ->> 'dlq_id')::bigint AS dlq_id, count(*) FROM audit_events
       WHERE payload ->> 'operation_id' = $1 AND payload ? 'dlq_id' GROUP BY 1 ORDER BY 1`,
      [id],
    );
  }

  it("delivers exactly the entries again that match, with one event for each and one for its start and its end", async () => {
    const { node, sink, api } = await start();
    await failedLeads(node, 30);
    await scene.sql.query(
      "UPDATE dlq SET error_code = 'destination_auth' WHERE dlq_id IN (SELECT dlq_id FROM dlq ORDER BY dlq_id LIMIT 10)",
    );
    const filter = { error_code: "destination_rejected" };
    expect((await api.post("/operations/preview", { action: "dlq.retry", filter })).json).toEqual({
      total: 20,
    });
    sink.behave(accept);
    const order = await ordered(api, { action: "dlq.retry", filter });
    const operation = await ended(api, order);
    expect(operation).toMatchObject({ status: "done", total: 20, done: 20, skipped: 0, failed: 0 });
    await until("they are processed", async () => (await openEntries()) === 10);
    const told = await scene.rows<{ event_type: string; actor: string; count: number }>(
      `SELECT event_type, actor, count(*) FROM audit_events WHERE payload ->> 'operation_id' = $1
       GROUP BY 1, 2 ORDER BY 1`,
      [operation.operation_id],
    );
    expect(told).toEqual([
      { event_type: "dlq_changed", actor: "key:environment", count: 20 },
      { event_type: "operation_finished", actor: "key:environment", count: 1 },
      { event_type: "operation_started", actor: "key:environment", count: 1 },
    ]);
    expect(await scene.value("SELECT count(*) FROM dlq WHERE note = 'the CRM is mended'")).toBe(20);
    await until(
      "they are all settled",
      async () => (await scene.value("SELECT count(*) FROM runs WHERE status = 'processed'")) === 20,
    );
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("settles a list of entries, and says how many it could not and why", async () => {
    const { node, api } = await start();
    await failedLeads(node, 4);
    const ids = (await scene.rows<{ dlq_id: number }>("SELECT dlq_id FROM dlq ORDER BY dlq_id")).map(
      ({ dlq_id }) => dlq_id,
    );
    await api.post(`/dlq/${ids[0]}/dead`, { reason: "spam" });
    const operation = await ended(
      api,
      await ordered(api, { action: "dlq.resolve", ids: [...ids.slice(0, 3), 999_999] }),
    );
    expect(operation).toMatchObject({
      status: "done",
      total: 4,
      done: 2,
      skipped: 2,
      obstacles: { entry_closed: 1, dlq_entry_unknown: 1 },
    });
    expect(await openEntries()).toBe(1);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("tries closed entries again by new ones, which it does not treat a second time", async () => {
    const { node, api } = await start();
    await failedLeads(node, 3);
    await ended(api, await ordered(api, { action: "dlq.dead", filter: {} }));
    const operation = await ended(
      api,
      await ordered(api, { action: "dlq.retry", filter: { status: ["dead"] } }),
    );
    expect(operation).toMatchObject({ total: 3, done: 3 });
    expect(await scene.value("SELECT count(*) FROM dlq WHERE reopened_from IS NOT NULL")).toBe(3);
    const again = await ended(api, await ordered(api, { action: "dlq.retry", filter: { status: ["dead"] } }));
    expect(again).toMatchObject({ done: 0, skipped: 3, obstacles: { entry_reopened_already: 3 } });
  });

  it("leaves alone what came after it was ordered", async () => {
    const { node, api } = await start();
    await entriesByHand(900);
    const order = await ordered(api, { action: "dlq.dead", filter: {}, rate_per_second: 1_000 });
    await postLeads(node, 5);
    await until(
      "the new ones have failed",
      async () => (await scene.value("SELECT count(*) FROM dlq WHERE source = 'website'")) === 905,
    );
    expect(await ended(api, order)).toMatchObject({ total: 900, done: 900 });
    expect(await openEntries()).toBe(5);
  });

  it("keeps its rate, stops when it is paused, goes on when it is resumed, and ends when it is cancelled", async () => {
    const { api } = await start();
    await entriesByHand(1_000);
    const orderedAtMs = performance.now();
    const order = await ordered(api, { action: "dlq.dead", filter: {}, rate_per_second: 20 });
    const path = `/operations/${order.operation_id}`;
    await until("it has begun", async () => ((await api.get(path)).json as unknown as Operation).done > 0);
    const paused = (await api.post(`${path}/pause`)).json as unknown as Operation;
    expect(paused.status).toBe("paused");
    expect(paused.done).toBeLessThan(100 + (20 * (performance.now() - orderedAtMs)) / 1_000);
    expect((await api.post(`${path}/pause`)).json).toMatchObject({ code: "operation_not_possible" });
    const runner = createOperationRunner({
      database: scene.sql,
      node: "other",
      log: () => undefined,
      readConflict: () => Promise.resolve("source_removed"),
    });
    await runner.run();
    expect((await api.get(path)).json).toMatchObject({ status: "paused", done: paused.done });
    await api.post(`${path}/resume`);
    await until(
      "it goes on",
      async () => ((await api.get(path)).json as unknown as Operation).done > paused.done,
    );
    const cancelled = (await api.post(`${path}/cancel`)).json as unknown as Operation;
    expect(cancelled).toMatchObject({ status: "cancelled", finished_at: expect.any(String) as string });
    await runner.run();
    expect(await openEntries()).toBe(1_000 - cancelled.done);
    expect((await api.post(`${path}/resume`)).status).toBe(409);
    const steering = await scene.rows<{ event_type: string }>(
      "SELECT event_type FROM audit_events WHERE event_type LIKE 'operation%' ORDER BY event_id",
    );
    expect(steering.map(({ event_type }) => event_type)).toEqual([
      "operation_started",
      "operation_paused",
      "operation_resumed",
      "operation_cancelled",
    ]);
  });

  it("is shared by two that do it at once: every entry is treated once", async () => {
    const { node } = await start();
    await entriesByHand(3_000);
    await node.stop();
    const other = await scene.startNode({
      sources: [testSource("website")],
      destinations: [quickDestination("crm", "http://127.0.0.1:1/", { paused: true })],
    });
    const runners = ["one", "two"].map((name) =>
      createOperationRunner({
        database: scene.sql,
        node: name,
        log: () => undefined,
        readConflict: () => Promise.resolve("source_removed"),
      }),
    );
    const order = await ordered(apiClient(other.url), { action: "dlq.resolve", filter: {} });
    const isDone = async (): Promise<boolean> =>
      (await scene.value("SELECT status FROM internal.operations WHERE operation_id = $1", [
        order.operation_id,
      ])) === "done";
    // One that finds the other at it gives way, as a node does that looks again half a second later.
    await Promise.all(
      runners.map(async (runner) => {
        while (!(await isDone())) await runner.run();
      }),
    );
    const operation = await ended(apiClient(other.url), order);
    expect(operation).toMatchObject({ total: 3_000, done: 3_000, skipped: 0, failed: 0 });
    const events = await eventsPerEntry(operation);
    expect(events).toHaveLength(3_000);
    expect(events.every(({ count }) => count === 1)).toBe(true);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  });

  it("goes on elsewhere when the process that does it is killed, as often as that happens; nothing is done twice", async () => {
    const entries = 4_000;
    await entriesByHand(entries);
    const { operation_id: id } = await createOperation(scene.sql, "user:7", {
      action: "dlq.resolve",
      filter: { status: ["open"] },
      ids: null,
      destination: null,
      at: null,
      reason: "entered by hand",
      // So slowly that nobody comes to an end before he is killed.
      rate_per_second: 100,
    });
    const doneSoFar = (): Promise<number> =>
      scene.value<number>("SELECT done FROM internal.operations WHERE operation_id = $1", [id]);
    for (let killed = 0; killed < 3; killed += 1) {
      const before = await doneSoFar();
      const node = await startProcess(scene, {}, ["leader"]);
      await until("it goes on", async () => (await doneSoFar()) > before);
      node.signal("SIGKILL");
      await node.exited;
    }
    expect(await doneSoFar()).toBeLessThan(entries);
    expect(await openEntries()).toBe(entries - (await doneSoFar()));
    await scene.sql.query("UPDATE internal.operations SET rate_per_second = 2000");
    const runner = createOperationRunner({
      database: scene.sql,
      node: "survivor",
      log: () => undefined,
      readConflict: () => Promise.resolve("source_removed"),
    });
    await until("it is done", async () => {
      await runner.run();
      return (await scene.value("SELECT status FROM internal.operations")) === "done";
    });
    const operation = { operation_id: id } as Operation;
    const events = await eventsPerEntry(operation);
    expect(events).toHaveLength(entries);
    expect(events.every(({ count }) => count === 1)).toBe(true);
    expect(await scene.rows("SELECT status, total, done, skipped, failed FROM internal.operations")).toEqual([
      { status: "done", total: entries, done: entries, skipped: 0, failed: 0 },
    ]);
    const actors = await scene.rows(
      "SELECT DISTINCT actor FROM audit_events WHERE payload ->> 'operation_id' = $1",
      [id],
    );
    expect(actors).toEqual([{ actor: "user:7" }]);
    expect(await brokenInvariants(scene.sql)).toEqual([]);
  }, 120_000);

  it("goes on without an entry that the database refuses, and without one that somebody has locked", async () => {
    const { node, api } = await start();
    await failedLeads(node, 20);
    const [poisoned, locked] = await scene.rows<{ dlq_id: number; run_id: string }>(
      "SELECT dlq_id, run_id FROM dlq ORDER BY dlq_id LIMIT 2",
    );
    await scene.sql.query(`
      CREATE FUNCTION public.refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.dlq_id = ${String(poisoned?.dlq_id)} THEN RAISE EXCEPTION 'not this one'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER zz_refuse_one BEFORE UPDATE ON dlq FOR EACH ROW EXECUTE FUNCTION refuse_one()`);
    const person = await scene.sql.pool.connect();
    await person.query("BEGIN");
    await person.query("SELECT FROM runs WHERE run_id = $1 FOR UPDATE", [locked?.run_id]);
    const operation = await ended(api, await ordered(api, { action: "dlq.dead", filter: {} }));
    await person.query("ROLLBACK");
    person.release();
    expect(operation).toMatchObject({
      status: "done",
      total: 20,
      done: 18,
      skipped: 1,
      failed: 1,
      obstacles: { database_refused: 1, entry_locked: 1 },
    });
  });

  it("is refused with words where it is not clear what it is about", async () => {
    const { api } = await start();
    const reasonOf = async (order: object): Promise<unknown> => {
      const { status, json } = await api.post("/operations", { reason: "x", ...order });
      return `${status} ${String((json as { reason?: string }).reason)}`;
    };
    expect(await reasonOf({ action: "dlq.retry" })).toContain("400 body needs either filter or ids");
    expect(await reasonOf({ action: "dlq.retry", filter: {}, ids: [1] })).toContain("400 body needs either");
    expect(await reasonOf({ action: "dlq.retry", filter: { outcome: ["delivered"] } })).toContain("outcome");
    expect(await reasonOf({ action: "runs.replay", filter: { dlq_id: [1] }, destination: "crm" })).toContain(
      "dlq_id",
    );
    expect(await reasonOf({ action: "dlq.retry", ids: ["0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11"] })).toContain(
      "dlq_ids",
    );
    expect(await reasonOf({ action: "runs.replay", filter: {} })).toContain("body/destination is missing");
    expect(await reasonOf({ action: "dlq.dead", filter: {}, at: "2027-01-01T00:00:00Z" })).toContain(
      "body/at",
    );
    expect(
      (
        await api.post("/operations", {
          action: "runs.replay",
          filter: {},
          reason: "x",
          destination: "nowhere",
        })
      ).json,
    ).toMatchObject({
      code: "destination_removed",
    });
    expect((await api.get("/operations/0199a0b2-7c1e-7a55-9c52-3f3b8e0f2a11")).json).toMatchObject({
      code: "operation_unknown",
    });
  });

  it("stands in a list that can be leafed through", async () => {
    const { api } = await start();
    for (let count = 0; count < 3; count += 1) await ordered(api, { action: "dlq.retry", filter: {} });
    const first = (await api.get("/operations?limit=2")).json as { items: Operation[]; next_cursor: string };
    expect(first.items).toHaveLength(2);
    const second = (await api.get(`/operations?limit=2&cursor=${first.next_cursor}`)).json as {
      items: Operation[];
      next_cursor: string | null;
    };
    expect(second.items).toHaveLength(1);
    expect(second.next_cursor).toBeNull();
    const ids = [...first.items, ...second.items].map(({ operation_id }) => operation_id);
    expect(new Set(ids).size).toBe(3);
  });
});
