// What the command line calls a lead's state (docs/contract.md, Words for people), read from a ledger in which people
// have worked by hand too.
import { afterEach, beforeEach, expect, it } from "vitest";
import { timeText } from "../../src/cli/frame/times.ts";
import { runState } from "../../src/cli/frame/words.ts";
import { readCondition } from "../../src/ledger/figures/database-condition.ts";
import { listDlqEntries } from "../../src/ledger/attention/dlq.ts";
import { retryEntry } from "../../src/ledger/attention/work-entry.ts";
import { findRun } from "../../src/ledger/leads/runs.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

describeOnEachServer("a lead that failed", (server) => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = await openTestLedger(server);
    await ledger.by(
      "system",
      "INSERT INTO internal.destinations (name, kind, managed_by, settings) VALUES ('crm', 'http', 'file', '{}')",
    );
  });
  afterEach(() => ledger.close());

  async function wordsFor(runId: string): Promise<string> {
    const run = await findRun(ledger.program, runId);
    if (run === null) throw new Error("no such run");
    const parts = { times: timeText("Europe/Berlin", "en"), now: new Date() } as const;
    const [cell, german] = [
      runState(run, { ...parts, language: "en" }),
      runState(run, { ...parts, times: timeText("Europe/Berlin", "de"), language: "de" }),
    ];
    expect(german).not.toEqual(cell);
    return typeof cell === "object" && cell !== null ? cell.text : String(cell);
  }

  /** `next`: an interval from now, or null for an entry that waits for a person. */
  async function enter(runId: string, destination: string, next: string | null): Promise<void> {
    await ledger.by(
      "delivery",
      `INSERT INTO dlq (run_id, kind, destination, error_code, reason, next_retry_at)
       VALUES ($1, 'delivery', $2, 'destination_error', 'crm answered 500', clock_timestamp() + $3::interval)`,
      [runId, destination, next],
    );
  }

  async function close(destination: string, status: "resolved" | "dead"): Promise<void> {
    await ledger.hand.query("UPDATE dlq SET status = $2 WHERE destination = $1", [destination, status]);
  }

  it("needs a decision as soon as one destination does, whatever the others will do by themselves", async () => {
    const runId = await receiveLead(ledger, ["crm", "mail"]);
    await enter(runId, "crm", "1 hour");
    expect(await wordsFor(runId)).toMatch(/^retrying at /);
    await enter(runId, "mail", null);
    expect(await wordsFor(runId)).toBe("needs a decision");
  });

  it("is given up only while a dead entry holds it, and no more once that one is tried again", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    await enter(runId, "crm", null);
    await close("crm", "dead");
    expect(await wordsFor(runId)).toBe("given up");
    const [entry] = await listDlqEntries(ledger.program, { run_id: runId }, 1);
    await retryEntry(ledger.program, "cli:test", entry?.dlq_id ?? 0, { at: null, note: null });
    expect(await wordsFor(runId)).toBe("retrying now");
  });

  it("needs a decision where SQL alone made it fail: nobody gave it up", async () => {
    const runId = await receiveLead(ledger, []);
    await ledger.hand.query("UPDATE runs SET status = 'failed', error_code = 'ours' WHERE run_id = $1", [
      runId,
    ]);
    expect(await wordsFor(runId)).toBe("needs a decision");
  });

  it("is judged by the entries that hold it, not by one that a person made beside them", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    await enter(runId, "crm", null);
    await close("crm", "dead");
    await ledger.hand.query(
      "INSERT INTO dlq (run_id, reason, next_retry_at) VALUES ($1, 'call them', clock_timestamp() + interval '1 hour')",
      [runId],
    );
    expect(await wordsFor(runId)).toBe("given up");
  });

  it("is warned of by the doctor when its day has figures that a person entered", async () => {
    await receiveLead(ledger, [], { receivedAt: "2026-01-05T12:00:00Z" });
    await ledger.hand.query("INSERT INTO kpi_daily (day, received_count) VALUES ('2019-05-02', 4)");
    expect(await readCondition(ledger.program)).toMatchObject({ countedByHand: [] });
    await receiveLead(ledger, [], { receivedAt: "2019-05-01T23:30:00Z" });
    expect(await readCondition(ledger.program)).toMatchObject({ countedByHand: ["2019-05-02"] });
  });
});
