// Figures by source of an installation that was there before they were: for all days, and with differences that waited.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { transaction } from "../../src/ledger/connection/database.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { brokenBooks } from "../support/invariants.ts";
import { one, open } from "../support/ledger.ts";

/** The last one before there were figures by source. */
const migrationsBefore = 9;

describeOnEachServer("Figures by source after the migration", (server) => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeEach(async () => {
    fresh = await emptyDatabase(server);
    database = open(fresh.url);
    await migrateTo(fresh.url, migrationsBefore);
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });
  const receive = (source: string, day: string, status: string) =>
    transaction(database, "webhook", (client) =>
      client.query(
        `INSERT INTO runs (run_id, source, received_at, status, outcome)
         VALUES ($1, $2, $3::timestamptz, $4, CASE WHEN $4 = 'processed' THEN 'no_destination' END)`,
        [randomUUID(), source, `${day}T12:00:00Z`, status],
      ),
    );

  it("are there for all days, also where differences were waiting", async () => {
    await receive("website", "2025-10-24", "processed");
    await receive("messe", "2025-10-24", "failed");
    await receive("website", "2025-10-25", "accepted");
    await rollUpKpis(database);
    await receive("website", "2025-10-24", "processed");
    await receive("messe", "2025-10-25", "failed");
    await migrate(fresh.url);
    const { rows } = await one<{ rows: number }>(
      database,
      "SELECT count(*)::int AS rows FROM kpi_daily_sources",
    );
    expect(rows).toBe(4);
    await receive("website", "2025-10-25", "processed");
    await rollUpKpis(database);
    expect(await brokenBooks(database)).toEqual([]);
  });

  it("count a difference that came without its source after the migration had counted", async () => {
    await receive("website", "2025-10-24", "processed");
    await rollUpKpis(database);
    await migrate(fresh.url);
    // As a statement of the version before writes it that waited for the migration to end.
    await database.query("ALTER TABLE runs DISABLE TRIGGER runs_record_insert");
    await receive("messe", "2025-10-24", "failed");
    await database.query("ALTER TABLE runs ENABLE TRIGGER runs_record_insert");
    await database.query(
      "INSERT INTO kpi_deltas (bucket, received, failed) VALUES ('2025-10-24T12:00:00Z', 1, 1)",
    );
    await receive("website", "2025-10-24", "failed");
    await rollUpKpis(database);
    expect(await brokenBooks(database)).toEqual([]);
  });
});

async function migrateTo(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await runner({
    dbClient: client,
    dir: join(import.meta.dirname, "../../migrations"),
    migrationsTable: "schema_migrations",
    direction: "up",
    count,
    noLock: true,
    log: () => undefined,
  });
  await client.end();
}
