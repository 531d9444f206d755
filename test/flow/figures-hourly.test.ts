// The figures of hours: whatever happens to leads, in whatever order and zone, they are what the ledger says, their sums are
// the days', and a rebuild changes nothing.
import fc from "fast-check";
import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { durationBoundsMs } from "../../src/domain/figures/duration-histogram.ts";
import type { KeyReuseRule } from "../../src/domain/leads/key-reuse.ts";
import type { Lead, RefusedPayload } from "../../src/domain/leads/lead.ts";
import { keepInQuarantine } from "../../src/ledger/attention/quarantine.ts";
import { settleDelivered, settleForFastRetry, settleToDlq } from "../../src/ledger/delivery/deliveries.ts";
import { claimDueEntries, settleEntries } from "../../src/ledger/delivery/dlq-attempts.ts";
import type { EntryEnd } from "../../src/ledger/delivery/dlq-attempts.ts";
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { findWrongHours } from "../../src/ledger/figures/wrong-hours.ts";
import { deduplicateArrivals } from "../../src/ledger/intake/deduplicate-arrivals.ts";
import { recordDeniedRequests } from "../../src/ledger/intake/denied-requests.ts";
import { readTimezone } from "../../src/ledger/settings/settings.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const node = "n1";
const destinations = ["crm", "erp"] as const;
const zones = ["Europe/Berlin", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"] as const;

type Step =
  | {
      readonly kind: "send";
      readonly source: string;
      readonly key: number;
      readonly body: number;
      readonly rule: KeyReuseRule;
      readonly as: "lead" | "test" | "unreadable" | "nobody";
      readonly at: Date;
    }
  | {
      readonly kind: "attempt";
      /** Both: deliveries of one lead end together. */
      readonly at: Destination | "both";
      readonly ends: "arrives" | "again" | "dlq";
      readonly limit: number;
    }
  | {
      readonly kind: "retry";
      readonly at: Destination;
      readonly ends: "arrives" | "later" | "dead" | "skipped";
    }
  | { readonly kind: "redrive"; readonly at: Destination; readonly which: number }
  | { readonly kind: "by_hand"; readonly deed: "resolve" | "tell" | "close" }
  | { readonly kind: "turn_away"; readonly how: "denied" | "quarantined"; readonly source: string }
  | { readonly kind: "roll_up" }
  | { readonly kind: "zone"; readonly zone: string };
type Destination = (typeof destinations)[number];

const someDestination = fc.constantFrom(...destinations);
const someSource = fc.constantFrom("website", "messe ä");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      source: someSource,
      key: fc.nat(6),
      body: fc.nat(1),
      rule: fc.constantFrom<KeyReuseRule>("reject", "keep_first", "revision"),
      as: fc.constantFrom(
        "lead" as const,
        "lead" as const,
        "lead" as const,
        "test" as const,
        "unreadable" as const,
        "nobody" as const,
      ),
      // Clocks went back at 1:00 UTC; on Lord Howe by half an hour, on the 5th of April 2026.
      at: fc.oneof(
        fc.date({
          min: new Date("2025-10-25T20:00:00Z"),
          max: new Date("2025-10-26T04:00:00Z"),
          noInvalidDate: true,
        }),
        fc.date({
          min: new Date("2026-04-04T12:00:00Z"),
          max: new Date("2026-04-04T18:00:00Z"),
          noInvalidDate: true,
        }),
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("attempt" as const),
      at: fc.constantFrom(...destinations, "both" as const),
      ends: fc.constantFrom("arrives" as const, "arrives" as const, "again" as const, "dlq" as const),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("retry" as const),
      at: someDestination,
      ends: fc.constantFrom("arrives" as const, "later" as const, "dead" as const, "skipped" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("redrive" as const), at: someDestination, which: fc.nat(5) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("by_hand" as const),
      deed: fc.constantFrom("resolve" as const, "tell" as const, "close" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("turn_away" as const),
      how: fc.constantFrom("denied" as const, "quarantined" as const),
      source: someSource,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "roll_up" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("zone" as const), zone: fc.constantFrom(...zones) }),
  },
);

const send = (key: number, body: number, as: "lead" | "unreadable" | "nobody" = "lead"): Step => ({
  kind: "send",
  source: "website",
  key,
  body,
  rule: "reject",
  as,
  at: new Date("2025-10-26T00:20:00Z"),
});
/** Whatever is counted, once at least. Keys above those that are drawn. */
const everyFigure: Step[] = [
  send(101, 0),
  send(101, 0),
  send(101, 1),
  send(102, 0, "unreadable"),
  send(103, 0, "nobody"),
  send(104, 0),
  { kind: "attempt", at: "crm", ends: "again", limit: 2 },
  { kind: "attempt", at: "crm", ends: "arrives", limit: 1 },
  { kind: "attempt", at: "crm", ends: "dlq", limit: 1 },
  { kind: "retry", at: "crm", ends: "later" },
  { kind: "retry", at: "crm", ends: "arrives" },
  { kind: "attempt", at: "erp", ends: "arrives", limit: 4 },
  send(105, 0),
  { kind: "attempt", at: "both", ends: "arrives", limit: 4 },
  { kind: "redrive", at: "crm", which: 0 },
  { kind: "retry", at: "crm", ends: "arrives" },
  { kind: "turn_away", how: "denied", source: "website" },
  { kind: "turn_away", how: "quarantined", source: "website" },
];

describeOnEachServer("Figures by hour", (server) => {
  describe("whatever happens", () => {
    let ledger: TestLedger;
    beforeAll(async () => {
      ledger = await openTestLedger(server);
    });
    afterAll(() => ledger.close());

    it("are what the ledger says, sum up to the day's, and a rebuild changes nothing", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: "max" }), async (steps) => {
          for (const each of steps) await take(ledger, each);
          expect(await wrongHours(ledger)).toEqual([]);
          await rollUpKpis(ledger.program);
          expect(await wrongHours(ledger)).toEqual([]);
          expect(await unbalancedDays(ledger)).toEqual([]);
          const before = await noted(ledger);
          expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
          expect(await noted(ledger)).toEqual(before);
        }),
        { numRuns: 15, examples: [[everyFigure]] },
      );
      // Otherwise the steps showed nothing.
      const { least } = await one<{ least: number }>(
        ledger.program,
        `SELECT least(sum(processed_count), sum(failed_count), sum(no_destination_count), sum(duplicate_count), sum(conflict_count),
           sum(refused_count), sum(quarantined_count), sum(denied_count),
           (SELECT least(sum(delivered_count), sum(failed_attempt_count), sum(entry_count)) FROM internal.destination_figures_hourly),
           (SELECT min(count) FROM (VALUES ('processed'), ('first_delivery'), ('delivery')) AS m (name) CROSS JOIN LATERAL (
             SELECT sum(count) AS count FROM internal.durations_hourly d WHERE d.measure = m.name) AS counts))::int AS least
         FROM internal.figures_hourly`,
      );
      expect(least).toBeGreaterThan(0);
    });
  });

  describe("of a ledger that is", () => {
    let ledger: TestLedger;
    beforeEach(async () => {
      ledger = await openTestLedger(server);
    });
    afterEach(() => ledger.close());

    it("older than they are get filled in by roll-ups, and once more after they were lost", async () => {
      for (const each of everyFigure) await take(ledger, each);
      await rollUpKpis(ledger.program);
      const before = await noted(ledger);
      const forget = `TRUNCATE internal.figures_hourly, internal.destination_figures_hourly, internal.durations_hourly;
        DELETE FROM internal.settings WHERE name = 'hours_counted_from'`;
      await ledger.program.query(forget);
      await rollUpKpis(ledger.program);
      // What was quarantined is told nowhere else.
      const withoutQuarantine = before.map((row) => row.replace(/,1,1\)$/, ",0,1)"));
      expect(await noted(ledger)).toEqual(withoutQuarantine);
      await ledger.program.query(forget);
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([]);
      expect(await noted(ledger)).toEqual(withoutQuarantine);
    });

    it("counted a piece at a time has all of it in the end, also what comes meanwhile", async () => {
      for (const each of everyFigure) await take(ledger, each);
      await rollUpKpis(ledger.program);
      await ledger.program
        .query(`TRUNCATE internal.figures_hourly, internal.destination_figures_hourly, internal.durations_hourly;
        UPDATE internal.settings SET value = '"infinity"' WHERE name = 'hours_counted_from'`);
      await ledger.program.query("SELECT internal.hours_fill(2)");
      await take(ledger, send(106, 0));
      await take(ledger, { kind: "attempt", at: "crm", ends: "arrives", limit: 4 });
      expect(await wrongHours(ledger)).toEqual([]);
      await rollUpKpis(ledger.program);
      expect(await wrongHours(ledger)).toEqual([]);
      expect(await unbalancedDays(ledger)).toEqual([]);
    });

    it("damaged are mended by a rebuild, which names the day; what was quarantined and denied stays", async () => {
      for (const each of everyFigure) await take(ledger, each);
      await rollUpKpis(ledger.program);
      const before = await noted(ledger);
      const damages = [
        "UPDATE internal.figures_hourly SET duplicate_count = 7",
        "DELETE FROM internal.destination_figures_hourly",
        "UPDATE internal.durations_hourly SET count = count + 1 WHERE measure = 'delivery'",
        "INSERT INTO internal.durations_hourly SELECT hour, measure, 'nobody', destination, bucket_upper_ms, 1 FROM internal.durations_hourly",
        "INSERT INTO internal.figures_hourly (hour, source, received_count) SELECT DISTINCT hour, 'nobody', 1 FROM internal.figures_hourly",
      ];
      for (const damage of damages) {
        await ledger.program.query(damage);
        expect([damage, (await rebuildKpis(ledger.program, "cli:test")).length]).not.toEqual([damage, 0]);
        expect(await noted(ledger)).toEqual(before);
      }
    });
  });

  it("have buckets in SQL that are the program's, whose bounds belong to their own bucket", async () => {
    const ledger = await openTestLedger(server);
    try {
      const { rows } = await ledger.program.query<{ bounds: number[]; wrong: number }>(
        `SELECT (internal.duration_bounds())[:cardinality(internal.duration_bounds()) - 1]::float8[] AS bounds,
           (SELECT count(*) FROM generate_series(1, cardinality(internal.duration_bounds()) - 1) AS i,
              LATERAL (SELECT (internal.duration_bounds())[i] AS bound, (internal.duration_bounds())[i + 1] AS next,
                timestamptz '2026-03-28T22:00:00Z' AS at) AS b
            WHERE internal.duration_bucket(at, at + bound * interval '1 ms') <> bound
              OR internal.duration_bucket(at, at + bound * interval '1 ms' - interval '1 us') <> bound
              OR internal.duration_bucket(at, at + bound * interval '1 ms' + interval '1 us') <> next)::int AS wrong
         WHERE internal.duration_bucket(now(), now()) = 1`,
      );
      expect(rows).toEqual([{ bounds: durationBoundsMs, wrong: 0 }]);
    } finally {
      await ledger.close();
    }
  });

  it("lie within their day in every zone, whenever its clocks were changed", async () => {
    const ledger = await openTestLedger(server);
    try {
      // Each quarter of an hour of days with a change. (Until 2011 Newfoundland changed its clocks a minute after midnight.)
      const { rows } = await ledger.program.query(
        `SELECT z.name, quarter FROM pg_timezone_names z,
           generate_series(timestamptz '2021-01-01T00:00:00Z', '2027-01-01T00:00:00Z', interval '1 day') AS day,
           LATERAL (SELECT (day AT TIME ZONE z.name) - (day AT TIME ZONE 'UTC') AS before,
             ((day + interval '1 day') AT TIME ZONE z.name) - ((day + interval '1 day') AT TIME ZONE 'UTC') AS after) AS offsets,
           generate_series(day, day + interval '1 day', interval '15 minutes') AS quarter
         WHERE before <> after AND z.name NOT LIKE 'posix/%'
           AND (quarter AT TIME ZONE z.name)::date <> (date_trunc('hour', quarter, z.name) AT TIME ZONE z.name)::date`,
      );
      expect(rows).toEqual([]);
    } finally {
      await ledger.close();
    }
  });
});

async function take(ledger: TestLedger, each: Step): Promise<void> {
  const { program } = ledger;
  switch (each.kind) {
    case "send":
      await deduplicateArrivals(program, [arrivalOf(each)], { node, leaseMs: 0 });
      return;
    case "attempt":
      return attempt(ledger, each);
    case "retry":
      return retry(ledger, each);
    case "redrive":
      await possibly(
        ledger.by(
          "user:7",
          `INSERT INTO dlq (run_id, kind, destination, next_retry_at)
           SELECT run_id, 'replay', $1, clock_timestamp() FROM runs WHERE status = 'processed' ORDER BY run_id OFFSET $2 LIMIT 1`,
          [each.at, each.which],
        ),
      );
      return;
    case "by_hand":
      await possibly(ledger.hand.query(byHand[each.deed]));
      return;
    case "turn_away":
      return turnAway(ledger, each);
    case "roll_up":
      return rollUpKpis(program);
    case "zone":
      await changeReportingTimezone(program, "user:7", each.zone);
  }
}

const byHand = {
  resolve:
    "UPDATE dlq SET status = 'resolved' WHERE dlq_id = (SELECT min(dlq_id) FROM dlq WHERE status = 'open')",
  // An event that somebody writes is not one that happened.
  tell: `INSERT INTO audit_events (run_id, event_type, payload)
    SELECT run_id, 'lead_delivered', '{"destination": "crm"}' FROM runs ORDER BY run_id LIMIT 1`,
  close: `UPDATE runs SET status = 'processed'
    WHERE run_id = (SELECT run_id FROM runs WHERE status = 'failed' ORDER BY run_id LIMIT 1)`,
};

async function attempt(ledger: TestLedger, { at, ends, limit }: Step & { kind: "attempt" }): Promise<void> {
  const { rows } = await ledger.by(
    "delivery",
    `UPDATE internal.deliveries d SET leased_by = '${node}', attempt = d.attempt + 1
     FROM (SELECT DISTINCT run_id FROM internal.deliveries WHERE destination = ANY ($1) ORDER BY run_id LIMIT $2) AS due
     WHERE d.run_id = due.run_id AND d.destination = ANY ($1) RETURNING d.run_id, d.destination, d.attempt`,
    [at === "both" ? destinations : [at], limit],
  );
  const attempts = rows.map((row) => ({
    runId: String(row["run_id"]),
    destination: String(row["destination"]),
    attempt: Number(row["attempt"]),
    event: JSON.stringify({
      destination: row["destination"],
      lane: "fast",
      attempt: row["attempt"],
      outcome: ends,
    }),
  }));
  if (attempts.length === 0) return;
  if (ends === "arrives") await settleDelivered(ledger.program, attempts, node);
  else if (ends === "again") {
    const failed = attempts.map((each) => ({ ...each, delayMs: 0, counts: true }));
    await settleForFastRetry(ledger.program, failed, node);
  } else {
    const moved = attempts.map((each) => ({
      ...each,
      errorCode: "http_500",
      reason: "no",
      nextRetryDelayMs: 0,
    }));
    await settleToDlq(ledger.program, moved, node);
  }
}

const entryEnds: Record<"arrives" | "later" | "dead" | "skipped", EntryEnd> = {
  arrives: { status: "resolved" },
  later: { status: "open", errorCode: "http_500", reason: "no", nextRetryDelayMs: 0 },
  dead: { status: "dead", errorCode: "http_500", reason: "no" },
  skipped: { status: "resolved", skipped: true },
};

async function retry({ program }: TestLedger, { at, ends }: Step & { kind: "retry" }): Promise<void> {
  const claimed = await claimDueEntries(program, at, 3, { node, leaseMs: 60_000 });
  const event = JSON.stringify({ destination: at, lane: "slow", outcome: ends });
  const settled = claimed.map(({ dlqId, runId, retryCount }) => ({
    dlqId,
    runId,
    retryCount,
    event,
    end: entryEnds[ends],
  }));
  if (settled.length > 0) await settleEntries(program, settled, node);
}

async function turnAway(
  { program }: TestLedger,
  { how, source }: Step & { kind: "turn_away" },
): Promise<void> {
  if (how === "denied") {
    await recordDeniedRequests(program, [{ source, code: "signature_invalid", count: 3, reason: null }]);
    return;
  }
  const request = {
    quarantineId: uuidv7(),
    source,
    room: source,
    receivedAt: new Date().toISOString(),
    errorCode: "signature_invalid",
    authenticated: false,
    isWhole: true,
    sizeBytes: 1,
    emailHash: null,
    phoneHash: null,
    content: Buffer.from("x"),
  };
  await keepInQuarantine(program, [request], []);
}

function arrivalOf({ source, key, body, rule, as, at }: Step & { kind: "send" }): Lead | RefusedPayload {
  const content = as === "unreadable" ? `"body_base64":"${body}"` : `"body":{"n":${body}}`;
  const common = {
    runId: uuidv7(),
    source,
    recognisedBy: { kind: "key", key: `${as}-${key}` } as const,
    receivedAt: at.toISOString(),
    payload: `{"at":"${at.toISOString()}","source":"${source}","sha256":"${body}",${content}}`,
    onKeyReuse: rule,
  };
  if (as === "unreadable")
    return { ...common, kind: "refused", errorCode: "body_unreadable", message: "no JSON" };
  const routes = as === "nobody" ? [] : destinations.map((destination) => ({ destination, leased: false }));
  return {
    ...common,
    kind: "lead",
    emailHash: null,
    phoneHash: null,
    leadJson: `{"n":${body}}`,
    test: as === "test",
    routes,
  };
}

/** What is not possible the ledger refuses. */
async function possibly(attempted: Promise<unknown>): Promise<void> {
  try {
    await attempted;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && /^(LL|23505)/.test(error.code ?? ""))) throw error;
  }
}

async function wrongHours({ program }: TestLedger): Promise<unknown[]> {
  return findWrongHours(program, await readTimezone(program));
}

/** Days and sources whose hours do not sum up to them. */
async function unbalancedDays({ program }: TestLedger): Promise<unknown[]> {
  const { rows } = await program.query(
    `SELECT * FROM (
       SELECT (hour AT TIME ZONE internal.reporting_timezone())::date AS day, source, sum(received_count) AS received,
         sum(processed_count) AS processed, sum(failed_count) AS failed, sum(no_destination_count) AS nobody,
         sum(resolved_by_hand_count) AS by_hand, sum(withdrawn_count) AS withdrawn
       FROM internal.figures_hourly GROUP BY 1, 2 HAVING sum(received_count) > 0) AS hours
     FULL JOIN internal.kpi_daily_sources k USING (day, source)
     WHERE (received, processed, failed, nobody, by_hand, withdrawn) IS DISTINCT FROM
       (k.received_count, k.processed_count, k.failed_count, k.no_destination_count, k.resolved_by_hand_count, k.withdrawn_count)`,
  );
  return rows;
}

/** All rows, as PostgreSQL writes them. */
async function noted({ program }: TestLedger): Promise<string[]> {
  const { rows } = await program.query<{ row: string }>(
    `SELECT row FROM (
       SELECT 1 AS part, f::text AS row FROM internal.figures_hourly f
       UNION ALL SELECT 2, d::text FROM internal.destination_figures_hourly d
       UNION ALL SELECT 3, t::text FROM internal.durations_hourly t) AS rows ORDER BY part, row COLLATE "C"`,
  );
  return rows.map(({ row }) => row);
}
