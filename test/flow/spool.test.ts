// Store and forward: while the database cannot take leads they are kept on disk and answered from there; when it is back
// they are in the ledger as if nothing had happened.
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepUnrecordable } from "../../src/ledger/intake/unrecordable-arrivals.ts";
import { findRunOfArrival } from "../../src/ledger/log/arrival-ids.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp, TestAppOptions } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { describeOnEachServer } from "../support/database.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import type { TcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";
import type { Answer } from "../support/webhook-client.ts";

describeOnEachServer("while the database is away", (server) => {
  let database: FreshDatabase;
  let proxy: TcpProxy;
  let dataDir: string;
  let sink: Sink;
  let client: pg.Client;
  let apps: TestApp[];
  let healthChecks: number;
  beforeEach(async () => {
    database = await ledgerDatabase(server);
    proxy = await startTcpProxy(Number(new URL(database.url).port));
    dataDir = await mkdtemp(join(tmpdir(), "leadledger-outage-"));
    sink = await startSink();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    apps = [];
    healthChecks = 0;
  });
  afterEach(async () => {
    await proxy.set("pass");
    for (const app of apps) await app.stop();
    await client.end();
    await proxy.close();
    await sink.close();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const configuration = () => ({
    sources: [
      testSource("website"),
      testSource("form", { key: { kind: "body_hash", windowMs: 600_000 } }),
      testSource("strict", { schema: { type: "object", required: ["email"] } }),
    ],
    destinations: [testDestination("crm", sink.url)],
  });
  async function start(options: TestAppOptions = {}): Promise<TestApp> {
    const app = await startTestApp({ url: throughPort(database.url, proxy.port) }, configuration(), {
      dataDir,
      ...options,
    });
    apps.push(app);
    return app;
  }
  const send = (app: TestApp, key: string, body: Record<string, unknown> | string, source = "website") =>
    postLead(app.url, { path: `/webhook/lead/${source}`, key, body });
  const value = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await client.query<{ value: T }>(`SELECT (${text}) AS value`, values);
    return rows[0]?.value as T;
  };
  const check = (app: TestApp): Promise<Response> => {
    healthChecks += 1;
    return fetch(`${app.url}/health`);
  };
  const drained = (app: TestApp) =>
    until("the spool to be drained", async () => {
      const health = (await (await check(app)).json()) as { status: string };
      return health.status === "ok";
    });
  const runIdOf = ({ json }: Answer): string => String(json["run_id"]);

  it("leads are kept with their run id and time, answered 202 from the spool, and delivered when it is back", async () => {
    const app = await start();
    await proxy.set("refuse");
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => send(app, `k${index}`, { name: `Anna ${index}` })),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(202);
      expect(answer.json).toEqual({ status: "accepted", run_id: runIdOf(answer), stored: "spool" });
    }
    const health = await check(app);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: "degraded",
      troubles: expect.arrayContaining(["database", "spool"]) as unknown,
      spool: { records: expect.any(Number) as unknown, oldest_seconds: expect.any(Number) as unknown },
    });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    const figures = await (await fetch(`${app.url}/metrics`)).text();
    expect(figures).toMatch(/^leadledger_spool_records 30[0-9]$/m);
    expect(figures).toMatch(/^leadledger_database_reachable 0$/m);
    expect(await value("SELECT count(*)::int FROM runs")).toBe(0);
    await proxy.set("pass");
    await drained(app);
    const { rows } = await client.query<{ run_id: string }>("SELECT run_id FROM runs ORDER BY run_id");
    expect(rows.map(({ run_id: runId }) => runId)).toEqual(answers.map(runIdOf).toSorted());
    await until(
      "all to be delivered",
      async () => (await value("SELECT count(*)::int FROM runs WHERE outcome = 'delivered'")) === 300,
    );
    expect(answers.map((answer) => sink.countOf(`${runIdOf(answer)}:crm`))).toEqual(answers.map(() => 1));
    // Those made meanwhile are recorded, too.
    expect(await value("SELECT count(*)::int FROM audit_events WHERE event_type = 'health_check'")).toBe(
      healthChecks,
    );
    expect(await spooledFiles()).toEqual([]);
  });

  it("the same key twice is one run, another body is a conflict, and broken payloads are kept without a number yet", async () => {
    const app = await start();
    await proxy.set("refuse");
    const first = await send(app, "k", { name: "Anna", age: 1 });
    const again = await send(app, "k", '{ "age": 1.0, "name": "Anna" }');
    expect(again.status).toBe(200);
    expect(again.json).toEqual({
      status: "duplicate",
      run_id: runIdOf(first),
      existing_status: "accepted",
      stored: "spool",
    });
    const other = await send(app, "k", { name: "Berta" });
    expect(other.status).toBe(422);
    expect(other.json).toMatchObject({
      code: "idempotency_key_reused",
      run_id: runIdOf(first),
      dlq_id: null,
      stored: "spool",
    });
    const broken = await send(app, "b", '{"name":');
    expect(broken.json).toMatchObject({ status: 422, code: "json_malformed", dlq_id: null, stored: "spool" });
    const corrected = await send(app, "b", { name: "Clara" });
    expect(corrected.status).toBe(202);
    expect(runIdOf(corrected)).toBe(runIdOf(broken));
    const violating = await send(app, "s", { name: "Dora" }, "strict");
    expect(violating.json).toMatchObject({ code: "schema_violation", dlq_id: null });
    const hashed = [await send(app, "", { n: 1 }, "form"), await send(app, "", { n: 1 }, "form")];
    expect(runIdOf(hashed[1] as Answer)).toBe(runIdOf(hashed[0] as Answer));
    await proxy.set("pass");
    await drained(app);
    const story = (answer: Answer): Promise<string> =>
      value(
        `SELECT string_agg(event_type, ' ' ORDER BY event_time) FROM audit_events
         WHERE run_id = $1 AND event_type !~ '^lead_(delivered|processed)'`,
        [runIdOf(answer)],
      );
    expect(await value("SELECT count(*)::int FROM runs")).toBe(4);
    expect(await story(first)).toBe("lead_received duplicate_received dlq_created");
    expect(await story(broken)).toMatch(
      /^lead_rejected dlq_created lead_failed .*lead_corrected dlq_resolved/,
    );
    expect(await story(violating)).toBe("lead_rejected dlq_created lead_failed");
    expect(await story(hashed[0] as Answer)).toBe("lead_received duplicate_received");
    expect(await value("SELECT count(*)::int FROM dlq WHERE kind = 'conflict' AND status = 'open'")).toBe(1);
    // Sent again now, everything gets the ids that it had, and the broken ones their entries.
    expect((await send(app, "k", { name: "Anna", age: 1 })).json).toMatchObject({ run_id: runIdOf(first) });
    expect((await send(app, "s", { name: "Dora" }, "strict")).json).toMatchObject({
      run_id: runIdOf(violating),
      dlq_id: expect.any(Number) as unknown,
    });
  });

  it("what turns out to be known already goes to the run that was there, and is found under the id that was told", async () => {
    const app = await start();
    const early = await send(app, "k", { name: "Anna" });
    const broken = await send(app, "b", "{");
    await proxy.set("refuse");
    const same = await send(app, "k", { name: "Anna" });
    expect(same.status).toBe(202);
    expect(runIdOf(same)).not.toBe(runIdOf(early));
    const conflicting = await send(app, "k2", { name: "Berta" });
    const corrected = await send(app, "b", { name: "Clara" });
    await client.query("INSERT INTO runs (source, idempotency_key) VALUES ('website', 'k2')");
    await proxy.set("pass");
    await drained(app);
    expect(await value("SELECT count(*)::int FROM runs WHERE idempotency_key = 'k'")).toBe(1);
    const found = (told: Answer): Promise<string | null> =>
      findRunOfArrival(app.installation.database, runIdOf(told));
    expect(await found(same)).toBe(runIdOf(early));
    expect(await found(corrected)).toBe(runIdOf(broken));
    expect(await found(conflicting)).toBe(
      await value("SELECT run_id FROM runs WHERE idempotency_key = 'k2'"),
    );
    expect(await value("SELECT count(*)::int FROM dlq WHERE kind = 'conflict'")).toBe(1);
    expect(await value("SELECT status FROM runs WHERE run_id = $1", [runIdOf(broken)])).not.toBe("failed");
  });

  it("a commit that nobody heard of drains onto itself, without a trace", async () => {
    const app = await start();
    await send(app, "warm", {});
    await proxy.set("half_open");
    const answers = await Promise.all([
      send(app, "k", { name: "Anna" }),
      send(app, "warm", {}),
      send(app, "b", "{"),
    ]);
    expect(answers.map(({ json }) => json["stored"])).toEqual(["spool", "spool", "spool"]);
    expect(await value("SELECT count(*)::int FROM runs WHERE idempotency_key = 'k'")).toBe(1);
    await proxy.set("refuse");
    await proxy.set("pass");
    await drained(app);
    expect(
      await value(
        "SELECT string_agg(event_type, ' ' ORDER BY event_time) FROM audit_events WHERE run_id = $1 AND event_type !~ 'delivered|processed'",
        [runIdOf(answers[0])],
      ),
    ).toBe("lead_received");
    expect(
      await value("SELECT count(*)::int FROM audit_events WHERE event_type = 'duplicate_received'"),
    ).toBe(1);
    expect(await value("SELECT count(*)::int FROM dlq")).toBe(1);
  });

  it("a restart goes on taking leads with the sources of the last contact, and everything arrives in the end", async () => {
    const before = await start();
    await proxy.set("refuse");
    const early = await send(before, "k1", { name: "Anna" });
    await before.stop();
    const after = await start();
    const same = await send(after, "k1", { name: "Anna" });
    expect(same.json).toMatchObject({ status: "duplicate", run_id: runIdOf(early), stored: "spool" });
    const late = await send(after, "k2", { name: "Berta" });
    expect(late.json).toMatchObject({ status: "accepted", stored: "spool" });
    expect((await send(after, "k3", {}, "nobody")).status).toBe(401);
    expect((await check(after)).status).toBe(200);
    await proxy.set("pass");
    await drained(after);
    await until(
      "both to be delivered",
      async () => (await value("SELECT count(*)::int FROM runs WHERE outcome = 'delivered'")) === 2,
    );
    expect([sink.countOf(`${runIdOf(early)}:crm`), sink.countOf(`${runIdOf(late)}:crm`)]).toEqual([1, 1]);
  });

  it("a source that has filled its half of the spool is answered 503 with Retry-After, nothing of that is kept, and others still get in", async () => {
    const app = await start({ spoolLimits: { bytesMax: 10_000_000, recordsMax: 10 } });
    await proxy.set("refuse");
    const answers: Answer[] = [];
    for (let index = 0; index < 8; index += 1) answers.push(await send(app, `k${index}`, { index }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 503, 503, 503]);
    expect(answers[7]?.json["code"]).toBe("intake_overloaded");
    expect(Number(answers[7]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await send(app, "other", {}, "strict")).status).toBe(422);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    await proxy.set("pass");
    await drained(app);
    expect(await value("SELECT count(*)::int FROM runs")).toBe(6);
    expect((await send(app, "k7", { index: 7 })).json).toMatchObject({ status: "accepted" });
  });

  it("one lead that the database refuses becomes an entry for a person, and the others go on", async () => {
    const app = await start();
    await asOwner(`CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.idempotency_key = 'poison' THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION poison()`);
    const answers = await Promise.all(["a", "poison", "b", "c"].map((key) => send(app, key, { name: key })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    await drained(app);
    expect(await value("SELECT string_agg(idempotency_key, ' ' ORDER BY idempotency_key) FROM runs")).toBe(
      "a b c",
    );
    const { rows } = await client.query<{ reason: string; arrival: string; received: string }>(
      `SELECT reason, payload ->> 'arrival_id' AS arrival,
         convert_from(decode(payload ->> 'received_base64', 'base64'), 'UTF8') AS received
       FROM dlq WHERE error_code = 'lead_not_recordable' AND status = 'open'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.arrival).toBe(runIdOf(answers[1] as Answer));
    expect(rows[0]?.reason).toContain("poisoned");
    expect(JSON.parse(rows[0]?.received ?? "")).toMatchObject({
      source: "website",
      body: { name: "poison" },
    });
    // It is tried again when the process dies before its segment is gone, and is still one entry.
    await keepUnrecordable(
      app.installation.database,
      {
        kind: "refused",
        runId: runIdOf(answers[1] as Answer),
        source: "website",
        recognisedBy: { kind: "key", key: "poison" },
        receivedAt: new Date().toISOString(),
        errorCode: "json_malformed",
        message: "",
        payload: "{}",
      },
      "poisoned",
    );
    expect(await value("SELECT count(*)::int FROM dlq WHERE error_code = 'lead_not_recordable'")).toBe(1);
  });

  it("a node that has no spool refuses leads meanwhile, and takes them again when it is back", async () => {
    await writeFile(join(dataDir, "spool"), "");
    const app = await start();
    await proxy.set("refuse");
    await until("a lead to be refused", async () => (await send(app, "k", {})).status === 503);
    await proxy.set("pass");
    await until("a lead to be taken", async () => (await send(app, "k", {})).status === 202);
    expect(await value("SELECT count(*)::int FROM runs")).toBe(1);
  });

  it("a segment that cannot be read keeps no new lead out of the ledger", async () => {
    const app = await start();
    await proxy.set("refuse");
    expect((await send(app, "k", {})).json["stored"]).toBe("spool");
    const [segment = ""] = await spooledFiles();
    await rm(join(dataDir, "spool", "1", segment));
    await mkdir(join(dataDir, "spool", "1", segment));
    await proxy.set("pass");
    let sent = 0;
    await until("a lead to go to the ledger", async () => {
      const answer = await send(app, `new${(sent += 1)}`, {});
      return answer.status === 202 && answer.json["stored"] === undefined;
    });
  });

  it("the copy of the configuration is written when the disk takes it again", async () => {
    const copy = join(dataDir, "configuration.copy");
    // Nothing can be renamed to it.
    await mkdir(join(copy, "in the way"), { recursive: true });
    const app = await start();
    await until("the failure to be seen", () =>
      app.log.some(({ event, fields }) => event === "task_failed" && fields["task"] === "configuration_copy"),
    );
    expect((await readdir(dataDir)).filter((name) => name.startsWith("configuration.copy."))).toEqual([]);
    await rm(copy, { recursive: true });
    await until("the copy to be there", async () =>
      (await readdir(dataDir, { withFileTypes: true })).some(
        (entry) => entry.name === "configuration.copy" && entry.isFile(),
      ),
    );
  });

  const cuts = [
    { cut: "reset", tags: [] },
    { cut: "black_hole", tags: ["thorough"] },
  ] as const;
  for (const { cut, tags } of cuts)
    it(
      `a line that is cut (${cut}) costs nobody a lead or more than seconds`,
      { tags: [...tags] },
      async () => {
        const app = await start();
        await send(app, "warm", {});
        await proxy.set(cut);
        const startedAt = performance.now();
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) => send(app, `k${index}`, { index })),
        );
        expect(answers.map(({ json }) => json["stored"])).toEqual(answers.map(() => "spool"));
        expect(performance.now() - startedAt).toBeLessThan(8_000);
        const lateAt = performance.now();
        await send(app, "late", {});
        // It is known to be away: nobody asks it again, which would take the three seconds above.
        expect(performance.now() - lateAt).toBeLessThan(2_000);
        await proxy.set("pass");
        await until(
          "all to be in the ledger",
          async () => (await value("SELECT count(*)::int FROM runs")) === 22,
          30_000,
        );
      },
    );

  it("a database that is read-only counts as away", async () => {
    const app = await start();
    const name = new URL(database.url).pathname.slice(1);
    await asOwner(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await asOwner(endProgramsConnections);
    let sent = 0;
    const answer = await until("leads to go to the spool", async () => {
      const last = await send(app, `k${(sent += 1)}`, { name: "Anna" });
      return last.json["stored"] === "spool" && last;
    });
    await asOwner(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await asOwner(endProgramsConnections);
    await drained(app);
    expect(await value("SELECT run_id FROM runs WHERE idempotency_key = $1", [`k${sent}`])).toBe(
      runIdOf(answer),
    );
  });

  async function asOwner(text: string): Promise<void> {
    const owner = new pg.Client({
      connectionString: database.superuserUrl,
      options: "-c default_transaction_read_only=off",
    });
    await owner.connect();
    await owner.query(text);
    await owner.end();
  }

  const spooledFiles = async (): Promise<string[]> =>
    (await readdir(join(dataDir, "spool", "1"))).filter((name) => name !== "lock");
});

const endProgramsConnections = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name ~ '^leadledger [0-9]'`;

function throughPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
