// Whatever looks for the first or last entry of a cause finds it by the index that is there for it, also where a stage
// has no entries: going through all of them by their id takes minutes once there are a million.
import { afterAll, beforeAll, expect, it } from "vitest";
import { readAlarms } from "../../src/ledger/figures/alarms.ts";
import type { Queryable } from "../../src/ledger/connection/database.ts";
import { listBacklogs } from "../../src/ledger/delivery/destination-backlog.ts";
import { listDlqGroups } from "../../src/ledger/attention/dlq-causes.ts";
import { pageOfEntries } from "../../src/ledger/attention/dlq-list.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { plansOf } from "../support/plans.ts";

const entries = 20_000;

describeOnEachServer("Entries of one cause", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.program.query(
      "INSERT INTO internal.destinations (name, kind, managed_by, settings) VALUES ('crm', 'http', 'file', '{}'), ('erp', 'http', 'file', '{}')",
    );
    await ledger.by(
      "system",
      "INSERT INTO runs (status) SELECT 'accepted' FROM generate_series(1, $1::int)",
      [entries],
    );
    await ledger.by(
      "system",
      `INSERT INTO dlq (kind, destination, error_code, next_retry_at, run_id)
       SELECT 'delivery', (ARRAY['crm', 'erp'])[1 + n % 2], (ARRAY['a', 'b', 'c'])[1 + n % 3],
         clock_timestamp() + interval '1 day', run_id
       FROM (SELECT run_id, row_number() OVER () AS n FROM runs) AS r`,
    );
    await ledger.program.query("ANALYZE");
  });
  afterAll(() => ledger.close());

  it.each<[string, (database: Queryable) => Promise<unknown>]>([
    ["groups", (database) => listDlqGroups(database, 100)],
    ["what waits for each destination", (database) => listBacklogs(database)],
    ["alarms", (database) => readAlarms(database)],
    ["a list", (database) => pageOfEntries(database, { destination: "crm", status: ["dead"] }, null, 50)],
  ])("are found by their index: %s", async (_what, read) => {
    const plans = await plansOf(ledger.program, read);
    expect(plans).toContain("dlq_by_cause");
    expect(plans).not.toContain("dlq_pkey");
  });
});
