// Changes of leads beside what else happens to these: several nodes, destinations that go and come under another name, a
// source that is paused, a move to another place, many at once.
import { Readable } from "node:stream";
import { beforeEach, expect, it } from "vitest";
import { applyFile } from "../../src/app.ts";
import { readArchive, writeArchive } from "../../src/exchange/archive.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { readInstallation, writeInstallation } from "../../src/ledger/import-export/archive-rows.ts";
import { apiClient } from "../support/api-client.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { LogLine, TestApp, TestConfiguration } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { findingsNow } from "../support/invariants.ts";
import { open } from "../support/ledger.ts";
import { always } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const website = testSource("website", { onKeyReuse: "revision" });

describeOnEachServer("A change of a lead", (server) => {
  const scene = useDeliveryScene(server);
  beforeEach(() => {
    changes = 0;
  });
  const send = (node: TestApp, body: object, key = "order-1"): Promise<Answer> =>
    postLead(node.url, { path: "/webhook/lead/website", key, body: { ...body } });
  const first = async (node: TestApp): Promise<string> => String((await send(node, { n: 0 })).json["run_id"]);
  const dataOf = (body: string): unknown => (JSON.parse(body) as { data: unknown }).data;
  const newestAt = (sink: Sink): unknown => sink.requests.map(({ body }) => dataOf(body)).at(-1);
  const isQuiet = () =>
    until("nothing to wait any more", async () => {
      const left =
        "SELECT (SELECT count(*) FROM internal.deliveries) + (SELECT count(*) FROM internal.waiting_revisions)";
      return (await scene.value(left)) === 0;
    });
  /** Holds up the first request that comes. */
  async function slowSink(): Promise<{ sink: Sink; answer: () => void }> {
    let answer: (() => void) | null = null;
    const sink = await scene.startSink(async () => {
      if (answer === null) await new Promise<void>((resolve) => (answer = resolve));
      return { kind: "answer", status: 200 };
    });
    return { sink, answer: () => answer?.() };
  }
  let changes = 0;
  async function apply(node: TestApp, { sources = [website], destinations = [] }: TestConfiguration) {
    const configuration = {
      timezone: "Europe/Berlin",
      openIntake: false,
      trustProxy: [],
      sources,
      destinations,
    };
    const applied = await applyFile(node.installation, "cli:anna", configuration, "all", builtInKinds);
    expect(applied.kind).toBe("applied");
    changes += 1;
    const isLoaded = ({ event }: LogLine): boolean => event === "configuration_loaded";
    await until("the node knows it", () => node.log.filter(isLoaded).length > changes);
  }

  it("is numbered once, whichever of two nodes gets it, and the newest is what destinations end with", async () => {
    const [crm, erp] = [await scene.startSink(), await scene.startSink()];
    const destinations = [quickDestination("crm", crm.url), quickDestination("erp", erp.url)];
    const nodes = [
      await scene.startNode({ sources: [website], destinations }),
      await scene.startNode({ sources: [website], destinations }),
    ] as const;
    const bodies = 12;
    // Each body comes to both of them.
    const answers = await Promise.all(
      Array.from({ length: 2 * bodies }, (_, at) => send(nodes[at % 2 === 0 ? 0 : 1], { n: at >> 1 })),
    );
    const taken = answers.filter(({ status }) => status === 202).map(({ json }) => json["revision"] ?? 0);
    expect(taken.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: bodies }, (_, revision) => revision),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(bodies);
    expect(new Set(answers.map(({ json }) => json["run_id"])).size).toBe(1);
    await isQuiet();
    const runId = String(answers[0]?.json["run_id"]);
    const { json } = await apiClient(nodes[0].url).get(`/runs/${runId}`);
    for (const [name, sink] of Object.entries({ crm, erp })) {
      const newest = sink.requests.find(({ id }) => id === `${runId}:${name}:r${bodies - 1}`);
      expect(dataOf(newest?.body ?? "{}")).toEqual(json["body"]);
      expect(newestAt(sink)).toEqual(json["body"]);
      expect(new Set(sink.requests.map(({ id }) => id)).size).toBe(sink.requests.length);
    }
    expect(json["status"]).toBe("processed");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("that waits for an attempt is a case when its destination was removed meanwhile, and goes out when it is back", async () => {
    const { sink: crm, answer } = await slowSink();
    const destination = quickDestination("crm", crm.url);
    const intervals = { removedDestinationsMs: 500 };
    const node = await scene.startNode({ sources: [website], destinations: [destination] }, { intervals });
    const runId = await first(node);
    await until("the attempt to begin", () => crm.requests.length === 1);
    expect((await send(node, { n: 1 })).json).toMatchObject({ revision: 1 });
    await apply(node, { destinations: [] });
    answer();
    await isQuiet();
    const cases = () =>
      scene.rows("SELECT kind, status, error_code, payload -> 'body' AS body FROM dlq ORDER BY dlq_id");
    const removed = { kind: "replay", status: "open", error_code: "destination_removed", body: { n: 1 } };
    await until("it is a case", async () => (await cases()).length === 1);
    expect(await cases()).toEqual([removed]);
    expect(await scene.value("SELECT status FROM runs WHERE run_id = $1", [runId])).toBe("processed");
    await apply(node, { destinations: [destination] });
    const retried = await apiClient(node.url).post("/dlq/1/retry", { reason: "it is back" });
    expect(retried.status).toBe(200);
    await until("it arrives", () => crm.countOf(`${runId}:crm:r1`) === 1);
    expect(newestAt(crm)).toEqual({ n: 1 });
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("goes to the destination's new name, and what waited for the old one is a case with the newest data", async () => {
    const crm = await scene.startSink(always({ kind: "answer", status: 503 }));
    const node = await scene.startNode({
      sources: [website],
      destinations: [quickDestination("crm", crm.url)],
    });
    const runId = await first(node);
    await until("it failed", async () => (await scene.value("SELECT count(*) FROM dlq")) === 1);
    await apply(node, { destinations: [quickDestination("crm-2", crm.url)] });
    crm.behave(always({ kind: "answer", status: 200 }));
    expect((await send(node, { n: 1 })).json).toMatchObject({ revision: 1 });
    await until("it arrives", () => crm.countOf(`${runId}:crm-2:r1`) === 1);
    const old =
      "SELECT error_code, payload ->> 'revision' AS revision, payload -> 'body' AS body FROM dlq WHERE run_id = $1";
    await until("the old place is a case", async () => (await scene.rows(old, [runId])).length === 1);
    expect(await scene.rows(old, [runId])).toEqual([
      { error_code: "destination_removed", revision: "1", body: { n: 1 } },
    ]);
    expect(await scene.value("SELECT status FROM runs WHERE run_id = $1", [runId])).toBe("failed");
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("of a paused source waits with its lead, once and the newest, until the source goes on", async () => {
    const crm = await scene.startSink();
    const destinations = [quickDestination("crm", crm.url)];
    const node = await scene.startNode({ sources: [website], destinations });
    const before = await first(node);
    await until("it arrives", () => crm.countOf(`${before}:crm`) === 1);
    await apply(node, { sources: [{ ...website, paused: true }], destinations });
    const held = String((await send(node, { n: 0 }, "order-2")).json["run_id"]);
    for (const n of [1, 2]) {
      expect((await send(node, { n })).json).toMatchObject({ run_id: before, revision: n });
      expect((await send(node, { n }, "order-2")).json).toMatchObject({ run_id: held, revision: n });
    }
    expect(
      await scene.rows(
        "SELECT run_id, held_reason, revision, replay FROM internal.deliveries ORDER BY replay DESC",
      ),
    ).toEqual([
      { run_id: before, held_reason: "source_paused", revision: 2, replay: true },
      { run_id: held, held_reason: "source_paused", revision: 2, replay: false },
    ]);
    expect(crm.requests.length).toBe(1);
    await apply(node, { destinations });
    await isQuiet();
    expect(crm.requests.map(({ id, body }) => [id, dataOf(body)]).toSorted()).toEqual(
      [
        [`${before}:crm`, { n: 0 }],
        [`${before}:crm:r2`, { n: 2 }],
        [`${held}:crm:r2`, { n: 2 }],
      ].toSorted(),
    );
    expect(await scene.rows("SELECT DISTINCT status, outcome FROM runs")).toEqual([
      { status: "processed", outcome: "delivered" },
    ]);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("moves with its installation, also while it waits for an attempt, and goes out at the new place", async () => {
    const { sink: crm, answer } = await slowSink();
    const erp = await scene.startSink(always({ kind: "answer", status: 422 }));
    const configuration = {
      sources: [website],
      destinations: [quickDestination("crm", crm.url), quickDestination("erp", erp.url)],
    };
    const old = await scene.startNode(configuration);
    const runId = await first(old);
    await until("one is under way, one failed", async () => {
      return crm.requests.length === 1 && (await scene.value("SELECT count(*) FROM dlq")) === 1;
    });
    for (const n of [1, 2]) expect((await send(old, { n })).json).toMatchObject({ revision: n });
    const stopping = old.stop();
    answer();
    await stopping;
    const about = { version: "test", key_fingerprint: "0123456789abcdef" };
    const bytes = await bytesOf(writeArchive(readInstallation(scene.sql), about));
    const fresh = await ledgerDatabase(server);
    scene.onEnd(() => fresh.drop());
    const sql = open(fresh.url, 4);
    scene.onEnd(() => sql.close());
    await writeInstallation(sql, "cli:mover", readArchive(Readable.from([bytes])));
    const moved = await startTestApp(fresh, configuration, {});
    scene.onEnd(() => moved.stop());
    await until("crm has the newest", () => crm.countOf(`${runId}:crm:r2`) === 1);
    expect(newestAt(crm)).toEqual({ n: 2 });
    const { rows } = await sql.query(
      "SELECT payload -> 'body' AS body, payload ->> 'revision' AS revision FROM dlq",
    );
    expect(rows).toEqual([{ body: { n: 2 }, revision: "2" }]);
    expect((await send(moved, { n: 1 })).json).toMatchObject({
      status: "duplicate",
      run_id: runId,
      revision: 1,
    });
    expect((await send(moved, { n: 3 })).json).toMatchObject({ run_id: runId, revision: 3 });
    await until("the next, too", () => crm.countOf(`${runId}:crm:r3`) === 1);
    expect(await findingsNow(sql)).toEqual([]);
  });

  it("is made of many kept bodies at once, by each of two nodes, and so are leads of their own", async () => {
    const crm = await scene.startSink();
    const configuration = {
      sources: [testSource("website", { onKeyReuse: "keep_first" })],
      destinations: [quickDestination("crm", crm.url, { concurrency: 32 })],
    };
    const nodes = [await scene.startNode(configuration), await scene.startNode(configuration)] as const;
    const leads = 60;
    const sendAll = (n: number) =>
      Promise.all(
        Array.from({ length: leads }, (_, at) => send(nodes[at % 2 === 0 ? 0 : 1], { n, at }, `order-${at}`)),
      );
    for (const n of [0, 1, 2]) await sendAll(n);
    const order = async (action: string, on: TestApp) => {
      const filter = { source: "website", status: ["resolved"] };
      const { json } = await apiClient(on.url).post("/operations", { action, filter, reason: "all of them" });
      return String(json["operation_id"]);
    };
    const ended = async (id: string) => {
      let state: Answer["json"] = {};
      await until("the operation to end", async () => {
        state = (await apiClient(nodes[0].url).get(`/operations/${id}`)).json;
        return state["status"] === "done";
      });
      return state;
    };
    // Two people want the same at once.
    const ids = await Promise.all(nodes.map((node) => order("dlq.take_in", node)));
    for (const id of ids) await ended(id);
    await isQuiet();
    expect(await scene.value("SELECT count(*)::int FROM runs")).toBe(3 * leads);
    expect(await scene.value("SELECT count(*)::int FROM runs WHERE outcome = 'delivered'")).toBe(3 * leads);
    expect(new Set(crm.requests.map(({ id }) => id)).size).toBe(3 * leads);
    expect(crm.requests).toHaveLength(3 * leads);
    for (const n of [3, 4]) await sendAll(n);
    const change = await ended(await order("dlq.deliver_change", nodes[1]));
    expect(change).toMatchObject({ done: 2 * leads, skipped: 2 * leads });
    await isQuiet();
    const newest =
      "SELECT count(*)::int FROM audit_events WHERE event_type = 'lead_revised' AND payload ->> 'revision' = '2'";
    expect(await scene.value(newest)).toBe(leads);
    const last = crm.requests.filter(({ id }) => id.endsWith(":r2")).map(({ body }) => dataOf(body));
    expect(last).toHaveLength(leads);
    for (const data of last) expect(data).toMatchObject({ n: 4 });
    expect(await scene.value("SELECT count(*)::int FROM runs WHERE status <> 'processed'")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });
});

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
