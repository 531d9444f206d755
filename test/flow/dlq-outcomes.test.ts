// What each way of failing does to a lead: retried soon, retried later, left to a person, or given up; and what a person
// can do then.
import { expect, it } from "vitest";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";
import { closeEntry, retryEntry } from "../../src/ledger/attention/work-entry.ts";
import type { DlqEntry } from "../../src/ledger/attention/dlq.ts";
import type { TestApp } from "../support/app.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import type { Sink, SinkAnswer } from "../support/sink.ts";
import { accept, always } from "../support/sink.ts";

const later = { fastMs: [30, 30], slowMs: [60_000, 300_000] };
const dayMs = 24 * 60 * 60_000;

describeOnEachServer("a delivery that fails", (server) => {
  const scene = useDeliveryScene(server);

  it.each([
    {
      way: "with 503 is tried on the fast steps, then waits for the first slow one",
      answer: answered(503),
      attempts: 3,
      code: "destination_error",
      waitsMs: [54_000, 66_000],
    },
    {
      way: "with 401 goes straight to the long schedule, because credentials need mending",
      answer: answered(401),
      attempts: 1,
      code: "destination_auth",
      waitsMs: [54_000, 66_000],
    },
    {
      way: "with 422 waits for a person",
      answer: answered(422),
      attempts: 1,
      code: "destination_rejected",
      waitsMs: null,
    },
    {
      way: "with a redirect goes to the long schedule, because the address needs mending, and is not followed",
      answer: answered(302, { location: "http://127.0.0.1:1/" }),
      attempts: 1,
      code: "destination_redirect",
      waitsMs: [54_000, 66_000],
    },
    {
      way: "with Retry-After in seconds beyond the fast lane waits exactly that long",
      answer: answered(429, { "retry-after": "900" }),
      attempts: 1,
      code: "destination_throttled",
      waitsMs: [899_000, 900_001],
    },
    {
      way: "with Retry-After beyond a day waits one day",
      answer: answered(503, { "retry-after": "9999999" }),
      attempts: 1,
      code: "destination_error",
      waitsMs: [dayMs - 1_000, dayMs + 1],
    },
    {
      way: "because nothing is answered in time is tried on the fast steps, then waits",
      answer: { kind: "hang" } as const,
      attempts: 3,
      code: "destination_timeout",
      waitsMs: [54_000, 66_000],
    },
    {
      way: "because the connection ends is tried on the fast steps, then waits",
      answer: { kind: "reset" } as const,
      attempts: 3,
      code: "destination_connection_lost",
      waitsMs: [54_000, 66_000],
    },
  ])("$way", async ({ answer, attempts, code, waitsMs }) => {
    // Only what never answers is to be cut off, however busy the machine.
    const timeoutMs = answer.kind === "hang" ? 1_000 : 30_000;
    const { sink, node } = await start(answer, { retry: later, timeoutMs });
    const runId = await postLead(node, "lead");
    const entry = await entryOf(runId);
    expect(entry).toMatchObject({ status: "open", kind: "delivery", error_code: code, retry_count: 0 });
    expect(entry.reason).toContain("crm");
    expect(sink.requests).toHaveLength(attempts);
    if (waitsMs === null) expect(entry.next_retry_at).toBeNull();
    else {
      const waitMs = (entry.next_retry_at?.getTime() ?? 0) - entry.created_at.getTime();
      expect(waitMs).toBeGreaterThanOrEqual(waitsMs[0] ?? 0);
      expect(waitMs).toBeLessThanOrEqual(waitsMs[1] ?? 0);
    }
    expect(await run(runId)).toMatchObject({
      status: "failed",
      error_code: code,
      error_message: entry.reason,
    });
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("with a Retry-After date is tried then", async () => {
    const at = new Date(Date.now() + 600_000);
    const { node } = await start(answered(503, { "retry-after": at.toUTCString() }), { retry: later });
    const entry = await entryOf(await postLead(node, "lead"));
    expect(Math.abs((entry.next_retry_at?.getTime() ?? 0) - at.getTime())).toBeLessThan(30_000);
  });

  it("because its address is private and not allowed is refused before anything is sent", async () => {
    const { sink, node } = await start(answered(200), { allowPrivate: false });
    const entry = await entryOf(await postLead(node, "lead"));
    expect(entry).toMatchObject({ error_code: "destination_address_forbidden" });
    expect(entry.next_retry_at).not.toBeNull();
    expect(sink.connectionsMade()).toBe(0);
  });

  it("until its schedule is used up is dead, its run stays failed, and tried again by hand it heals the run", async () => {
    const { sink, node } = await start(answered(503), { retry: { fastMs: [], slowMs: [50, 50] } });
    const runId = await postLead(node, "lead");
    await until("it is dead", async () => (await entries(runId))[0]?.status === "dead");
    expect(sink.requests).toHaveLength(3);
    const [dead] = await entries(runId);
    expect(dead).toMatchObject({ retry_count: 2, next_retry_at: null });
    expect(await run(runId)).toMatchObject({ status: "failed", error_code: "destination_error" });

    sink.behave(accept);
    const retried = await retryEntry(scene.sql, "cli:anna", dead?.dlq_id ?? 0, {
      at: null,
      note: "CRM is back",
    });
    expect(retried.kind).toBe("done");
    await until("the run is processed", async () => (await run(runId)).status === "processed");
    const [, reopened] = await entries(runId);
    expect(reopened).toMatchObject({
      status: "resolved",
      resolution: "delivered",
      reopened_from: dead?.dlq_id,
    });
    expect((await run(runId)).outcome).toBe("delivered");
    expect(sink.countOf(`${runId}:crm`)).toBe(4);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("and waits for a person is attempted as soon as it is told to", async () => {
    const { sink, node } = await start(answered(422), {});
    const runId = await postLead(node, "lead");
    const { dlq_id: dlqId } = await entryOf(runId);
    sink.behave(accept);
    await retryEntry(scene.sql, "cli:anna", dlqId, { at: null, note: null });
    await until("the run is processed", async () => (await run(runId)).status === "processed", 10_000);
  });

  it("and is resolved by hand while an attempt is under way stays resolved, and the late outcome leaves no trace", async () => {
    const { sink, node } = await start(answered(422), {});
    const runId = await postLead(node, "lead");
    const { dlq_id: dlqId } = await entryOf(runId);
    let answer = (): void => undefined;
    const isClosed = new Promise<void>((resolve) => (answer = resolve));
    sink.behave(() => isClosed.then(() => ({ kind: "answer", status: 200 }) as const));
    await retryEntry(scene.sql, "cli:anna", dlqId, { at: null, note: null });
    await until("the attempt is under way", () => sink.requests.length === 2);
    expect(
      await closeEntry(scene.sql, "cli:anna", dlqId, { status: "resolved", note: "telephoned" }),
    ).toEqual({
      kind: "done",
      dlqId,
    });
    answer();
    await until("the attempt has ended", () =>
      node.log.some(({ event, fields }) => event === "lead_delivered" && fields["run_id"] === runId),
    );
    await node.stop();
    expect(await run(runId)).toMatchObject({ status: "processed", outcome: "resolved_by_hand" });
    expect((await entries(runId))[0]).toMatchObject({ status: "resolved", resolution: "by_hand" });
    const types = (await scene.events(runId)).map(({ event_type: type }) => type);
    expect(types).not.toContain("lead_delivered");
    expect(types.at(-1)).toBe("lead_processed");
  });

  it("as a test lead is delivered like any other, and never counted", async () => {
    const { sink, node } = await start(answered(503), { retry: { fastMs: [], slowMs: [50, 50, 50] } });
    await node.stop();
    const runId = await scene.value<string>(
      `WITH run AS (INSERT INTO runs (source, idempotency_key, test) VALUES ('website', 'test', true) RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Test"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination) SELECT run_id, 'crm' FROM run RETURNING run_id`,
    );
    sink.behave(({ attempt }) => ({ kind: "answer", status: attempt === 1 ? 503 : 200 }));
    await scene.startNode(configuration(sink, { retry: { fastMs: [], slowMs: [50, 50, 50] } }));
    await until("the run is processed", async () => (await run(runId)).status === "processed");
    expect(sink.requests).toHaveLength(2);
    const counted =
      "SELECT coalesce(sum(received_count + processed_count + failed_count + dlq_open_count), 0)::int";
    expect(await scene.value(`${counted} FROM kpi_daily`)).toBe(0);
  });

  function configuration(sink: Sink, changes: Partial<HttpDestination>) {
    return {
      sources: [testSource("website")],
      destinations: [quickDestination("crm", sink.url, changes)],
    };
  }

  async function start(
    answer: SinkAnswer,
    changes: Partial<HttpDestination>,
  ): Promise<{ sink: Sink; node: TestApp }> {
    const sink = await scene.startSink(always(answer));
    return { sink, node: await scene.startNode(configuration(sink, changes)) };
  }

  function entries(runId: string): Promise<DlqEntry[]> {
    return scene.rows<DlqEntry>("SELECT * FROM dlq WHERE run_id = $1 ORDER BY dlq_id", [runId]);
  }

  async function entryOf(runId: string): Promise<DlqEntry> {
    await until("there is an entry", async () => (await entries(runId)).length > 0);
    const [entry] = await entries(runId);
    if (entry === undefined) throw new Error("no entry");
    return entry;
  }

  async function run(runId: string): Promise<Record<string, unknown>> {
    const [row] = await scene.rows<Record<string, unknown>>("SELECT * FROM runs WHERE run_id = $1", [runId]);
    return row ?? {};
  }
});

function answered(status: number, headers: Record<string, string> = {}): SinkAnswer {
  return { kind: "answer", status, headers };
}
