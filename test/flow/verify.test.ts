// The judge of the books: finds every damage that is done to them past their rules, names it exactly, and finds nothing
// in a ledger at work.
import pg from "pg";
import { expect, it } from "vitest";
import { findingTables } from "../../src/verify/finding.ts";
import type { Finding, FindingCode } from "../../src/verify/finding.ts";
import { verifyLedger } from "../../src/verify/verify.ts";
import { rebuildKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import type { SinkBehaviour } from "../support/sink.ts";
import { postLead } from "../support/webhook-client.ts";

/** What becomes of a lead; the first letters of its key say so. */
type Fate = "arrives" | "heals" | "fails" | "is_refused" | "waits";

interface Damage {
  readonly to: Fate;
  /** $1 is the run; done by the owner of the server with triggers and foreign keys switched off. */
  readonly sql: string;
  readonly found: readonly FindingCode[];
}

const entryColumns = "run_id, kind, destination, error_code, reason, payload";
const event = (type: string): string => `run_id = $1 AND event_type = '${type}'`;

const damages: readonly Damage[] = [
  {
    to: "arrives",
    sql: `DELETE FROM audit_events WHERE ${event("lead_received")}`,
    found: ["story_without_beginning"],
  },
  { to: "waits", sql: "DELETE FROM audit_events WHERE run_id = $1", found: ["story_without_beginning"] },
  {
    to: "arrives",
    sql: `UPDATE audit_events SET event_type = 'lead_received' WHERE ${event("lead_processed")}`,
    found: ["event_digest_wrong", "story_begins_twice"],
  },
  {
    to: "waits",
    sql: "UPDATE runs SET received_at = received_at + interval '10 seconds' WHERE run_id = $1",
    found: ["story_begins_too_early"],
  },
  {
    to: "arrives",
    sql: `INSERT INTO audit_events (run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
      SELECT run_id, event_time + interval '1 second', 'note', actor, payload, salt, payload_digest, digest
      FROM audit_events, generate_series(1, 2) WHERE ${event("lead_received")}`,
    found: ["event_digest_wrong", "event_digest_wrong", "story_out_of_order"],
  },
  {
    to: "heals",
    sql: `DELETE FROM audit_events WHERE ${event("dlq_retrying")}`,
    found: ["story_impossible"],
  },
  {
    to: "heals",
    sql: `DELETE FROM audit_events WHERE ${event("lead_delivered")}`,
    found: ["story_impossible"],
  },
  {
    to: "fails",
    sql: `DELETE FROM audit_events WHERE ${event("delivery_failed")}`,
    found: ["entry_without_attempt"],
  },
  {
    to: "arrives",
    sql: `DELETE FROM audit_events WHERE ${event("lead_delivered")}`,
    found: ["delivered_without_attempt"],
  },
  {
    to: "fails",
    sql: `DELETE FROM audit_events WHERE ${event("dlq_created")}`,
    found: ["failed_before_cause"],
  },
  {
    to: "arrives",
    sql: `DELETE FROM audit_events WHERE ${event("lead_processed")}`,
    found: ["story_ends_otherwise"],
  },
  {
    to: "fails",
    sql: "UPDATE dlq SET retry_count = 7 WHERE run_id = $1",
    found: ["entry_differs_from_story"],
  },
  { to: "arrives", sql: "DELETE FROM runs WHERE run_id = $1", found: ["run_missing"] },
  { to: "waits", sql: "DELETE FROM runs WHERE run_id = $1", found: ["run_missing", "run_missing"] },
  { to: "waits", sql: "DELETE FROM internal.deliveries WHERE run_id = $1", found: ["run_without_work"] },
  {
    to: "fails",
    sql: "UPDATE runs SET status = 'accepted', error_code = NULL, error_message = NULL WHERE run_id = $1",
    found: ["run_not_failed", "story_ends_otherwise"],
  },
  {
    to: "arrives",
    sql: "UPDATE runs SET outcome = NULL WHERE run_id = $1",
    found: ["outcome_missing", "story_ends_otherwise"],
  },
  { to: "heals", sql: "UPDATE dlq SET resolution = 'by_hand' WHERE run_id = $1", found: ["outcome_wrong"] },
  {
    to: "fails",
    sql: "UPDATE dlq SET status = 'resolved', closed_at = created_at WHERE run_id = $1",
    found: ["entry_differs_from_story", "failed_without_cause"],
  },
  {
    to: "fails",
    sql: "UPDATE runs SET error_message = 'something else' WHERE run_id = $1",
    found: ["failed_for_another_reason"],
  },
  {
    to: "is_refused",
    sql: "DELETE FROM dlq WHERE run_id = $1",
    found: ["entry_differs_from_story", "refusal_not_kept"],
  },
  {
    to: "arrives",
    sql: "INSERT INTO internal.deliveries (run_id, destination) VALUES ($1, 'crm')",
    found: ["delivery_left_over"],
  },
  {
    to: "fails",
    sql: "INSERT INTO internal.deliveries (run_id, destination) VALUES ($1, 'crm')",
    found: ["delivery_in_two_places"],
  },
  {
    to: "waits",
    sql: "UPDATE internal.deliveries SET leased_by = 'nobody' WHERE run_id = $1",
    found: ["delivery_lease_broken"],
  },
  {
    to: "arrives",
    sql: "INSERT INTO internal.receipts (run_id, destination, remote_id) VALUES ($1, 'crm', 'r-1')",
    found: ["receipt_differs_from_story"],
  },
  {
    to: "waits",
    sql: `UPDATE internal.deliveries SET held_reason = 'incomplete', held_for = 'meta', due_at = 'infinity', leased_by = NULL
      WHERE run_id = $1`,
    found: ["delivery_forgotten"],
  },
  {
    to: "fails",
    sql: `INSERT INTO dlq (${entryColumns}) SELECT ${entryColumns} FROM dlq WHERE run_id = $1`,
    found: ["entries_at_work_twice", "entry_differs_from_story"],
  },
  {
    to: "heals",
    sql: "UPDATE dlq SET status = 'open', closed_at = NULL WHERE run_id = $1",
    found: ["entry_differs_from_story", "entry_left_open"],
  },
  {
    to: "fails",
    sql: `INSERT INTO dlq (${entryColumns}, reopened_from, status, closed_at)
      SELECT ${entryColumns}, dlq_id, 'dead', clock_timestamp() + interval '1 minute' FROM dlq WHERE run_id = $1`,
    found: ["entry_differs_from_story", "entry_reopened_early"],
  },
  {
    to: "fails",
    sql: "UPDATE dlq SET leased_by = 'nobody' WHERE run_id = $1",
    found: ["entry_lease_broken"],
  },
  { to: "fails", sql: "UPDATE dlq SET test = true WHERE run_id = $1", found: ["test_mark_differs"] },
  {
    to: "arrives",
    sql: `UPDATE audit_events SET payload = payload || '{"body":{"name":"Berta"}}' WHERE ${event("lead_received")}`,
    found: ["payload_digest_wrong"],
  },
  {
    to: "arrives",
    sql: `UPDATE audit_events SET actor = 'user:1' WHERE ${event("lead_received")}`,
    found: ["event_digest_wrong"],
  },
  {
    to: "arrives",
    sql: `UPDATE audit_events SET payload = NULL WHERE ${event("lead_received")}`,
    found: ["payload_digest_wrong"],
  },
];

/** Done to figures, each with a mending between. */
const figureDamages: readonly { readonly sql: string; readonly found: readonly FindingCode[] }[] = [
  { sql: "UPDATE kpi_daily SET failed_count = failed_count + 1", found: ["day_figures_wrong"] },
  { sql: "UPDATE kpi_daily SET dlq_open_count = 0", found: ["day_figures_wrong"] },
  { sql: "UPDATE kpi_daily SET avg_processing_ms = 1", found: ["day_figures_wrong"] },
  { sql: "DELETE FROM internal.kpi_daily_sources; DELETE FROM kpi_daily", found: ["day_missing"] },
  { sql: "UPDATE internal.kpi_daily_sources SET processed_count = 0", found: ["source_figures_wrong"] },
  { sql: "DELETE FROM internal.kpi_daily_sources WHERE source = 'slow'", found: ["source_figures_wrong"] },
  {
    sql: "UPDATE internal.figures_hourly SET received_count = received_count + 1 WHERE source = 'slow'",
    found: ["hour_figures_wrong"],
  },
  { sql: "DELETE FROM internal.destination_figures_hourly", found: ["hour_figures_wrong"] },
  {
    sql: `UPDATE internal.durations_hourly SET count = count + 1
      WHERE ctid = (SELECT min(ctid) FROM internal.durations_hourly WHERE measure = 'first_delivery')`,
    found: ["hour_figures_wrong"],
  },
];

/** Legal before and after: nothing is wrong with what was erased as the ledger erases. */
const erasure = `UPDATE audit_events SET payload = NULL, salt = NULL WHERE run_id = $1`;

describeOnEachServer("The judge of the books", (server) => {
  const scene = useDeliveryScene(server);

  it("finds nothing while a node is at work, and names every damage exactly", async () => {
    const sink = await scene.startSink(answerAsKeyed);
    const node = await scene.startNode({
      sources: [testSource("website", { to: ["crm"] }), testSource("slow", { to: ["own-worker"] })],
      destinations: [
        quickDestination("crm", sink.url, { retry: { fastMs: [], slowMs: [50, 60_000] } }),
        { kind: "external", name: "own-worker", paused: false },
      ],
    });
    const sending = { isOver: false };
    const done = sendAll(node).finally(() => (sending.isOver = true));
    while (!sending.isOver) expect(await findings()).toEqual([]);
    const runs = await done;
    await until("all of it has ended", async () => {
      const open = `SELECT (SELECT count(*) FROM runs WHERE status = 'accepted' AND source = 'website')
        + (SELECT count(*) FROM dlq WHERE next_retry_at IS NOT NULL) + (SELECT count(*) FROM internal.kpi_deltas)
        + (SELECT count(*) FROM internal.hour_deltas)`;
      return (await scene.value<number>(open)) === 0;
    });
    await node.stop();
    expect(await findings()).toEqual([]);

    const owner = new pg.Client({ connectionString: scene.superuserUrl });
    await owner.connect();
    await owner.query("SET session_replication_role = replica; SET search_path = public, internal");
    try {
      await judgeFigures(owner);
      await owner.query(`ALTER TABLE audit_events DROP CONSTRAINT audit_events_run_story;
        DROP INDEX dlq_one_open_per_destination`);
      for (const [index, { sql }] of damages.entries()) await owner.query(sql, [runs[index]]);
      await owner.query(erasure, [runs.at(-1)]);
    } finally {
      await owner.end();
    }
    const found = await findings();
    const of = await runOfEvents(found);
    expect(
      damages.map(({ sql }, index) => [
        sql,
        found
          .filter((each) => of(each) === runs[index])
          .map(codeOf)
          .toSorted(),
      ]),
    ).toEqual(damages.map(({ sql, found: expected }) => [sql, expected]));
    const known = new Set(runs.slice(0, damages.length));
    const rest = found.filter((each) => !known.has(of(each) ?? ""));
    expect(new Set(rest.map(codeOf))).toEqual(
      new Set(["day_figures_wrong", "source_figures_wrong", "hour_figures_wrong", "cause_counts_wrong"]),
    );
  });

  it("knows a damage for every finding that it has", () => {
    const proven = [...damages, ...figureDamages].flatMap(({ found }) => found);
    expect(new Set([...proven, "cause_counts_wrong"])).toEqual(new Set(Object.keys(findingTables)));
  });

  async function judgeFigures(owner: pg.Client): Promise<void> {
    for (const { sql, found } of figureDamages) {
      await owner.query(sql);
      expect([sql, (await findings()).map(codeOf)]).toEqual([sql, found]);
      await rebuildKpis(scene.sql, "cli:test");
    }
    expect(await findings()).toEqual([]);
  }

  async function findings(): Promise<Finding[]> {
    const found: Finding[] = [];
    const looked = await verifyLedger(scene.sql, { found: (finding) => found.push(finding) });
    expect(looked.findings).toBe(found.length);
    return found;
  }

  async function runOfEvents(found: readonly Finding[]): Promise<(finding: Finding) => string | undefined> {
    const ids = found.flatMap(({ event_id }) => (event_id === undefined ? [] : [event_id]));
    const rows = await scene.rows<{ event_id: number; run_id: string }>(
      "SELECT event_id, run_id FROM audit_events WHERE event_id = ANY ($1::bigint[])",
      [ids],
    );
    const runs = new Map(rows.map(({ event_id, run_id }) => [event_id, run_id]));
    return ({ run_id, event_id }) => run_id ?? runs.get(event_id ?? 0);
  }
});

function codeOf({ finding }: Finding): FindingCode {
  return finding;
}

const answerAsKeyed: SinkBehaviour = ({ body, attempt }) => {
  const status = body.includes("fails") ? 422 : body.includes("heals") && attempt === 1 ? 503 : 200;
  return { kind: "answer", status };
};

/** A lead for every damage and one to be erased, in this order; returns their runs. */
async function sendAll(node: TestApp): Promise<string[]> {
  const fates: Fate[] = [...damages.map(({ to }) => to), "arrives"];
  const runs: string[] = [];
  for (const [index, fate] of fates.entries()) {
    const { json } = await postLead(node.url, {
      path: fate === "waits" ? "/webhook/lead/slow" : "/webhook/lead/website",
      key: `${fate}-${index}`,
      body: fate === "is_refused" ? "{" : { name: "Anna", note: fate },
    });
    runs.push(String(json["run_id"]));
  }
  return runs;
}
