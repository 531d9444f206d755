// Outcomes that cannot be written down: while the database is away they wait, and what it refuses ends visibly.
import { expect, it } from "vitest";
import { lostAttemptsMax, recoverExpiredEntries } from "../../src/ledger/delivery/dlq-attempts.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import {
  postLead,
  postLeads,
  quickDestination,
  repeats,
  until,
  useDeliveryScene,
} from "../support/delivery-scene.ts";
import { open } from "../support/ledger.ts";
import type { Sink } from "../support/sink.ts";
import { always } from "../support/sink.ts";

describeOnEachServer("outcomes of attempts", (server) => {
  const scene = useDeliveryScene(server);

  it("that end while the database is away are written afterwards: nothing lost, nothing sent twice", async () => {
    let answer = (): void => undefined;
    const databaseIsAway = new Promise<void>((resolve) => (answer = resolve));
    const sink = await scene.startSink(() =>
      databaseIsAway.then(() => ({ kind: "answer", status: 200 }) as const),
    );
    const node = await scene.startNode(to(sink));
    await postLeads(node, 40, { connections: 40 });
    await until("some are under way", () => sink.requests.length >= 16);

    const database = new URL(scene.url).pathname.slice(1);
    const superuser = open(scene.superuserUrl.replace(/\/[^/]*$/, "/postgres"), 1);
    await superuser.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    const cut = async (): Promise<void> => {
      await superuser.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [
        database,
      ]);
    };
    await cut();
    answer();
    await until("outcomes could not be written", () => eventsOf(node.log, "settlement_failed") >= 16);
    await superuser.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);

    await until("all are processed", async () => (await processed()) === 40);
    for (let cuts = 0; cuts < 5; cuts += 1) await cut();
    await superuser.close();
    expect(repeats(sink)).toEqual([]);
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("survive connections that are cut again and again", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 200, delayMs: 20 }));
    const node = await scene.startNode(to(sink));
    const superuser = open(scene.superuserUrl, 1);
    const posted = postLeads(node, 300, { connections: 4 }).catch(() => []);
    for (let cuts = 0; cuts < 40; cuts += 1) {
      await superuser.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      await until("something happened", () => sink.requests.length > cuts);
    }
    await superuser.close();
    await posted;
    await until(
      "every run in the ledger is processed",
      async () => (await processed()) === (await scene.value("SELECT count(*)::int FROM runs")),
      30_000,
    );
    expect(await scene.brokenStories()).toEqual([]);
  });

  it("that the database refuses in full are written without the destination's words", async () => {
    await refuseEvents("NEW.payload ? 'response'");
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink));
    const runId = await postLead(node, "lead");
    await until("it is processed", async () => (await processed()) === 1);
    expect(sink.countOf(`${runId}:crm`)).toBe(1);
    expect((await scene.events(runId)).map(({ event_type: type }) => type)).toContain("lead_delivered");
  });

  it("that the database refuses in any words become an entry for a person, and the lead is not sent again", async () => {
    await refuseEvents("NEW.event_type = 'lead_delivered'");
    const sink = await scene.startSink();
    const node = await scene.startNode(to(sink));
    const runIds = await postLeads(node, 5);
    await until("each has an entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 5);
    const entries = await scene.rows<Record<string, unknown>>(
      "SELECT DISTINCT status, error_code, next_retry_at, reason FROM dlq",
    );
    expect(entries).toMatchObject([
      { status: "open", error_code: "delivery_unsettled", next_retry_at: null },
    ]);
    expect(String(entries[0]?.["reason"])).toContain("crm, which has received it");
    for (const runId of runIds) expect(sink.countOf(`${runId}:crm`)).toBe(1);
    expect(eventsOf(node.log, "settlement_failed")).toBeGreaterThan(0);
  });

  it("that are lost again and again stop being tried, in the fast lane and from the DLQ", async () => {
    const sink = await scene.startSink();
    const lost = await scene.value<string>(
      `WITH run AS (INSERT INTO runs (source, idempotency_key) VALUES ('website', 'lost') RETURNING run_id),
       told AS (INSERT INTO audit_events (run_id, event_type, payload)
         SELECT run_id, 'lead_received', '{"body":{"name":"Anna"}}' FROM run)
       INSERT INTO internal.deliveries (run_id, destination, attempt, leased_by) SELECT run_id, 'crm', 20, 'dead node' FROM run
       RETURNING run_id`,
    );
    const node = await scene.startNode(to(sink));
    await until("it has an entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    expect(sink.requests).toEqual([]);
    await node.stop();

    for (let times = 1; times <= lostAttemptsMax + 1; times += 1) {
      await scene.sql.query(
        `UPDATE dlq SET status = 'retrying', leased_by = 'dead node', lease_until = clock_timestamp() WHERE run_id = $1`,
        [lost],
      );
      expect(await recoverExpiredEntries(scene.sql)).toBe(1);
      expect(await scene.value("SELECT next_retry_at IS NULL FROM dlq")).toBe(times > lostAttemptsMax);
    }
    const [entry] = await scene.rows("SELECT status, error_code, next_retry_at FROM dlq");
    expect(entry).toEqual({ status: "open", error_code: "delivery_unsettled", next_retry_at: null });
  });

  /** Makes the database refuse the events that the condition names, as a fault in our own machinery would. */
  async function refuseEvents(condition: string): Promise<void> {
    await scene.sql.query(
      `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused for the test'; END $$`,
    );
    await scene.sql.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION refuse()`,
    );
  }

  function to(sink: Sink) {
    return { sources: [testSource("website")], destinations: [quickDestination("crm", sink.url)] };
  }

  const processed = (): Promise<number> =>
    scene.value("SELECT count(*)::int FROM runs WHERE status = 'processed'");
});

function eventsOf(log: readonly { readonly event: string }[], name: string): number {
  return log.filter(({ event }) => event === name).length;
}
