// A destination that asks to be left alone is left alone as a whole, by all nodes, and approached slowly afterwards.
import { expect, it } from "vitest";
import { probeIfMended, takeProbe, tendCircuits } from "../../src/ledger/delivery/circuits.ts";
import { readConfigurationRevision } from "../../src/ledger/settings/settings.ts";
import { apiClient } from "../support/api-client.ts";
import type { TestApp } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, postLeads, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import type { DeliveryScene } from "../support/delivery-scene.ts";
import type { Sink, SinkBehaviour } from "../support/sink.ts";
import { always } from "../support/sink.ts";
import { withoutMachineAlarms } from "../support/machine-alarms.ts";

const windowSeconds = 2;
const asksToWait: SinkBehaviour = always({
  kind: "answer",
  status: 429,
  headers: { "retry-after": String(windowSeconds) },
});
/** Sent before the first answer came. */
const firstMax = 2;

/** A change of the configuration is heard of with a poll, and so is a stop, or that a circuit opened. */
async function haveAllPolled(
  scene: DeliveryScene,
  nodes: readonly TestApp[],
  newSource: string,
): Promise<void> {
  const [first] = nodes;
  if (first === undefined) throw new Error("a node");
  const made = await apiClient(first.url).post("/sources", {
    name: newSource,
    auth: { kind: "token" },
    to: [],
  });
  expect(made.status).toBe(201);
  const revision = await readConfigurationRevision(scene.sql);
  const isKnown = ({ log }: TestApp): boolean =>
    log.some(({ event, fields }) => event === "configuration_loaded" && fields["revision"] === revision);
  await until("all have polled", () => nodes.every(isKnown));
}

describeOnEachServer("a destination that asks to be left alone", (server) => {
  const scene = useDeliveryScene(server);
  const crm = (sink: Sink) =>
    quickDestination("crm", sink.url, {
      concurrency: firstMax,
      retry: { fastMs: [100, 100, 100], slowMs: [60_000, 3_600_000] },
    });
  const circuitEvents = () =>
    scene.rows<{ event_type: string; actor: string }>(
      "SELECT event_type, actor FROM audit_events WHERE event_type LIKE 'circuit%' ORDER BY event_id",
    );

  it("gets one lead per window, by whichever node, and then all of them one after the other, each once", async () => {
    const sink = await scene.startSink(asksToWait);
    const configuration = { sources: [testSource("website")], destinations: [crm(sink)] };
    const nodes = [await scene.startNode(configuration), await scene.startNode(configuration)];
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error("two nodes");
    await postLead(first, "opens");
    await until("it is open", async () => (await circuitEvents()).length === 1);
    // The other one sends until it has heard of it.
    await haveAllPolled(scene, nodes, "after-the-opening");
    const runIds = [...(await postLeads(first, 15)), ...(await postLeads(second, 15, { prefix: "other" }))];

    await until("two windows have passed", () => sink.requests.length >= 3);
    const inWindows = [...sink.requests];
    for (const [index, { receivedAtMs }] of inWindows.entries()) {
      const before = inWindows[index - 1]?.receivedAtMs ?? -Infinity;
      expect(receivedAtMs - before).toBeGreaterThan(windowSeconds * 1_000 - 100);
    }
    // No attempt of the others is counted, and none of them is in the DLQ.
    const unattempted = Number(
      await scene.value("SELECT count(*)::int FROM internal.deliveries WHERE attempt = 0"),
    );
    // The next window may have begun, and its one lead be on its way.
    expect(31 - unattempted).toBeLessThanOrEqual(sink.requests.length + 1);
    expect(await scene.value("SELECT count(*)::int FROM dlq")).toBe(0);

    sink.behave(always({ kind: "answer", status: 200 }));
    const refused = sink.requests.length;
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 31,
    );
    const arrived = sink.requests.slice(refused);
    expect(new Set(arrived.map(({ id }) => id)).size).toBe(31);
    expect(arrived).toHaveLength(31);
    const firstAt = arrived[1]?.receivedAtMs ?? 0;
    expect(arrived.filter(({ receivedAtMs }) => receivedAtMs < firstAt + 1_000).length).toBeLessThan(20);
    await until("it is closed", async () => (await circuitEvents()).length > 1);
    expect(await circuitEvents()).toEqual([
      { event_type: "circuit_opened", actor: "delivery" },
      { event_type: "circuit_closed", actor: "delivery" },
    ]);
    expect(runIds).toHaveLength(30);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("has what waits longer than a quarter of an hour in the DLQ, due when it takes leads again", async () => {
    const sink = await scene.startSink(
      always({ kind: "answer", status: 503, headers: { "retry-after": "600" } }),
    );
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [crm(sink)] });
    const opener = await postLead(node, "opens");
    await until("it is open", async () => (await circuitEvents()).length === 1);
    // Its outcome is written beside the opening, not with it.
    await until(
      "the one that opened it is an entry of its own",
      async () => (await scene.value("SELECT count(*)::int FROM dlq WHERE run_id = $1", [opener])) === 1,
    );
    await postLeads(node, 5);

    await tendCircuits(scene.sql, () => Promise.resolve(), { waitMaxMs: 0 });
    const entries = await scene.rows<{ error_code: string; late_s: number; retry_count: number }>(
      `SELECT error_code, retry_count, extract(epoch FROM next_retry_at - next_probe_at)::float8 AS late_s
       FROM dlq CROSS JOIN internal.circuits AS c WHERE error_code = 'destination_unavailable'`,
    );
    expect(entries).toHaveLength(5);
    for (const { late_s: lateSeconds, retry_count: attempts } of entries) {
      expect(Math.abs(lateSeconds)).toBeLessThan(10);
      expect(attempts).toBe(0);
    }
    expect(sink.requests).toHaveLength(1);

    sink.behave(always({ kind: "answer", status: 200 }));
    await scene.sql.query("UPDATE internal.circuits SET next_probe_at = clock_timestamp()");
    await scene.sql.query("UPDATE dlq SET next_retry_at = clock_timestamp() WHERE run_id = $1", [opener]);
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 6,
    );
    expect(sink.requests).toHaveLength(7);
  });

  it("is left alone after ten failures in a row, says so, and takes everything when it works again", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 503 }));
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: [
        quickDestination("crm", sink.url, {
          concurrency: firstMax,
          retry: { fastMs: [100, 100, 100], slowMs: [300, 3_600_000] },
        }),
      ],
    });
    await postLeads(node, 30);
    await until("it is open", async () => (await circuitEvents()).length === 1);
    const shown = (await apiClient(node.url).get("/destinations/crm")).json["circuit"];
    expect(shown).toMatchObject({
      state: "open",
      reason: "destination_error",
      failures: { failed: 10, of: 10 },
    });
    expect(
      await scene.value("SELECT payload -> 'failures' FROM audit_events WHERE event_type = 'circuit_opened'"),
    ).toEqual({ failed: 10, of: 10 });
    // What was on its way then may still have arrived.
    expect(sink.requests.length).toBeLessThanOrEqual(10 + firstMax);
    sink.behave(always({ kind: "answer", status: 200 }));
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 30,
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is left alone by all nodes when one finds that it must be mended, and gets everything from all of them then", async () => {
    const misfit = always({ kind: "answer", status: 301, headers: { location: "https://crm.example/new" } });
    const sink = await scene.startSink(misfit);
    const configuration = { sources: [testSource("website")], destinations: [crm(sink)] };
    const nodes = [await scene.startNode(configuration), await scene.startNode(configuration)] as const;
    await postLead(nodes[0], "finds-it-out");
    await until("it is open", async () => (await circuitEvents()).length === 1);
    await haveAllPolled(scene, nodes, "after-the-opening");
    await Promise.all([
      postLeads(nodes[0], 8, { prefix: "one" }),
      postLeads(nodes[1], 8, { prefix: "other" }),
    ]);
    expect(sink.requests).toHaveLength(1);
    // What waits for long becomes entries of one cause, with no attempt counted.
    await tendCircuits(scene.sql, () => Promise.resolve(), { waitMaxMs: 0 });
    expect(
      await scene.rows(
        "SELECT error_code, count(*)::int AS entries, sum(retry_count)::int AS attempts FROM dlq GROUP BY 1 ORDER BY 1",
      ),
    ).toEqual([
      { error_code: "destination_configuration", entries: 16, attempts: 0 },
      { error_code: "destination_redirect", entries: 1, attempts: 0 },
    ]);
    sink.behave(always({ kind: "answer", status: 200 }));
    // Whoever looks whether it can be reached has perhaps mended it; so does doctor.
    expect(await probeIfMended(scene.sql, "cli:erika", "crm")).toBe(true);
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 17,
    );
    expect(sink.requests).toHaveLength(18);
    expect(await probeIfMended(scene.sql, "cli:erika", "crm")).toBe(false);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("is shown with its reason and its pause, and is tried at once when a person wants it", async () => {
    const sink = await scene.startSink(
      always({ kind: "answer", status: 429, headers: { "retry-after": "600" } }),
    );
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [crm(sink)] });
    const api = apiClient(node.url);
    const shown = async () => (await api.get("/destinations/crm")).json["circuit"] as Record<string, unknown>;
    expect(await shown()).toEqual({
      state: "closed",
      reason: null,
      message: null,
      opened_at: null,
      failures: null,
      next_probe_at: null,
    });
    await postLead(node, "opens");
    await until("it is open", async () => (await shown()).state === "open");
    const { reason, opened_at: openedAt, next_probe_at: at } = await shown();
    expect(reason).toBe("destination_throttled");
    expect(Date.parse(String(at)) - Date.parse(String(openedAt))).toBeGreaterThan(590_000);
    const alarms = (await api.get("/overview")).json["alarms"] as readonly { code: string }[];
    expect(alarms).toContainEqual(
      expect.objectContaining({ code: "destination_left_alone", destination: "crm", severity: "warning" }),
    );
    await postLead(node, "waits");

    sink.behave(always({ kind: "answer", status: 200 }));
    expect((await api.post("/destinations/crm/try-now", {})).json).toMatchObject({ state: "closed" });
    await until(
      "both have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 2,
    );
    expect((await circuitEvents()).at(-1)).toEqual({
      event_type: "circuit_closed",
      actor: "key:environment",
    });
  });

  it("because it refuses the credentials gets the waiting leads as soon as these are mended", async () => {
    const sink = await scene.startSink(({ headers }) => ({
      kind: "answer",
      status: headers["authorization"] === "Bearer new" ? 200 : 401,
    }));
    const source = testSource("website");
    const withToken = (token: string) => ({ ...crm(sink), headers: { authorization: `Bearer ${token}` } });
    const node = await scene.startNode({ sources: [source], destinations: [withToken("dead")] });
    await postLead(node, "opens");
    await until("it is open", async () => (await circuitEvents()).length === 1);
    await postLeads(node, 5);
    expect(sink.requests).toHaveLength(1);
    await until(
      "only the one that was attempted failed",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'accepted'")) === 5,
    );
    await scene.startNode({ sources: [source], destinations: [withToken("new")] });
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 6,
    );
    expect(sink.requests).toHaveLength(7);
  });
});

describeOnEachServer("a destination whose credentials were mended", (server) => {
  const scene = useDeliveryScene(server);

  it("is not tried by a node that has not heard of it yet", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 401 }));
    const crm = quickDestination("crm", sink.url, { concurrency: 1 });
    const node = await scene.startNode({ sources: [testSource("website")], destinations: [crm] });
    await postLead(node, "opens");
    await until(
      "it is open",
      async () =>
        (await scene.value("SELECT count(*)::int FROM internal.circuits WHERE state = 'open'")) === 1,
    );
    await postLead(node, "waits");
    await node.stop();
    await scene.sql.query("UPDATE internal.circuits SET next_probe_at = clock_timestamp()");
    const newest = await readConfigurationRevision(scene.sql);
    const take = (configurationRevision: number) =>
      takeProbe(scene.sql, "crm", { node: "any", leaseMs: 1_000, configurationRevision });
    expect(await take(newest - 1)).toBeNull();
    expect(await take(newest)).not.toBeNull();
  });
});

describeOnEachServer("all deliveries", (server) => {
  const scene = useDeliveryScene(server);

  it("are stopped on every node and go on later, each lead once and no attempt counted; intake goes on", async () => {
    const sink = await scene.startSink();
    const destinations = [quickDestination("crm", sink.url)];
    const configuration = { sources: [testSource("website")], destinations };
    const nodes = [await scene.startNode(configuration), await scene.startNode(configuration)];
    const [first, second] = nodes;
    if (first === undefined || second === undefined) throw new Error("two nodes");
    const api = apiClient(first.url);
    expect((await api.post("/deliveries/stop", { reason: "das CRM zieht um" })).json).toMatchObject({
      stopped: true,
      by: "key:environment",
      reason: "das CRM zieht um",
    });
    await haveAllPolled(scene, nodes, "after-the-stop");
    await postLeads(first, 5);
    await postLeads(second, 5, { prefix: "other" });
    await haveAllPolled(scene, nodes, "after-the-leads");
    expect(sink.requests).toHaveLength(0);
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries WHERE attempt = 0")).toBe(10);
    const alarms = (await apiClient(second.url).get("/overview")).json["alarms"] as readonly {
      code: string;
    }[];
    expect(withoutMachineAlarms(alarms).map(({ code }) => code)).toEqual(["deliveries_stopped"]);

    await api.post("/deliveries/resume", {});
    await until(
      "all have arrived",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 10,
    );
    expect(sink.requests).toHaveLength(10);
    expect(
      await scene.rows(
        "SELECT event_type, actor, payload FROM audit_events WHERE event_type LIKE 'deliveries%' ORDER BY event_id",
      ),
    ).toEqual([
      { event_type: "deliveries_stopped", actor: "key:environment", payload: { reason: "das CRM zieht um" } },
      { event_type: "deliveries_resumed", actor: "key:environment", payload: {} },
    ]);
  });
});
