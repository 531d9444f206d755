// A database that an older build made comes to today's form: nothing in it is lost or changed, and work goes on where it
// stopped. What is in it: test/upgrade/01af681/README.md.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { ensureSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import type { SqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { apiClient, testAdminKey } from "../support/api-client.ts";
import type { ApiClient } from "../support/api-client.ts";
import { startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeCatalog } from "../support/catalog.ts";
import { describeOnEachServer, freshDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { brokenBooks, brokenDigests, brokenInvariants } from "../support/invariants.ts";
import { asRole, dropRoles, one, open, passwordOf } from "../support/ledger.ts";
import { restoreOldDatabase } from "../support/old-database.ts";
import type { OldDatabase } from "../support/old-database.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

/** What all senders of that database know (make.sh). */
const token = "a-token-that-everybody-may-know-1";
const bearer = { authorization: `Bearer ${token}` };

describeOnEachServer("A database of commit 01af681", (server) => {
  let old: OldDatabase;
  let database: Database;
  let before: ReadonlyMap<string, OldTable>;

  beforeAll(async () => {
    old = await restoreOldDatabase(server, "01af681");
    database = open(old.url);
    before = await readOldTables(database);
    await migrate(old.url);
  });
  afterAll(async () => {
    await database.close();
    await old.drop();
  });

  it("has leads in every state that build knew", async () => {
    const { rows } = await database.query<{ state: string }>(
      `SELECT DISTINCT concat_ws(' ', status, outcome, CASE WHEN refused THEN 'refused' END) AS state FROM runs
       UNION SELECT DISTINCT concat_ws(' ', kind, status) FROM dlq
       UNION SELECT CASE WHEN reopened_from IS NULL THEN '' ELSE 'reopened' END FROM dlq
       UNION SELECT CASE WHEN by_hand THEN 'day by hand' WHEN closed_at IS NOT NULL THEN 'day closed' ELSE 'day' END FROM kpi_daily`,
    );
    const outcomes = ["delivered", "resolved_by_hand", "no_destination"].map((each) => `processed ${each}`);
    const entries = ["open", "retrying", "resolved", "dead"].map((each) => `delivery ${each}`);
    const refusals = ["refused", "conflict"].flatMap((kind) => [`${kind} open`, `${kind} resolved`]);
    expect(rows.map((row) => row.state)).toEqual(
      expect.arrayContaining([
        ...["accepted", ...outcomes, "failed", "failed refused", ...entries, ...refusals],
        ...["replay open", "replay resolved", "manual open", "reopened", "day by hand", "day closed"],
      ]),
    );
  });

  it("keeps every row, to the letter", async () => {
    const differing: Record<string, unknown> = {};
    for (const [name, table] of before) {
      const after = await readRows(database, await findTable(database, name), table.columns);
      if (JSON.stringify(after) !== JSON.stringify(table.rows)) differing[name] = changes(table.rows, after);
    }
    expect(differing).toEqual({});
    expect([...before.keys()]).toEqual(
      expect.arrayContaining(["runs", "audit_events", "dlq", "kpi_daily", "deliveries"]),
    );
  });

  it("can prove every event", async () => {
    expect(await brokenDigests(database)).toEqual([]);
  });

  it("lets people who worked in it with SQL go on", async () => {
    const hand = open(asRole(old.url, old.roles.sql), 1);
    const { run_id: runId } = await runOf(database, "waiting");
    await hand.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [runId]);
    await hand.query("INSERT INTO dlq (reason) VALUES ('ask again')");
    await hand.close();
    const { event_type: type, actor } = await one<{ event_type: string; actor: string }>(
      database,
      "SELECT event_type, actor FROM audit_events WHERE run_id = $1 ORDER BY event_time DESC LIMIT 1",
      [runId],
    );
    expect({ type, actor }).toEqual({ type: "lead_processed", actor: `db:${old.roles.sql}` });
  });

  it("balances its books, also after them, and a rebuild changes nothing", async () => {
    expect(await brokenBooks(database)).toEqual([]);
  });

  describe("compared with one that is new", () => {
    let fresh: FreshDatabase;
    let own: Database;
    let roles: SqlRoleNames | undefined;
    beforeAll(async () => {
      fresh = await freshDatabase(server, { migrate });
      own = open(fresh.url, 2);
    });
    afterAll(async () => {
      await own.close();
      await fresh.drop();
      await dropRoles(server, roles === undefined ? [] : [roles.sql, roles.read]);
    });

    it("is made like it, down to every trigger and right", async () => {
      const upgraded = withoutRoles(await describeUpgraded(database), old.roles);
      expect(changes(await describeCatalog(own), upgraded)).toEqual({ gone: [], come: [] });
      expect(upgraded.filter((line) => line.startsWith("trigger")).length).toBeGreaterThan(20);
    });

    it("gives the roles of `db url` the same rights, once they are asked for", async () => {
      roles = await ensureSqlRoles(own, { password: passwordOf });
      await ensureSqlRoles(database, { password: passwordOf });
      const made = withRoles(await describeCatalog(own), roles);
      expect(changes(made, withRoles(await describeUpgraded(database), old.roles))).toEqual({
        gone: [],
        come: [],
      });
    });
  });

  describe("served by today's node", () => {
    let sink: Sink;
    let node: TestApp;
    let api: ApiClient;
    beforeAll(async () => {
      sink = await startSink();
      node = await startTestApp(
        old,
        {
          timezone: "Europe/Vienna",
          sources: ["website", "shop", "form"].map((name) =>
            testSource(name, {
              auth: { kind: "token", secrets: [{ value: token, notAfter: null }] },
              to: ["crm"],
              ...(name === "form" ? { schema: { type: "object", required: ["email"] } } : {}),
            }),
          ),
          destinations: [
            testDestination("crm", sink.url, { secret: "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0" }),
            testDestination("erp", sink.url),
            { name: "own-worker", kind: "external", paused: false },
          ],
        },
        { adminKey: testAdminKey },
      );
      api = apiClient(node.url);
    });
    afterAll(async () => {
      await node.stop();
      await sink.close();
    });

    it("sends what waited, and what its killed node had begun", async () => {
      const ids: string[] = [];
      for (const key of ["waiting-1", "waiting-2", "attempted", "retried"]) {
        const { run_id: id } = await until(`${key} to be delivered`, async () => {
          const run = await runOf(database, key);
          return run.status === "processed" && run;
        });
        ids.push(id);
      }
      const sent = sink.requests.map((request) => request.id);
      expect(sent).toEqual(
        expect.arrayContaining([...ids.slice(0, 3).map((id) => `${id}:crm`), `${ids[3]}:erp`]),
      );
    });

    it("tries an entry again when a person says so", async () => {
      const { run_id: id, dlq_id: entry } = await runOf(database, "refused-by-erp");
      expect(await api.post(`/dlq/${entry}/retry`, { reason: "mended" })).toMatchObject({ status: 200 });
      await until("the lead to be delivered", async () => {
        const { status } = await runOf(database, "refused-by-erp");
        return status === "processed";
      });
      expect(sink.countOf(`${id}:erp`)).toBe(1);
    });

    it("knows the leads again that came before", async () => {
      const { run_id: delivered } = await runOf(database, "delivered");
      const anna = { email: "Anna@example.com", phone: "+49 30 5550001", name: "Anna" };
      const post = (source: string, key: string, body: string | Readonly<Record<string, unknown>>) =>
        postLead(node.url, { path: `/webhook/lead/${source}`, key, body, headers: bearer });
      expect(await post("website", "delivered", anna)).toMatchObject({
        status: 200,
        json: { status: "duplicate", run_id: delivered, existing_status: "processed" },
      });
      const { dlq_id: conflict } = await one<{ dlq_id: number }>(
        database,
        "SELECT dlq_id FROM dlq WHERE run_id = $1 AND kind = 'conflict'",
        [delivered],
      );
      expect(await post("website", "delivered", { email: "somebody-else@example.com" })).toMatchObject({
        status: 422,
        json: { code: "idempotency_key_reused", dlq_id: conflict },
      });
      const refused = await runOf(database, "refused");
      expect(await post("form", "refused", '{"name":"Nora, without an address"}')).toMatchObject({
        status: 422,
        json: { run_id: refused.run_id, dlq_id: refused.dlq_id },
      });
      expect(await post("form", "refused", { email: "nora@example.com" })).toMatchObject({
        status: 202,
        json: { run_id: refused.run_id },
      });
    });

    it("reads what that build has sealed: a source's secret, a destination's address", async () => {
      const taken = await postLead(node.url, {
        path: "/webhook/lead/landing",
        key: "new",
        body: { email: "x@example.com" },
        headers: bearer,
      });
      expect(taken.status).toBe(202);
      expect(await api.get("/destinations/second-crm")).toMatchObject({
        status: 200,
        json: { origin: expect.stringContaining("http://127.0.0.1:") as string },
      });
    });

    it("lets people sign in with the passwords they had", async () => {
      const signedIn = await apiClient(node.url, null).post("/session", {
        login: "anna@example.com",
        password: "a-long-enough-password-27",
      });
      expect(signedIn.status).toBe(201);
    });

    it("contradicts itself nowhere afterwards", async () => {
      await until("nothing to be under way", async () => {
        const { count } = await one<{ count: number }>(
          database,
          `SELECT count(*) FROM ${await findTable(database, "deliveries")} d JOIN runs USING (run_id) WHERE destination <> 'own-worker'`,
        );
        return count === 0;
      });
      await node.stop();
      expect(await brokenInvariants(database)).toEqual([]);
    });
  });
});

interface OldTable {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

/** Every table of that build, but for the list of migrations, which grows. */
async function readOldTables(database: Database): Promise<Map<string, OldTable>> {
  const { rows } = await database.query<{ name: string; columns: string[] }>(
    `SELECT relname AS name, array_agg(attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relname <> 'schema_migrations'
     GROUP BY 1 ORDER BY 1`,
  );
  const tables = new Map<string, OldTable>();
  for (const { name, columns } of rows)
    tables.set(name, { columns, rows: await readRows(database, `public.${name}`, columns) });
  return tables;
}

/** Where a table is today; tables move between the two schemas. */
async function findTable(database: Database, name: string): Promise<string> {
  const { table } = await one<{ table: string }>(
    database,
    `SELECT format('%I.%I', nspname, relname) AS table FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname IN ('public', 'internal') AND relkind IN ('r', 'p') AND relname = $1`,
    [name],
  );
  return table;
}

/** The rows as jsonb writes them, of these columns alone: what migrations add is theirs to fill. */
async function readRows(database: Database, table: string, columns: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<{ row: string }>(
    `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY ($1))::text AS row
     FROM ${table} t ORDER BY 1`,
    [columns],
  );
  return rows.map(({ row }) => row);
}

/** Without the view by which a program from before the tables moved knows that the database is newer than it is. */
async function describeUpgraded(database: Database): Promise<string[]> {
  return (await describeCatalog(database)).filter((line) => !line.includes(" public.schema_migrations"));
}

/** As if the roles that carry a database's name in theirs were nobody, or were called the same everywhere. */
function withoutRoles(lines: readonly string[], { sql, read }: SqlRoleNames): string[] {
  return lines.map((line) => line.replaceAll(new RegExp(`, (?:${sql}|${read}) may [A-Z]+`, "g"), ""));
}
function withRoles(lines: readonly string[], { sql, read }: SqlRoleNames): string[] {
  return lines.map((line) => line.replaceAll(sql, "<sql>").replaceAll(read, "<read>"));
}

function changes(before: readonly string[], after: readonly string[]): { gone: string[]; come: string[] } {
  const were = new Set(before);
  const are = new Set(after);
  return {
    gone: before.filter((each) => !are.has(each)),
    come: after.filter((each) => !were.has(each)),
  };
}

interface OldRun {
  readonly run_id: string;
  readonly status: string;
  /** Its newest entry. */
  readonly dlq_id: number | null;
}

function runOf(database: Database, key: string): Promise<OldRun> {
  return one<OldRun>(
    database,
    `SELECT run_id, status, (SELECT max(dlq_id) FROM dlq d WHERE d.run_id = r.run_id) AS dlq_id
     FROM runs r WHERE idempotency_key = $1`,
    [key],
  );
}
