// What is due is found when it is due, and without reading all that is not: of a destination that was down for a night
// a hundred thousand leads wait for their next attempt.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Queryable } from "../../src/ledger/connection/database.ts";
import { transaction } from "../../src/ledger/connection/database.ts";
import { claimDeliveries } from "../../src/ledger/delivery/deliveries.ts";
import { claimDueEntries } from "../../src/ledger/delivery/dlq-attempts.ts";
import { findWaitingWork } from "../../src/ledger/delivery/waiting-work.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { plansOf } from "../support/plans.ts";

const waiting = 20_000;
const holder = { node: "node", leaseMs: 12_000 };

describeOnEachServer("Due work", (server) => {
  describe("among much that waits", () => {
    let ledger: TestLedger;
    beforeAll(async () => {
      ledger = await openTestLedger(server);
      await ledger.program.query(
        "INSERT INTO internal.destinations (name, kind, managed_by, settings) VALUES ('crm', 'http', 'file', '{}')",
      );
      const of = "generate_series(1, $1::int)";
      await ledger.by("system", `INSERT INTO runs (status) SELECT 'accepted' FROM ${of}`, [waiting]);
      await ledger.by(
        "system",
        `INSERT INTO internal.deliveries (run_id, destination, due_at)
         SELECT run_id, 'crm', clock_timestamp() + interval '1 day' FROM runs`,
      );
      await ledger.by("system", `INSERT INTO runs (status) SELECT 'accepted' FROM ${of}`, [waiting]);
      await ledger.by(
        "system",
        `INSERT INTO dlq (kind, destination, error_code, next_retry_at, run_id)
         SELECT 'delivery', 'crm', 'http_5xx', clock_timestamp() + interval '1 day', run_id
         FROM runs LEFT JOIN internal.deliveries USING (run_id) WHERE destination IS NULL`,
      );
      await ledger.program.query("ANALYZE");
    });
    afterAll(() => ledger.close());

    it.each<[string, RegExp[], (database: Queryable) => Promise<unknown>]>([
      [
        "by a poll",
        [
          /Index Cond: .*due_at <= statement_timestamp/,
          /Index Cond: .*next_retry_at <= statement_timestamp/,
          /Index Cond: .*due_at > statement_timestamp/,
          /Index Cond: .*next_retry_at > statement_timestamp/,
        ],
        (database) => findWaitingWork(database, ["crm"], 1_000),
      ],
      [
        "by a claim of deliveries",
        [/Index Cond: .*due_at <= statement_timestamp/],
        (database) => claimDeliveries(database, "crm", 100, holder),
      ],
      [
        "by a claim of entries",
        [/Index Cond: .*next_retry_at <= statement_timestamp/],
        (database) => claimDueEntries(database, "crm", 100, holder),
      ],
    ])("is found by its time: %s", async (_who, conditions, read) => {
      const plans = await plansOf(ledger.program, read);
      for (const condition of conditions) expect(plans).toMatch(condition);
    });

    it("is looked for by a plan that is made once", async () => {
      const kept = await transaction(ledger.program, "system", async (client) => {
        for (let poll = 0; poll < 8; poll += 1) await findWaitingWork(client, ["crm"], 1_000);
        return client.query(
          "SELECT generic_plans > 0 AS kept FROM pg_prepared_statements WHERE name = 'find-waiting-work'",
        );
      });
      expect(kept.rows).toEqual([{ kept: true }]);
    });

    it("is told of a little before, and not of what comes later", async () => {
      expect(await findWaitingWork(ledger.program, ["crm"], 1_000)).toMatchObject({
        due: [],
        nextDueInMs: null,
      });
      await ledger.by(
        "system",
        `UPDATE internal.deliveries SET due_at = clock_timestamp() + interval '10 seconds'
         WHERE run_id = (SELECT run_id FROM internal.deliveries LIMIT 1)`,
      );
      expect(await findWaitingWork(ledger.program, ["crm"], 1_000)).toMatchObject({
        due: [],
        nextDueInMs: null,
      });
      const { due, nextDueInMs } = await findWaitingWork(ledger.program, ["crm"], 20_000);
      expect(due).toEqual([]);
      expect(nextDueInMs).toBeGreaterThan(0);
      expect(nextDueInMs).toBeLessThanOrEqual(10_000);
    });
  });

  describe("of a node that has nothing else to do", () => {
    const scene = useDeliveryScene(server);
    /** Polls that looked for nothing else would find one of four that come so far apart later than the limit. */
    const [pollMs, apartMs, lateMaxMs] = [4_000, 740, 2_000];

    it("is begun when it is due, not when a poll happens to look", async () => {
      const sink = await scene.startSink(({ attempt }) => ({
        kind: "answer",
        status: attempt === 1 ? 503 : 200,
      }));
      const retry = { fastMs: [5_000], slowMs: [300] };
      const node = await scene.startNode(
        { sources: [testSource("website")], destinations: [quickDestination("crm", sink.url, { retry })] },
        { intervals: { pollMs } },
      );
      const runIds: string[] = [];
      for (const key of ["one", "two", "three", "four"]) {
        runIds.push(await postLead(node, key));
        // So that they become due apart from each other, and not all where polls happen to be.
        await delay(apartMs);
      }
      let planned: { run_id: string; due_at: Date }[] = [];
      await until("the second attempts are planned", async () => {
        planned = await scene.rows(
          "SELECT run_id, due_at FROM internal.deliveries WHERE attempt = 1 AND leased_by IS NULL",
        );
        return planned.length === runIds.length;
      });
      await until("the second attempts", () => runIds.every((runId) => sink.countOf(`${runId}:crm`) === 2));
      for (const { run_id: runId, due_at: due } of planned) {
        const second = sink.requests.find(({ id, attempt }) => id === `${runId}:crm` && attempt === 2);
        const lateMs = (second?.receivedAtMs ?? Infinity) - due.getTime();
        expect(lateMs).toBeGreaterThanOrEqual(-1);
        expect(lateMs).toBeLessThan(lateMaxMs);
      }
    });
  });
});
