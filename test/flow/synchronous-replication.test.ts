// A commit that waits for a standby: nothing is acknowledged before the standby has it, whoever cancels the wait.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { judgeCommit } from "../../src/cli/doctor/doctor-database.ts";
import { checkCommit, readStandbyState } from "../../src/ledger/connection/commit-check.ts";
import { tellsOfDoubt } from "../../src/ledger/connection/commit-in-doubt.ts";
import { connectionUri, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { apiClient, testAdminKey } from "../support/api-client.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import type { TestServer } from "../support/servers.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

let server: TestServer;
let stopServer: () => Promise<void>;
let database: FreshDatabase;
let superuser: pg.Client;
let app: TestApp;

beforeAll(async () => {
  // Of its own: the setting is the whole server's.
  const folder = await mkdtemp(join(tmpdir(), "leadledger-standby-"));
  const running = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  const maintenance = { database: "postgres" };
  server = {
    name: "PostgreSQL 18",
    major: 18,
    superuserUrl: connectionUri({ ...running.superuser, ...maintenance }),
    ownerUrl: connectionUri({ ...running.connection, ...maintenance }),
  };
  stopServer = async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
});
afterAll(() => stopServer());

beforeEach(async () => {
  database = await ledgerDatabase(server);
  superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  app = await startTestApp(database, { sources: [testSource("web")] }, { adminKey: testAdminKey });
});
afterEach(async () => {
  await setStandby(null);
  await app.stop();
  await superuser.end();
  await database.drop();
});

/** The standby that every commit waits for; null: none. */
async function setStandby(name: string | null): Promise<void> {
  // Its own commit must not wait.
  await superuser.query("SET synchronous_commit = local");
  await superuser.query(
    name === null
      ? "ALTER SYSTEM RESET synchronous_standby_names"
      : `ALTER SYSTEM SET synchronous_standby_names = '${name}'`,
  );
  await superuser.query("SELECT pg_reload_conf()");
  await until("the server to have read it", async () => {
    const { rows } = await superuser.query<{ now: string }>(
      "SELECT current_setting('synchronous_standby_names') AS now",
    );
    return rows[0]?.now === (name ?? "");
  });
}

interface Waiting {
  readonly pid: number;
  readonly query: string;
}

async function waiting(queryLike = "%"): Promise<readonly Waiting[]> {
  const { rows } = await superuser.query<Waiting>(
    "SELECT pid, query FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database() AND query LIKE $1",
    [queryLike],
  );
  return rows;
}

const intakeStatement = "%INSERT INTO public.runs%";

async function endWaits(how: "pg_cancel_backend" | "pg_terminate_backend", queryLike: string): Promise<void> {
  await until("a backend to wait for the standby", async () => (await waiting(queryLike)).length > 0);
  for (const { pid } of await waiting(queryLike)) await superuser.query(`SELECT ${how}($1)`, [pid]);
}

const send = (key: string) => postLead(app.url, { path: "/webhook/lead/web", key, body: { key } });

it.each(["pg_cancel_backend", "pg_terminate_backend"] as const)(
  "keeps a lead on disk whose wait for the standby ended by %s, and has it once when the standby is back",
  async (how) => {
    expect((await send("before")).json).toMatchObject({ status: "accepted" });
    await setStandby("nobody");
    const answer = send("lead");
    await endWaits(how, intakeStatement);
    const { status, json } = await answer;
    expect({ status, stored: json["stored"] }).toEqual({ status: 202, stored: "spool" });

    await setStandby(null);
    const { database: ledger } = app.installation;
    await until("the spool to be empty", async () => {
      const health = (await (await fetch(`${app.url}/health`)).json()) as { status: string };
      return health.status === "ok";
    });
    const { rows } = await ledger.query<{ run_id: string }>(
      "SELECT run_id FROM public.runs WHERE idempotency_key = 'lead'",
    );
    expect(rows).toEqual([{ run_id: json["run_id"] }]);
    expect((await send("lead")).json).toMatchObject({ status: "duplicate", run_id: json["run_id"] });
  },
);

it("tells nobody of a duplicate whose first copy the standby may not have", async () => {
  // Another node, which knows nothing of what waits on the disk of the first.
  const other = await startTestApp(database, { sources: [testSource("web")] });
  await setStandby("nobody");
  const first = send("lead");
  await endWaits("pg_cancel_backend", intakeStatement);
  const { json } = await first;
  try {
    const repeat = postLead(other.url, { path: "/webhook/lead/web", key: "lead", body: { key: "lead" } });
    expect((await repeat).json).toMatchObject({ status: "accepted", stored: "spool" });
    await setStandby(null);
    await until("the repeat to be with its run", async () => {
      const { rows } = await other.installation.database.query<{ count: number }>(
        "SELECT count(*) FROM public.audit_events WHERE event_type = 'duplicate_received' AND run_id = $1",
        [json["run_id"]],
      );
      return rows[0]?.count === 1;
    });
  } finally {
    await setStandby(null);
    await other.stop();
  }
});

it("answers a change by a person as unconfirmed, not as done", async () => {
  const api = apiClient(app.url);
  await setStandby("nobody");
  const change = api.post("/sources", { name: "late", auth: { kind: "none" }, to: null });
  await endWaits("pg_cancel_backend", "COMMIT");
  const { status, json } = await change;
  expect({ status, code: json["code"] }).toEqual({ status: 503, code: "commit_unconfirmed" });
});

it("notices that commits hang: health is degraded, doctor fails, and no waiting backends pile up", async () => {
  await setStandby("nobody");
  const { database: ledger } = app.installation;
  const health = (await (await fetch(`${app.url}/health`)).json()) as { status: string; troubles: string[] };
  expect(health).toMatchObject({
    status: "degraded",
    troubles: expect.arrayContaining(["database"]) as string[],
  });

  for (let check = 0; check < 4; check += 1)
    expect(await checkCommit(ledger, 300)).toEqual({ kind: "waits" });
  await until(
    "what was given up to be gone from the server",
    async () => (await waiting("%pg_logical_emit_message%")).length <= 1,
  );
  const finding = judgeCommit({ kind: "waits" }, await readStandbyState(ledger));
  expect(finding).toMatchObject({ check: "commit", status: "fail" });
  expect(finding.text.en).toContain("synchronous_standby_names = nobody; standbys connected: 0");
  await setStandby(null);
  await until("commits to be finished again", async () => {
    const { kind } = await checkCommit(ledger, 1_000);
    return kind === "finished";
  });
});

it("knows the server's warning in every language, and no other warning for it", () => {
  const routine = "SyncRepWaitForLSN";
  const message = "storniere Warten auf synchrone Replikation wegen Benutzeraufforderung";
  expect(tellsOfDoubt({ code: "01000", routine, message })).toBe(true);
  expect(tellsOfDoubt({ code: "57P01", routine, message })).toBe(true);
  expect(
    tellsOfDoubt({
      code: "01000",
      message: "canceling wait for synchronous replication due to user request",
    }),
  ).toBe(true);
  expect(tellsOfDoubt({ code: "01000", routine: "BeginTransactionBlock", message: "x" })).toBe(false);
  expect(tellsOfDoubt({ code: "25001", routine: "BeginTransactionBlock" })).toBe(false);
});
