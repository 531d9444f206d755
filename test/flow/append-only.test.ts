// What was written stays: nobody changes or removes rows of the ledger, except in the one way that erasure may.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { open, openTestLedger, receiveLead, refusal } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { describeOnEachServer } from "../support/database.ts";

const forbiddenToAll = [
  "TRUNCATE runs CASCADE",
  "TRUNCATE audit_events",
  "TRUNCATE dlq CASCADE",
  "TRUNCATE kpi_daily CASCADE",
  "TRUNCATE internal.deliveries",
  "DELETE FROM runs",
  "DELETE FROM dlq",
  "DELETE FROM audit_events",
  "UPDATE audit_events SET payload = '{}'",
  "UPDATE audit_events SET actor = 'user:1'",
  "UPDATE audit_events SET event_time = event_time - interval '1 day'",
  "UPDATE audit_events SET payload = NULL, salt = NULL",
];

describeOnEachServer("Append-only", (server) => {
  let ledger: TestLedger;
  let runId: string;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    runId = await receiveLead(ledger, ["crm"]);
    await ledger.by("system", "INSERT INTO dlq (run_id, reason) VALUES ($1, 'seen')", [runId]);
  });
  afterAll(() => ledger.close());

  const rows = async () => {
    const { rows: counts } = await ledger.program.query(
      "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM dlq), (SELECT count(*) FROM audit_events), (SELECT array_agg(digest) FROM audit_events)",
    );
    return counts;
  };

  it.each(forbiddenToAll)("%s is refused for everybody", async (text) => {
    const before = await rows();
    await refusal(ledger.hand.query(text), "42501");
    await refusal(ledger.by("system", text), "LL003");
    const superuser = open(ledger.superuserUrl, 1);
    try {
      const { message, hint } = await refusal(superuser.query(text), "LL003");
      expect(message).toMatch(/append-only|keeps every row/);
      expect(hint).toBeTruthy();
    } finally {
      await superuser.close();
    }
    expect(await rows()).toEqual(before);
  });

  describe("the way that erasure has", () => {
    const erasing = async (url: string, text: string): Promise<pg.QueryResult> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query("SELECT set_config('leadledger.operation', 'erasure', false)");
        return await client.query(text, [runId]);
      } finally {
        await client.end();
      }
    };

    it.each([
      "UPDATE audit_events SET payload = NULL WHERE run_id = $1",
      "UPDATE audit_events SET salt = NULL WHERE run_id = $1",
      "UPDATE audit_events SET payload = NULL, salt = NULL, event_type = 'x' WHERE run_id = $1",
      "UPDATE audit_events SET payload = NULL, salt = NULL, digest = '' WHERE run_id = $1",
      "UPDATE audit_events SET payload = NULL, salt = NULL, run_id = NULL WHERE run_id = $1",
      "DELETE FROM audit_events WHERE run_id = $1",
    ])("allows no more than to empty payload and salt: %s", async (text) => {
      await refusal(erasing(ledger.url, text), "LL003");
    });

    it("is closed to hand-made SQL, whatever setting it makes", async () => {
      const url = ledger.hand.pool.options.connectionString ?? "";
      await refusal(
        erasing(url, "UPDATE audit_events SET payload = NULL, salt = NULL WHERE run_id = $1"),
        "42501",
      );
    });

    it("is open to the program", async () => {
      const { rowCount } = await erasing(
        ledger.url,
        "UPDATE audit_events SET payload = NULL, salt = NULL WHERE run_id = $1",
      );
      expect(rowCount).toBe(2);
    });
  });
});
