// Outcomes that the database refuses to write, whatever is tried: they end where a person sees them, they are not sent
// again and again, and nobody else notices.
import { request } from "undici";
import { expect, it } from "vitest";
import { lostAttemptsMax } from "../../src/ledger/delivery/dlq-attempts.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, repeats, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { health, isPoison, logged, neighbours, poisonKey, retry, to, usePoison } from "../support/poison.ts";
import type { Sink, SinkBehaviour } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

const failing = always({ kind: "answer", status: 503 });

describeOnEachServer("an outcome that the database refuses", (server) => {
  const scene = useDeliveryScene(server);
  const poison = usePoison(scene);

  it.each([
    { fault: "lead_delivered, for ever", event: "= 'lead_delivered'", answer: accept },
    { fault: "delivery_failed, for ever", event: "= 'delivery_failed'", answer: failing },
    { fault: "both, for ever", event: "IN ('lead_delivered', 'delivery_failed')", answer: accept },
  ])("(event $fault) becomes an entry for a person after one send", async ({ event, answer }) => {
    await poison.refuse("audit_events", "INSERT", `NEW.event_type ${event} AND ${isPoison}`);
    const sink = await scene.startSink(onlyPoison(answer));
    const node = await start(sink);
    await poison.post(node);
    await until("it is an entry", async () => (await entries()).length === 1);
    expect(await entries()).toMatchObject([
      { status: "open", error_code: "delivery_unsettled", next_retry_at: null, retry_count: 0 },
    ]);
    expect(await poison.sends(sink)).toBe(1);
    expect(await poison.run()).toMatchObject({ status: "failed", error_code: "delivery_unsettled" });
    await expectNeighboursUnharmed(sink);
  });

  it("from the DLQ leaves the entry for a person after one send, whether it arrived or failed", async () => {
    const sink = await scene.startSink(failing);
    const node = await start(sink, { fastMs: [], slowMs: [600_000, 600_000] });
    await poison.post(node, `${poisonKey}-arrives`);
    await postLead(node, `${poisonKey}-fails`);
    await until("two entries wait", async () => (await entries()).length === neighbours + 2);
    await poison.refuse(
      "audit_events",
      "INSERT",
      `NEW.event_type IN ('lead_delivered', 'delivery_failed') AND NEW.payload ->> 'lane' = 'dlq' AND ${isPoison}`,
    );
    const arrives = await poison.runId(`${poisonKey}-arrives`);
    sink.behave((sent) =>
      sent.id.startsWith(arrives) ? { kind: "answer", status: 200 } : { kind: "answer", status: 503 },
    );
    // Not before everything is as it should be for this.
    await scene.sql.query("UPDATE dlq SET next_retry_at = clock_timestamp()");
    await until(
      "both wait for a person",
      async () => (await entries("error_code = 'delivery_unsettled' AND next_retry_at IS NULL")).length === 2,
    );
    const unsettled = await entries("error_code = 'delivery_unsettled'");
    expect(unsettled).toMatchObject([
      { status: "open", retry_count: 1 },
      { status: "open", retry_count: 1 },
    ]);
    for (const key of ["arrives", "fails"])
      expect(sink.countOf(`${await poison.runId(`${poisonKey}-${key}`)}:crm`)).toBe(2);
    await until(
      "the others are rescheduled",
      async () =>
        (await entries("error_code = 'destination_error' AND retry_count = 1")).length === neighbours,
    );
  });

  it.each([1, 3])("%i times only is written after all", async (times) => {
    await poison.refuse("audit_events", "INSERT", `NEW.event_type = 'lead_delivered' AND ${isPoison}`, times);
    const sink = await scene.startSink();
    const node = await start(sink);
    await poison.post(node);
    await until("it is processed", async () => (await poison.run())["status"] === "processed");
    expect(await entries()).toEqual([]);
    expect(await poison.sends(sink)).toBe(1);
    await expectNeighboursUnharmed(sink);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("and of which not even an entry can be written is sent once, is seen by whoever looks, and is written when the cause is mended", async () => {
    await poison.refuse("audit_events", "INSERT", `NEW.event_type = 'lead_delivered' AND ${isPoison}`);
    await poison.refuse("dlq", "INSERT", isPoison);
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink), { leaseMs: 3_000 });
    await poison.post(node);
    await expectNeighboursUnharmed(sink);
    await until("it is in the log", () => logged(node, "outcome_unsettled") > 0, 30_000);
    await until("health says so", async () => (await health(node)).status === "degraded");
    expect(await health(node)).toMatchObject({ troubles: ["recover"] });
    expect(node.log.find(({ fields }) => fields["task"] === "recover")?.fields["error"]).toContain(
      "outcomes that the database refuses: 1",
    );

    // Its lease is renewed, so nobody sends it again.
    const [before] = await scene.rows<{ due_at: Date }>("SELECT due_at FROM internal.deliveries");
    await until("its lease was renewed", async () => {
      const [now] = await scene.rows<{ due_at: Date }>("SELECT due_at FROM internal.deliveries");
      return (now?.due_at.getTime() ?? 0) > (before?.due_at.getTime() ?? 0);
    });
    expect(await postLead(node, "another")).not.toBe("");
    expect(await poison.sends(sink)).toBe(1);

    await poison.mend();
    await until("it is processed", async () => (await poison.run())["status"] === "processed", 40_000);
    await until("all is well again", async () => (await health(node)).status === "ok");
    expect(await poison.sends(sink)).toBe(1);
    expect(await entries()).toEqual([]);
    expect(await scene.brokenStories()).toEqual([]);
  }, 120_000);

  it(
    "on one node after another is sent a bounded number of times",
    { tags: "thorough", timeout: 120_000 },
    async () => {
      const most = retry.fastMs.length + 1 + lostAttemptsMax;
      await scene.sql.query(
        `WITH run AS (INSERT INTO runs (source, idempotency_key) VALUES ('website', '${poisonKey}') RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination, attempt, leased_by) SELECT run_id, 'crm', $1, 'dead node' FROM run`,
        [most - 1],
      );
      await poison.refuse("audit_events", "INSERT", `NEW.event_type = 'lead_delivered' AND ${isPoison}`);
      await poison.refuse("dlq", "INSERT", isPoison);
      const sink = await scene.startSink();
      const last = await start(sink);
      await until("it was sent and could not be written", () => logged(last, "settlement_failed") > 0);
      await last.stop();
      // As after its lease.
      await scene.sql.query("UPDATE internal.deliveries SET due_at = clock_timestamp()");

      const next = await start(sink);
      await until("it is refused without being sent", () => logged(next, "settlement_failed") > 0);
      const { body } = await request(`${next.url}/metrics`);
      expect(await body.text()).toMatch(
        /leadledger_delivery_attempts_total\{destination="crm",outcome="delivery_unsettled"\} 1\b/,
      );
      await poison.mend();
      await until(
        "it is an entry",
        async () => (await entries("error_code = 'delivery_unsettled'")).length === 1,
        40_000,
      );
      expect(await poison.sends(sink)).toBe(1);
    },
  );

  function start(sink: Sink, schedule = retry): Promise<TestApp> {
    return scene.startNode(to(sink, schedule), { neverLeftAlone: true });
  }

  const entries = (condition = "true") =>
    scene.rows<Record<string, unknown>>(`SELECT * FROM dlq WHERE ${condition} ORDER BY dlq_id`);

  /** This answer for the poison, and a yes for its neighbours; the poison is the lead that is named so. */
  function onlyPoison(behaviour: SinkBehaviour): SinkBehaviour {
    return (sent) => (sent.body.includes(`${poisonKey}@`) ? behaviour(sent) : accept(sent));
  }

  async function expectNeighboursUnharmed(sink: Sink): Promise<void> {
    await until(
      "its neighbours are processed",
      async () =>
        (await scene.value(
          `SELECT count(*)::int FROM runs WHERE status = 'processed' AND idempotency_key LIKE 'lead-%'`,
        )) === neighbours,
    );
    expect(repeats(sink)).toEqual([]);
  }
});
