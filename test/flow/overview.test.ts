// The figures of today and the alarms, read from the ledger: live before a roll-up, and however many failed.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeniedRequests } from "../../src/intake/denied-requests.ts";
import { readAlarms } from "../../src/ledger/figures/alarms.ts";
import { failedLookedAtMax, readFiguresOfToday } from "../../src/ledger/figures/day-figures.ts";
import { listDeniedLately, recordDeniedRequests } from "../../src/ledger/intake/denied-requests.ts";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { takeLeadership } from "../../src/ledger/connection/leader.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

describeOnEachServer("Overview", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  const fail = (runId: string, nextRetryAt: string | null) =>
    ledger.by(
      "delivery",
      "INSERT INTO dlq (run_id, kind, destination, next_retry_at) VALUES ($1, 'delivery', 'crm', $2)",
      [runId, nextRetryAt],
    );

  it("counts what has not been rolled up yet as well, and nothing twice", async () => {
    for (const rolledUp of [0, 1, 2]) {
      const delivered = await receiveLead(ledger, ["crm"]);
      await ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1", [delivered]);
      await receiveLead(ledger, ["crm"]);
      await receiveLead(ledger, ["crm"], { test: true });
      await receiveLead(ledger, ["crm"], { receivedAt: new Date(Date.now() - 86_400_000).toISOString() });
      const expected = { received: 2 * (rolledUp + 1), processed: rolledUp + 1, failed: 0 };
      expect(await readFiguresOfToday(ledger.program)).toMatchObject(expected);
      await rollUpKpis(ledger.program);
      expect(await readFiguresOfToday(ledger.program)).toMatchObject(expected);
    }
  });

  it("tells failed leads apart by what will become of them, each in one place", async () => {
    const leads = await Promise.all(Array.from({ length: 7 }, () => receiveLead(ledger, ["crm", "erp"])));
    const [waiting, retrying, dead, deadButRetrying, both, reopened] = leads as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const soon = "2100-01-01T00:00:00Z";
    for (const [runId, at] of [
      [waiting, null],
      [retrying, soon],
      [dead, null],
      [deadButRetrying, null],
      [both, null],
      [reopened, null],
    ] as const) {
      await fail(runId, at);
    }
    await ledger.hand.query("UPDATE dlq SET status = 'dead' WHERE run_id = ANY ($1)", [
      [dead, deadButRetrying, reopened],
    ]);
    for (const runId of [deadButRetrying, both]) {
      await ledger.by(
        "delivery",
        "INSERT INTO dlq (run_id, kind, destination, next_retry_at) VALUES ($1, 'delivery', 'erp', $2)",
        [runId, soon],
      );
    }
    await ledger.hand.query(
      `INSERT INTO dlq (run_id, kind, destination, reopened_from)
       SELECT run_id, kind, destination, dlq_id FROM dlq WHERE run_id = $1`,
      [reopened],
    );
    await ledger.hand.query("INSERT INTO runs (status) VALUES ('failed')");
    await fail(await receiveLead(ledger, ["crm"], { test: true }), null);
    const { failed, failed_by_stage: stages } = await readFiguresOfToday(ledger.program);
    expect(stages).toEqual({ need_decision: 3, retrying: 2, given_up: 2 });
    expect(failed).toBe(7);
  });

  it("says that too many failed to look at each, and how many they are", async () => {
    const insert = "INSERT INTO runs (status) SELECT 'failed' FROM generate_series(1, $1::int)";
    await ledger.by("system", insert, [failedLookedAtMax]);
    const all = { need_decision: 0, retrying: 0, given_up: failedLookedAtMax };
    expect(await readFiguresOfToday(ledger.program)).toMatchObject({ failed_by_stage: all });
    await ledger.by("system", insert, [1]);
    expect(await readFiguresOfToday(ledger.program)).toMatchObject({
      failed: failedLookedAtMax + 1,
      failed_by_stage: null,
    });
  });

  it("begins without figures, and with the alarm that no node runs", async () => {
    expect(await readFiguresOfToday(ledger.program)).toMatchObject({
      received: 0,
      processed: 0,
      failed: 0,
      no_destination: 0,
      by_hand: 0,
      avg_processing_ms: null,
      failed_by_stage: { need_decision: 0, retrying: 0, given_up: 0 },
    });
    expect(await readAlarms(ledger.program)).toEqual([{ code: "no_node_runs", severity: "error" }]);
    await takeLeadership(ledger.program, "n1", 60_000);
    expect(await readAlarms(ledger.program)).toEqual([]);
  });

  it("names the largest cause of what waits for a person, and counts all", async () => {
    await takeLeadership(ledger.program, "n1", 60_000);
    for (let lead = 0; lead < 3; lead += 1) {
      const { run_id: runId } = await one<{ run_id: string }>(
        ledger.hand,
        "INSERT INTO runs (source, status, refused) VALUES ('fair', 'failed', true) RETURNING run_id",
      );
      await ledger.by(
        "webhook",
        "INSERT INTO dlq (run_id, kind, error_code, payload) VALUES ($1, 'refused', 'body_unreadable', '{}')",
        [runId],
      );
    }
    await fail(await receiveLead(ledger, ["crm"]), null);
    await ledger.hand.query("INSERT INTO dlq (reason) VALUES ('a note')");
    expect(await readAlarms(ledger.program)).toEqual([
      {
        code: "entries_need_decision",
        severity: "error",
        count: 5,
        largest: {
          kind: "refused",
          destination: null,
          source: "fair",
          error_code: "body_unreadable",
          count: 3,
        },
      },
    ]);
  });

  describe("denied requests", () => {
    const counts = async () =>
      (await listDeniedLately(ledger.program, 1_000)).map(({ source, error_code, count }) => [
        source,
        error_code,
        count,
      ]);

    it("add up over flushes and nodes, beside their events", async () => {
      const known = { isConfigured: () => true, isThere: () => true, monotonicMs: () => 0 };
      const nodes = [1, 2, 3].map(() => createDeniedRequests(ledger.program, () => undefined, known));
      for (let turn = 0; turn < 4; turn += 1) {
        for (const node of nodes) {
          node.note("website", "credentials_wrong");
          node.note("website", "credentials_wrong");
          node.note("fair", "source_unknown");
        }
        await Promise.all(nodes.map((node) => node.flush("all")));
      }
      expect(await counts()).toEqual([
        ["website", "credentials_wrong", 24],
        ["fair", "source_unknown", 12],
      ]);
      const { told, actor } = await one<{ told: number; actor: string }>(
        ledger.program,
        `SELECT sum((payload ->> 'count')::int)::int AS told, max(actor) AS actor
         FROM audit_events WHERE event_type = 'request_denied'`,
      );
      expect([told, actor]).toEqual([36, "webhook"]);
    });

    it("have a limited room, however many names are tried, and are forgotten after a day", async () => {
      const names = Array.from({ length: 450 }, (_, index) => `name-${index}`);
      for (let first = 0; first < names.length; first += 90) {
        await recordDeniedRequests(
          ledger.program,
          names
            .slice(first, first + 90)
            .map((source) => ({ source, code: "source_unknown", count: 2, reason: null })),
        );
      }
      await recordDeniedRequests(ledger.program, [
        { source: "name-0", code: "source_unknown", count: 1, reason: null },
      ]);
      const found = await counts();
      expect(found.length).toBeLessThan(300);
      expect(found.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(901);
      expect(found.find(([source]) => source === "name-0")).toEqual(["name-0", "source_unknown", 3]);
      await ledger.program.query(
        "UPDATE internal.denied_requests SET hour = hour - interval '1 day', last_at = last_at - interval '1 day'",
      );
      expect(await counts()).toEqual([]);
      await ledger.program.query("UPDATE internal.denied_requests SET hour = hour - interval '2 hours'");
      await recordDeniedRequests(ledger.program, [
        { source: "late", code: "source_unknown", count: 1, reason: null },
      ]);
      const { kept } = await one(
        ledger.program,
        "SELECT count(*)::int AS kept FROM internal.denied_requests",
      );
      expect(kept).toBe(1);
    });
  });
});
