// Several leads in one request, of a kind of source whose senders do that (docs/contract.md, Posting a lead): one
// transaction, one answer.
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leadsPerRequestMax } from "../../src/domain/leads/refusal.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { batchKind, batchToken } from "../support/batch-source.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

const kinds = { ...builtInKinds, sources: [...builtInKinds.sources, batchKind] };

interface LeadAnswer {
  readonly status: "accepted" | "duplicate" | "refused";
  readonly run_id: string;
  readonly existing_status?: string;
  readonly dlq_id?: number | null;
  readonly code?: string;
}

describeOnEachServer("several leads in one request", (server) => {
  let database: FreshDatabase;
  let proxy: TcpProxy;
  let sink: Sink;
  let app: TestApp;
  let client: pg.Client;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    proxy = await startTcpProxy(Number(new URL(database.url).port));
    sink = await startSink();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const auth = { kind: "batch", secrets: [{ value: batchToken, notAfter: null }] };
    const preferred = { kind: "header_preferred", windowMs: 600_000 } as const;
    const url = new URL(database.url);
    url.port = String(proxy.port);
    app = await startTestApp(
      { url: url.href },
      {
        sources: [
          testSource("batch", { auth, key: preferred }),
          testSource("strict", { auth, key: preferred, schema: { type: "object", required: ["email"] } }),
          testSource("headed", { auth, key: { kind: "header" } }),
          testSource("many", { auth, key: preferred, to: [] }),
          testSource("slow", { auth, key: preferred, rateLimit: { requests: 2, perMs: 3_600_000 } }),
        ],
        destinations: [testDestination("crm", sink.url)],
      },
      { kinds },
    );
  });
  afterAll(async () => {
    await app.stop();
    await client.end();
    await sink.close();
    await proxy.close();
    await database.drop();
  });

  const send = (body: string, source = "batch", key?: string): Promise<Answer> =>
    postLead(app.url, {
      path: `/webhook/lead/${source}`,
      body,
      headers: { "x-batch-token": batchToken },
      ...(key === undefined ? {} : { key }),
    });
  const batch = (...leads: readonly string[]): string => `{"leads":[${leads.join(",")}]}`;
  const leadsOf = ({ json }: Answer): readonly LeadAnswer[] => json["leads"] as LeadAnswer[];
  const value = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await client.query<{ value: T }>(`SELECT (${text}) AS value`, values);
    return rows[0]?.value as T;
  };
  /** Rows that are written once and never changed tell by their xmin in which transaction. */
  const transactionsOf = (answers: readonly LeadAnswer[]): Promise<number> =>
    value(
      `SELECT count(DISTINCT xmin::text)::int FROM audit_events WHERE run_id = ANY ($1)
       AND event_type IN ('lead_received', 'lead_rejected', 'duplicate_received')`,
      [answers.map(({ run_id: runId }) => runId)],
    );

  it("become runs of one transaction, answered in the order of the body, and are all delivered", async () => {
    const answer = await send(
      batch(
        '{"id":12345678901234567890,"name":"Anna"}',
        '{"id":12345678901234567891,"name":"Berta"}',
        '{"id":"c","name":"Cäsar"}',
      ),
    );
    expect(answer.status).toBe(202);
    expect(answer.headers.get("content-type")).toBe("application/json");
    const leads = leadsOf(answer);
    expect(answer.json).toEqual({
      status: "accepted",
      leads: leads.map(({ run_id: runId }) => ({ status: "accepted", run_id: runId })),
    });
    const { rows } = await client.query<{ idempotency_key: string; body: string; sha256: string }>(
      `SELECT r.idempotency_key, e.payload ->> 'body' AS body, e.payload ->> 'sha256' AS sha256
       FROM unnest($1::uuid[]) WITH ORDINALITY AS t (run_id, place) JOIN runs r USING (run_id)
       JOIN audit_events e ON e.run_id = r.run_id AND e.event_type = 'lead_received' ORDER BY place`,
      [leads.map(({ run_id: runId }) => runId)],
    );
    expect(rows.map(({ idempotency_key: key }) => key)).toEqual([
      "12345678901234567890",
      "12345678901234567891",
      "c",
    ]);
    expect(rows[0]?.body).toBe('{"id": 12345678901234567890, "name": "Anna"}');
    expect(new Set(rows.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await transactionsOf(leads)).toBe(1);
    await until("all to be delivered", () =>
      Promise.resolve(leads.every(({ run_id: runId }) => sink.countOf(`${runId}:crm`) === 1)),
    );
  });

  it("duplicates, other bodies under a known key, and new ones stand side by side, in one transaction", async () => {
    const [first] = leadsOf(await send(batch('{"id":"d1","n":1}', '{"id":"d2","n":2}')));
    const answer = await send(
      batch(
        '{"id":"d1","n":1}',
        '{"id":"d3","n":3}',
        '{"id":"d3","n":3}',
        '{"id":"d2","n":9}',
        '{"id":"d3","n":4}',
      ),
    );
    expect(answer.status).toBe(202);
    const [known, fresh, twice, conflict, otherwise] = leadsOf(answer);
    expect(known).toMatchObject({ status: "duplicate", run_id: first?.run_id });
    expect(fresh?.status).toBe("accepted");
    expect(twice).toEqual({
      status: "duplicate",
      run_id: fresh?.run_id,
      existing_status: "accepted",
    });
    expect(conflict).toMatchObject({ status: "refused", code: "idempotency_key_reused" });
    expect(otherwise).toMatchObject({ status: "refused", run_id: fresh?.run_id });
    expect(typeof otherwise?.dlq_id).toBe("number");
    expect(
      await value(
        `SELECT count(DISTINCT e.xmin::text)::int FROM audit_events e WHERE e.run_id = $1
         AND e.event_type IN ('lead_received', 'duplicate_received', 'dlq_opened')`,
        [fresh?.run_id],
      ),
    ).toBe(1);
    const again = await send(
      batch(
        '{"id":"d1","n":1}',
        '{"id":"d3","n":3}',
        '{"id":"d3","n":3}',
        '{"id":"d2","n":9}',
        '{"id":"d3","n":4}',
      ),
    );
    expect(again.status).toBe(202);
    expect(leadsOf(again).map(({ status, run_id: runId, dlq_id: dlqId }) => [status, runId, dlqId])).toEqual([
      ["duplicate", first?.run_id, undefined],
      ["duplicate", fresh?.run_id, undefined],
      ["duplicate", fresh?.run_id, undefined],
      ["refused", conflict?.run_id, conflict?.dlq_id],
      ["refused", fresh?.run_id, otherwise?.dlq_id],
    ]);
  });

  it("one that cannot be read or breaks the schema is kept, and harms none of the others", async () => {
    const body = batch(
      '{"id":"s1","email":"a@example.com"}',
      '{"id":"s2"}',
      '{"id":"s3","email":"nul\\u0000"}',
      '{"id":"s4","email":"d@example.com"}',
    );
    const answer = await send(body, "strict");
    expect(answer.status).toBe(202);
    expect(leadsOf(answer).map(({ status, code }) => [status, code])).toEqual([
      ["accepted", undefined],
      ["refused", "schema_violation"],
      ["refused", "json_nul_character"],
      ["accepted", undefined],
    ]);
    expect(await transactionsOf(leadsOf(answer))).toBe(1);
    const kept = await value<string>("SELECT payload ->> 'body_base64' FROM dlq WHERE dlq_id = $1", [
      leadsOf(answer)[2]?.dlq_id,
    ]);
    expect(Buffer.from(kept, "base64").toString()).toBe('{"id":"s3","email":"nul\\u0000"}');
    const again = leadsOf(await send(body, "strict"));
    expect(again.map(({ run_id: runId, dlq_id: dlqId }) => [runId, dlqId])).toEqual(
      leadsOf(answer).map(({ run_id: runId, dlq_id: dlqId }) => [runId, dlqId]),
    );
  });

  it("a request that cannot be read as a whole is one refused run, one with a single lead is answered as ever", async () => {
    const broken = await send('{"leads":[{"id":"x1"}');
    expect(broken.status).toBe(422);
    expect(broken.json).toMatchObject({ code: "json_malformed", run_id: expect.any(String) as unknown });
    const single = await send(batch('{"id":"x1"}'));
    expect(single.status).toBe(202);
    expect(Object.keys(single.json)).toEqual(["status", "run_id"]);
    const again = await send(batch('{"id":"x1"}'));
    expect(again.status).toBe(200);
    expect(again.json).toMatchObject({ status: "duplicate", run_id: single.json["run_id"] });
  });

  it("none at all is a sign of life: success, and nothing is stored", async () => {
    // What was sent before is still being delivered.
    const stored = "SELECT count(*)::int FROM audit_events WHERE actor = 'webhook'";
    const before = await value(stored);
    const answer = await send(batch());
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ status: "accepted", leads: [] });
    expect(await value(stored)).toBe(before);
  });

  it("too many are kept as one refused request", async () => {
    const most = Array.from({ length: leadsPerRequestMax }, (_, index) => `{"id":"m${index}"}`);
    const answer = await send(batch(...most), "many");
    expect(leadsOf(answer)).toHaveLength(leadsPerRequestMax);
    expect(await transactionsOf(leadsOf(answer))).toBe(1);
    const more = await send(batch(...most, `{"id":"m"}`), "many");
    expect(more.status).toBe(422);
    expect(more.json).toMatchObject({ code: "leads_too_many" });
  });

  it("one key in the header counts for each of them, so that a resend is recognised", async () => {
    const without = await send(batch('{"n":1}', '{"n":2}'), "headed");
    expect(without.json).toMatchObject({ code: "idempotency_key_missing" });
    const answer = await send(batch('{"n":1}', '{"n":2}'), "headed", "req-1");
    expect(leadsOf(answer).map(({ status }) => status)).toEqual(["accepted", "accepted"]);
    const again = await send(batch('{"n":1}', '{"n":2}'), "headed", "req-1");
    expect(leadsOf(again).map(({ status }) => status)).toEqual(["duplicate", "duplicate"]);
  });

  it("count as one request towards the source's rate limit, and none of them passes without credentials", async () => {
    expect((await send(batch('{"id":1}', '{"id":2}', '{"id":3}'), "slow")).status).toBe(202);
    expect((await send(batch('{"id":4}', '{"id":5}'), "slow")).status).toBe(202);
    const third = await send(batch('{"id":6}', '{"id":7}'), "slow");
    expect(third.json).toMatchObject({ code: "rate_limited" });
    const before = await value("SELECT count(*)::int FROM runs");
    const unknown = await postLead(app.url, {
      path: "/webhook/lead/batch",
      body: batch('{"id":"u1"}', '{"id":"u2"}'),
      headers: { "x-batch-token": "wrong" },
    });
    expect(unknown.status).toBe(401);
    expect(unknown.json).toMatchObject({ code: "credentials_wrong" });
    expect(await value("SELECT count(*)::int FROM runs")).toBe(before);
  });

  it("what the database refuses of them is kept as bytes, and the others stand", async () => {
    await client.query(`
      CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.idempotency_key = 'p2' AND NOT NEW.refused THEN RAISE 'poison' USING ERRCODE = '22023'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION poison()`);
    const answer = await send(batch('{"id":"p1"}', '{"id":"p2"}', '{"id":"p3"}'));
    await client.query("DROP TRIGGER poison ON runs");
    expect(leadsOf(answer).map(({ status, code }) => [status, code])).toEqual([
      ["accepted", undefined],
      ["refused", "json_malformed"],
      ["accepted", undefined],
    ]);
  });

  it("all of them or none: what fails half-way leaves nothing, waits on disk whole, and comes later", async () => {
    await client.query(`
      CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.idempotency_key = 'h3' THEN RAISE 'not now' USING ERRCODE = '55006'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER stop_here BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION stop_here()`);
    const body = batch('{"id":"h1"}', '{"id":"h2"}', '{"id":"h3"}');
    const answer = await send(body);
    expect(answer.json).toMatchObject({ status: "accepted", stored: "spool" });
    expect(leadsOf(answer).map(({ status }) => status)).toEqual(["accepted", "accepted", "accepted"]);
    const count = () => value("SELECT count(*)::int FROM runs WHERE idempotency_key IN ('h1', 'h2', 'h3')");
    expect(await count()).toBe(0);
    await client.query("DROP TRIGGER stop_here ON runs");
    await until("them to be in the ledger", async () => (await count()) === 3);
    expect(await transactionsOf(leadsOf(answer))).toBe(1);
  });

  it("a kind that wants other words for an answer says them, whatever became of the leads", async () => {
    const asked = async (body: string, token = batchToken): Promise<[number, string, string | null]> => {
      const { status, text, headers } = await postLead(app.url, {
        path: "/webhook/lead/strict?own",
        body,
        headers: { "x-batch-token": token },
      });
      return [status, text, headers.get("x-was")];
    };
    expect(await asked(batch('{"id":"a1","email":"a"}', '{"id":"a2"}'))).toEqual([200, "202", "taken"]);
    expect(await asked(batch('{"id":"a1","email":"a"}'))).toEqual([200, "200", "duplicate"]);
    expect(await asked(batch('{"id":"a2"}'))).toEqual([200, "422", "refused"]);
    expect(await asked(batch(), "wrong")).toEqual([200, "401", "turned_away"]);
  });

  it("a token may stand behind the name of a source whose kind looks there, and nowhere else", async () => {
    const path = (source: string) => `/webhook/lead/${source}/${batchToken}`;
    expect((await postLead(app.url, { path: path("batch"), body: batch('{"id":"t1"}') })).status).toBe(202);
    expect((await postLead(app.url, { path: path("nobody"), body: batch('{"id":"t1"}') })).status).toBe(404);
    expect(JSON.stringify(app.log)).not.toContain(batchToken);
  });

  it("while the database is away they are one record of the spool, and answered as the ledger would", async () => {
    await proxy.set("refuse");
    // Whether this address is ours is told without the database.
    const get = (path: string): Promise<Response> => fetch(`${app.url}/webhook/lead/${path}`);
    expect(await (await get("batch?challenge=42")).text()).toBe("42");
    expect((await get("batch")).status).toBe(405);
    expect((await get("nobody?challenge=42")).status).toBe(405);
    const answer = await send(
      batch('{"id":"o1","n":1}', '{"id":"o1","n":1}', '{"id":"o1","n":2}', '{"id":"o2","bad":"\\u0000"}'),
    );
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ status: "accepted", stored: "spool" });
    expect(leadsOf(answer).map(({ status, dlq_id: dlqId }) => [status, dlqId])).toEqual([
      ["accepted", undefined],
      ["duplicate", undefined],
      ["refused", null],
      ["refused", null],
    ]);
    // What has to wait behind one of them waits as a whole.
    const behind = await send(batch('{"id":"o3"}', '{"id":"o1","n":1}'));
    expect(leadsOf(behind).map(({ status }) => status)).toEqual(["accepted", "duplicate"]);
    await proxy.set("pass");
    const [lead, , , unreadable] = leadsOf(answer);
    const [fresh] = leadsOf(behind);
    await until(
      "the spool to be drained",
      async () => (await value("SELECT count(*)::int FROM runs WHERE run_id = $1", [fresh?.run_id])) === 1,
    );
    expect(
      await value(
        "SELECT payload ->> 'body' FROM audit_events WHERE run_id = $1 AND event_type = 'lead_received'",
        [lead?.run_id],
      ),
    ).toBe('{"n": 1, "id": "o1"}');
    expect(await value("SELECT status FROM runs WHERE run_id = $1", [unreadable?.run_id])).toBe("failed");
    expect(
      await transactionsOf([lead, unreadable].flatMap((each) => (each === undefined ? [] : [each]))),
    ).toBeLessThan(3);
  });

  it("the books are right in the end", async () => {
    await until(
      "nothing to be under way",
      async () => (await value("SELECT count(*)::int FROM runs WHERE status = 'accepted'")) === 0,
    );
    expect(await brokenInvariants(app.installation.database)).toEqual([]);
  });
});
