// A day is a calendar day of the reporting time zone: over both daylight-saving changes, and in another zone.
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { listKpiDays, rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

/** Instants around both changes of 2025, which lie in the past, written in UTC with their local time beside. */
const aroundChanges = [
  ["2025-03-29T22:59:59.999999Z", "2025-03-29"], // 23:59:59.999999 (+1)
  ["2025-03-29T23:00:00Z", "2025-03-30"], // 00:00
  ["2025-03-29T23:30:00Z", "2025-03-30"], // 00:30
  ["2025-03-30T00:59:59.999999Z", "2025-03-30"], // 01:59:59.999999, the last before the gap
  ["2025-03-30T01:00:00Z", "2025-03-30"], // 03:00 (+2)
  ["2025-03-30T21:59:59.999999Z", "2025-03-30"], // 23:59:59.999999, after 23 hours
  ["2025-03-30T22:00:00Z", "2025-03-31"], // 00:00
  ["2025-10-25T21:59:59.999999Z", "2025-10-25"], // 23:59:59.999999 (+2)
  ["2025-10-25T22:00:00Z", "2025-10-26"], // 00:00
  ["2025-10-25T22:30:00Z", "2025-10-26"], // 00:30
  ["2025-10-25T23:59:59.999999Z", "2025-10-26"], // 01:59:59.999999
  ["2025-10-26T00:30:00Z", "2025-10-26"], // 02:30 (+2), the first time
  ["2025-10-26T01:30:00Z", "2025-10-26"], // 02:30 (+1), the second time
  ["2025-10-26T22:59:59.999999Z", "2025-10-26"], // 23:59:59.999999, after 25 hours
  ["2025-10-26T23:00:00Z", "2025-10-27"], // 00:00
] as const;

/** The same changes of 2026, for databases whose clock has passed them. */
const aroundChangesOf2026 = [
  ["2026-03-28T23:30:00Z", "2026-03-29"], // 00:30
  ["2026-03-29T00:59:59.999999Z", "2026-03-29"], // 01:59:59.999999
  ["2026-03-29T21:59:59.999999Z", "2026-03-29"], // 23:59:59.999999
  ["2026-03-29T22:00:00Z", "2026-03-30"], // 00:00
  ["2026-10-24T22:30:00Z", "2026-10-25"], // 00:30
  ["2026-10-24T23:59:59.999999Z", "2026-10-25"], // 01:59:59.999999
  ["2026-10-25T00:30:00Z", "2026-10-25"], // 02:30, the first time
  ["2026-10-25T01:30:00Z", "2026-10-25"], // 02:30, the second time
  ["2026-10-25T22:59:59.999999Z", "2026-10-25"], // 23:59:59.999999
  ["2026-10-25T23:00:00Z", "2026-10-26"], // 00:00
] as const;

const zones = [
  "Europe/Berlin",
  "UTC",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "Pacific/Apia",
];

/** On both sides of midnight where it does not fall on a full hour of UTC: St John's, Kathmandu, Chatham. */
const closeToMidnight = [
  ...["2025-06-30T02:20:00Z", "2025-06-30T02:40:00Z", "2025-06-30T18:10:00Z"],
  ...["2025-06-30T18:20:00Z", "2025-06-30T11:10:00Z", "2025-06-30T11:20:00Z"],
];

describeOnEachServer("KPIs and time zones", (server) => {
  let ledger: TestLedger;
  const received = async (): Promise<Map<string, number>> => {
    const rows = await listKpiDays(ledger.reader, 20_000);
    return new Map(rows.filter((row) => row.received_count > 0).map((row) => [row.day, row.received_count]));
  };

  describe("over both daylight-saving changes in Europe/Berlin", () => {
    beforeEach(async () => {
      ledger = await openTestLedger(server);
    });
    afterEach(() => ledger.close());

    it("every lead is counted on its local day, by roll-up and by rebuild", async () => {
      const { rows: clock } = await ledger.program.query<{ now: Date }>("SELECT clock_timestamp() AS now");
      const now = clock[0]?.now.getTime() ?? 0;
      const past = [...aroundChanges, ...aroundChangesOf2026].filter(([at]) => Date.parse(at) < now);
      const expected = new Map<string, number>();
      // The first lead makes the rows; the others arrive as differences, one roll-up each.
      for (const [at, day] of past) {
        expect(localDay(at, "Europe/Berlin")).toBe(day);
        await receiveLead(ledger, [], { receivedAt: at });
        await rollUpKpis(ledger.program);
        expected.set(day, (expected.get(day) ?? 0) + 1);
        expect(await received()).toEqual(new Map([...expected].toSorted().toReversed()));
      }
      expect(past.length).toBeGreaterThanOrEqual(aroundChanges.length);
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
    });

    it("an entry is in the stock of its local days", async () => {
      await receiveLead(ledger, [], { receivedAt: "2025-10-24T12:00:00Z" });
      await rollUpKpis(ledger.program);
      await ledger.hand.query(
        "INSERT INTO dlq (status, created_at, closed_at) VALUES ('dead', '2025-10-25T22:00:00Z', '2025-10-26T23:00:00Z')",
      );
      await rollUpKpis(ledger.program);
      const stock = await ledger.reader.query<{ day: string }>(
        "SELECT day::text FROM kpi_daily WHERE dlq_open_count > 0",
      );
      expect(stock.rows).toEqual([{ day: "2025-10-26" }]);
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
    });
  });

  describe("in another reporting time zone", () => {
    beforeAll(async () => {
      ledger = await openTestLedger(server);
    });
    afterAll(() => ledger.close());

    it("random leads are counted on their local day, whether the zone came before or after them", async () => {
      const instants: string[] = [];
      const instant = fc.date({
        min: new Date("2024-12-30T00:00:00Z"),
        max: new Date("2025-12-31T23:59:59Z"),
        noInvalidDate: true,
      });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...zones),
          fc.array(instant, { minLength: 1, maxLength: 4 }),
          async (zone, times) => {
            for (const time of times) {
              instants.push(time.toISOString());
              await receiveLead(ledger, [], { receivedAt: time.toISOString() });
            }
            if (instants.length % 2 === 0) await rollUpKpis(ledger.program);
            await changeReportingTimezone(ledger.program, "user:7", zone);
            for (const late of closeToMidnight) {
              instants.push(late);
              await receiveLead(ledger, [], { receivedAt: late });
            }
            await rollUpKpis(ledger.program);
            expect(await received()).toEqual(countPerDay(instants, zone));
            expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
          },
        ),
        { numRuns: 20 },
      );
    });

    it("the change is audited with its actor, and a zone that nobody knows changes nothing", async () => {
      await changeReportingTimezone(ledger.program, "system", "Europe/Berlin");
      const before = await received();
      expect(await changeReportingTimezone(ledger.program, "user:7", "Europe/Vienna")).toEqual({
        kind: "changed",
        from: "Europe/Berlin",
      });
      const event = await one(
        ledger.reader,
        "SELECT actor, payload FROM audit_events WHERE event_type = 'timezone_changed' ORDER BY event_id DESC LIMIT 1",
      );
      expect(event).toEqual({ actor: "user:7", payload: { from: "Europe/Berlin", to: "Europe/Vienna" } });
      expect(await received()).toEqual(before);
      expect(await changeReportingTimezone(ledger.program, "user:7", "Europe/Vienna")).toEqual({
        kind: "unchanged",
      });
      for (const unknown of ["Europe/Atlantis", "UTC+0:07", "", "europe/berlin'; --"]) {
        expect(await changeReportingTimezone(ledger.program, "user:7", unknown)).toMatchObject({
          kind: "unfit",
        });
      }
      const zone = await one(ledger.program, "SELECT internal.reporting_timezone() AS zone");
      expect(zone).toEqual({ zone: "Europe/Vienna" });
    });
  });
});

/** Computed by the runtime's own time zone data, not by PostgreSQL. */
function localDay(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date(instant));
}

function countPerDay(instants: readonly string[], timeZone: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const instant of instants) {
    const day = localDay(instant, timeZone);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return new Map([...counts].toSorted().toReversed());
}
