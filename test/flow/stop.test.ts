// A node that stops: what it was doing ends within the limit, and what it held is taken on by another at once.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import { testSource } from "../support/app.ts";
import type { TestConfiguration } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  repeats,
  until,
  useDeliveryScene,
} from "../support/delivery-scene.ts";
import type { Sink } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

describeOnEachServer("a node that is stopped", (server) => {
  const scene = useDeliveryScene(server);

  it("finishes what it is sending and leaves the rest to others at once: nothing lost, nothing twice", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 150 }));
    const first = await scene.startNode(to(sink, { concurrency: 4 }));
    await postLeads(first, 60);
    const stopped = first.stop();
    const second = await scene.startNode(to(sink, { concurrency: 16 }));
    await stopped;
    const begun = performance.now();
    await until("all arrived", async () => (await processed()) === 60);
    // Before the leases of the first would have ended.
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(repeats(sink)).toEqual([]);
    expect(sink.requests).toHaveLength(60);
    expect(await scene.brokenStories()).toEqual([]);
    expect(second.log.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("is not held up by a destination that hangs; the lead is due elsewhere at once, with no attempt used up", async () => {
    const sink = await scene.startSink(always({ kind: "hang" }));
    const patient = { timeoutMs: 60_000, retry: { fastMs: [], slowMs: [60_000] } };
    const first = await scene.startNode(to(sink, patient));
    const runId = await postLead(first, "lead");
    await until("it is being sent", () => sink.requests.length === 1);
    const begun = performance.now();
    await first.stop();
    // Long before the attempt would have ended.
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(await scene.rows("SELECT attempt, leased_by FROM internal.deliveries")).toEqual([
      { attempt: 0, leased_by: null },
    ]);
    expect((await scene.events(runId)).at(-1)).toMatchObject({
      event_type: "delivery_failed",
      payload: { outcome: "delivery_interrupted", attempt: 1 },
    });

    sink.behave(accept);
    await scene.startNode(to(sink, patient));
    await until("it arrived", async () => (await processed()) === 1);
    const types = (await scene.events(runId)).map(({ event_type: type }) => type);
    expect(types).toEqual(["lead_received", "delivery_failed", "lead_delivered", "lead_processed"]);
  });

  it("hands a DLQ entry back without giving it up, even at the last step of its schedule", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 503 }));
    const first = await scene.startNode(
      to(sink, { timeoutMs: 60_000, retry: { fastMs: [], slowMs: [100] } }),
      { attemptsStopLimitMs: 500 },
    );
    sink.behave(({ attempt }) => (attempt === 1 ? { kind: "answer", status: 503 } : { kind: "hang" }));
    const runId = await postLead(first, "lead");
    await until("the last attempt is under way", () => sink.countOf(`${runId}:crm`) === 2);
    await first.stop();
    const [entry] = await scene.rows<{ status: string; reason: string; due: boolean }>(
      "SELECT status, reason, next_retry_at <= clock_timestamp() AS due FROM dlq",
    );
    expect(entry).toMatchObject({ status: "open", due: true });
    expect(entry?.reason).toContain("503");
  });

  it("gives unused leases back without counting them as attempts, however often nodes come and go", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 400 }));
    for (let restart = 0; restart < 3; restart += 1) {
      const node = await scene.startNode(to(sink, { concurrency: 1 }));
      if (restart === 0) await postLeads(node, 12);
      await until("some are leased", async () => (await leased()) > 1);
      await node.stop();
      expect(await leased()).toBe(0);
    }
    expect(await scene.value("SELECT max(attempt) FROM internal.deliveries")).toBe(0);
    expect(repeats(sink)).toEqual([]);
  });

  function to(sink: Sink, changes: Partial<HttpDestination>): TestConfiguration {
    return {
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url, changes)],
    };
  }

  const processed = (): Promise<number> =>
    scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'");
  const leased = (): Promise<number> =>
    scene.value("SELECT count(*)::int FROM internal.deliveries WHERE leased_by IS NOT NULL");
});
