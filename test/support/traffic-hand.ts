// What people and programs of their own do to the ledger with SQL: legal and illegal changes, in transactions that take
// their locks in any order, as the restricted role and as the owner.
import { transaction } from "../../src/ledger/connection/database.ts";
import type { Database, Queryable } from "../../src/ledger/connection/database.ts";
import type { Operation, WeightedOperations } from "./ledger-traffic.ts";
import type { Random } from "./random.ts";

export interface HandWork {
  readonly asSqlRole: WeightedOperations;
  readonly asOwner: WeightedOperations;
}

/** The ledger's rules, its checks and unique indexes; rights that a role does not have are a matter of other tests. */
const rules = /^(LL|235)/;
/** Half of the changes are made to what the nodes are at work on, half to what they are done with. */
const newestMax = 15;
const recentMax = 150;
const destinations = ["crm", "erp", "shop", "own-worker"] as const;
const statuses = ["open", "retrying", "resolved", "resolved", "dead"] as const;

export function createHandWork(): HandWork {
  const operations: WeightedOperations = [
    by(6, "set entry", setEntry),
    by(3, "edit entry", editEntry),
    by(3, "insert entry", insertEntry),
    by(2, "set several entries", setSeveralEntries),
    by(4, "set run", setRun),
    by(2, "insert runs", insertRuns),
    by(2, "insert event", insertEvent),
    by(3, "long transaction", longTransaction),
    by(1, "change in a snapshot", changeInSnapshot),
    by(1, "figures", insertFigures),
  ];
  return {
    asSqlRole: operations,
    asOwner: [...operations, by(3, "end deliveries", endDeliveries), by(1, "delete", deleteRows)],
  };
}

function by(weight: number, name: string, run: Operation["run"]): readonly [number, Operation] {
  return [weight, { name: `by hand: ${name}`, tolerates: rules, run }];
}

/** One of the newest entries; null: there is none. */
export async function pickEntry(database: Queryable, random: Random): Promise<number | null> {
  const { rows } = await database.query<{ dlq_id: number }>(
    `SELECT dlq_id FROM dlq WHERE dlq_id <= (SELECT max(dlq_id) FROM dlq) - $1 ORDER BY dlq_id DESC LIMIT 1`,
    [howRecent(random)],
  );
  return rows[0]?.dlq_id ?? null;
}

async function pickRun(database: Queryable, random: Random): Promise<string | null> {
  const { rows } = await database.query<{ run_id: string }>(
    "SELECT run_id FROM runs ORDER BY received_at DESC OFFSET $1 LIMIT 1",
    [howRecent(random)],
  );
  return rows[0]?.run_id ?? null;
}

function howRecent(random: Random): number {
  return random.below(random.chance(0.5) ? newestMax : recentMax);
}

async function setEntry(database: Queryable, random: Random): Promise<void> {
  await database.query("UPDATE dlq SET status = $2, note = 'by hand' WHERE dlq_id = $1", [
    await pickEntry(database, random),
    random.pick(statuses),
  ]);
}

async function editEntry(database: Queryable, random: Random): Promise<void> {
  const change = random.pick([
    "next_retry_at = clock_timestamp() + interval '10 milliseconds'",
    "next_retry_at = NULL",
    "note = 'called back'",
    "error_code = 'edited', reason = 'edited by hand'",
    "payload = jsonb_set(payload, '{body}', '{\"name\":\"corrected\"}')",
    "retry_count = 0",
    "destination = 'elsewhere'",
    "created_at = clock_timestamp() + interval '1 day'",
  ]);
  await database.query(`UPDATE dlq SET ${change} WHERE dlq_id = $1`, [await pickEntry(database, random)]);
}

async function insertEntry(database: Queryable, random: Random): Promise<void> {
  if (random.chance(0.1)) {
    await database.query("INSERT INTO dlq (reason, status) VALUES ('noted', $1)", [random.pick(statuses)]);
    return;
  }
  const runId = await pickRun(database, random);
  if (runId === null) return;
  const kind = random.pick(["delivery", "delivery", "manual", "manual", "replay", "refused", "conflict"]);
  await database.query(
    "INSERT INTO dlq (run_id, kind, destination, status, reopened_from, error_code) VALUES ($1, $2, $3, $4, $5, 'noted')",
    [
      runId,
      kind,
      // Refused payloads have nowhere to go.
      kind === "refused" || kind === "conflict" ? null : random.pick(destinations),
      random.pick(["open", "open", "open", "resolved", "dead"]),
      random.chance(0.2) ? await pickEntry(database, random) : null,
    ],
  );
}

async function setSeveralEntries(database: Queryable, random: Random): Promise<void> {
  await database.query(
    `UPDATE dlq SET status = $3 WHERE status = 'open' AND dlq_id IN (
       SELECT dlq_id FROM dlq WHERE dlq_id <= $1 ORDER BY dlq_id DESC LIMIT $2)`,
    [await pickEntry(database, random), 2 + random.below(10), random.pick(["resolved", "dead", "retrying"])],
  );
}

async function setRun(database: Queryable, random: Random): Promise<void> {
  await database.query("UPDATE runs SET status = $2 WHERE run_id = $1", [
    await pickRun(database, random),
    random.pick(["processed", "processed", "failed", "accepted"]),
  ]);
}

async function insertRuns(database: Queryable, random: Random): Promise<void> {
  await database.query(
    `INSERT INTO runs (status, received_at)
     SELECT $1, clock_timestamp() - $2 * interval '1 hour' FROM generate_series(1, $3)`,
    [random.pick(["accepted", "processed", "failed"]), random.below(72), 1 + random.below(3)],
  );
}

async function insertEvent(database: Queryable, random: Random): Promise<void> {
  await database.query(
    `INSERT INTO audit_events (run_id, event_type, payload) VALUES ($1, 'called_back', '{"by":"täglich ✓"}')`,
    [random.chance(0.9) ? await pickRun(database, random) : null],
  );
}

/** Entries first, in any order, then a run: the other way round than the program. Often thought better of. */
async function longTransaction(database: Database, random: Random): Promise<void> {
  const client = await database.pool.connect();
  let broken = false;
  try {
    await client.query("BEGIN");
    for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
      await client.query("SAVEPOINT change");
      try {
        await random.pick([setEntry, setEntry, setRun, insertEvent, insertEntry])(client, random);
      } catch (error) {
        await client.query("ROLLBACK TO SAVEPOINT change");
        if (random.chance(0.3)) throw error;
      }
    }
    await client.query(random.chance(0.7) ? "COMMIT" : "ROLLBACK");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function changeInSnapshot(database: Database, random: Random): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await random.pick([setEntry, setRun])(client, random);
    await client.query("COMMIT");
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** For days before the first lead, as somebody does who brings figures along. */
async function insertFigures(database: Queryable, random: Random): Promise<void> {
  await database.query(
    `INSERT INTO kpi_daily (day, received_count, processed_count) VALUES ($1, 5, 4)
     ON CONFLICT (day) DO UPDATE SET received_count = excluded.received_count`,
    [random.chance(0.5) ? `2020-01-${10 + random.below(20)}` : new Date().toISOString().slice(0, 10)],
  );
}

/** Only the owner sees deliveries at all. */
async function endDeliveries(database: Database, random: Random): Promise<void> {
  await database.query(
    "DELETE FROM internal.deliveries WHERE ctid IN (SELECT ctid FROM internal.deliveries WHERE destination = $1 LIMIT $2)",
    [random.pick(destinations), 1 + random.below(3)],
  );
}

/** Refused, also to the owner. */
async function deleteRows(database: Database, random: Random): Promise<void> {
  const table = random.pick(["runs", "dlq"]);
  await transaction(database, "user:7", (client) =>
    client.query(`DELETE FROM ${table} WHERE run_id = (SELECT run_id FROM runs LIMIT 1)`),
  );
}
