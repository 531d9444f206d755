// Limits and opening hours of destinations: what is over waits, is nobody's failure, and goes out by itself.
import { expect, it } from "vitest";
import { apiClient } from "../support/api-client.ts";
import type { TestApp } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, postLeads, repeats, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { accept, always } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Of the day before yesterday, in any zone. */
const otherDay = (): string => weekdays[(new Date().getUTCDay() + 5) % 7] ?? "sun";

describeOnEachServer("a destination with limits", (server) => {
  const scene = useDeliveryScene(server);
  const startNode = (): Promise<TestApp> => scene.startNode({ sources: [testSource("website")] });
  /** By API, so that it can be changed. */
  const start = async (sink: Sink, entry: Record<string, unknown> = {}): Promise<TestApp> => {
    const node = await startNode();
    const crm = { name: "crm", kind: "http", url: sink.url, allow_private: true, ...entry };
    expect((await apiClient(node.url).post("/destinations", crm)).status).toBe(201);
    await until("the node has heard of it", () =>
      node.log.some(({ event, fields }) => event === "configuration_loaded" && fields["destinations"] === 1),
    );
    return node;
  };
  const count = (sql: string): Promise<number> => scene.value<number>(`SELECT count(*)::int FROM ${sql}`);
  const processed = (): Promise<number> => count("runs WHERE status = 'processed'");
  const untried = (): Promise<number> => count("internal.deliveries WHERE attempt = 0 AND leased_by IS NULL");
  const waitsOf = async (node: TestApp): Promise<unknown> =>
    (await apiClient(node.url).get("/destinations/crm")).json["waits"];
  const change = async (node: TestApp, patch: Record<string, unknown>): Promise<void> => {
    const changed = await apiClient(node.url).patch("/destinations/crm", patch);
    expect(changed.status).toBe(200);
  };

  it("gets no more in a second than it may, from all nodes together, and each lead once", async () => {
    const sink = await scene.startSink();
    const nodes = [await start(sink, { limits: ["10/s"] }), await startNode()];
    const beganAtMs = Date.now();
    await Promise.all(
      nodes.map((node, index) => postLeads(node, 20, { prefix: `node-${index}`, connections: 5 })),
    );
    await until("all have arrived", async () => (await processed()) === 40);
    expect(sink.requests).toHaveLength(40);
    expect(repeats(sink)).toEqual([]);
    // Ten are granted in a second at most, and two seconds have begun at once.
    for (const [before, { receivedAtMs }] of sink.requests.entries())
      expect(before + 1).toBeLessThanOrEqual(10 * (Math.floor((receivedAtMs - beganAtMs) / 1_000) + 2));
    expect(await count("audit_events WHERE event_type = 'delivery_failed'")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("keeps what is over a day's limit, with no attempt counted and nothing overdue, until more may be sent", async () => {
    const sink = await scene.startSink();
    const node = await start(sink, { limits: ["3/d", "1000/s"] });
    await postLeads(node, 3);
    await until("as many as may have arrived", async () => (await processed()) === 3);
    await postLeads(node, 4, { prefix: "over" });
    await until("it waits for tomorrow", async () => (await waitsOf(node)) !== null);
    expect(await waitsOf(node)).toMatchObject({ for: "limit" });
    // What was on its way into the node's memory is given back.
    await until("none is counted as tried", async () => (await untried()) === 4);
    // As if they had waited for an hour.
    await scene.sql.query("UPDATE internal.deliveries SET due_at = due_at - interval '1 hour'");
    const { json } = await apiClient(node.url).get("/activity");
    expect(json["destinations"]).toMatchObject([{ destination: "crm", waiting: 4, overdue: 0 }]);
    // It holds for a node that has just started, too.
    await node.stop();
    const next = await startNode();
    expect(await waitsOf(next)).toMatchObject({ for: "limit" });
    expect(sink.requests).toHaveLength(3);
    await change(next, { limits: ["5/d"] });
    await until("two more have arrived", async () => (await processed()) === 5);
    // The next day.
    await scene.sql.query(
      "UPDATE internal.sending_limits SET day = day - 1, second_at = NULL, minute_at = NULL",
    );
    await change(next, { limits: ["6/d"] });
    await until("all have arrived", async () => (await processed()) === 7);
    expect(await waitsOf(next)).toBe(null);
    expect(repeats(sink)).toEqual([]);
    expect(await count("dlq")).toBe(0);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("that was left alone is tried again, although the first try met a limit that others had used up", async () => {
    const sink = await scene.startSink(
      always({ kind: "answer", status: 429, headers: { "retry-after": "1" } }),
    );
    const node = await start(sink, { limits: ["2/d"] });
    await postLeads(node, 1);
    await until("it asks to be left alone", async () => (await count("internal.circuits")) === 1);
    await scene.sql.query("UPDATE internal.sending_limits SET day_used = 2");
    sink.behave(accept);
    await until("it waits for tomorrow", async () => (await waitsOf(node)) !== null);
    expect(sink.requests).toHaveLength(1);
    await change(node, { limits: ["3/d"] });
    await until("it has arrived", async () => (await processed()) === 1);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("gets test leads at once, although it is not open, and they use up nothing of a day's limit", async () => {
    const sink = await scene.startSink();
    const node = await start(sink, { limits: ["2/d"] });
    const test = async (): Promise<void> =>
      expect((await apiClient(node.url).post("/destinations/crm/test", {})).status).toBe(202);
    for (const tests of [1, 2, 3]) {
      await test();
      await until("the test has arrived", () => sink.requests.length === tests);
    }
    await postLeads(node, 2);
    await until("both have arrived", () => sink.requests.length === 5);
    await change(node, { opening_hours: [`${otherDay()} 08:00-18:00`] });
    await until("it is known to be closed", async () => (await waitsOf(node)) !== null);
    await postLead(node, "waits");
    await test();
    await until("the test has arrived at night", () => sink.requests.length === 6);
    expect(await untried()).toBe(1);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("has what a node was granted and did not use on this day after all", async () => {
    const sink = await scene.startSink();
    const node = await start(sink, { limits: ["50/d"], concurrency: 1 });
    await postLeads(node, 12);
    await until("all have arrived", async () => (await processed()) === 12);
    await node.stop();
    expect(await count("internal.sending_limits WHERE day_used = 12")).toBe(1);
  });

  it("is sent to while it is open alone, and gets what waited as soon as it is", async () => {
    const sink = await scene.startSink();
    const node = await start(sink, { opening_hours: [`${otherDay()} 08:00-18:00`] });
    await postLeads(node, 3);
    await until("it is known to be closed", async () => (await waitsOf(node)) !== null);
    const waits = (await waitsOf(node)) as { for: string; until: string };
    expect(waits.for).toBe("opening_hours");
    // Eight o'clock in Berlin, which is the reporting zone.
    const opens = new Date(waits.until).toLocaleString("en-GB", {
      timeZone: "Europe/Berlin",
      weekday: "short",
      timeStyle: undefined,
      hour: "2-digit",
      minute: "2-digit",
    });
    expect(opens.toLowerCase()).toContain(otherDay());
    expect(opens).toContain("08:00");
    expect(sink.requests).toHaveLength(0);
    await until("none is counted as tried", async () => (await untried()) === 3);
    await change(node, { opening_hours: ["mon-sun 00:00-24:00"] });
    await until("all have arrived", async () => (await processed()) === 3);
    expect(await waitsOf(node)).toBe(null);
    expect(sink.requests).toHaveLength(3);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it.each([
    [{ limits: ["5/x"] }, "send_limit_invalid"],
    [{ limits: ["0/s"] }, "send_limit_invalid"],
    [{ limits: ["5/s", "6/s"] }, "send_limits_repeated"],
    [{ opening_hours: ["8-18"] }, "opening_hours_invalid"],
    [{ opening_hours: ["holidays 10:00-12:00"] }, "opening_hours_never"],
    [{ holidays: "Bayern" }, "state_unknown"],
  ])("that cannot be read is refused: %j", async (patch, code) => {
    const node = await start(await scene.startSink());
    const answer = await apiClient(node.url).patch("/destinations/crm", patch);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.json)).toContain(code);
  });
});
