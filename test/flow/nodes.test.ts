// Several nodes on one database: what a dead or frozen one held is taken over, a late one changes nothing, and without
// a death nothing is delivered twice.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../src/domain/destination.ts";
import type { TestConfiguration } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  repeats,
  until,
  useDeliveryScene,
} from "../support/delivery-scene.ts";
import { useNodeProcesses } from "../support/node-process.ts";
import type { Sink } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

/** DESIGN 2.4 */
const takenOverWithinMs = 15_000;

describeOnEachServer("several nodes", (server) => {
  const scene = useDeliveryScene(server);
  const startProcess = useNodeProcesses();

  it("take over within 15 s what a killed one had in hand, in the fast lane, in the DLQ, and as leader", async () => {
    const sink = await scene.startSink(({ id, attempt }) =>
      id.endsWith("erp") && attempt === 1 ? { kind: "answer", status: 503 } : { kind: "hang" },
    );
    const configuration = {
      sources: [testSource("website")],
      destinations: [
        quickDestination("crm", sink.url, { timeoutMs: 60_000 }),
        quickDestination("erp", sink.url, { timeoutMs: 60_000, retry: { fastMs: [], slowMs: [50, 50, 50] } }),
      ],
    };
    const first = await startProcess(scene.url, configuration);
    await until("it leads", async () => (await leader()) === first.node);
    const runId = await postLead(first, "lead");
    await until(
      "both are under way",
      async () =>
        (await scene.value("SELECT count(*)::int FROM deliveries WHERE leased_by IS NOT NULL")) === 1 &&
        (await scene.value("SELECT count(*)::int FROM dlq WHERE status = 'retrying'")) === 1 &&
        sink.requests.length >= 3,
    );
    const second = await scene.startNode(configuration);
    first.signal("SIGKILL");
    await first.exited;
    sink.behave(accept);
    await until(
      "the run is processed, elsewhere",
      async () => (await statuses()) === "processed 1",
      takenOverWithinMs,
    );
    await until(
      "the other one leads",
      async () => (await leader()) === second.installation.node,
      takenOverWithinMs,
    );
    await until(
      "the figures are right",
      async () => (await scene.value("SELECT sum(processed_count)::int FROM kpi_daily")) === 1,
      3_000,
    );
    expect((await scene.events(runId)).map(({ event_type: type }) => type).slice(-3)).toContain(
      "lead_processed",
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("go on without one that is frozen, which cannot overwrite what they wrote when it wakes up", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 422, delayMs: 4_000 }));
    const configuration = to(sink, { concurrency: 2, timeoutMs: 60_000 });
    const frozen = await startProcess(scene.url, configuration);
    await until("it leads", async () => (await leader()) === frozen.node);
    const runIds = await postLeads(frozen, 6);
    await until("some are under way", () => sink.requests.length === 2);
    frozen.signal("SIGSTOP");
    sink.behave(accept);
    const awake = await scene.startNode(configuration);
    await until("the others processed all", async () => (await statuses()) === "processed 6", 20_000);
    await until("another leads", async () => (await leader()) === awake.installation.node, takenOverWithinMs);
    const more = await postLeads(awake, 3, { prefix: "more" });
    await until(
      "the figures are live",
      async () => (await scene.value("SELECT sum(processed_count)::int FROM kpi_daily")) === 9,
      5_000,
    );

    const eventsBefore = await scene.value("SELECT count(*)::int FROM audit_events");
    frozen.signal("SIGCONT");
    await postLead(frozen, "after the freeze");
    await until("it works again", async () => (await statuses()) === "processed 10");
    frozen.signal("SIGTERM");
    await frozen.exited;
    expect(await scene.value("SELECT count(*)::int FROM dlq")).toBe(0);
    // lead_received, lead_delivered and lead_processed of the one lead after the freeze, and not one more
    expect(await scene.value("SELECT count(*)::int FROM audit_events")).toBe(Number(eventsBefore) + 3);
    for (const runId of [...runIds, ...more]) expect(sink.countOf(`${runId}:crm`)).toBeLessThanOrEqual(2);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("share a backlog of 2,000 behind a slow destination, and deliver none of it twice", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 100 }));
    const configuration = to(sink, { concurrency: 16 });
    const nodes = [await scene.startNode(configuration), await scene.startNode(configuration)];
    await Promise.all(nodes.map((node, index) => postLeads(node, 1_000, { prefix: `node-${index}` })));
    await until("all arrived", async () => (await statuses()) === "processed 2000", 40_000);
    expect(sink.requests).toHaveLength(2_000);
    expect(repeats(sink)).toEqual([]);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("that are abandoned without a word leave nothing behind that another does not finish", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 200 }));
    const configuration = to(sink, { concurrency: 4 });
    const first = await startProcess(scene.url, configuration);
    const told = await postLeads(first, 100);
    first.signal("SIGKILL");
    await scene.startNode(configuration);
    await until("all are processed", async () => (await statuses()) === "processed 100", 25_000);
    for (const runId of told) expect(sink.countOf(`${runId}:crm`)).toBeGreaterThanOrEqual(1);
    // What was under way when it died may come twice; nothing else.
    expect(repeats(sink).length).toBeLessThanOrEqual(16);
    expect(await scene.brokenStories()).toEqual([]);
  });

  function to(sink: Sink, changes: Partial<HttpDestination>): TestConfiguration {
    return {
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url, changes)],
    };
  }

  const leader = (): Promise<string> =>
    scene.value("SELECT holder FROM leader WHERE held_until > clock_timestamp()");

  async function statuses(): Promise<string> {
    return scene.value(
      "SELECT coalesce(string_agg(status || ' ' || count, ', '), '') FROM (SELECT status, count(*) FROM runs GROUP BY status) AS s",
    );
  }
});
