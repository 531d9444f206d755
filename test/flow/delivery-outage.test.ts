// One lead to several destinations of which one is down: the others are not harmed, nothing is left behind, all heals.
import { expect, it } from "vitest";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLeads, quickDestination, repeats, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { accept, always } from "../support/sink.ts";

describeOnEachServer("leads to three destinations of which one is down", (server) => {
  const scene = useDeliveryScene(server);

  it("arrive at the others, wait in the DLQ for the third, and heal by themselves once it is back", async () => {
    const [crm, mail, erp] = [
      await scene.startSink(),
      await scene.startSink(),
      await scene.startSink(always({ kind: "answer", status: 503 })),
    ];
    const configuration = {
      sources: [testSource("website")],
      destinations: [
        quickDestination("crm", crm.url),
        quickDestination("mail", mail.url),
        quickDestination("erp", erp.url),
      ],
    };
    const node = await scene.startNode(configuration, { neverLeftAlone: true });

    const runIds = await postLeads(node, 200);
    await until("every run has failed", async () => (await statuses())["failed"] === 200);
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries")).toBe(0);
    expect(crm.requests).toHaveLength(200);
    expect(mail.requests).toHaveLength(200);
    expect(await scene.brokenStories()).toEqual([]);

    erp.behave(accept);
    await until("every run is processed", async () => (await statuses())["processed"] === 200);
    expect(await scene.brokenStories()).toEqual([]);
    expect(repeats(crm).concat(repeats(mail))).toEqual([]);
    expect(await scene.rows("SELECT DISTINCT outcome FROM runs")).toEqual([{ outcome: "delivered" }]);
    expect(await scene.rows("SELECT DISTINCT status, resolution FROM dlq")).toEqual([
      { status: "resolved", resolution: "delivered" },
    ]);
    for (const runId of runIds.slice(0, 20)) await expectWholeStory(runId);
  });

  async function statuses(): Promise<Record<string, number>> {
    const rows = await scene.rows<{ status: string; count: number }>(
      "SELECT status, count(*)::int FROM runs GROUP BY status",
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async function expectWholeStory(runId: string): Promise<void> {
    const events = await scene.events(runId);
    const erp = events.filter(({ payload }) => payload["destination"] === "erp");
    const types = erp.map(({ event_type: type }) => type);
    expect(types.slice(0, 4)).toEqual([
      "delivery_failed",
      "delivery_failed",
      "delivery_failed",
      "dlq_created",
    ]);
    expect(types.slice(-3)).toEqual(["dlq_retrying", "lead_delivered", "dlq_resolved"]);
    expect(erp[0]?.payload).toMatchObject({ attempt: 1, outcome: "destination_error", http_status: 503 });
    expect(erp[0]?.payload["duration_ms"]).toBeTypeOf("number");
    expect(erp.at(-2)).toMatchObject({
      actor: "delivery",
      payload: { outcome: "delivered", http_status: 200 },
    });
    expect(events.at(0)?.event_type).toBe("lead_received");
    expect(events.at(-1)).toMatchObject({ event_type: "lead_processed", payload: { outcome: "delivered" } });
    expect(events.filter(({ event_type: type }) => type === "lead_failed")).toHaveLength(1);
  }
});

describeOnEachServer("leads whose destinations all work", (server) => {
  const scene = useDeliveryScene(server);

  it("arrive exactly once at each, with nothing left to do", async () => {
    const sinks = [await scene.startSink(), await scene.startSink(), await scene.startSink()];
    const node = await scene.startNode({
      sources: [testSource("website")],
      destinations: sinks.map((sink, index) => quickDestination(`crm-${index}`, sink.url)),
    });
    await postLeads(node, 300);
    await until(
      "every run is processed",
      async () => (await scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'")) === 300,
    );
    for (const sink of sinks) {
      expect(sink.requests).toHaveLength(300);
      expect(repeats(sink)).toEqual([]);
    }
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });
});
