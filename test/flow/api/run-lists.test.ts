// The list of runs, page by page, has exactly what its filter selects, in order: where few runs come into question, where
// many do, and where a page ends early because the search through it would take too long.
import { expect, it } from "vitest";
import { runConditions } from "../../../src/ledger/leads/run-filter.ts";
import type { RunFilter } from "../../../src/ledger/leads/run-filter.ts";
import { pageOfRuns } from "../../../src/ledger/leads/run-list.ts";
import { describeOnEachServer } from "../../support/database.ts";
import type { TestServer } from "../../support/database.ts";
import { openTestLedger } from "../../support/ledger.ts";
import type { TestLedger } from "../../support/ledger.ts";

/** More than are looked at for one page, with a rare kind of lead among them, and more entries than count as few. */
const processedRuns = 11_000;
const failedRuns = 5_600;

const filters: readonly RunFilter[] = [
  {},
  { source: "rare" },
  { source: "fair" },
  { source: "nobody" },
  { status: ["failed"] },
  { status: ["processed"], source: "rare" },
  { outcome: ["no_destination"] },
  { needs_decision: true },
  { needs_decision: true, destination: "erp" },
  { needs_decision: false, status: ["failed"] },
  { retrying: true, needs_decision: false, refused: false },
  { given_up: true, retrying: false },
  { given_up: true, source: "rare" },
  { refused: true },
  { destination: "crm" },
  { destination: "erp", test: false },
  { error_code: "http_400" },
  { error_code: "http_410" },
  { test: true },
];

describeOnEachServer("The list of runs", (server) => {
  it("has exactly what its filter selects", () =>
    withLedger(server, async (ledger) => {
      await fill(ledger);
      for (const filter of filters) {
        const found = await byPages(ledger, filter);
        expect(found, JSON.stringify(filter)).toEqual(await plainly(ledger, filter));
      }
    }));
});

async function withLedger(server: TestServer, work: (ledger: TestLedger) => Promise<void>): Promise<void> {
  const ledger = await openTestLedger(server);
  try {
    await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function fill({ program }: TestLedger): Promise<void> {
  await program.query(
    `INSERT INTO runs (run_id, idempotency_key, source, received_at, status, processed_at, test)
     SELECT gen_random_uuid(), 'done-' || n,
       CASE WHEN n % 3000 = 0 THEN 'rare' WHEN n > $1 - 3000 THEN 'fair' ELSE 'website' END,
       now() - interval '1 minute' * n, 'processed', now(), n % 500 = 0
     FROM generate_series(1, $1::int) AS n`,
    [processedRuns],
  );
  await program.query(
    `INSERT INTO runs (run_id, idempotency_key, source, received_at, status, error_code, error_message)
     SELECT gen_random_uuid(), 'failed-' || n, CASE WHEN n % 2800 = 0 THEN 'rare' ELSE 'website' END,
       now() - interval '2 minutes' * n, 'failed', 'http_400', 'crm answered 400'
     FROM generate_series(1, $1::int) AS n`,
    [failedRuns],
  );
  await program.query(
    `INSERT INTO dlq (run_id, kind, destination, error_code, reason, status, next_retry_at)
     SELECT run_id, 'delivery', CASE WHEN n % 100 = 7 THEN 'erp' ELSE 'crm' END,
       CASE WHEN n % 100 = 8 THEN 'http_410' ELSE 'http_400' END, 'it answered', 'open',
       CASE WHEN n % 10 = 3 THEN now() + interval '1 day' END
     FROM runs, LATERAL (SELECT substr(idempotency_key, 8)::int AS n) AS numbered
     WHERE status = 'failed' AND n % 5 <> 0`,
  );
  await program.query(`UPDATE dlq SET status = 'dead', next_retry_at = NULL WHERE dlq_id % 7 = 0`);
}

/** All runs that the filter matches, by its plain conditions. */
async function plainly({ program }: TestLedger, filter: RunFilter): Promise<string[]> {
  const { sql, values } = runConditions(filter, 1);
  const { rows } = await program.query<{ run_id: string }>(
    `SELECT r.run_id FROM runs r WHERE ${sql} ORDER BY r.received_at DESC, r.run_id DESC`,
    [...values],
  );
  return rows.map((row) => row.run_id);
}

/** The same by the pages of the list. */
async function byPages({ program }: TestLedger, filter: RunFilter): Promise<string[]> {
  const limit = 500;
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof pageOfRuns>> = await pageOfRuns(program, filter, after, limit);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows.map((row) => row.run_id));
    if (page.next === null) return ids;
    after = page.next;
  }
}
