// Rows of a file become leads as a webhook's do: once, exact, delivered, with the name of who brought them.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { ApiClient } from "../../support/api-client.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { startSink } from "../../support/sink.ts";
import type { Sink } from "../../support/sink.ts";
import { until } from "../../support/until.ts";

interface RowAnswer {
  readonly row: number;
  readonly result: string;
  readonly run_id: string | null;
  readonly dlq_id: number | null;
  readonly reason: string | null;
}

describe("Imports", () => {
  let database: FreshDatabase;
  let app: TestApp;
  let sink: Sink;
  let client: ApiClient;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    sink = await startSink();
    app = await startTestApp(
      database,
      {
        sources: [
          testSource("crm-alt", { schema: { type: "object", required: ["email"] } }),
          testSource("by-id", { key: { kind: "pointer", pointer: "/id" } }),
          testSource("resting", { paused: "refuse" }),
        ],
        destinations: [testDestination("crm", sink.url)],
      },
      { adminKey: testAdminKey },
    );
    client = apiClient(app.url);
  });
  afterAll(async () => {
    await app.stop();
    await sink.close();
    await database.drop();
  });

  async function send(body: Record<string, unknown>): Promise<RowAnswer[]> {
    const answer = await client.post("/imports", { source: "crm-alt", file: "alt.csv", ...body });
    expect(answer).toMatchObject({ status: 200 });
    return (answer.json as { rows: RowAnswer[] }).rows;
  }

  const count = async (sql: string): Promise<number> => {
    const { rows } = await app.installation.database.query<{ count: number }>(
      `SELECT count(*) AS count FROM ${sql}`,
    );
    return rows[0]?.count ?? -1;
  };

  it("write nothing in a dry run, and say what would happen", async () => {
    const rows = [
      { row: 2, key: "d-1", body: { email: "a@example.com" } },
      { row: 3, key: "d-2", body: { phone: "0711" } },
    ];
    expect(await send({ rows, dry_run: true })).toMatchObject([
      { row: 2, result: "accepted", run_id: null },
      { row: 3, result: "refused", dlq_id: null, reason: expect.stringContaining("email") as unknown },
    ]);
    expect(await count("runs")).toBe(0);
    expect(await count("audit_events WHERE run_id IS NOT NULL")).toBe(0);
  });

  it("take each row once, however often a batch is sent, and deliver it exactly", async () => {
    const rows = [
      { row: 2, key: "1", body: '{"email":"ada@example.com","click_id":12345678901234567890}' },
      { row: 3, body: { email: "carl@example.com" } },
    ];
    const first = await send({ rows });
    expect(first.map(({ result }) => result)).toEqual(["accepted", "accepted"]);
    const again = await send({ rows });
    expect(again.map(({ result }) => result)).toEqual(["duplicate", "duplicate"]);
    expect(again.map(({ run_id }) => run_id)).toEqual(first.map(({ run_id }) => run_id));
    expect((await send({ rows, dry_run: true })).map(({ result }) => result)).toEqual([
      "duplicate",
      "duplicate",
    ]);
    expect(await count("runs")).toBe(2);
    await until("the deliveries", () => sink.requests.length === 2);
    expect(sink.requests.map(({ body }) => body).join()).toContain('"click_id": 12345678901234567890');
    await until(
      "the ends",
      async () => (await count("runs WHERE status = 'processed' AND outcome = 'delivered'")) === 2,
    );
  });

  it("keep numbers exact in bodies that are objects, too", async () => {
    const response = await fetch(`${app.url}/api/v1/imports`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${testAdminKey}` },
      body: '{"source":"crm-alt","rows":[{"row":1,"key":"exact","body":{"email":"x@example.com","n":98765432109876543210.50}}]}',
    });
    const { rows } = (await response.json()) as { rows: RowAnswer[] };
    expect(
      await count(
        `audit_events WHERE run_id = '${rows[0]?.run_id ?? ""}' AND payload -> 'body' ->> 'n' = '98765432109876543210.50'`,
      ),
    ).toBe(1);
  });

  it("say in the log who brought the lead, from which file and row", async () => {
    const { rows } = await app.installation.database.query<{ actor: string; imported: object }>(
      "SELECT actor, payload -> 'imported' AS imported FROM audit_events WHERE event_type = 'lead_received' ORDER BY event_id LIMIT 1",
    );
    expect(rows).toEqual([
      { actor: "key:environment", imported: { by: "key:environment", file: "alt.csv", row: 2 } },
    ]);
  });

  it("keep what is refused, and take the mended row under the same key for the same lead", async () => {
    const [refused] = await send({ rows: [{ row: 7, key: "m-1", body: { phone: "+49 711 1" } }] });
    expect(refused).toMatchObject({
      result: "refused",
      run_id: expect.any(String) as unknown,
      dlq_id: expect.any(Number) as unknown,
    });
    const [mended] = await send({ rows: [{ row: 7, key: "m-1", body: { email: "m@example.com" } }] });
    expect(mended).toMatchObject({ result: "accepted", run_id: refused?.run_id });
    const { rows } = await app.installation.database.query<{ status: string }>(
      "SELECT status FROM dlq WHERE dlq_id = $1",
      [refused?.dlq_id],
    );
    expect(rows).toEqual([{ status: "resolved" }]);
  });

  it("tell a key that another body has, and rows of which nothing can be made", async () => {
    await send({ rows: [{ row: 1, key: "k", body: { email: "one@example.com" } }] });
    expect(
      await send({
        rows: [
          { row: 1, key: "k", body: { email: "two@example.com" } },
          { row: 2, key: "", body: { email: "x@example.com" } },
          { row: 3, key: "x".repeat(256), body: { email: "x@example.com" } },
          { row: 4, key: "big", body: { email: "x@example.com", text: "x".repeat(300_000) } },
          { row: 5, key: "list", body: "[1]" },
          { row: 6, key: "good", body: { email: "good@example.com" } },
        ],
      }),
    ).toMatchObject([
      { row: 1, result: "key_reused", dlq_id: expect.any(Number) as unknown },
      { row: 2, result: "invalid" },
      { row: 3, result: "invalid" },
      { row: 4, result: "invalid" },
      { row: 5, result: "refused", reason: expect.stringContaining("a list") as unknown },
      { row: 6, result: "accepted" },
    ]);
  });

  it("find the key where the source has it", async () => {
    const rows = [{ row: 1, body: { id: 17, email: "p@example.com" } }];
    const [{ run_id: runId } = { run_id: null }] = await send({ source: "by-id", rows });
    const { rows: found } = await app.installation.database.query(
      "SELECT idempotency_key FROM runs WHERE run_id = $1",
      [runId],
    );
    expect(found).toEqual([{ idempotency_key: "17" }]);
  });

  it("name what is wrong with a whole batch", async () => {
    const rows = [{ row: 1, body: {} }];
    expect(await client.post("/imports", { source: "nobody", rows })).toMatchObject({
      status: 404,
      json: { code: "source_not_found" },
    });
    expect(await client.post("/imports", { source: "resting", rows })).toMatchObject({
      status: 503,
      json: { code: "source_paused" },
    });
    const many = Array.from({ length: 501 }, (_each, index) => ({ row: index + 1, body: {} }));
    expect(await client.post("/imports", { source: "crm-alt", rows: many })).toMatchObject({ status: 400 });
  });
});
