// A lead's story as people read it: complete, in true order, by whom, and provable to the byte.
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptLeads } from "../../src/ledger/intake/accept-leads.ts";
import type { KeyedLead } from "../../src/ledger/intake/accept-leads.ts";
import { appendAuditEvents } from "../../src/ledger/log/audit-events.ts";
import { createIntakeCommit } from "../../src/ledger/intake/intake-commit.ts";
import { transaction, withDeadlockRetry } from "../../src/ledger/connection/database.ts";
import { settleDelivered, settleForFastRetry, settleToDlq } from "../../src/ledger/delivery/deliveries.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, open, openTestLedger, receiveLead, refusal, story } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";
import { until } from "../support/until.ts";

interface StoredEvent {
  readonly event_id: string;
  readonly run_id: string | null;
  readonly micros: string;
  readonly event_type: string;
  readonly actor: string;
  readonly payload_text: string | null;
  readonly salt: Buffer | null;
  readonly payload_digest: Buffer;
  readonly digest: Buffer;
}

describeOnEachServer("A lead's story", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
  });
  afterAll(() => ledger.close());

  const eventsOf = async (runId: string | null): Promise<StoredEvent[]> => {
    const { rows } = await ledger.program.query<StoredEvent>(
      `SELECT event_id::text, run_id, (extract(epoch FROM event_time) * 1000000)::bigint::text AS micros,
         event_type, actor, payload::text AS payload_text, salt, payload_digest, digest
       FROM audit_events WHERE run_id IS NOT DISTINCT FROM $1 ORDER BY event_time`,
      [runId],
    );
    return rows;
  };
  const attemptOf = (runId: string, destination: string) => ({
    runId,
    destination,
    attempt: 1,
    event: JSON.stringify({ destination, attempt: 1 }),
  });

  it("has no two events at the same time, though they were written in one transaction", async () => {
    const runId = await receiveLead(ledger, []);
    await transaction(ledger.program, "system", async (client) => {
      await client.query("SELECT 1 FROM runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
      await client.query(
        `INSERT INTO audit_events (run_id, event_type)
         SELECT $1, 'note_' || lpad(n::text, 3, '0') FROM generate_series(1, 200) AS n ORDER BY n`,
        [runId],
      );
    });
    const events = await eventsOf(runId);
    expect(new Set(events.map((event) => event.micros)).size).toBe(201);
    expect(events.map((event) => event.event_type).slice(1)).toEqual(
      Array.from({ length: 200 }, (_, index) => `note_${String(index + 1).padStart(3, "0")}`),
    );
  });

  it("goes on after its last event, also when the clock has stepped back since", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    const superuser = open(ledger.superuserUrl, 1);
    try {
      // As a clock that was an hour ahead would have written it.
      await superuser.query("ALTER TABLE audit_events DISABLE TRIGGER USER");
      await superuser.query(
        `INSERT INTO audit_events (run_id, event_type, actor, event_time, payload_digest, digest)
         VALUES ($1, 'delivery_failed', 'delivery', clock_timestamp() + interval '1 hour', '', '')`,
        [runId],
      );
    } finally {
      await superuser.query("ALTER TABLE audit_events ENABLE TRIGGER USER");
      await superuser.close();
    }
    await settleDelivered(ledger.program, [attemptOf(runId, "crm")], "n1");
    expect(await story(ledger, runId)).toEqual([
      ...["lead_received", "delivery_failed", "lead_delivered", "lead_processed"],
    ]);
  });

  it("tells the cause before the effect, from the first failure to the end", async () => {
    const runId = await receiveLead(ledger, ["crm", "erp"]);
    await settleDelivered(ledger.program, [attemptOf(runId, "erp")], "n1");
    const failed = { ...attemptOf(runId, "crm"), errorCode: "http_503", reason: "the CRM answered 503" };
    await settleToDlq(ledger.program, [{ ...failed, nextRetryDelayMs: 60_000 }], "n1");
    await ledger.hand.query("UPDATE dlq SET status = 'resolved', note = 'typed in' WHERE run_id = $1", [
      runId,
    ]);
    expect(await story(ledger, runId)).toEqual([
      ...["lead_received", "lead_delivered", "delivery_failed", "dlq_created", "lead_failed"],
      ...["dlq_resolved", "lead_processed"],
    ]);
  });

  it("names who did it, and believes a name only from the program", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    await ledger.by("key:reporting", "UPDATE runs SET error_message = 'x' WHERE run_id = $1", [runId]);
    const client = await ledger.hand.pool.connect();
    try {
      await client.query("SELECT set_config('leadledger.actor', 'system', false)");
      await client.query("UPDATE runs SET error_message = 'y' WHERE run_id = $1", [runId]);
      await client.query(
        "INSERT INTO audit_events (run_id, event_type, actor, event_time, payload) VALUES ($1, 'called_back', 'user:1', '2001-01-01', '{\"by\":\"phone\"}')",
        [runId],
      );
    } finally {
      client.release(true);
    }
    const events = await eventsOf(runId);
    const hand = `db:${ledger.roles.sql}`;
    expect(events.map((event) => [event.event_type, event.actor])).toEqual([
      ["lead_received", "webhook"],
      ["run_changed", "key:reporting"],
      ["run_changed", hand],
      ["called_back", hand],
    ]);
  });

  it("forgets the actor with the transaction: what the program's role does later by hand is not its work", async () => {
    const program = open(ledger.url, 1);
    try {
      await transaction(program, "user:7", (client) => client.query("INSERT INTO runs DEFAULT VALUES"));
      const { rows } = await program.query<{ run_id: string }>(
        "INSERT INTO runs DEFAULT VALUES RETURNING run_id",
      );
      const [event] = await eventsOf(String(rows[0]?.run_id));
      expect(event).toMatchObject({ event_type: "run_inserted", actor: "db:leadledger" });
    } finally {
      await program.close();
    }
  });

  it("says what changed in a hand-made change, without telling the payload", async () => {
    const runId = await receiveLead(ledger, []);
    await ledger.hand.query("INSERT INTO dlq (run_id, reason) VALUES ($1, 'first')", [runId]);
    await ledger.hand.query(
      `UPDATE dlq SET reason = 'second', payload = '{"secret":1}', lease_until = clock_timestamp() WHERE run_id = $1`,
      [runId],
    );
    await ledger.hand.query("UPDATE dlq SET lease_until = NULL WHERE run_id = $1", [runId]);
    const events = await eventsOf(runId);
    expect(events.map((event) => event.event_type)).toEqual(["lead_received", "dlq_created", "dlq_changed"]);
    expect(JSON.parse(events[2]?.payload_text ?? "")).toMatchObject({
      changed: { reason: { from: "first", to: "second" }, payload: true },
    });
  });

  it("can be proved: both digests follow from what is stored, as audit_envelope() documents", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    await settleDelivered(ledger.program, [attemptOf(runId, "crm")], "n1");
    await ledger.by(
      "system",
      `INSERT INTO audit_events (event_type, payload) VALUES ('health_check', '{"at": "täglich ✓"}')`,
    );
    const events = [...(await eventsOf(runId)), ...(await eventsOf(null)).slice(-1)];
    expect(events).toHaveLength(4);
    for (const event of events) {
      expect(event.salt).toHaveLength(16);
      expect(event.payload_digest).toEqual(payloadDigestOf(event));
      expect(event.digest).toEqual(digestOf(event));
    }
    expect(new Set(events.map((event) => event.salt?.toString("hex"))).size).toBe(4);
  });

  it("can be proved on every way that writes an event: intake, settlement, the DLQ, the states, a person, the installation, a health check", async () => {
    const [delivered, failed, nobody] = await Promise.all([
      acceptLead(ledger, ["crm", "erp"]),
      acceptLead(ledger, ["crm"]),
      acceptLead(ledger, []),
    ]);
    await settleDelivered(ledger.program, [attemptOf(delivered, "crm"), attemptOf(delivered, "erp")], "n1");
    const cause = { errorCode: "http_503", reason: "überlastet ✗", nextRetryDelayMs: null };
    await settleToDlq(ledger.program, [{ ...attemptOf(failed, "crm"), ...cause }], "n1");
    await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [failed]);
    const hand = `db:${ledger.roles.sql}`;
    const told = {
      [delivered]: [
        ["lead_received", "webhook"],
        ["lead_delivered", "delivery"],
        ["lead_delivered", "delivery"],
        ["lead_processed", "delivery"],
      ],
      [failed]: [
        ["lead_received", "webhook"],
        ["delivery_failed", "delivery"],
        ["dlq_created", "delivery"],
        ["lead_failed", "delivery"],
        ["dlq_resolved", hand],
        ["lead_processed", hand],
      ],
      [nobody]: [
        ["lead_received", "webhook"],
        ["lead_processed", "webhook"],
      ],
    };
    const change = { type: "settings_changed", payload: { masked_pointers: ["/täglich"] } } as const;
    await appendAuditEvents(ledger.program, "system", [change, change]);
    const healthChecks = ["2026-11-26T08:00:00.000Z", "2026-11-26T08:00:01.000Z"];
    await acceptLeads(ledger.program, [], lease, { healthChecks });
    const all = (await eventsOf(null)).slice(-4);
    expect(all.map((event) => [event.event_type, event.actor, event.payload_text])).toEqual([
      ["settings_changed", "system", '{"masked_pointers": ["/täglich"]}'],
      ["settings_changed", "system", '{"masked_pointers": ["/täglich"]}'],
      ...healthChecks.map((at) => ["health_check", "system", `{"at": "${at}", "check": "health"}`]),
    ]);
    for (const [runId, expected] of Object.entries(told)) {
      const events = await eventsOf(runId);
      expect(events.map((event) => [event.event_type, event.actor])).toEqual(expected);
      expect(new Set(events.map((event) => event.micros)).size).toBe(events.length);
      all.push(...events);
    }
    for (const event of all) {
      expect(event.salt).toHaveLength(16);
      expect(event.payload_digest).toEqual(payloadDigestOf(event));
      expect(event.digest).toEqual(digestOf(event));
    }
    expect(new Set(all.map((event) => event.salt?.toString("hex"))).size).toBe(16);
  });

  it("shares its transaction with health checks that come at the same moment", async () => {
    const commit = createIntakeCommit(ledger.program, lease);
    const known = newLead([]);
    expect(await commit.accept(known)).toBe(true);
    const leads = [newLead(["crm"]), newLead([])];
    const at = "2026-11-26T09:00:00.000Z";
    const answers = await Promise.all([
      ...[...leads, known].map((lead) => commit.accept(lead)),
      ...[at, at].map((time) => commit.recordHealthCheck(time)),
    ]);
    expect(answers.slice(0, 3)).toEqual([true, true, false]);
    const { rows } = await ledger.program.query<{ event_type: string; transaction: string }>(
      `SELECT event_type, xmin::text AS transaction FROM audit_events
       WHERE (event_type = 'lead_received' AND run_id = ANY ($1::uuid[])) OR payload ->> 'at' = $2`,
      [leads.map(({ key }) => key), at],
    );
    expect(rows.map((row) => row.event_type).toSorted()).toEqual([
      ...["health_check", "health_check", "lead_received", "lead_received"],
    ]);
    expect(new Set(rows.map((row) => row.transaction)).size).toBe(1);
  });

  it("keeps its order while the program's batches and single events follow each other within microseconds", async () => {
    const destinations = Array.from({ length: 40 }, (_, index) => `d${String(index).padStart(2, "0")}`);
    const runId = await receiveLead(ledger, destinations);
    await transaction(ledger.program, "system", async (client) => {
      // One statement per event, but one round trip for all.
      await client.query(
        `DO $$ BEGIN
           PERFORM 1 FROM runs WHERE run_id = '${runId}' FOR NO KEY UPDATE;
           FOR number IN 0..39 LOOP
             INSERT INTO audit_events (run_id, event_type) VALUES ('${runId}', 'note_' || lpad(number::text, 2, '0'));
             PERFORM internal.ledger_settle_delivered(ARRAY['${runId}'::uuid], ARRAY['d' || lpad(number::text, 2, '0')], ARRAY[1],
               ARRAY[jsonb_build_object('number', number)::text], 'n1');
           END LOOP;
         END $$`,
      );
    });
    const events = await eventsOf(runId);
    expect(new Set(events.map((event) => event.micros)).size).toBe(events.length);
    expect(events.map((event) => event.event_type)).toEqual([
      "lead_received",
      ...destinations.flatMap((name) => [`note_${name.slice(1)}`, "lead_delivered"]),
      "lead_processed",
    ]);
  });

  it("puts a settlement after the events that it had to wait for, also where a clock was ahead", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    const other = open(ledger.superuserUrl, 1);
    const client = await other.pool.connect();
    try {
      await client.query("BEGIN; SET LOCAL session_replication_role = replica");
      await client.query("SELECT 1 FROM runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
      await client.query(
        `INSERT INTO audit_events (run_id, event_type, actor, event_time, payload_digest, digest)
         VALUES ($1, 'note', 'system', clock_timestamp() + interval '1 hour', '', '')`,
        [runId],
      );
      const settled = settleDelivered(ledger.program, [attemptOf(runId, "crm")], "n1");
      await until("the settlement to wait for the run", async () => {
        const { waiting } = await one<{ waiting: boolean }>(
          ledger.program,
          `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
             AND wait_event_type = 'Lock' AND query LIKE '%ledger_settle_delivered%') AS waiting`,
        );
        return waiting;
      });
      await client.query("COMMIT");
      expect(await settled).toBe(1);
    } finally {
      client.release(true);
      await other.close();
    }
    expect(await story(ledger, runId)).toEqual(["lead_received", "note", "lead_delivered", "lead_processed"]);
  });

  it("tells of each failure its own reason and time, though one in the middle of the batch counts no more", async () => {
    const runIds: string[] = [];
    for (let lead = 0; lead < 4; lead += 1) runIds.push(await receiveLead(ledger, ["crm", "erp"]));
    await settleDelivered(ledger.program, [attemptOf(runIds[1] ?? "", "crm")], "n1");
    const failed = (destination: string) =>
      runIds.toReversed().map((runId) => ({
        ...attemptOf(runId, destination),
        event: JSON.stringify({ about: runId }),
        errorCode: `code_${runId}`,
        reason: `reason of ${runId}`,
        nextRetryDelayMs: runId === runIds[2] ? null : 3_600_000 * (1 + runIds.indexOf(runId)),
        delayMs: 3_600_000 * (1 + runIds.indexOf(runId)),
        counts: runId !== runIds[3],
      }));
    expect(await settleToDlq(ledger.program, failed("crm"), "n1")).toBe(3);
    expect(await settleForFastRetry(ledger.program, failed("erp"), "n1")).toBe(4);

    const hours = (column: string) =>
      `round(extract(epoch FROM ${column} - clock_timestamp()) / 3600)::int AS hours`;
    const { rows: entries } = await ledger.program.query(
      `SELECT run_id, error_code, reason, ${hours("next_retry_at")} FROM dlq WHERE run_id = ANY ($1) ORDER BY array_position($1, run_id)`,
      [runIds],
    );
    const entry = (index: number, hoursLeft: number | null) => ({
      run_id: runIds[index],
      error_code: `code_${runIds[index] ?? ""}`,
      reason: `reason of ${runIds[index] ?? ""}`,
      hours: hoursLeft,
    });
    expect(entries).toEqual([entry(0, 1), entry(2, null), entry(3, 4)]);
    const { rows: waiting } = await ledger.program.query(
      `SELECT attempt, ${hours("due_at")} FROM internal.deliveries WHERE run_id = ANY ($1) AND destination = 'erp' ORDER BY array_position($1, run_id)`,
      [runIds],
    );
    expect(waiting).toEqual([1, 2, 3, 4].map((left) => ({ attempt: left === 4 ? 0 : 1, hours: left })));
    const { rows: told } = await ledger.program.query(
      `SELECT count(*)::int AS events, bool_and(payload ->> 'about' = run_id::text) AS own FROM audit_events
       WHERE run_id = ANY ($1) AND event_type = 'delivery_failed'`,
      [runIds],
    );
    expect(told).toEqual([{ events: 7, own: true }]);
  });

  it("counts an outcome once, though it was reported twice in one batch", async () => {
    const runId = await receiveLead(ledger, ["crm"]);
    const attempt = attemptOf(runId, "crm");
    expect(await settleDelivered(ledger.program, [attempt, attempt], "n1")).toBe(1);
    expect(await story(ledger, runId)).toEqual(["lead_received", "lead_delivered", "lead_processed"]);
  });

  it("stays provable after erasure, which removes payload and salt and nothing else", async () => {
    const runId = await receiveLead(ledger, []);
    const [before] = await eventsOf(runId);
    await transaction(ledger.program, "system", async (client) => {
      await client.query("SELECT set_config('leadledger.operation', 'erasure', true)");
      await refusal(
        savepoint(() =>
          client.query("UPDATE audit_events SET payload = NULL, salt = NULL, actor = 'x' WHERE run_id = $1", [
            runId,
          ]),
        ),
        "LL003",
      );
      async function savepoint(work: () => Promise<unknown>): Promise<void> {
        await client.query("SAVEPOINT attempt");
        try {
          await work();
        } finally {
          await client.query("ROLLBACK TO SAVEPOINT attempt");
        }
      }
      await client.query("UPDATE audit_events SET payload = NULL, salt = NULL WHERE run_id = $1", [runId]);
    });
    const [after] = await eventsOf(runId);
    if (before === undefined || after === undefined) throw new Error("the event is gone");
    expect(after).toEqual({ ...before, payload_text: null, salt: null });
    expect(after.digest).toEqual(digestOf(after));
  });

  it("ends though the last two deliveries end at the same instant, for callers that lock no run themselves", async () => {
    const connections = [open(ledger.url, 1), open(ledger.url, 1), open(ledger.url, 1)];
    try {
      for (let round = 0; round < 8; round += 1) {
        const runIds = await receiveLeads(ledger, 200);
        await Promise.all(
          ["crm", "erp", "mail"].map((destination, index) =>
            withDeadlockRetry(() =>
              (connections[index] ?? ledger.program).query(
                "DELETE FROM internal.deliveries WHERE run_id = ANY ($1::uuid[]) AND destination = $2",
                [runIds, destination],
              ),
            ),
          ),
        );
        const { accepted } = await one<{ accepted: number }>(
          ledger.program,
          "SELECT count(*) AS accepted FROM runs WHERE run_id = ANY ($1::uuid[]) AND status <> 'processed'",
          [runIds],
        );
        expect(accepted).toBe(0);
      }
    } finally {
      await Promise.all(connections.map((each) => each.close()));
    }
  });

  it("is complete for 200 leads at a time whose three destinations settle at once, and none stays accepted", async () => {
    const connections = [open(ledger.url, 2), open(ledger.url, 2), open(ledger.url, 2)];
    try {
      for (let round = 0; round < 4; round += 1) {
        const runIds = await receiveLeads(ledger, 200);
        const crmFails = round % 2 === 1;
        await Promise.all(
          ["crm", "erp", "mail"].map(async (destination, index) => {
            const database = connections[index] ?? ledger.program;
            const order = index === 1 ? runIds.toReversed() : runIds;
            const attempts = order.map((runId) => attemptOf(runId, destination));
            if (crmFails && destination === "crm") {
              const cause = { errorCode: "connect_refused", reason: "nobody listens", nextRetryDelayMs: 0 };
              await settleToDlq(
                database,
                attempts.map((each) => ({ ...each, ...cause })),
                "n1",
              );
            } else {
              await Promise.all(
                [attempts.slice(0, 100), attempts.slice(100)].map((half) =>
                  settleDelivered(database, half, "n1"),
                ),
              );
            }
          }),
        );
        if (crmFails) await recoverCrm(ledger, runIds);
        await expectCompleteStories(ledger, runIds, crmFails);
      }
    } finally {
      await Promise.all(connections.map((each) => each.close()));
    }
  });
});

const lease = { node: "n1", leaseMs: 60_000 };

/** A lead as intake writes it, leased to node n1. */
async function acceptLead(ledger: TestLedger, destinations: readonly string[]): Promise<string> {
  const keyed = newLead(destinations);
  const accepted = await acceptLeads(ledger.program, [keyed], lease);
  expect([...accepted]).toEqual([keyed.key]);
  return keyed.key;
}

/** Its key is its run id. */
function newLead(destinations: readonly string[]): KeyedLead {
  const runId = randomUUID();
  const body = '{"name":"Jürgen ✓","nr":9007199254740993}';
  return {
    key: runId,
    lead: {
      kind: "lead",
      runId,
      source: "website",
      receivedAt: new Date().toISOString(),
      leadJson: body,
      recognisedBy: { kind: "key", key: runId },
      emailHash: null,
      phoneHash: null,
      payload: `{"source":"website","body":${body}}`,
      test: false,
      routes: destinations.map((destination) => ({ destination, leased: true })),
    },
  };
}

async function receiveLeads(ledger: TestLedger, count: number): Promise<string[]> {
  const { rows } = await ledger.by(
    "webhook",
    `WITH new_runs AS (INSERT INTO runs (run_id) SELECT gen_random_uuid() FROM generate_series(1, $1) RETURNING run_id),
     told AS (INSERT INTO audit_events (run_id, event_type, payload) SELECT run_id, 'lead_received', '{"body":{}}' FROM new_runs),
     routed AS (
       INSERT INTO internal.deliveries (run_id, destination, attempt, leased_by)
       SELECT run_id, destination, 1, 'n1' FROM new_runs, unnest('{crm,erp,mail}'::text[]) AS destination)
     SELECT run_id FROM new_runs`,
    [count],
  );
  return rows.map((row) => String(row["run_id"]));
}

/** The program and people settle the same entries at once, half of them each. */
async function recoverCrm(ledger: TestLedger, runIds: readonly string[]): Promise<void> {
  await Promise.all([
    ledger.by(
      "delivery",
      `WITH locked AS MATERIALIZED (
         SELECT run_id FROM runs WHERE run_id = ANY ($1::uuid[]) ORDER BY run_id FOR NO KEY UPDATE)
       UPDATE dlq q SET status = 'resolved', resolution = 'delivered' FROM locked WHERE q.run_id = locked.run_id`,
      [runIds.slice(0, 100)],
    ),
    ...runIds
      .slice(100)
      .map((runId) => ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [runId])),
  ]);
}

async function expectCompleteStories(
  ledger: TestLedger,
  runIds: readonly string[],
  crmFails: boolean,
): Promise<void> {
  const states = await one(
    ledger.program,
    `SELECT count(*) FILTER (WHERE status = 'processed')::int AS processed,
       count(*) FILTER (WHERE outcome = 'resolved_by_hand')::int AS by_hand
     FROM runs WHERE run_id = ANY ($1::uuid[])`,
    [runIds],
  );
  expect(states).toEqual({ processed: 200, by_hand: crmFails ? 100 : 0 });
  const middle = crmFails
    ? [
        ...["delivery_failed", "dlq_created", "dlq_resolved"],
        ...["lead_delivered", "lead_delivered", "lead_failed"],
      ]
    : ["lead_delivered", "lead_delivered", "lead_delivered"];
  for (const runId of runIds) {
    const told = await story(ledger, runId);
    expect(told[0]).toBe("lead_received");
    expect(told.at(-1)).toBe("lead_processed");
    expect(told.slice(1, -1).toSorted()).toEqual(middle);
    if (crmFails) {
      expect(told.indexOf("delivery_failed")).toBeLessThan(told.indexOf("dlq_created"));
      expect(told.indexOf("dlq_created")).toBeLessThan(told.indexOf("lead_failed"));
      expect(told.indexOf("lead_failed")).toBeLessThan(told.indexOf("dlq_resolved"));
    }
  }
}

function payloadDigestOf(event: StoredEvent): Buffer {
  return createHash("sha256")
    .update(event.salt ?? "")
    .update(event.payload_text ?? "")
    .digest();
}

/** The envelope to the byte, written from its documentation and not from the SQL. */
function digestOf(event: StoredEvent): Buffer {
  const epoch2000Micros = 946_684_800_000_000n;
  const type = Buffer.from(event.event_type);
  const actor = Buffer.from(event.actor);
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64BE(BigInt(event.event_id), 0);
  numbers.writeBigInt64BE(BigInt(event.micros) - epoch2000Micros, 8);
  return createHash("sha256")
    .update(numbers.subarray(0, 8))
    .update(Buffer.from((event.run_id ?? "0".repeat(32)).replaceAll("-", ""), "hex"))
    .update(numbers.subarray(8))
    .update(lengthOf(type))
    .update(type)
    .update(lengthOf(actor))
    .update(actor)
    .update(event.payload_digest)
    .digest();
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}
