// What BI tools may rely on: the views of the schema bi, column by column, and what is not in them.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { sqlFolder } from "../../src/ledger/sql-in-force.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, open, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const contractFile = join(sqlFolder, "bi-contract.json");
const plainTypes = [
  ...[
    "bigint",
    "boolean",
    "date",
    "integer",
    "text",
    "timestamp with time zone",
    "timestamp without time zone",
  ],
  ...["numeric(7,6)", "numeric(18,3)", "numeric(24,3)"],
];

interface Column {
  readonly view: string;
  readonly view_comment: string | null;
  readonly name: string;
  readonly type: string;
  readonly comment: string | null;
}

describeOnEachServer("Views for BI tools", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
  });
  afterAll(() => ledger.close());

  const columnsOf = async (schema: string): Promise<Column[]> => {
    const { rows } = await ledger.program.query<Column & Record<string, unknown>>(
      `SELECT c.relname AS view, obj_description(c.oid, 'pg_class') AS view_comment, a.attname AS name,
         format_type(a.atttypid, a.atttypmod) AS type, col_description(c.oid, a.attnum) AS comment
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE c.relnamespace = $1::regnamespace ORDER BY c.relname, a.attnum`,
      [schema],
    );
    return rows;
  };
  const contractOf = async (schema: string): Promise<string> => {
    const views: Record<string, { comment: string | null; columns: Record<string, unknown> }> = {};
    for (const { view, view_comment, name, type, comment } of await columnsOf(schema))
      (views[view] ??= { comment: view_comment, columns: {} }).columns[name] = { type, comment };
    return `${JSON.stringify(views, null, 2)}\n`;
  };

  // A view that somebody connected a tool to never changes: what is new comes as the next version, and `-u` adds it.
  it("have the columns, types and comments of sql/bi-contract.json, and no others", async () => {
    await expect(await contractOf("bi")).toMatchFileSnapshot(contractFile);
    expect(await contractOf("bi_client")).toBe(await contractOf("bi"));
  });

  it("explain each column, in types that every tool knows", async () => {
    const columns = await columnsOf("bi");
    expect(
      columns.filter(({ comment, view_comment }) => (comment ?? "") === "" || (view_comment ?? "") === ""),
    ).toEqual([]);
    expect(
      [...new Set(columns.map(({ type }) => type))].filter((type) => !plainTypes.includes(type)),
    ).toEqual([]);
    const withClient = columns.filter(({ name }) => name === "client").map(({ view }) => view);
    expect(new Set(columns.map(({ view }) => view).filter((view) => !withClient.includes(view)))).toEqual(
      new Set(["contract"]),
    );
  });

  it("are listed in bi.contract with their grain", async () => {
    const { rows } = await ledger.program.query<{ view: string; version: number; grain: string }>(
      "SELECT view, version, grain FROM bi.contract",
    );
    const views = new Set((await columnsOf("bi")).map(({ view }) => view));
    expect(rows.map(({ view }) => view).toSorted()).toEqual(
      [...views].filter((view) => view !== "contract").toSorted(),
    );
    for (const { view, version, grain } of rows) {
      expect(view).toMatch(new RegExp(`_v${version}$`));
      expect(grain).not.toBe("");
    }
  });

  it("hold nothing of what a person, or somebody at work, wrote", async () => {
    const mark = "Anna-Muster";
    const runId = await receiveLead(ledger, ["crm"]);
    await ledger.hand.query(
      `INSERT INTO runs (source, idempotency_key, status, error_code, error_message) VALUES ('fair', $1, 'failed', $2, $1)`,
      [mark, `The customer ${mark} is unknown`],
    );
    await ledger.hand.query(
      `INSERT INTO dlq (run_id, reason, payload, note, resolution, error_code, status, kind, destination)
       VALUES ($2, $1, jsonb_build_object('body', $1::text), $1, $1, 'Bad ' || $1, 'resolved', 'delivery', 'crm')`,
      [mark, runId],
    );
    await ledger.hand.query(
      "INSERT INTO audit_events (run_id, event_type, payload) VALUES ($2, 'lead_delivered', jsonb_build_object('attempt', $1::text, 'destination', $1::text))",
      [mark, runId],
    );
    await rollUpKpis(ledger.program);
    for (const view of new Set((await columnsOf("bi")).map((column) => column.view))) {
      const { rows } = await ledger.program.query<{ text: string }>(
        `SELECT v::text AS text FROM bi.${view} v`,
      );
      expect(rows.filter(({ text }) => text.includes(mark) || text.includes("Anna"))).toEqual([]);
    }
    const leads = await ledger.program.query("SELECT error_code FROM bi.leads_v1 WHERE source = 'fair'");
    expect(leads.rows).toEqual([{ error_code: "other" }]);
    const entries = await ledger.program.query(
      "SELECT error_code, resolution FROM bi.attention_v1 WHERE run_id = $1",
      [runId],
    );
    expect(entries.rows).toEqual([{ error_code: "other", resolution: "by_hand" }]);
  });

  describe("by day", () => {
    const zones = [
      ...["Europe/Berlin", "UTC", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns"],
      // Midnight comes twice, not at all, or is where the clock goes back to 23:00.
      ...["America/Havana", "Africa/Cairo", "America/Santiago", "Asia/Beirut", "Pacific/Apia"],
    ];
    beforeAll(async () => {
      // Every half hour around changes of the clock.
      await ledger.hand.query(
        `INSERT INTO runs (source, received_at) SELECT 'clock', t FROM unnest('{2025-03-08,2025-03-29,2025-04-05,2025-04-24,2025-09-06,2025-10-25,2025-10-30,2025-11-01}'::timestamptz[]) AS d,
           generate_series(d, d + interval '48 hours', interval '30 minutes') AS t`,
      );
    });

    it.each(zones)("each lead is there once, on its day of %s", async (zone) => {
      await ledger.program.query(
        "INSERT INTO internal.settings AS s (name, value) VALUES ('timezone', to_jsonb($1::text)) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [zone],
      );
      const { wrong, seen, there } = await one<{ wrong: number; seen: number; there: number }>(
        ledger.program,
        `SELECT count(*) FILTER (WHERE received_on <> (received_at AT TIME ZONE $1)::date OR received_local <> received_at AT TIME ZONE $1) AS wrong,
           count(DISTINCT run_id) AS seen, (SELECT count(*) FROM runs WHERE source = 'clock') AS there
         FROM bi.leads_v1 WHERE source = 'clock'`,
        [zone],
      );
      expect({ wrong, seen }).toEqual({ wrong: 0, seen: there });
      const { rows } = await ledger.program.query(
        "SELECT count(*)::int AS rows FROM bi.leads_v1 WHERE source = 'clock' HAVING count(*) <> count(DISTINCT run_id)",
      );
      expect(rows).toEqual([]);
    });

    describe("where there are many", () => {
      beforeAll(async () => {
        const superuser = open(ledger.superuserUrl, 1);
        await superuser.query(
          `SET session_replication_role = replica;
           INSERT INTO runs (run_id, source, received_at)
             SELECT gen_random_uuid(), 's' || n % 5, '2024-11-01Z'::timestamptz + n * interval '16 minutes' FROM generate_series(1, 30000) AS n;
           INSERT INTO audit_events (run_id, event_time, event_type, actor, payload_digest, digest)
             SELECT run_id, received_at + n * interval '1 ms', type, 'x', '', '' FROM runs, unnest('{lead_received,lead_delivered}'::text[])
               WITH ORDINALITY AS t (type, n) WHERE source LIKE 's_';
           ANALYZE runs, audit_events`,
        );
        await superuser.close();
      });

      it.each([
        ["leads_v1", "received_on = '2025-10-26'"],
        ["leads_v1", "received_on >= '2025-10-26' AND status = 'failed'"],
        ["leads_v1", "received_at >= '2025-10-26'"],
        ["deliveries_v1", "received_on BETWEEN '2025-10-26' AND '2025-10-28'"],
      ])("%s is looked up in an index where %s", async (view, condition) => {
        for (const schema of ["bi", "bi_client"]) {
          const { rows } = await ledger.program.query<{ "QUERY PLAN": string }>(
            `EXPLAIN SELECT * FROM ${schema}.${view} WHERE ${condition}`,
          );
          const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
          expect(plan).toMatch(/Index Cond: \(+received_at >=/);
          expect(plan).not.toMatch(/Seq Scan on (runs|audit_events)/);
        }
      });
    });
  });
});
