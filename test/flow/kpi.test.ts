// The daily figures are what the contract says they mean: live, after changes by hand, for every day, exactly.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  kpiNeedsRollUp,
  listKpiDays,
  rebuildKpis,
  rollUpKpis,
  rollUpWaitingKpis,
} from "../../src/ledger/figures/kpi-daily.ts";
import { createBackground } from "../../src/runtime/background.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger, receiveLead, refusal } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const dayMs = 86_400_000;

describeOnEachServer("KPIs", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
  });
  afterEach(() => ledger.close());

  const days = async () => {
    await rollUpKpis(ledger.program);
    const rows = await listKpiDays(ledger.reader, 20_000);
    return new Map(rows.map((row) => [row.day, row]));
  };
  const expectRebuildChangesNothing = async () => {
    const before = await days();
    expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
    expect(await days()).toEqual(before);
  };

  it("count a lead on the day it was received, however late it ends", async () => {
    const threeDaysAgo = await receiveLead(ledger, ["crm"], { receivedAt: `${berlinDay(-3)}T12:00:00Z` });
    await receiveLead(ledger, ["crm"]);
    expect((await days()).get(berlinDay(-3))).toMatchObject({ received_count: 1, processed_count: 0 });
    await ledger.by(
      "delivery",
      "INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'crm')",
      [threeDaysAgo],
    );
    expect((await days()).get(berlinDay(-3))).toMatchObject({ failed_count: 1, dlq_open_count: 0 });
    expect((await days()).get(berlinDay(0))).toMatchObject({ failed_count: 0, dlq_open_count: 1 });
    await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [threeDaysAgo]);
    expect((await days()).get(berlinDay(-3))).toMatchObject({
      received_count: 1,
      processed_count: 1,
      failed_count: 0,
    });
    expect((await days()).get(berlinDay(0))).toMatchObject({ received_count: 1, dlq_open_count: 0 });
    await expectRebuildChangesNothing();
  });

  it("have a row for every day from the first lead to today, and more when an earlier lead is put in by hand", async () => {
    await receiveLead(ledger, [], { receivedAt: `${berlinDay(-2)}T12:00:00Z` });
    expect([...(await days()).keys()]).toEqual([berlinDay(0), berlinDay(-1), berlinDay(-2)]);
    await ledger.hand.query("INSERT INTO runs (received_at, status) VALUES ($1, 'failed')", [
      `${berlinDay(-40)}T12:00:00Z`,
    ]);
    const rows = await days();
    expect(rows.size).toBe(41);
    expect(rows.get(berlinDay(-40))).toMatchObject({ received_count: 1, failed_count: 1 });
    expect(rows.get(berlinDay(-39))).toMatchObject({ received_count: 0, avg_processing_ms: null });
    await expectRebuildChangesNothing();
  });

  it("have no rows before the first lead, and leave test leads and their entries out", async () => {
    const test = await receiveLead(ledger, ["crm"], {
      test: true,
      receivedAt: `${berlinDay(-5)}T12:00:00Z`,
    });
    await ledger.hand.query("INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'crm')", [
      test,
    ]);
    expect((await days()).size).toBe(0);
    await receiveLead(ledger, ["crm"]);
    expect([...(await days()).values()]).toMatchObject([
      { received_count: 1, failed_count: 0, dlq_open_count: 0 },
    ]);
    await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [test]);
    await expectRebuildChangesNothing();
  });

  it("average to the exact millisecond", async () => {
    const receivedAt = `${berlinDay(-2)}T12:00:00Z`;
    for (const micros of [1, 999_500, 3, 86_400_000_000, 1_499]) {
      await ledger.hand.query(
        `INSERT INTO runs (received_at, status, processed_at)
         VALUES ($1::timestamptz, 'processed', $1::timestamptz + $2 * interval '1 microsecond')`,
        [receivedAt, micros],
      );
    }
    const exact = (1 + 999_500 + 3 + 86_400_000_000 + 1_499) / 1_000 / 5;
    expect((await days()).get(berlinDay(-2))?.avg_processing_ms).toBe(Math.round(exact));
    await expectRebuildChangesNothing();
  });

  it("survive sums that exceed 64 bits: twelve thousand leads of a quarter of a century", async () => {
    await ledger.hand.query(
      "INSERT INTO runs (received_at, status) SELECT '2000-01-01T12:00:00Z', 'processed' FROM generate_series(1, 12000)",
    );
    const first = (await days()).get("2000-01-01");
    expect(first?.processed_count).toBe(12_000);
    expect(first?.avg_processing_ms).toBeGreaterThan(25 * 365 * dayMs);
    await expectRebuildChangesNothing();
  });

  describe("over midnight", () => {
    it("begin the new day with the stock of entries that are still open, and no figures", async () => {
      const runId = await receiveLead(ledger, ["crm"], { receivedAt: `${berlinDay(-1)}T12:00:00Z` });
      await ledger.hand.query(
        "INSERT INTO dlq (run_id, kind, destination, created_at) VALUES ($1, 'delivery', 'crm', $2)",
        [runId, `${berlinDay(-1)}T12:00:01Z`],
      );
      await days();
      // The state right after midnight: today has no row yet.
      await ledger.program.query("DELETE FROM kpi_daily WHERE day = $1", [berlinDay(0)]);
      expect(await kpiNeedsRollUp(ledger.program)).toBe(true);
      const rows = await days();
      expect(rows.get(berlinDay(0))).toMatchObject({ received_count: 0, failed_count: 0, dlq_open_count: 1 });
      expect(rows.get(berlinDay(-1))).toMatchObject({
        received_count: 1,
        failed_count: 1,
        dlq_open_count: 1,
      });
      await expectRebuildChangesNothing();
    });

    it("keep the stock of the past days when an entry is closed days later", async () => {
      const open = await ledger.hand.query("INSERT INTO dlq (created_at) VALUES ($1) RETURNING dlq_id", [
        `${berlinDay(-4)}T12:00:00Z`,
      ]);
      await receiveLead(ledger, [], { receivedAt: `${berlinDay(-5)}T12:00:00Z` });
      const stock = () =>
        [-5, -4, -3, -2, -1, 0].map((offset) => table.get(berlinDay(offset))?.dlq_open_count);
      let table = await days();
      expect(stock()).toEqual([0, 1, 1, 1, 1, 1]);
      await ledger.hand.query("UPDATE dlq SET status = 'dead', closed_at = $2 WHERE dlq_id = $1", [
        open.rows[0]?.["dlq_id"],
        `${berlinDay(-2)}T12:00:00Z`,
      ]);
      table = await days();
      expect(stock()).toEqual([0, 1, 1, 0, 0, 0]);
      await expectRebuildChangesNothing();
    });

    it("count entries older than the first lead into the stock of the first day", async () => {
      await ledger.hand.query("INSERT INTO dlq (created_at) VALUES ($1)", [`${berlinDay(-9)}T12:00:00Z`]);
      await ledger.hand.query(
        "INSERT INTO dlq (created_at, closed_at, status) VALUES ($1, $1::timestamptz + interval '1 hour', 'dead')",
        [`${berlinDay(-9)}T12:00:00Z`],
      );
      await receiveLead(ledger, [], { receivedAt: `${berlinDay(-1)}T12:00:00Z` });
      const rows = await days();
      expect([...rows.values()].map((row) => row.dlq_open_count)).toEqual([1, 1]);
      await expectRebuildChangesNothing();
    });
  });

  describe("filled in by hand", () => {
    it("are kept for days before the first lead, also by a rebuild", async () => {
      await receiveLead(ledger, []);
      await ledger.hand.query(
        "INSERT INTO kpi_daily (day, received_count, processed_count) VALUES ('2019-05-01', 40, 38)",
      );
      await ledger.hand.query("UPDATE kpi_daily SET failed_count = 2 WHERE day = '2019-05-01'");
      const before = (await days()).get("2019-05-01");
      expect(before).toMatchObject({
        received_count: 40,
        processed_count: 38,
        failed_count: 2,
        by_hand: true,
      });
      await rebuildKpis(ledger.program, "cli:test");
      expect((await days()).get("2019-05-01")).toEqual(before);
      const { actor } = await one<{ actor: string }>(
        ledger.reader,
        "SELECT actor FROM audit_events WHERE event_type = 'kpi_changed' ORDER BY event_id DESC LIMIT 1",
      );
      expect(actor).toBe(`db:${ledger.roles.sql}`);
    });

    it("are refused on a day that is counted, and where they cannot be true", async () => {
      await receiveLead(ledger, [], { receivedAt: `${berlinDay(-2)}T12:00:00Z` });
      await days();
      await refusal(ledger.hand.query("UPDATE kpi_daily SET received_count = 99"), "LL006");
      for (const day of [berlinDay(-1), berlinDay(0), berlinDay(1), "infinity"]) {
        await refusal(
          ledger.hand.query(
            "INSERT INTO kpi_daily (day) VALUES ($1) ON CONFLICT (day) DO UPDATE SET received_count = 1",
            [day],
          ),
          "LL006",
        );
      }
      for (const day of ["-infinity", "0001-01-01", "1999-12-31"]) {
        await refusal(ledger.hand.query("INSERT INTO kpi_daily (day) VALUES ($1)", [day]), "LL004");
      }
      await refusal(
        ledger.hand.query("INSERT INTO kpi_daily (day, received_count) VALUES ('2019-01-01', -1)"),
        "LL006",
      );
      await refusal(
        ledger.hand.query(
          "INSERT INTO kpi_daily (day, received_count, processed_count) VALUES ('2019-01-01', 1, 2)",
        ),
        "LL006",
      );
    });

    it("are kept, with the figures of days whose runs have left by retention", async () => {
      await receiveLead(ledger, [], { receivedAt: `${berlinDay(-3)}T12:00:00Z` });
      await days();
      await ledger.by(
        "system",
        `WITH o AS MATERIALIZED (SELECT set_config('leadledger.operation', 'kpi', true) AS operation)
         UPDATE kpi_daily SET closed_at = clock_timestamp(), received_count = 500, dlq_open_count = 7
         FROM o WHERE day = $1 AND operation <> ''`,
        [berlinDay(-3)],
      );
      await ledger.hand.query("INSERT INTO dlq (created_at) VALUES ($1)", [`${berlinDay(-3)}T13:00:00Z`]);
      await expectRebuildChangesNothing();
      const rows = await days();
      expect(rows.get(berlinDay(-3))).toMatchObject({ received_count: 500, dlq_open_count: 7 });
      expect(rows.get(berlinDay(-2))).toMatchObject({ received_count: 0, dlq_open_count: 1 });
    });
  });

  it("lose nothing while roll-ups, the program and people write at once", async () => {
    let writing = true;
    const rollUps = Array.from({ length: 3 }, async () => {
      while (writing) await rollUpKpis(ledger.program);
    });
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let turn = 0; turn < 25; turn += 1) {
        const daysAgo = (writer + turn) % 4;
        const received = daysAgo === 0 ? {} : { receivedAt: `${berlinDay(-daysAgo)}T00:30:00+01:00` };
        const runId = await receiveLead(ledger, ["crm"], received);
        if (turn % 3 === 0) {
          await ledger.by(
            "delivery",
            "INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'crm')",
            [runId],
          );
        } else await ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1", [runId]);
        if (turn % 6 === 0)
          await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [runId]);
      }
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(rollUps);
    const rows = [...(await days()).values()];
    expect(rows.reduce((sum, row) => sum + row.received_count, 0)).toBe(150);
    expect(rows.reduce((sum, row) => sum + row.processed_count, 0)).toBe(126);
    expect(rows.reduce((sum, row) => sum + row.failed_count, 0)).toBe(24);
    expect(rows[0]?.dlq_open_count).toBe(24);
    await expectRebuildChangesNothing();
  });

  it("are rolled up by a task whose runs never overlap, that reports what fails and goes on", async () => {
    const errors: unknown[] = [];
    let failing = true;
    let running = 0;
    let most = 0;
    const query = (async (text: string) => {
      running += 1;
      most = Math.max(most, running);
      try {
        if (failing) throw new Error("no connection");
        return await ledger.program.query(text);
      } finally {
        running -= 1;
      }
    }) as typeof ledger.program.query;
    const background = createBackground((_level, event) => errors.push(event));
    await receiveLead(ledger, []);
    background.every("kpi_roll_up", 5, () => rollUpWaitingKpis({ ...ledger.program, query }));
    await expect.poll(() => errors.length).toBeGreaterThan(2);
    failing = false;
    await expect.poll(() => listKpiDays(ledger.reader, 1)).toMatchObject([{ received_count: 1 }]);
    expect(background.failing()).toEqual([]);
    await background.stop();
    expect(most).toBe(1);
    await receiveLead(ledger, []);
    await rollUpWaitingKpis(ledger.program);
    expect(await listKpiDays(ledger.reader, 1)).toMatchObject([{ received_count: 2 }]);
  });
});

/** ISO date in Europe/Berlin, `offset` days from today. Times at noon UTC fall on the same date there. */
function berlinDay(offset: number): string {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" }).format(new Date());
  return new Date(Date.parse(`${today}T12:00:00Z`) + offset * dayMs).toISOString().slice(0, 10);
}
