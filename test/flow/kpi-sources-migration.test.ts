// Figures by source of an installation that was there before they were: for all days, and with differences that waited.
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
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

  /** As that LeadLedger left it: rows, figures and differences, which its triggers made. */
  const receivedBefore = (source: string, day: string, status: string) =>
    database.query(
      `INSERT INTO runs (run_id, source, received_at, status, outcome, processed_at, error_message)
       SELECT $1, $2, at, $4, CASE WHEN $4 = 'processed' THEN 'no_destination' END,
         CASE WHEN $4 = 'processed' THEN at + interval '1 second' END, CASE WHEN $4 = 'failed' THEN 'x' END
       FROM (SELECT $3::timestamptz AS at) AS arrival`,
      [randomUUID(), source, `${day}T12:00:00Z`, status],
    );
  const rolledUpBefore = `INSERT INTO kpi_daily (day, received_count, processed_count, failed_count, avg_processing_ms, processing_us_sum)
    SELECT received_at::date, count(*), count(processed_at), count(*) FILTER (WHERE status = 'failed'),
      CASE WHEN count(processed_at) > 0 THEN 1000 END, count(processed_at) * 1000000 FROM runs GROUP BY 1`;

  it("are there for all days, also where differences were waiting", async () => {
    await receivedBefore("website", "2025-10-24", "processed");
    await receivedBefore("messe", "2025-10-24", "failed");
    await receivedBefore("website", "2025-10-25", "accepted");
    await database.query(rolledUpBefore);
    await receivedBefore("website", "2025-10-24", "processed");
    await receivedBefore("messe", "2025-10-25", "failed");
    await database.query(
      `INSERT INTO public.kpi_deltas (bucket, received, processed, failed, processing_us)
       VALUES ('2025-10-24T12:00:00Z', 1, 1, 0, 1000000), ('2025-10-25T12:00:00Z', 1, 0, 1, 0)`,
    );
    await migrate(fresh.url);
    const { rows } = await one<{ rows: number }>(
      database,
      "SELECT count(*)::int AS rows FROM internal.kpi_daily_sources",
    );
    expect(rows).toBe(4);
    await receive("website", "2025-10-25", "processed");
    await rollUpKpis(database);
    expect(await brokenBooks(database)).toEqual([]);
  });

  it("count a difference that came without its source after the migration had counted", async () => {
    await receivedBefore("website", "2025-10-24", "processed");
    await database.query(rolledUpBefore);
    await migrate(fresh.url);
    // As a statement of the version before writes it that waited for the migration to end.
    await database.query("ALTER TABLE runs DISABLE TRIGGER runs_record_insert");
    await receive("messe", "2025-10-24", "failed");
    await database.query("ALTER TABLE runs ENABLE TRIGGER runs_record_insert");
    await database.query(
      "INSERT INTO internal.kpi_deltas (bucket, received, failed) VALUES ('2025-10-24T12:00:00Z', 1, 1)",
    );
    await receive("website", "2025-10-24", "failed");
    await rollUpKpis(database);
    expect(await brokenBooks(database)).toEqual([]);
  });
});

async function migrateTo(url: string, count: number): Promise<void> {
  const folder = join(import.meta.dirname, "../../migrations");
  const files = (await readdir(folder)).toSorted().slice(0, count);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "CREATE TABLE public.schema_migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)",
  );
  for (const file of files) {
    await client.query(await readFile(join(folder, file), "utf8"));
    await client.query("INSERT INTO public.schema_migrations (name, run_on) VALUES ($1, clock_timestamp())", [
      file.replace(/\.sql$/, ""),
    ]);
  }
  await client.end();
}
