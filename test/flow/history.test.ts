// A database that went back: what a node was told before is there no more. Going back is done as a superuser, who may
// take rows away; what that leaves is what an older backup would leave.
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readAlarms } from "../../src/ledger/figures/alarms.ts";
import { acknowledgeSetback, listSetbacks } from "../../src/ledger/log/history.ts";
import { createHistoryWatch, findSetback } from "../../src/runtime/history-watch.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";

describeOnEachServer("A database that went back", (server) => {
  let database: FreshDatabase;
  let folder: string;
  const running: TestApp[] = [];
  const start = async (dataDir = folder): Promise<TestApp> => {
    const app = await startTestApp(
      database,
      { sources: [testSource("web", { auth: { kind: "none" } })] },
      { dataDir },
    );
    running.push(app);
    return app;
  };
  beforeEach(async () => {
    database = await ledgerDatabase(server);
    folder = await mkdtemp(join(tmpdir(), "leadledger-history-"));
  });
  afterEach(async () => {
    for (const app of running.splice(0)) await app.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const post = async ({ url }: TestApp, key: string): Promise<void> => {
    const headers = { "idempotency-key": key, "content-type": "application/json" };
    const answer = await fetch(`${url}/webhook/lead/web`, { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(202);
  };
  const health = async ({ url }: TestApp): Promise<unknown> => (await fetch(`${url}/health`)).json();
  const asSuperuser = async (sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const newestEvent = async (): Promise<number> =>
    (
      (await asSuperuser("SELECT max(event_id)::int AS id FROM public.audit_events")).rows as [{ id: number }]
    )[0].id;
  const goBackTo = (eventId: number) =>
    asSuperuser(`SET session_replication_role = replica;
      DELETE FROM public.audit_events WHERE event_id > ${eventId};
      DELETE FROM public.runs WHERE run_id NOT IN (SELECT run_id FROM public.audit_events WHERE run_id IS NOT NULL)`);

  it("is found at the next start, on every node, until somebody acknowledges it", async () => {
    const otherFolder = await mkdtemp(join(tmpdir(), "leadledger-history-"));
    const [first, second] = [await start(), await start(otherFolder)];
    await post(first, "kept");
    const kept = await newestEvent();
    await post(first, "lost-1");
    await post(second, "lost-2");
    for (const app of running.splice(0)) await app.stop();
    const last = await newestEvent();
    await goBackTo(kept);
    // New events take the numbers of those that are gone.
    await asSuperuser(`ALTER SEQUENCE public.audit_events_event_id_seq RESTART WITH ${kept + 1}`);

    const [again, other] = [await start(), await start(otherFolder)];
    await vi.waitFor(
      async () => expect(await listSetbacks(again.installation.database, "open", 9)).toHaveLength(2),
      { timeout: 30_000 },
    );
    const degraded = { status: "degraded", troubles: ["database_went_back"] };
    await vi.waitFor(
      async () => expect([await health(again), await health(other)]).toMatchObject([degraded, degraded]),
      { timeout: 30_000 },
    );
    const alarms = (await readAlarms(again.installation.database)).filter(
      ({ code }) => code === "database_went_back",
    );
    expect(alarms).toHaveLength(2);
    for (const alarm of alarms) expect(alarm).toMatchObject({ severity: "error", leads_missing: null });
    const [newest, oldest] = await listSetbacks(again.installation.database, "open", 9);
    expect(Math.max(newest?.events_max ?? 0, oldest?.events_max ?? 0)).toBe(last - kept);
    expect(again.log).toContainEqual(
      expect.objectContaining({ level: "error", event: "database_went_back" }),
    );
    // Once each, however often it is looked at, and what comes now is no part of it.
    await post(again, "new");
    for (const app of running.splice(0)) await app.stop();
    const third = await start();
    expect(await listSetbacks(third.installation.database, "all", 9)).toHaveLength(2);

    for (const { setback_id: id } of await listSetbacks(third.installation.database, "open", 9))
      expect(await acknowledgeSetback(third.installation.database, "cli:test", id)).toMatchObject({
        acknowledged_by: "cli:test",
      });
    expect(await acknowledgeSetback(third.installation.database, "cli:test", 999)).toBeNull();
    await vi.waitFor(async () => expect(await health(third)).toEqual({ status: "ok" }), { timeout: 30_000 });
    const { rows } = await asSuperuser(
      "SELECT event_type, actor FROM public.audit_events WHERE event_type ~ 'went_back|setback' ORDER BY event_id",
    );
    expect(
      rows.map((row: { event_type: string; actor: string }) => `${row.event_type} ${row.actor}`),
    ).toEqual([
      ...["database_went_back system", "database_went_back system"],
      ...["setback_acknowledged cli:test", "setback_acknowledged cli:test"],
    ]);
    await rm(otherFolder, { recursive: true });
  });

  it("is found under a running node, and leads that it confirmed a moment ago are counted", async () => {
    const { installation } = await start();
    const parts = {
      database: installation.database,
      dataDir: join(folder, "watched"),
      node: "n",
      log: () => undefined,
    };
    const watch = createHistoryWatch({ ...parts, fingerprint: "f" });
    await watch.look();
    // As if the server had been a different one before: a standby that took over.
    const file = join(folder, "watched", "history.json");
    const memo = JSON.parse(await readFile(file, "utf8")) as { server: { startedAt: string } };
    memo.server.startedAt = "2020-01-01T00:00:00Z";
    await writeFile(file, JSON.stringify(memo));
    const after = createHistoryWatch({ ...parts, fingerprint: "f" });
    after.acknowledged(randomUUID());
    after.acknowledged(randomUUID());
    await after.look();
    expect(after.hasOpenSetback).toBe(true);
    expect(await listSetbacks(installation.database, "open", 9)).toMatchObject([
      { leads_missing: 2, events_max: null },
    ]);
  });

  it("is told apart from another key's database, and from one that was moved with all it had", async () => {
    const { installation } = await start();
    const { database: ledger, keys } = installation;
    await vi.waitFor(
      async () => expect(await readFile(join(folder, "history.json"), "utf8")).toContain(keys.fingerprint),
      { timeout: 30_000 },
    );
    expect(await findSetback(ledger, folder, "another")).toBeNull();
    const file = join(folder, "history.json");
    const memo = JSON.parse(await readFile(file, "utf8")) as {
      server: { systemIdentifier: string; timeline: number };
      newest: { digest: string };
    };
    memo.server = { ...memo.server, systemIdentifier: "1", timeline: 99 };
    await writeFile(file, JSON.stringify(memo));
    expect(await findSetback(ledger, folder, keys.fingerprint)).toBeNull();
    memo.newest.digest = "00";
    await writeFile(file, JSON.stringify(memo));
    expect(await findSetback(ledger, folder, keys.fingerprint)).toMatchObject({
      otherServer: true,
      timelineBefore: 99,
    });
    await writeFile(file, "cut o");
    expect(await findSetback(ledger, folder, keys.fingerprint)).toBeNull();
  });
});
