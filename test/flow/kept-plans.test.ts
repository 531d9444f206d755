// Leads come one by one at most times: then planning their statements would cost more than running them. A plan that is
// kept must suit what the tables become, though it was made while they were empty.
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acceptLeads } from "../../src/ledger/intake/accept-leads.ts";
import type { Lead } from "../../src/domain/leads/lead.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { settleDelivered } from "../../src/ledger/delivery/deliveries.ts";
import { describeOnEachServer } from "../support/database.ts";
import { open, openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const node = "n1";
/** PostgreSQL tries a statement with its values at hand five times before it keeps a plan. */
const untilKept = 8;

describeOnEachServer("Plans that are kept", (server) => {
  let ledger: TestLedger;
  let session: Database;
  /** What the server says of each plan that it makes. */
  const made: string[] = [];
  beforeEach(async () => {
    ledger = await openTestLedger(server);
    session = open(ledger.url, 1);
    made.length = 0;
    session.pool.on("connect", (client) => {
      client.on("notice", ({ message, where }) => {
        if (message?.startsWith("plan") === true) made.push(where ?? "the statement itself");
      });
    });
  });
  afterEach(async () => {
    await session.close();
    await ledger.close();
  });

  async function leadAfterLead(leads: number): Promise<void> {
    for (let lead = 0; lead < leads; lead += 1) {
      const runId = randomUUID();
      await accept(session, runId);
      await settle(session, runId);
    }
  }

  it("serve a lead that comes alone", async () => {
    await leadAfterLead(untilKept);
    await session.query("SET client_min_messages = log; SET debug_print_plan = on");
    await leadAfterLead(untilKept);
    expect(made).toEqual([]);
    // That plans would have been heard of:
    await session.query("SELECT count(*) FROM public.runs");
    expect(made).toEqual(["the statement itself"]);
  });

  it("read nothing but the lead's own rows, though they were made while there were no others", async () => {
    await leadAfterLead(untilKept);
    const others = 5_000;
    await ledger.by(
      "system",
      "INSERT INTO runs (status) SELECT 'accepted' FROM generate_series(1, $1::int)",
      [2 * others],
    );
    await ledger.by(
      "system",
      `INSERT INTO internal.deliveries (run_id, destination, due_at)
       SELECT run_id, 'crm', clock_timestamp() + interval '1 day' FROM runs WHERE status = 'accepted' LIMIT $1`,
      [others],
    );
    await ledger.by(
      "system",
      `INSERT INTO dlq (kind, destination, error_code, next_retry_at, run_id)
       SELECT 'delivery', 'crm', 'http_5xx', clock_timestamp() + interval '1 day', run_id
       FROM runs LEFT JOIN internal.deliveries USING (run_id) WHERE destination IS NULL AND status = 'accepted'`,
    );
    const runId = randomUUID();
    // What the session read before counts as read by the transaction until it has been reported.
    await session.query("SELECT pg_stat_force_next_flush()");
    await session.query("BEGIN");
    await accept(session, runId);
    await settle(session, runId);
    const { rows } = await session.query<{ table: string; read: number }>(
      `SELECT relname AS table, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read
       FROM pg_stat_xact_user_tables WHERE relname IN ('runs', 'deliveries', 'dlq', 'audit_events') ORDER BY relname`,
    );
    await session.query("COMMIT");
    expect(rows.map(({ table }) => table)).toEqual(["audit_events", "deliveries", "dlq", "runs"]);
    for (const { table, read } of rows) expect(read, table).toBeLessThanOrEqual(10);
  });
});

async function accept(database: Database, runId: string): Promise<void> {
  const lead: Lead = {
    kind: "lead",
    runId,
    source: "website",
    receivedAt: new Date().toISOString(),
    test: false,
    emailHash: null,
    phoneHash: null,
    payload: '{"body":{"name":"Anna"}}',
    leadJson: '{"name":"Anna"}',
    recognisedBy: { kind: "key", key: runId },
    routes: [{ destination: "crm", leased: true }],
  };
  const accepted = await acceptLeads(database, [{ key: runId, lead }], { node, leaseMs: 60_000 });
  expect([...accepted]).toEqual([runId]);
}

async function settle(database: Database, runId: string): Promise<void> {
  const arrived = { runId, destination: "crm", attempt: 1, event: '{"destination":"crm"}' };
  expect(await settleDelivered(database, [arrived], node)).toBe(1);
}
