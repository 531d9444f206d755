// Rows that the database refuses to change, or that somebody has locked: claiming, renewing and taking back go on for all
// others, and the row ends where a person sees it.
import { expect, it } from "vitest";
import { createLeases } from "../../src/delivery/leases.ts";
import type { Work } from "../../src/delivery/work.ts";
import { lockTimeoutMs } from "../../src/ledger/connection/session-settings.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, quickDestination, repeats, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { open } from "../support/ledger.ts";
import { health, isPoison, logged, neighbours, poisonKey, to, usePoison } from "../support/poison.ts";

/** Nobody waits for the bad row, which is tried ever more seldom. */
const othersWithinMs = 12_000;

describeOnEachServer("a row that the database refuses to change", (server) => {
  const scene = useDeliveryScene(server);
  const poison = usePoison(scene);
  const counted = (condition: string): Promise<number> => scene.value(`SELECT count(*)::int ${condition}`);
  const processed = "FROM runs WHERE status = 'processed'";

  it("in the fast lane is not sent, becomes an entry for a person, and holds up nobody", async () => {
    await waiting();
    await poison.refuse("deliveries", "UPDATE", isPoison);
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink));
    await until("the others are processed", async () => (await counted(processed)) === neighbours);
    await until("health says so", async () => (await health(node)).status === "degraded");
    expect(await health(node)).toMatchObject({ troubles: ["recover"] });
    await until("it is an entry", async () => (await counted("FROM dlq")) === 1, 30_000);
    expect(await scene.rows("SELECT status, error_code, next_retry_at FROM dlq")).toEqual([
      { status: "open", error_code: "delivery_unsettled", next_retry_at: null },
    ]);
    expect(await poison.run()).toMatchObject({ status: "failed" });
    expect(await poison.sends(sink)).toBe(0);
    expect(repeats(sink)).toEqual([]);
    expect(logged(node, "claim_refused")).toBeGreaterThanOrEqual(5);
    // Those beside it had not waited for that.
    expect(
      await scene.value(
        "SELECT max(processed_at) < (SELECT created_at FROM dlq) FROM runs WHERE processed_at IS NOT NULL",
      ),
    ).toBe(true);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("in the fast lane, a few times only, is delivered once", async () => {
    await waiting();
    await poison.refuse("deliveries", "UPDATE", isPoison, 4);
    const sink = await scene.startSink();
    await scene.startNode(to(sink));
    await until("all are processed", async () => (await counted(processed)) === neighbours + 1);
    expect(await poison.sends(sink)).toBe(1);
    expect(repeats(sink)).toEqual([]);
  });

  it("in the DLQ waits, tried ever more seldom, and holds up neither the other entries nor new leads", async () => {
    await entriesOf("open", "clock_timestamp()");
    await poison.refuse("dlq", "UPDATE", isPoison);
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink));
    await until(
      "the others are resolved",
      async () => (await counted("FROM dlq WHERE status = 'resolved'")) === neighbours,
      othersWithinMs,
    );
    await postLead(node, "new");
    await until(
      "a new lead is processed",
      async () => (await counted(processed)) === neighbours + 1,
      othersWithinMs,
    );
    await until("health says so", async () => (await health(node)).status === "degraded");
    expect(await health(node)).toMatchObject({ troubles: ["recover"] });
    await until("it was tried again", () => logged(node, "claim_refused") >= 3);
    expect(await poison.sends(sink)).toBe(0);
    await poison.mend();
    await until("it is delivered", async () => (await counted(processed)) === neighbours + 2, 40_000);
    expect(await poison.sends(sink)).toBe(1);
    expect(repeats(sink)).toEqual([]);
  }, 120_000);

  it(
    "in the DLQ because its events are refused waits for a person in the end",
    { tags: "thorough" },
    async () => {
      await entriesOf("open", "clock_timestamp()");
      await poison.refuse("audit_events", "INSERT", `NEW.event_type = 'dlq_retrying' AND ${isPoison}`);
      const sink = await scene.startSink();
      await scene.startNode(to(sink));
      await until(
        "the others are resolved",
        async () => (await counted("FROM dlq WHERE status = 'resolved'")) === neighbours,
        othersWithinMs,
      );
      await until(
        "it waits for a person",
        async () =>
          (await counted(
            "FROM dlq WHERE status = 'open' AND next_retry_at IS NULL AND error_code = 'delivery_unsettled'",
          )) === 1,
        30_000,
      );
      expect(await poison.sends(sink)).toBe(0);
    },
  );

  it("and whose node is gone keeps no other entry from being taken back, nor anything from being claimed", async () => {
    await entriesOf("retrying", "NULL");
    await scene.sql.query(
      "UPDATE dlq SET leased_by = 'dead node', lease_until = clock_timestamp() WHERE status = 'retrying'",
    );
    await poison.refuse("dlq", "UPDATE", isPoison);
    await waiting("later", false);
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink));
    await until(
      "all others are processed",
      async () => (await counted(processed)) === 2 * neighbours,
      othersWithinMs,
    );
    await until("it was tried", () => logged(node, "recovery_refused") > 0);
    await until("health says so", async () => (await health(node)).status === "degraded");
    expect(await health(node)).toMatchObject({ troubles: ["recover"] });
    const tries = logged(node, "recovery_refused");
    await postLead(node, "new");
    await until(
      "a new lead is processed",
      async () => (await counted(processed)) === 2 * neighbours + 1,
      othersWithinMs,
    );
    // Polls and recoveries come again and again; its turns become rarer.
    expect(logged(node, "recovery_refused") - tries).toBeLessThan(5);
    await poison.mend();
    await until("it is delivered", async () => (await counted(processed)) === 2 * neighbours + 2, 40_000);
    expect(await poison.sends(sink)).toBe(1);
  }, 120_000);

  it.each(["refused", "locked"])("costs no other lease its renewal (%s)", async (trouble) => {
    await waiting();
    await entriesOf("retrying", "NULL", "entry");
    await scene.sql.query(
      `UPDATE internal.deliveries SET attempt = 1, leased_by = 'n1', due_at = clock_timestamp() + interval '5 s'`,
    );
    await scene.sql.query(
      `UPDATE dlq SET leased_by = 'n1', lease_until = clock_timestamp() + interval '5 s' WHERE status = 'retrying'`,
    );
    let nowMs = 0;
    const held = createLeases({
      database: scene.sql,
      node: "n1",
      leaseMs: 12_000,
      monotonicMs: () => nowMs,
      log: () => undefined,
    });
    const works = await heldWorks(5_000);
    for (const work of works) held.add(work);
    const person = open(scene.url, 1);
    scene.onEnd(() => person.close());
    if (trouble === "refused") {
      await poison.refuse("deliveries", "UPDATE", isPoison);
      await poison.refuse("dlq", "UPDATE", isPoison);
    } else {
      await person.query("BEGIN");
      await person.query(`SELECT FROM internal.deliveries NEW WHERE ${isPoison} FOR UPDATE`);
      await person.query(`SELECT FROM dlq NEW WHERE ${isPoison} FOR UPDATE`);
    }
    nowMs = 3_000;
    // Sooner than one wait for a lock would take alone: nobody stood in line for the row.
    await until("a renewal that waits for nobody", async () => {
      const startedMs = performance.now();
      await held.renew();
      return performance.now() - startedMs < lockTimeoutMs;
    });
    const poisons = [await poison.runId(`${poisonKey}-fast`), await poison.runId(`${poisonKey}-entry`)];
    for (const work of works) expect(work.leaseUntilMs).toBe(poisons.includes(work.runId) ? 5_000 : 15_000);
    const renewed = "> clock_timestamp() + interval '8 s'";
    expect(await counted(`FROM internal.deliveries WHERE due_at ${renewed}`)).toBe(neighbours);
    expect(await counted(`FROM dlq WHERE lease_until ${renewed}`)).toBe(neighbours);
    if (trouble === "refused") {
      // A statement that was refused keeps its locks a moment longer than its answer takes, so that the row may have
      // seemed to be locked by somebody; that is found out the next time.
      await until("it is known", async () => {
        await held.renew();
        return held.refused > 0;
      });
    } else expect(held.refused).toBe(0);
    await person.query("ROLLBACK");
  });

  it("by a person's lock keeps no other entry waiting for long", async () => {
    await entriesOf("open", "clock_timestamp()");
    const person = open(scene.url, 1);
    scene.onEnd(() => person.close());
    await person.query("BEGIN");
    await person.query("SELECT FROM runs WHERE idempotency_key LIKE 'poison%' FOR UPDATE");
    const sink = await scene.startSink();
    await scene.startNode(to(sink));
    await until("the others are processed", async () => (await counted(processed)) === neighbours);
    await person.query("ROLLBACK");
    await until("it is processed", async () => (await counted(processed)) === neighbours + 1);
    expect(repeats(sink)).toEqual([]);
  });

  it("and from which no message can be made waits for a person, and its neighbours are delivered", async () => {
    await waiting();
    await entriesOf("open", "clock_timestamp()", "entry");
    // No way of the program leads there; the test lead keeps it out of the KPIs, which know no such day.
    const superuser = open(scene.superuserUrl, 1);
    await superuser.query("SET session_replication_role = replica");
    await superuser.query(
      `UPDATE runs SET received_at = 'infinity', test = true WHERE idempotency_key LIKE '${poisonKey}%'`,
    );
    await superuser.close();
    const sink = await scene.startSink();
    await scene.startNode(to(sink));
    await until(
      "the others are processed",
      async () => (await counted(processed)) === 2 * neighbours,
      othersWithinMs,
    );
    const waits = "status = 'open' AND next_retry_at IS NULL AND error_code = 'nothing_to_send'";
    await until("both wait for a person", async () => (await counted(`FROM dlq WHERE ${waits}`)) === 2);
    const [entry] = await scene.rows<{ reason: string }>(`SELECT reason FROM dlq WHERE ${waits}`);
    expect(entry?.reason).toContain("what crm should receive cannot be made from what is stored");
    expect(await poison.sends(sink)).toBe(0);
    expect(repeats(sink)).toEqual([]);
  });

  it("whose destination cannot be sent to keeps no other destination from being sent to", async () => {
    const sink = await scene.startSink();
    const { sources = [], destinations = [] } = to(sink);
    const broken = quickDestination("broken", "ftp://127.0.0.1/");
    const node = await scene.startNode({ sources, destinations: [broken, ...destinations] });
    const runId = await postLead(node, "lead");
    await until("the other has it", () => sink.countOf(`${runId}:crm`) === 1);
    await until("health says so", async () => (await health(node)).status === "degraded");
    expect(logged(node, "destination_unusable")).toBe(1);
    expect(await counted("FROM internal.deliveries WHERE destination = 'broken' AND leased_by IS NULL")).toBe(
      1,
    );
  });

  /** Deliveries that are due, the poison first. */
  function waiting(prefix = "fast", withPoison = true): Promise<unknown> {
    return runs(
      prefix,
      withPoison,
      "INSERT INTO internal.deliveries (run_id, destination, due_at) SELECT run_id, 'crm', at FROM run",
    );
  }

  function entriesOf(status: "open" | "retrying", nextRetryAt: string, prefix = "entry"): Promise<unknown> {
    return runs(
      prefix,
      true,
      `INSERT INTO dlq (run_id, kind, destination, error_code, reason, status, next_retry_at)
       SELECT run_id, 'delivery', 'crm', 'destination_error', 'crm answered 503', '${status}', ${nextRetryAt} FROM run`,
    );
  }

  async function runs(prefix: string, withPoison: boolean, insert: string): Promise<void> {
    const keys = Array.from({ length: neighbours }, (_, index) => `${prefix}-${index}`);
    await scene.sql.query(
      `WITH made AS (
         INSERT INTO runs (source, idempotency_key) SELECT 'website', unnest($1::text[]) RETURNING run_id, idempotency_key),
       told AS (
         INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM made),
       run AS (
         SELECT run_id, clock_timestamp() - CASE WHEN idempotency_key LIKE '${poisonKey}%' THEN interval '1 s' ELSE '0' END AS at
         FROM made)
       ${insert}`,
      [withPoison ? [`${poisonKey}-${prefix}`, ...keys] : keys],
    );
  }

  async function heldWorks(leaseUntilMs: number): Promise<Work[]> {
    const shared = {
      destination: "crm",
      revision: null,
      body: "{}",
      bodiless: null,
      mayHaveArrived: false,
      test: false,
      leaseUntilMs,
    };
    const fast = await scene.rows<{ run_id: string }>("SELECT run_id FROM internal.deliveries");
    const entries = await scene.rows<{ run_id: string; dlq_id: number }>("SELECT run_id, dlq_id FROM dlq");
    return [
      ...fast.map(({ run_id: runId }): Work => ({ lane: "fast", runId, attempt: 1, ...shared })),
      ...entries.map(({ run_id: runId, dlq_id: dlqId }): Work => ({
        lane: "dlq",
        runId,
        dlqId,
        attempt: 0,
        waits: 0,
        ...shared,
      })),
    ];
  }
});
