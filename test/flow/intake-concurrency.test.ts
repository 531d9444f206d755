// Many at once: one key, one body, a bad lead among good ones, a full queue (docs/contract.md, Keys and repeats).
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServer } from "../../src/http/server.ts";
import { createIntake } from "../../src/intake/intake.ts";
import { createPersonIndex } from "../../src/intake/person-index.ts";
import { createRateLimiter } from "../../src/domain/sources/rate-limiter.ts";
import { createAddressLimits } from "../../src/intake/address-limits.ts";
import { createDatabaseCircuit } from "../../src/ledger/connection/database-circuit.ts";
import { createLeadRecorder } from "../../src/intake/record-lead.ts";
import { createIntakeCommit } from "../../src/ledger/intake/intake-commit.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import { createSourceDirectory } from "../../src/intake/source-directory.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer, LeadPost } from "../support/webhook-client.ts";

const windowMs = 3_000;
const manyMs = 120_000;

describeOnEachServer("Many requests at once", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let second: TestApp;
  beforeAll(async () => {
    database = await ledgerDatabase(server);
    const configuration = {
      sources: [
        testSource("website"),
        testSource("form", { key: { kind: "body_hash" as const, windowMs } }),
        testSource("hour", { key: { kind: "body_hash" as const, windowMs: 3_600_000 } }),
      ],
      destinations: [testDestination("crm", "http://127.0.0.1:9/", { paused: true })],
    };
    app = await startTestApp(database, configuration);
    second = await startTestApp(database, configuration);
  });
  afterAll(async () => {
    await Promise.all([app.stop(), second.stop()]);
    await database.drop();
  });

  const rows = async (text: string, values: unknown[] = []) =>
    (await app.installation.database.query<Record<string, unknown>>(text, values)).rows;
  const atOnce = (count: number, post: (index: number) => LeadPost): Promise<Answer[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        postLead(index % 2 === 0 ? app.url : second.url, post(index)),
      ),
    );
  const countBy = <T>(items: readonly T[], name: (item: T) => string) => {
    const counts: Record<string, number> = {};
    for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1;
    return counts;
  };
  const kinds = (answers: readonly Answer[]) =>
    countBy(
      answers,
      ({ status, json }) => `${status} ${String(json["status"] === status ? json["code"] : json["status"])}`,
    );
  const healthChecks = async (): Promise<number> => {
    const [row] = await rows(
      "SELECT count(*)::int AS count FROM audit_events WHERE event_type = 'health_check'",
    );
    return Number(row?.["count"]);
  };
  const runIds = (answers: readonly Answer[]) => new Set(answers.map(({ json }) => json["run_id"]));

  it(
    "500 with one key on two nodes: one run, and 499 duplicates that bear its run_id",
    async () => {
      const answers = await atOnce(500, () => ({
        path: "/webhook/lead/website",
        key: "one",
        body: { name: "A" },
      }));
      expect(kinds(answers)).toEqual({ "202 accepted": 1, "200 duplicate": 499 });
      const accepted = answers.find(({ status }) => status === 202);
      expect(runIds(answers)).toEqual(new Set([accepted?.json["run_id"]]));
      const events = await rows("SELECT event_type FROM audit_events WHERE run_id = $1", [
        accepted?.json["run_id"],
      ]);
      expect(countBy(events, (event) => String(event["event_type"]))).toEqual({
        lead_received: 1,
        duplicate_received: 499,
      });
      expect(
        await rows("SELECT 1 FROM internal.deliveries WHERE run_id = $1", [accepted?.json["run_id"]]),
      ).toHaveLength(1);
    },
    manyMs,
  );

  it(
    "500 with one refused body: one run, one entry, and the same ids for everyone",
    async () => {
      const answers = await atOnce(500, () => ({
        path: "/webhook/lead/website",
        key: "refused",
        body: '{"a":',
      }));
      expect(kinds(answers)).toEqual({ "422 json_malformed": 500 });
      expect(runIds(answers).size).toBe(1);
      expect(new Set(answers.map(({ json }) => json["dlq_id"])).size).toBe(1);
      const runId = answers[0]?.json["run_id"];
      expect(await rows("SELECT dlq_id FROM dlq WHERE run_id = $1", [runId])).toEqual([
        { dlq_id: answers[0]?.json["dlq_id"] },
      ]);
      const rejected = "SELECT 1 FROM audit_events WHERE run_id = $1 AND event_type = 'lead_rejected'";
      expect(await rows(rejected, [runId])).toHaveLength(1);
    },
    manyMs,
  );

  it(
    "good, broken and corrected bodies under one key in a crowd: one run, one correction, no answer is lost",
    async () => {
      const bodies = ['{"broken":', '{"good":1}', '{"good": 1.0}', '{"other":2}'];
      for (const key of ["crowd-1", "crowd-2", "crowd-3"]) {
        const broken = await postLead(app.url, { path: "/webhook/lead/website", key, body: bodies[0] ?? "" });
        const answers = await atOnce(120, (index) => ({
          path: "/webhook/lead/website",
          key,
          body: bodies[index % bodies.length] ?? "",
        }));
        expect(runIds([broken, ...answers]).size).toBe(1);
        expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 202, 422]));
        const runId = broken.json["run_id"];
        const [run] = await rows("SELECT status, refused FROM runs WHERE run_id = $1", [runId]);
        expect(run).toEqual({ status: "accepted", refused: false });
        const entries = await rows("SELECT kind, status FROM dlq WHERE run_id = $1 ORDER BY dlq_id", [runId]);
        expect(entries).toEqual([
          { kind: "refused", status: "resolved" },
          { kind: "conflict", status: "open" },
        ]);
        expect(await rows("SELECT 1 FROM internal.deliveries WHERE run_id = $1", [runId])).toHaveLength(1);
      }
    },
    manyMs,
  );

  it(
    "the body-hash rule: 300 equal bodies at once are one lead, and after the window the same body is a new one",
    async () => {
      const post = () => ({ path: "/webhook/lead/form", body: '{"name":"Anna"}' });
      const hour = await atOnce(300, () => ({ ...post(), path: "/webhook/lead/hour" }));
      expect(kinds(hour)).toEqual({ "202 accepted": 1, "200 duplicate": 299 });
      expect(runIds(hour).size).toBe(1);

      const first = await postLead(app.url, post());
      expect(first.status).toBe(202);
      expect((await postLead(second.url, post())).json).toMatchObject({
        status: "duplicate",
        run_id: first.json["run_id"],
      });
      const later = await until("the window to pass", async () => {
        const answer = await postLead(app.url, post());
        return answer.status === 202 && answer;
      });
      expect(later.json["run_id"]).not.toBe(first.json["run_id"]);
      const [gap] = await rows(
        "SELECT extract(epoch FROM max(received_at) - min(received_at)) * 1000 AS ms FROM runs WHERE source = 'form'",
      );
      expect(Number(gap?.["ms"])).toBeGreaterThanOrEqual(windowMs);
      const other = await postLead(app.url, { ...post(), body: '{"name":"Berta"}' });
      expect(other.status).toBe(202);
    },
    manyMs,
  );

  it("the body-hash rule holds for refused bodies too: one run, one entry", async () => {
    const answers = await atOnce(50, () => ({ path: "/webhook/lead/hour", body: '{"name":' }));
    expect(kinds(answers)).toEqual({ "422 json_malformed": 50 });
    expect(runIds(answers).size).toBe(1);
    expect(new Set(answers.map(({ json }) => json["dlq_id"])).size).toBe(1);
  });

  it("a lead that the database refuses in the middle of 200 and of health checks harms none of them, and is itself kept", async () => {
    // No body is known that passes intake and is refused by jsonb, so the database is made to refuse one.
    await rows(`CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22P05'; END $$`);
    await rows(`CREATE TRIGGER poison BEFORE INSERT ON public.audit_events FOR EACH ROW
      WHEN (NEW.event_type = 'lead_received' AND NEW.payload -> 'body' ? 'poison') EXECUTE FUNCTION public.poison()`);
    const before = await healthChecks();
    const checks: Promise<Response>[] = [];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        if (index % 10 === 0) checks.push(fetch(`${app.url}/health`));
        return postLead(app.url, {
          path: "/webhook/lead/website",
          key: `poison-${index}`,
          body: index === 100 ? { poison: true } : { index },
        });
      }),
    );
    for (const check of checks) expect((await check).status).toBe(200);
    expect(await healthChecks()).toBe(before + checks.length);
    await rows("DROP TRIGGER poison ON public.audit_events");
    expect(kinds(answers)).toEqual({ "202 accepted": 199, "422 json_malformed": 1 });
    const [counts] =
      await rows(`SELECT count(*)::int AS runs, (count(*) FILTER (WHERE status = 'failed'))::int AS failed
      FROM runs WHERE idempotency_key LIKE 'poison-%'`);
    expect(counts).toEqual({ runs: 200, failed: 1 });
    const [entry] = await rows("SELECT payload FROM dlq WHERE run_id = $1", [answers[100]?.json["run_id"]]);
    const { body_base64: bytes = "" } = entry?.["payload"] as Record<string, string>;
    expect(Buffer.from(bytes, "base64").toString()).toBe('{"poison":true}');
    // Sent again when the database takes it: the lead is taken under the same run.
    const again = await postLead(app.url, {
      path: "/webhook/lead/website",
      key: "poison-100",
      body: { poison: true },
    });
    expect(again.json).toEqual({ status: "accepted", run_id: answers[100]?.json["run_id"] });
  });

  it("a health check that would wait for somebody's lock is kept on disk, and recorded when the lock is gone", async () => {
    const before = await healthChecks();
    let asked = 1;
    const holder = await app.installation.database.pool.connect();
    await holder.query("BEGIN; LOCK TABLE audit_events IN SHARE MODE");
    const startedAtMs = performance.now();
    try {
      const health = await fetch(`${app.url}/health`);
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({ status: "degraded", spool: { records: 1 } });
      expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    } finally {
      await holder.query("COMMIT");
      holder.release();
    }
    await until("it to be there", async () => (await healthChecks()) > before);
    await until("the spool to be empty", async () => {
      const { status } = (await (await fetch(`${app.url}/health`)).json()) as { status: string };
      asked += 1;
      return status === "ok";
    });
    expect(await healthChecks()).toBe(before + asked);
  });

  it(
    "without a spool a full queue answers 503 with Retry-After at once; what was let in is stored once, and nothing else",
    async () => {
      const limits = { queueItemsMax: 20, batchItemsMax: 10, batchesInFlightMax: 1 };
      const sources = createSourceDirectory(true, builtInKinds.sources);
      sources.replace([], []);
      const log = () => undefined;
      const monotonicMs = () => performance.now();
      const lease = { node: "small", leaseMs: 10_000 };
      const { database } = app.installation;
      const recorder = createLeadRecorder({
        database,
        lease,
        spool: null,
        monotonicMs,
        log,
        databaseCircuit: createDatabaseCircuit({ database, isThere: true, log }),
        newLeads: createIntakeCommit(database, lease, limits),
        deduplicateLimits: limits,
        reserve: () => null,
        onWaiting: () => undefined,
      });
      const intake = createIntake({
        sources,
        recorder,
        log,
        persons: createPersonIndex(Buffer.alloc(32)),
        nowMs: Date.now,
        rateLimiter: createRateLimiter(monotonicMs),
        addressLimits: createAddressLimits(monotonicMs),
        onDenied: () => undefined,
        onNotice: () => undefined,
        contentHash: () => null,
      });
      const health = {
        recordHealthCheck: () => Promise.resolve(true),
        troubles: () => [],
        now: () => new Date(),
        spool: () => null,
        canAccept: () => Promise.reject(new Error("away")),
        metrics: () => Promise.resolve({ contentType: "text/plain", text: "" }),
      };
      const small = createServer({ intake, health, log });
      const url = await small.listen({ host: "127.0.0.1", port: 0 });
      const holder = await app.installation.database.pool.connect();
      await holder.query("BEGIN; LOCK TABLE runs IN ACCESS EXCLUSIVE MODE");
      const refusedAnswers: Answer[] = [];
      // Few enough to be answered before whoever waits for the lock gives up, also on a machine with much to do.
      const senders = 50;
      const posts = Array.from({ length: senders }, async (_, index) => {
        const answer = await postLead(url, {
          path: "/webhook/lead/any",
          key: `full-${index}`,
          body: { index },
        });
        if (answer.status === 503) refusedAnswers.push(answer);
        return answer;
      });
      // At most 10 are in the batch under way and, of one source, half of the 20 that may wait; the others are turned away
      // while the table is locked.
      try {
        await until("all others to be turned away", () => refusedAnswers.length >= senders - 20);
        expect(recorder.queueLength).toBe(10);
        const other = postLead(url, { path: "/webhook/lead/quiet", key: "quiet", body: {} });
        await until("another source to be let in", () => recorder.queueLength === 11);
        posts.push(other);
      } finally {
        await holder.query("COMMIT");
        holder.release();
      }
      const answers = await Promise.all(posts);
      const accepted = answers.filter(({ status }) => status === 202);
      expect(answers.at(-1)?.status).toBe(202);
      expect(accepted.length).toBeGreaterThanOrEqual(12);
      expect(kinds(answers)).toEqual({
        "202 accepted": accepted.length,
        "503 intake_overloaded": senders + 1 - accepted.length,
      });
      for (const answer of refusedAnswers)
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      const stored = await rows(
        "SELECT run_id FROM runs WHERE idempotency_key LIKE 'full-%' OR idempotency_key = 'quiet'",
      );
      expect(stored.map((run) => run["run_id"]).toSorted()).toEqual(
        accepted.map(({ json }) => json["run_id"]).toSorted(),
      );
      expect((await fetch(`${url}/readyz`)).status).toBe(503);
      await small.close();
    },
    manyMs,
  );
});
