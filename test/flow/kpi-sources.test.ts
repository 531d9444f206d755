// The figures of each day by source: their sums are the day's, whatever happens to leads in whatever order, and a
// rebuild changes nothing.
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { correctRuns } from "../../src/ledger/intake/correct-runs.ts";
import { transaction } from "../../src/ledger/connection/database.ts";
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { describeOnEachServer } from "../support/database.ts";
import { brokenBooks, brokenSourceFigures } from "../support/invariants.ts";
import { one, openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const sources = ["website", "Zeitung", "messe ä", "x".repeat(255)] as const;
const zones = ["Europe/Berlin", "UTC", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns"] as const;

type Step =
  | { readonly kind: "receive"; readonly source: string; readonly at: Date; readonly as: Arrival }
  | { readonly kind: "go_on"; readonly with: number; readonly deed: Deed }
  | { readonly kind: "roll_up" }
  | { readonly kind: "zone"; readonly zone: string };
type Arrival = "routed" | "no_destination" | "refused" | "test" | "by_hand";
type Deed =
  | "deliver"
  | "fail"
  | "resolve"
  | "resolve_as_delivered"
  | "withdraw"
  | "give_up"
  | "correct"
  | "set_processed";

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("receive" as const),
      source: fc.constantFrom(...sources),
      at: fc.date({
        min: new Date("2025-10-24T00:00:00Z"),
        max: new Date("2025-10-28T00:00:00Z"),
        noInvalidDate: true,
      }),
      as: fc.constantFrom<Arrival>(
        "routed",
        "routed",
        "routed",
        "no_destination",
        "refused",
        "test",
        "by_hand",
      ),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("go_on" as const),
      with: fc.nat(5),
      deed: fc.constantFrom<Deed>(
        ...(["deliver", "fail", "fail", "resolve", "resolve_as_delivered"] as const),
        ...(["withdraw", "give_up", "correct", "set_processed"] as const),
      ),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "roll_up" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("zone" as const), zone: fc.constantFrom(...zones) }),
  },
);

const noon: Date = new Date("2025-10-25T12:00:00Z");

/** A lead for each outcome that is counted. */
const everyOutcome: Step[] = [
  { kind: "receive", source: "website", at: noon, as: "no_destination" },
  ...(["deliver", "resolve", "withdraw"] as const).flatMap((deed): Step[] => [
    { kind: "receive", source: "website", at: noon, as: "routed" },
    // A person settles an entry; leads that are delivered or withdrawn have none.
    ...(deed === "resolve" ? [{ kind: "go_on", with: 0, deed: "fail" } as const] : []),
    { kind: "go_on", with: 0, deed },
  ]),
  { kind: "receive", source: "website", at: noon, as: "refused" },
  { kind: "go_on", with: 0, deed: "give_up" },
];

describeOnEachServer("Figures by source", (server) => {
  describe("whatever happens", () => {
    let ledger: TestLedger;
    beforeAll(async () => {
      ledger = await openTestLedger(server);
    });
    afterAll(() => ledger.close());

    it("are what the runs say, and sum up to the day's", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: "max" }), async (steps) => {
          const runIds: string[] = [];
          for (const each of steps) await take(ledger, runIds, each);
          await rollUpKpis(ledger.program);
          expect(await brokenSourceFigures(ledger.program)).toEqual([]);
          const before = await noted(ledger.program);
          expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
          expect(await noted(ledger.program)).toEqual(before);
        }),
        { numRuns: 25, examples: [[everyOutcome]] },
      );
      const { rows } = await ledger.program.query<{ outcomes: number[] }>(
        `SELECT ARRAY[sum(processed_count), sum(failed_count), sum(no_destination_count), sum(resolved_by_hand_count),
           sum(withdrawn_count)]::int[] AS outcomes
         FROM internal.kpi_daily_sources`,
      );
      // Otherwise the steps above showed nothing. Steps drawn at random may leave one out: `everyOutcome` does not.
      for (const figure of rows[0]?.outcomes ?? [0]) expect(figure).toBeGreaterThan(0);
      expect(await brokenBooks(ledger.program)).toEqual([]);
    });
  });

  describe("beside what others do", () => {
    let ledger: TestLedger;
    beforeEach(async () => {
      ledger = await openTestLedger(server);
    });
    afterEach(() => ledger.close());

    it("lose nothing while roll-ups, the program and people write at once", async () => {
      let writing = true;
      const rollUps = Array.from({ length: 3 }, async () => {
        while (writing) await rollUpKpis(ledger.program);
      });
      const writers = Array.from({ length: 6 }, async (_, writer) => {
        for (let turn = 0; turn < 20; turn += 1) {
          const at = new Date(Date.now() - ((writer + turn) % 4) * 86_400_000);
          const source = sources[(writer * turn) % sources.length] ?? "website";
          const runIds: string[] = [];
          await take(ledger, runIds, { kind: "receive", source, at, as: "routed" });
          const deed = turn % 3 === 0 ? "fail" : "deliver";
          await take(ledger, runIds, { kind: "go_on", with: 0, deed });
          if (turn % 6 === 0) await take(ledger, runIds, { kind: "go_on", with: 0, deed: "resolve" });
        }
      });
      await Promise.all(writers);
      writing = false;
      await Promise.all(rollUps);
      expect(await brokenBooks(ledger.program)).toEqual([]);
      const { received } = await one(
        ledger.program,
        "SELECT sum(received_count)::int AS received FROM internal.kpi_daily_sources",
      );
      expect(received).toBe(120);
    });

    it("are mended by a rebuild, which names the day: a wrong figure, one too many, one that is missing", async () => {
      const days = ["2025-10-24", "2025-10-25", "2025-10-26"];
      for (const day of days) {
        await take(ledger, [], {
          kind: "receive",
          source: "website",
          as: "routed",
          at: new Date(`${day}T12:00:00Z`),
        });
      }
      await rollUpKpis(ledger.program);
      await ledger.program.query(
        `UPDATE internal.kpi_daily_sources SET failed_count = 1 WHERE day = '2025-10-24';
         INSERT INTO internal.kpi_daily_sources SELECT day, 'nobody', 1, 0, 0, 0, 0, 0, last_received_at, 0
           FROM internal.kpi_daily_sources WHERE day = '2025-10-25';
         DELETE FROM internal.kpi_daily_sources WHERE day = '2025-10-26'`,
      );
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual(days);
      expect(await brokenSourceFigures(ledger.program)).toEqual([]);
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
    });

    it("leave days alone that were filled in by hand, or whose runs have left", async () => {
      const at = (day: string): Date => new Date(`${day}T12:00:00Z`);
      const receive = (day: string) =>
        take(ledger, [], { kind: "receive", source: "website", at: at(day), as: "routed" });
      await receive("2025-10-26");
      await rollUpKpis(ledger.program);
      await ledger.hand.query("INSERT INTO kpi_daily (day, received_count) VALUES ('2025-10-24', 40)");
      await ledger.by(
        "system",
        `WITH o AS MATERIALIZED (SELECT set_config('leadledger.operation', 'kpi', true) AS operation)
         UPDATE kpi_daily SET closed_at = clock_timestamp() FROM o WHERE day = '2025-10-26' AND operation <> ''`,
      );
      const before = await noted(ledger.program);
      for (const day of ["2025-10-24", "2025-10-26"]) await receive(day);
      await rollUpKpis(ledger.program);
      expect(await noted(ledger.program)).toEqual(before);
      await receive("2025-10-25");
      await rebuildKpis(ledger.program, "cli:test");
      expect((await noted(ledger.program)).filter((row) => !row.includes("2025-10-25"))).toEqual(before);
      expect(await noted(ledger.program)).toHaveLength(before.length + 1);
    });
  });
});

async function take(ledger: TestLedger, runIds: string[], each: Step): Promise<void> {
  switch (each.kind) {
    case "receive":
      runIds.push(await receive(ledger, each));
      return;
    case "go_on": {
      const runId = runIds.at(-1 - each.with);
      if (runId !== undefined) await goOn(ledger, runId, each.deed);
      return;
    }
    case "roll_up":
      return rollUpKpis(ledger.program);
    case "zone":
      await changeReportingTimezone(ledger.program, "user:7", each.zone);
  }
}

async function receive(ledger: TestLedger, { source, at, as }: Step & { kind: "receive" }): Promise<string> {
  const runId = randomUUID();
  if (as === "by_hand") {
    await ledger.hand.query(
      "INSERT INTO runs (run_id, source, received_at, status) VALUES ($1, $2, $3, 'processed')",
      [runId, source, at],
    );
    return runId;
  }
  const status = { routed: "accepted", test: "accepted", no_destination: "processed", refused: "failed" }[as];
  await ledger.by(
    "webhook",
    `WITH run AS (
       INSERT INTO runs (run_id, source, received_at, status, outcome, refused, test)
       VALUES ($1::uuid, $2, $3, $4, CASE WHEN $4 = 'processed' THEN 'no_destination' END, $4 = 'failed', $5)),
     kept AS (
       INSERT INTO dlq (run_id, kind, error_code, payload)
       SELECT $1::uuid, 'refused', 'body_unreadable', jsonb_build_object('sha256', $1::text) WHERE $4 = 'failed')
     INSERT INTO internal.deliveries (run_id, destination) SELECT $1::uuid, 'crm' WHERE $4 = 'accepted'`,
    [runId, source, at, status, as === "test"],
  );
  return runId;
}

/** Deeds that are not possible are refused by the ledger, or change nothing. */
async function goOn(ledger: TestLedger, runId: string, deed: Deed): Promise<void> {
  try {
    switch (deed) {
      case "deliver":
        await ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1", [runId]);
        return;
      case "fail":
        await ledger.by(
          "delivery",
          "INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'crm')",
          [runId],
        );
        return;
      case "resolve":
        await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [runId]);
        return;
      case "resolve_as_delivered":
        await ledger.by(
          "delivery",
          "UPDATE dlq SET status = 'resolved', resolution = 'delivered' WHERE run_id = $1 AND status = 'open'",
          [runId],
        );
        return;
      case "withdraw":
        await ledger.by(
          "user:7",
          `INSERT INTO dlq (run_id, kind, destination, status, resolution)
           SELECT run_id, 'delivery', destination, 'resolved', 'withdrawn' FROM internal.deliveries WHERE run_id = $1`,
          [runId],
        );
        return;
      case "give_up":
        await ledger.hand.query("UPDATE dlq SET status = 'dead' WHERE run_id = $1 AND status = 'open'", [
          runId,
        ]);
        return;
      case "correct":
        await correct(ledger, runId);
        return;
      case "set_processed":
        await ledger.hand.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [runId]);
    }
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && /^(LL|23505)/.test(error.code ?? ""))) throw error;
  }
}

async function correct(ledger: TestLedger, runId: string): Promise<void> {
  await transaction(ledger.program, "webhook", async (client) => {
    const { rows } = await client.query("SELECT FROM runs WHERE run_id = $1 AND refused FOR NO KEY UPDATE", [
      runId,
    ]);
    if (rows.length === 0) return;
    const destinations = runId < "8" ? ["crm"] : [];
    await correctRuns(client, [
      {
        runId,
        source: "website",
        test: false,
        payload: "{}",
        emailHash: null,
        phoneHash: null,
        destinations,
        groups: [],
        arrivalId: null,
      },
    ]);
  });
}

/** All rows, as PostgreSQL writes them. */
async function noted(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ row: string }>(
    "SELECT s::text AS row FROM internal.kpi_daily_sources s ORDER BY day, source",
  );
  return rows.map(({ row }) => row);
}
