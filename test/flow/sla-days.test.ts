// Days of service levels are what a plain computation from the rows says, for a week with outages; a day that is over
// changes only with its leads, and says so.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SlaDefinition } from "../../src/domain/sla/sla-target.ts";
import { transaction } from "../../src/ledger/connection/database.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { markContacted, undoContact } from "../../src/ledger/leads/contacts.ts";
import { createSlaEvaluation, rebuildSlaDays } from "../../src/ledger/sla/evaluate.ts";
import { applyTargets } from "../../src/ledger/sla/targets.ts";
import { describeOnEachServer } from "../support/database.ts";
import { open, openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { chooseSeed, seededRandom } from "../support/random.ts";
import { berlinDay, plainDay, readPlainRows, writeWeek } from "../support/sla-week.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

const base: SlaDefinition = {
  label: null,
  measure: "delivered",
  source: null,
  destination: null,
  client: null,
  withinMs: 5 * minuteMs,
  shareMillionths: 990_000,
  openingHours: null,
  holidays: null,
};
const office = { openingHours: ["mon-fri 08:00-18:00"], holidays: "NW" } as const;
const targets: Readonly<Record<string, SlaDefinition>> = {
  all: base,
  office: { ...base, ...office, withinMs: 30 * minuteMs, shareMillionths: 900_000 },
  website: { ...base, source: "website", shareMillionths: 800_000 },
  crm: { ...base, destination: "crm", shareMillionths: 950_000 },
  "erp-of-partner": { ...base, source: "partner", destination: "erp", withinMs: 60 * minuteMs },
  success: { ...base, measure: "success", withinMs: null },
  "success-erp": { ...base, measure: "success", withinMs: null, destination: "erp" },
  time: { ...base, measure: "delivery_time", shareMillionths: 950_000 },
  "time-crm-office": {
    ...base,
    ...office,
    measure: "delivery_time",
    destination: "crm",
    shareMillionths: 500_000,
  },
  speed: { ...base, measure: "contacted", withinMs: 4 * 60 * minuteMs, shareMillionths: 500_000 },
  "speed-office": {
    ...base,
    ...office,
    measure: "contacted",
    source: "website",
    withinMs: 8 * 60 * minuteMs,
  },
  oldest: { ...base, measure: "oldest_entry", withinMs: 8 * 60 * minuteMs, shareMillionths: 1_000_000 },
  "oldest-erp": {
    ...base,
    ...office,
    measure: "oldest_entry",
    destination: "erp",
    shareMillionths: 1_000_000,
  },
};

describeOnEachServer("days of service levels", (server) => {
  let ledger: TestLedger;
  let superuser: Database;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
    superuser = open(ledger.superuserUrl, 1);
  });
  afterEach(async () => {
    await superuser.close();
    await ledger.close();
  });

  /** Until all is counted that had happened. */
  async function evaluate(): Promise<void> {
    const evaluation = createSlaEvaluation(ledger.program);
    // An event is counted once every transaction has ended that could have drawn a smaller number.
    for (let turn = 0; turn < 4; turn += 1) while ((await evaluation(() => Promise.resolve())) === "behind");
  }

  interface Row {
    readonly sla: string;
    readonly day: string;
    readonly state: string;
    readonly met_count: number;
    readonly missed_count: number;
    readonly pending_count: number;
    readonly value_ms: number | null;
    readonly counted_at: Date;
    readonly judged_at: Date | null;
    readonly changed_at: Date | null;
    readonly change_reason: string | null;
  }

  async function readDays(): Promise<Row[]> {
    const { rows } = await ledger.reader.query<Row>(
      `SELECT sla, day::text, state, met_count, missed_count, pending_count, value_ms, counted_at, judged_at, changed_at, change_reason
       FROM sla_daily ORDER BY sla, day`,
    );
    return rows;
  }

  async function expectPlain(rows: readonly Row[]): Promise<void> {
    const plain = await readPlainRows(superuser);
    const figures = rows.map(({ sla, day, state, met_count, missed_count, pending_count, value_ms }) => {
      return { sla, day, state, met_count, missed_count, pending_count, value_ms };
    });
    const expected = rows.map(({ sla, day, counted_at: at }, index) => {
      const figure = plainDay(plain, targets[sla] ?? base, day, at.getTime());
      // The age of what is still open is that of the moment.
      const moves = figure.value_ms !== null && !Number.isInteger(figure.value_ms / minuteMs);
      return { sla, day, ...figure, ...(moves ? { value_ms: figures[index]?.value_ms ?? null } : {}) };
    });
    expect(figures).toEqual(expected);
  }

  it("say what a plain computation says, and change only with their leads", async () => {
    const nowMs = Date.now();
    await transaction(superuser, "system", (client) => writeWeek(client, seededRandom(chooseSeed()), nowMs));
    await applyTargets(
      ledger.program,
      "system",
      Object.entries(targets).map(([name, target]) => ({ ...target, name })),
    );
    await evaluate();
    const before = await readDays();
    expect(before.length).toBeGreaterThanOrEqual(9 * Object.keys(targets).length);
    await expectPlain(before);
    // All states and all kinds of counts were there to be compared.
    expect(new Set(before.map(({ state }) => state)).size).toBeGreaterThanOrEqual(3);
    expect(before.some((row) => row.judged_at === null)).toBe(true);

    const threeDaysAgo = berlinDay(nowMs - 3 * dayMs);
    const { rows } = await superuser.query<{ dlq_id: number; run_id: string }>(
      "SELECT dlq_id, run_id FROM dlq WHERE status = 'open' AND destination = 'erp' AND NOT test ORDER BY dlq_id LIMIT 1",
    );
    const [entry] = rows;
    const run = await superuser.query<{ run_id: string; at: string }>(
      `SELECT run_id, (received_at + interval '1 minute')::text AS at FROM runs
       WHERE NOT test AND NOT refused AND outcome = 'delivered' AND source = 'website'
         AND (received_at AT TIME ZONE 'Europe/Berlin')::date = $1 AND run_id NOT IN (SELECT run_id FROM internal.contacts) LIMIT 1`,
      [threeDaysAgo],
    );
    const touched = new Set([threeDaysAgo]);
    if (entry !== undefined) {
      await ledger.by("user:1", "UPDATE dlq SET status = 'resolved' WHERE dlq_id = $1", [entry.dlq_id]);
      const { rows: days } = await superuser.query<{ day: string }>(
        "SELECT (received_at AT TIME ZONE 'Europe/Berlin')::date::text AS day FROM runs WHERE run_id = $1",
        [entry.run_id],
      );
      touched.add(days[0]?.day ?? "");
    }
    const contacted = run.rows[0]?.run_id ?? "";
    // In time, so that its day kept more than was thought.
    const mark = { at: run.rows[0]?.at ?? null, via: "api" } as const;
    expect(await markContacted(ledger.program, "user:1", contacted, mark)).toMatchObject({ kind: "marked" });
    await evaluate();
    const after = await readDays();
    await expectPlain(after);
    const changed = after.filter((row) => row.changed_at !== null);
    expect(changed.length).toBeGreaterThan(0);
    for (const row of changed) {
      expect([...touched]).toContain(row.day);
      expect(row.change_reason).toMatch(/lead_contacted|dlq_resolved|lead_processed/);
    }
    const judgedAndUntouched = (row: Row): boolean => row.judged_at !== null && !touched.has(row.day);
    const keyed = (all: readonly Row[]) =>
      all.filter(judgedAndUntouched).map((row) => ({ ...row, counted_at: null }));
    expect(keyed(after)).toEqual(expect.arrayContaining(keyed(before)));

    await undoContact(ledger.program, "user:1", contacted, "wrong lead");
    await evaluate();
    await expectPlain(await readDays());
    expect(await rebuildSlaDays(ledger.program, "cli:test")).toEqual([]);
    await expectPlain(await readDays());
  });

  it("count no delivery that somebody only wrote into the log", async () => {
    const run = await receiveLead(ledger, ["crm"]);
    await ledger.hand.query(
      `INSERT INTO audit_events (run_id, event_type, payload) VALUES ($1, 'lead_delivered', '{"destination":"crm"}')`,
      [run],
    );
    const target: SlaDefinition = { ...base, measure: "success", withinMs: null, destination: "crm" };
    await applyTargets(ledger.program, "system", [{ ...target, name: "crm" }]);
    await evaluate();
    expect(await readDays()).toMatchObject([{ met_count: 0, missed_count: 0, pending_count: 1 }]);
  });

  it("of who was contacted are no alarm for leads from before somebody agreed on it", async () => {
    for (let lead = 0; lead < 5; lead += 1)
      await receiveLead(ledger, [], { receivedAt: new Date(Date.now() - dayMs / 2).toISOString() });
    const speed: SlaDefinition = { ...base, measure: "contacted", shareMillionths: 900_000 };
    await applyTargets(ledger.program, "system", [{ ...speed, name: "speed" }]);
    const risk = async () => {
      await evaluate();
      return (await superuser.query("SELECT risk, missed FROM internal.sla_states")).rows;
    };
    expect(await risk()).toEqual([{ risk: null, missed: 0 }]);
    await superuser.query("UPDATE internal.sla_targets SET created_at = now() - interval '1 day'");
    expect(await risk()).toEqual([{ risk: "misses", missed: 5 }]);
  });

  it("keep what was agreed that day, whatever is agreed later", async () => {
    await receiveLead(ledger, [], { receivedAt: new Date(Date.now() - 3 * dayMs).toISOString() });
    const agreed = (withinMs: number) =>
      applyTargets(ledger.program, "system", [{ ...base, withinMs, name: "all" }]);
    await agreed(5 * minuteMs);
    await evaluate();
    await agreed(60 * minuteMs);
    await evaluate();
    const read = async () =>
      (
        await ledger.reader.query<{ within_ms: number }>("SELECT within_ms FROM sla_daily ORDER BY day")
      ).rows.map((row) => row.within_ms / minuteMs);
    expect(await read()).toEqual([5, 5, 5, 60]);
    await applyTargets(ledger.program, "system", []);
    await evaluate();
    expect(await read()).toEqual([5, 5, 5, 60]);
  });
});
