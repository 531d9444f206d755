// Which changes of runs and DLQ entries the database allows, by hand and by the program, and what follows from them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "../../src/ledger/connection/database.ts";
import { currentBodySql } from "../../src/ledger/intake/current-body-sql.ts";
import { describeOnEachServer } from "../support/database.ts";
import { allowTemporary, one, openTestLedger, receiveLead, refusal, story } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

type Who = "hand" | "program";
const runStates = ["accepted", "processed", "failed"];
const entryStates = ["open", "retrying", "resolved", "dead"];
const legalRunChanges = ["accepted processed", "accepted failed", "failed processed"];
const legalEntryChanges = [
  ...["open retrying", "open resolved", "open dead"],
  ...["retrying open", "retrying resolved", "retrying dead"],
];

const unknownRun = "01234567-89ab-7cde-8f01-23456789abcd";

describeOnEachServer("States", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.by(
      "system",
      `INSERT INTO internal.destinations (name, kind, sends, managed_by, settings)
       VALUES ('crm', 'http', true, 'file', '{}'), ('own-worker', 'external', false, 'file', '{}')`,
    );
  });
  afterAll(() => ledger.close());

  const as = (who: Who, text: string, values: unknown[] = [], actor: Actor = "user:7") =>
    who === "hand" ? ledger.hand.query(text, values) : ledger.by(actor, text, values);
  const run = (id: string) =>
    one<{ status: string; outcome: string | null; error_code: string | null; processed_at: Date | null }>(
      ledger.program,
      "SELECT status, outcome, error_code, processed_at FROM runs WHERE run_id = $1",
      [id],
    );
  const insertRun = async (who: Who, status: string) => {
    const text = "INSERT INTO runs (status) VALUES ($1) RETURNING run_id";
    const { rows } = await as(who, text, [status]);
    return String(rows[0]?.["run_id"]);
  };
  const insertEntry = async (who: Who, columns: Record<string, unknown>) => {
    const names = Object.keys(columns);
    const { rows } = await as(
      who,
      `INSERT INTO dlq (${names.join()}) VALUES (${names.map((_, index) => `$${index + 1}`).join()}) RETURNING dlq_id`,
      Object.values(columns),
    );
    return Number(rows[0]?.["dlq_id"]);
  };
  const setEntry = (who: Who, id: number, status: string) =>
    as(who, "UPDATE dlq SET status = $2 WHERE dlq_id = $1", [id, status]);
  const deliver = (id: string, destination: string) =>
    ledger.by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1 AND destination = $2", [
      id,
      destination,
    ]);

  describe.each<Who>(["hand", "program"])("by %s", (who) => {
    for (const from of runStates) {
      for (const to of runStates.filter((state) => state !== from)) {
        const legal = legalRunChanges.includes(`${from} ${to}`);
        it(`a run that is ${from} ${legal ? "may become" : "is kept from becoming"} ${to}`, async () => {
          const id = await insertRun(who, from);
          const change = as(who, "UPDATE runs SET status = $2 WHERE run_id = $1", [id, to]);
          if (legal) {
            await change;
            expect((await run(id)).status).toBe(to);
          } else {
            const { message, hint } = await refusal(change, "LL001");
            expect(message).toContain(`is ${from}, it cannot become ${to}`);
            expect(hint).toMatch(from === "processed" ? /final/ : /Allowed: processed/);
          }
        });
      }
    }

    for (const from of entryStates) {
      for (const to of entryStates.filter((state) => state !== from)) {
        const legal = legalEntryChanges.includes(`${from} ${to}`);
        it(`an entry that is ${from} ${legal ? "may become" : "is kept from becoming"} ${to}`, async () => {
          const id = await insertEntry(who, { status: from });
          const change = setEntry(who, id, to);
          if (legal) {
            await change;
            const entry = await one<{ status: string }>(
              ledger.hand,
              "SELECT status FROM dlq WHERE dlq_id = $1",
              [id],
            );
            expect(entry.status).toBe(to);
          } else {
            const { hint } = await refusal(change, "LL001");
            expect(hint).toMatch(/final.*reopened_from/);
          }
        });
      }
    }

    it.each([
      ["runs", "run_id", "gen_random_uuid()"],
      ["runs", "source", "'other'"],
      ["runs", "idempotency_key", "'other'"],
      ["runs", "received_at", "received_at - interval '1 hour'"],
      ["runs", "test", "true"],
      ["runs", "refused", "true"],
      ["runs", "processed_at", "processed_at - interval '1 microsecond'"],
      ["runs", "outcome", "'delivered'"],
      ["dlq", "created_at", "created_at - interval '1 hour'"],
      ["dlq", "kind", "'conflict'"],
      ["dlq", "destination", "'other'"],
      ["dlq", "run_id", "NULL"],
      ["dlq", "test", "true"],
      ["dlq", "retry_count", "retry_count - 1"],
      ["dlq", "retry_count", "1000001"],
    ])("%s.%s never becomes %s", async (table, column, value) => {
      const id = await insertRun(who, "processed");
      await insertEntry(who, { run_id: id, retry_count: 1 });
      await refusal(as(who, `UPDATE ${table} SET ${column} = ${value} WHERE run_id = $1`, [id]), "LL002");
    });

    it.each([
      ["INSERT INTO runs (received_at) VALUES (clock_timestamp() + interval '1 minute')"],
      ["INSERT INTO runs (received_at) VALUES ('infinity')"],
      ["INSERT INTO runs (received_at) VALUES ('-infinity')"],
      ["INSERT INTO runs (received_at) VALUES ('0001-01-01')"],
      ["INSERT INTO runs (status, processed_at) VALUES ('processed', clock_timestamp() + interval '1 hour')"],
      ["INSERT INTO dlq (created_at) VALUES (clock_timestamp() + interval '1 minute')"],
      ["INSERT INTO dlq (created_at) VALUES ('-infinity')"],
      ["INSERT INTO dlq (created_at) VALUES ('1999-12-31T23:59:59Z')"],
      ["INSERT INTO dlq (status, closed_at) VALUES ('dead', clock_timestamp() + interval '1 hour')"],
      ["INSERT INTO dlq (next_retry_at) VALUES ('infinity')"],
    ])("refuses a time that cannot be: %s", async (text) => {
      await refusal(as(who, text), "LL004");
    });

    it.each([
      ["UPDATE runs SET status = 'processed' WHERE run_id = $1"],
      ["UPDATE dlq SET status = 'resolved' WHERE run_id = $1"],
      ["INSERT INTO dlq (run_id, kind, destination) VALUES ($1, 'delivery', 'erp')"],
    ])("refuses a change of state at REPEATABLE READ: %s", async (text) => {
      const id = await insertRun(who, "accepted");
      await insertEntry(who, { run_id: id });
      const client = await (who === "hand" ? ledger.hand : ledger.program).pool.connect();
      try {
        await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
        await refusal(client.query(text, [id]), "LL005");
      } finally {
        await client.query("ROLLBACK");
        client.release();
      }
    });

    it("a run with open work is not processed, and the refusal names the work", async () => {
      const id = await receiveLead(ledger, ["crm", "erp"]);
      const dlqId = await insertEntry(who, { run_id: id, kind: "delivery", destination: "crm" });
      const { message } = await refusal(
        as(who, "UPDATE runs SET status = 'processed' WHERE run_id = $1", [id]),
        "LL001",
      );
      expect(message).toContain(`DLQ entry ${dlqId} (open, crm), delivery to erp`);
    });

    it("resolving the last open entry moves the run, the first one does not", async () => {
      const id = await receiveLead(ledger, ["crm", "erp"]);
      const crm = await insertEntry(who, { run_id: id, kind: "delivery", destination: "crm" });
      const erp = await insertEntry(who, { run_id: id, kind: "delivery", destination: "erp" });
      await setEntry(who, crm, "resolved");
      expect((await run(id)).status).toBe("failed");
      await setEntry(who, erp, "resolved");
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "resolved_by_hand" });
    });

    it("a dead entry holds its run failed until one reopened from it is resolved", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      const first = await insertEntry(who, { run_id: id, kind: "delivery", destination: "crm" });
      await setEntry(who, first, "dead");
      expect((await run(id)).status).toBe("failed");
      const again = { run_id: id, kind: "delivery", destination: "crm", reopened_from: first };
      const second = await insertEntry(who, again);
      await refusal(insertEntry(who, { ...again, status: "dead" }), "23505");
      await as(who, "UPDATE dlq SET status = 'resolved', resolution = 'delivered' WHERE dlq_id = $1", [
        second,
      ]);
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered", error_code: null });
    });

    it("a dead entry is not silenced by reopening it as one that does not move the run", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      const dead = await insertEntry(who, {
        run_id: id,
        kind: "delivery",
        destination: "crm",
        status: "dead",
      });
      await refusal(insertEntry(who, { run_id: id, destination: "crm", reopened_from: dead }), "LL001");
      expect((await run(id)).status).toBe("failed");
    });

    it("at most one entry is at work per run and destination", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      const entry = { run_id: id, kind: "delivery", destination: "crm" };
      const first = await insertEntry(who, entry);
      await refusal(insertEntry(who, entry), "23505");
      await setEntry(who, first, "dead");
      await insertEntry(who, { ...entry, reopened_from: first });
    });

    it("an entry of kind replay does not take the place of a first delivery", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      await refusal(insertEntry(who, { run_id: id, kind: "replay", destination: "crm" }), "LL001");
      expect((await run(id)).status).toBe("accepted");
      await deliver(id, "crm");
      await insertEntry(who, { run_id: id, kind: "replay", destination: "crm" });
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered" });
    });

    it("a conflict, a manual entry and a processed run's entries leave the run alone", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      await insertEntry(who, { run_id: id, kind: "conflict", error_code: "idempotency_key_reused" });
      await insertEntry(who, { run_id: id, kind: "manual" });
      expect((await run(id)).status).toBe("accepted");
      await deliver(id, "crm");
      expect((await run(id)).status).toBe("processed");
      await refusal(insertEntry(who, { run_id: id, kind: "delivery", destination: "crm" }), "LL001");
    });
  });

  describe("a worker of one's own", () => {
    it("closes its delivery by setting the run to processed", async () => {
      const id = await receiveLead(ledger, ["crm", "own-worker"]);
      const done = () =>
        ledger.hand.query("UPDATE runs SET status = 'processed' WHERE run_id = $1 AND status = 'accepted'", [
          id,
        ]);
      expect((await refusal(done(), "LL001")).message).toMatch(/delivery to crm$/);
      await deliver(id, "crm");
      expect((await run(id)).status).toBe("accepted");
      await done();
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered" });
      const left = await ledger.program.query("SELECT 1 FROM internal.deliveries WHERE run_id = $1", [id]);
      expect(left.rowCount).toBe(0);
    });

    it("says resolved_by_hand when a person had resolved another destination's entry", async () => {
      const id = await receiveLead(ledger, ["crm", "own-worker"]);
      const crm = await insertEntry("program", { run_id: id, kind: "delivery", destination: "crm" });
      await setEntry("hand", crm, "resolved");
      expect((await run(id)).status).toBe("failed");
      await ledger.hand.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [id]);
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "resolved_by_hand" });
    });

    it("says delivered when the other destination's entry was delivered at last", async () => {
      const id = await receiveLead(ledger, ["crm", "own-worker"]);
      const crm = await insertEntry("program", { run_id: id, kind: "delivery", destination: "crm" });
      await ledger.by(
        "delivery",
        "UPDATE dlq SET status = 'resolved', resolution = 'delivered' WHERE dlq_id = $1",
        [crm],
      );
      await ledger.hand.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [id]);
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered" });
    });

    it("reports a failure as a DLQ entry and tries it again as one", async () => {
      const id = await receiveLead(ledger, ["own-worker"]);
      const entry = await insertEntry("hand", {
        run_id: id,
        kind: "delivery",
        destination: "own-worker",
        reason: "the worker's own system was down",
        error_code: "worker_down",
      });
      expect(await run(id)).toMatchObject({ status: "failed", error_code: "worker_down" });
      await setEntry("hand", entry, "retrying");
      await setEntry("hand", entry, "open");
      await setEntry("hand", entry, "retrying");
      await ledger.hand.query(
        "UPDATE dlq SET status = 'resolved', resolution = 'delivered' WHERE dlq_id = $1",
        [entry],
      );
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered", error_code: null });
      const { retry_count: retries } = await one<{ retry_count: number }>(
        ledger.hand,
        "SELECT retry_count FROM dlq WHERE dlq_id = $1",
        [entry],
      );
      expect(retries).toBe(2);
      expect(await story(ledger, id)).toEqual([
        ...["lead_received", "dlq_created", "lead_failed", "dlq_retrying", "dlq_rescheduled", "dlq_retrying"],
        ...["dlq_resolved", "lead_processed"],
      ]);
    });
  });

  describe("a refused run", () => {
    const refuse = async (): Promise<{ id: string; entry: number }> => {
      const { rows } = await ledger.by(
        "webhook",
        "INSERT INTO runs (refused) VALUES (true) RETURNING run_id",
      );
      const id = String(rows[0]?.["run_id"]);
      const entry = await insertEntry("program", {
        run_id: id,
        kind: "refused",
        error_code: "body_not_json",
        payload: { body: null, sha256: id },
      });
      return { id, entry };
    };
    const correct = async (id: string) => {
      await ledger.by(
        "webhook",
        `WITH o AS MATERIALIZED (SELECT set_config('leadledger.operation', 'correction', true) AS operation)
         UPDATE runs SET status = 'accepted', refused = false FROM o WHERE run_id = $1 AND operation <> ''`,
        [id],
      );
      await ledger.by(
        "webhook",
        "INSERT INTO internal.deliveries (run_id, destination, attempt) VALUES ($1, 'crm', 1)",
        [id],
      );
    };

    it("is failed, takes no delivery entry, and is not processed uncorrected", async () => {
      const { id, entry } = await refuse();
      expect(await run(id)).toMatchObject({ status: "failed", error_code: "body_not_json" });
      for (const who of ["hand", "program"] as const) {
        await refusal(insertEntry(who, { run_id: id, kind: "delivery", destination: "crm" }), "LL001");
        const { message } = await refusal(
          as(who, "UPDATE runs SET status = 'processed' WHERE run_id = $1", [id]),
          "LL001",
        );
        expect(message).toContain("refused");
      }
      await setEntry("hand", entry, "resolved");
      expect((await run(id)).status).toBe("failed");
      const { resolution } = await one<{ resolution: string }>(
        ledger.hand,
        "SELECT resolution FROM dlq WHERE dlq_id = $1",
        [entry],
      );
      expect(resolution).toBe("discarded");
    });

    it("keeps one entry per error code and body, in whatever state it is", async () => {
      const { id, entry } = await refuse();
      await setEntry("hand", entry, "dead");
      const same = {
        run_id: id,
        kind: "refused",
        error_code: "body_not_json",
        payload: { body: null, sha256: id },
      };
      await refusal(insertEntry("program", same), "23505");
      await insertEntry("program", { ...same, payload: { body: { other: 1 } } });
      await refusal(insertEntry("program", { ...same, payload: { body: { other: 1.0 } } }), "23505");
    });

    it("is never corrected by hand", async () => {
      const { id } = await refuse();
      const client = await ledger.hand.pool.connect();
      try {
        await client.query("SELECT set_config('leadledger.operation', 'correction', false)");
        await refusal(
          client.query("UPDATE runs SET status = 'accepted', refused = false WHERE run_id = $1", [id]),
          "LL002",
        );
      } finally {
        client.release(true);
      }
    });

    it("is delivered like any other once it was corrected, also when its entry was given up before", async () => {
      const { id, entry } = await refuse();
      await setEntry("hand", entry, "dead");
      await correct(id);
      expect(await run(id)).toMatchObject({ status: "accepted", error_code: null });
      await deliver(id, "crm");
      expect(await run(id)).toMatchObject({ status: "processed", outcome: "delivered" });
    });
  });

  it("a delivery belongs to a run that is there, and stays with it", async () => {
    const id = await receiveLead(ledger, ["crm"]);
    const other = await receiveLead(ledger, []);
    const insert = "INSERT INTO internal.deliveries (run_id, destination) SELECT unnest($1::uuid[]), 'erp'";
    const { message } = await refusal(ledger.by("system", insert, [[id, unknownRun, other]]), "23503");
    expect(message).toContain(unknownRun);
    await refusal(
      ledger.by("system", "UPDATE internal.deliveries SET run_id = $2 WHERE run_id = $1", [id, other]),
      "LL002",
    );
    await ledger.by("system", insert, [[id]]);
    const { rows } = await ledger.program.query(
      "SELECT destination FROM internal.deliveries WHERE run_id = ANY ($1) ORDER BY 1",
      [[id, unknownRun, other]],
    );
    expect(rows).toEqual([{ destination: "crm" }, { destination: "erp" }]);
  });

  describe("hand-made rows", () => {
    it("need nothing but what is known", async () => {
      const { rows: runs } = await ledger.hand.query("INSERT INTO runs DEFAULT VALUES RETURNING *");
      expect(runs[0]).toMatchObject({ status: "accepted", source: "manual", test: false });
      const { rows: entries } = await ledger.hand.query("INSERT INTO dlq DEFAULT VALUES RETURNING *");
      expect(entries[0]).toMatchObject({
        status: "open",
        kind: "manual",
        retry_count: 0,
        next_retry_at: null,
      });
    });

    it("cannot claim what intake alone decides", async () => {
      await refusal(
        ledger.hand.query("INSERT INTO runs (status, outcome) VALUES ('processed', 'no_destination')"),
        "LL001",
      );
      await refusal(ledger.hand.query("INSERT INTO runs (refused) VALUES (true)"), "LL001");
    });

    it("cannot take ids that the program would be given later", async () => {
      await refusal(
        ledger.hand.query("INSERT INTO dlq (dlq_id) OVERRIDING SYSTEM VALUE VALUES (1000000)"),
        "LL002",
      );
      await refusal(
        ledger.hand.query(
          "INSERT INTO audit_events (event_id, event_type) OVERRIDING SYSTEM VALUE VALUES (1000000, 'note')",
        ),
        "LL002",
      );
    });

    it("do not keep a delivery that failed out of the DLQ", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      await refusal(insertEntry("hand", { run_id: id, destination: "crm" }), "LL001");
      const noted = await insertEntry("hand", { run_id: id, destination: "erp" });
      await ledger.by(
        "webhook",
        "INSERT INTO internal.deliveries (run_id, destination, attempt) VALUES ($1, 'erp', 1)",
        [id],
      );
      await insertEntry("program", { run_id: id, kind: "delivery", destination: "erp" });
      const entry = await one<{ status: string; resolution: string }>(
        ledger.hand,
        "SELECT status, resolution FROM dlq WHERE dlq_id = $1",
        [noted],
      );
      expect(entry).toEqual({ status: "resolved", resolution: "superseded" });
    });

    it("do not stop the program by a count that it could not raise", async () => {
      await refusal(insertEntry("hand", { retry_count: 2_147_483_647 }), "LL002");
    });

    it("are judged and told the same when a trigger of the user's own makes the change", async () => {
      const id = await receiveLead(ledger, ["own-worker"]);
      await allowTemporary(ledger);
      const client = await ledger.hand.pool.connect();
      try {
        await client.query("SELECT set_config('leadledger.deciding', 'on', false)");
        await client.query(`CREATE TEMP TABLE done (run_id uuid);
          CREATE FUNCTION pg_temp.done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE public.runs SET status = 'processed' WHERE run_id = NEW.run_id;
            UPDATE public.runs SET email_hash = decode(repeat('00', 16), 'hex') WHERE run_id = NEW.run_id; RETURN NEW; END $$;
          CREATE TRIGGER done AFTER INSERT ON done FOR EACH ROW EXECUTE FUNCTION pg_temp.done()`);
        await client.query("INSERT INTO done VALUES ($1)", [id]);
      } finally {
        client.release(true);
      }
      expect(await story(ledger, id)).toEqual(["lead_received", "lead_processed", "run_changed"]);
      const left = await ledger.program.query("SELECT 1 FROM internal.deliveries WHERE run_id = $1", [id]);
      expect(left.rowCount).toBe(0);
    });
  });

  describe("what somebody writes by hand", () => {
    it("into the log changes neither what a lead is nor what is delivered", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      const before = await one<{ body: string }>(
        ledger.program,
        `SELECT ${currentBodySql("$1")}::text AS body`,
        [id],
      );
      await ledger.hand.query(
        `INSERT INTO audit_events (run_id, event_type, payload) VALUES ($1, 'lead_corrected', '{"body":{"forged":true}}')`,
        [id],
      );
      const after = await one<{ body: string }>(
        ledger.program,
        `SELECT ${currentBodySql("$1")}::text AS body`,
        [id],
      );
      expect(after).toEqual(before);
    });

    it("into a refused payload is refused: it is evidence, and by it a resend finds its entry", async () => {
      const { rows } = await ledger.program.query<{ run_id: string }>(
        "INSERT INTO runs (refused, status, error_code) VALUES (true, 'failed', 'json_malformed') RETURNING run_id",
      );
      const entry = await insertEntry("program", {
        run_id: rows[0]?.run_id ?? "",
        kind: "refused",
        error_code: "json_malformed",
      });
      for (const change of ["payload = '{\"x\":1}'", "payload = NULL", "error_code = 'other'"])
        await refusal(ledger.hand.query(`UPDATE dlq SET ${change} WHERE dlq_id = $1`, [entry]), "LL002");
    });

    it("as failed gives way when every delivery has arrived after all", async () => {
      const id = await receiveLead(ledger, ["crm"]);
      await ledger.hand.query("UPDATE runs SET status = 'failed', error_code = 'mine' WHERE run_id = $1", [
        id,
      ]);
      await ledger.program.query("DELETE FROM internal.deliveries WHERE run_id = $1", [id]);
      const run = await one(ledger.hand, "SELECT status, outcome, error_code FROM runs WHERE run_id = $1", [
        id,
      ]);
      expect(run).toEqual({ status: "processed", outcome: "delivered", error_code: null });
    });
  });

  it("tells of a failed run why it is failed now, not why it was", async () => {
    const id = await receiveLead(ledger, ["crm", "erp"]);
    const first = await insertEntry("program", {
      run_id: id,
      kind: "delivery",
      destination: "crm",
      error_code: "one",
    });
    await insertEntry("program", { run_id: id, kind: "delivery", destination: "erp", error_code: "two" });
    const code = () => one(ledger.hand, "SELECT status, error_code FROM runs WHERE run_id = $1", [id]);
    expect(await code()).toEqual({ status: "failed", error_code: "one" });
    await ledger.hand.query("UPDATE dlq SET error_code = 'one, changed' WHERE dlq_id = $1", [first]);
    expect(await code()).toEqual({ status: "failed", error_code: "one, changed" });
    await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE dlq_id = $1", [first]);
    expect(await code()).toEqual({ status: "failed", error_code: "two" });
  });
});
