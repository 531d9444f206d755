// A worker of one's own beside ours: it takes runs and DLQ entries with plain SQL, as the role that is made for it.
import { expect, it } from "vitest";
import { ensureSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import { testSource } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import { postLead, postLeads, quickDestination, until, useDeliveryScene } from "../support/delivery-scene.ts";
import { asRole, dropRoles, open, passwordOf } from "../support/ledger.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { always } from "../support/sink.ts";

describeOnEachServer("a worker of one's own", (server) => {
  const scene = useDeliveryScene(server);
  const sources = [testSource("website")];
  const external = { name: "own", kind: "external" as const, paused: false };

  it("takes accepted runs and sets their state with SQL; the program sends nothing", async () => {
    const node = await scene.startNode({ sources, destinations: [external] });
    const runIds = await postLeads(node, 30);
    const worker = await connectWorker();
    expect(
      await scene.value("SELECT count(*)::int FROM internal.deliveries WHERE leased_by IS NOT NULL"),
    ).toBe(0);
    const { rowCount } = await worker.query(
      "UPDATE runs SET status = 'processed' WHERE status = 'accepted' AND source = 'website'",
    );
    expect(rowCount).toBe(30);
    const [run] = await scene.rows("SELECT DISTINCT status, outcome FROM runs");
    expect(run).toEqual({ status: "processed", outcome: "delivered" });
    expect(await scene.value("SELECT count(*)::int FROM internal.deliveries")).toBe(0);
    const story = await scene.events(runIds[0] ?? "");
    expect(story.at(-1)).toMatchObject({
      event_type: "lead_processed",
      actor: expect.stringMatching(/^db:/) as string,
    });
    await until(
      "it is counted",
      async () => (await scene.value("SELECT coalesce(sum(processed_count), 0)::int FROM kpi_daily")) === 30,
    );
  });

  it("may not call a run processed that is still on its way to one of our destinations", async () => {
    const sink = await scene.startSink(always({ kind: "hang" }));
    const node = await scene.startNode({
      sources,
      destinations: [external, quickDestination("crm", sink.url)],
    });
    const runId = await postLead(node, "lead");
    const worker = await connectWorker();
    await expect(
      worker.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [runId]),
    ).rejects.toThrow(/delivery to crm/);
    // The node that stops need not wait for it.
    await sink.close();
  });

  it("works on DLQ entries beside ours: one that it is attempting is left to it, one it resolves moves the run", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 422 }));
    const node = await scene.startNode({ sources, destinations: [quickDestination("crm", sink.url)] });
    const runId = await postLead(node, "lead");
    await until("there is an entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    const worker = await connectWorker();
    await worker.query(
      "UPDATE dlq SET status = 'retrying', next_retry_at = clock_timestamp() WHERE run_id = $1",
      [runId],
    );
    // Long enough for several polls of ours, which this lead passes.
    sink.behave(always({ kind: "answer", status: 200 }));
    const other = await postLead(node, "other");
    await until(
      "ours goes on",
      async () => (await scene.value("SELECT status FROM runs WHERE run_id = $1", [other])) === "processed",
    );
    expect(sink.countOf(`${runId}:crm`)).toBe(1);
    await worker.query("UPDATE dlq SET status = 'resolved', resolution = 'delivered' WHERE run_id = $1", [
      runId,
    ]);
    const [run] = await scene.rows("SELECT status, outcome FROM runs WHERE run_id = $1", [runId]);
    expect(run).toEqual({ status: "processed", outcome: "delivered" });
    expect(await scene.value("SELECT retry_count FROM dlq")).toBe(1);
  });

  it("may hand an entry to us by setting when it is due", async () => {
    const sink = await scene.startSink(always({ kind: "answer", status: 422 }));
    const node = await scene.startNode({ sources, destinations: [quickDestination("crm", sink.url)] });
    await postLead(node, "lead");
    await until("there is an entry", async () => (await scene.value("SELECT count(*)::int FROM dlq")) === 1);
    sink.behave(always({ kind: "answer", status: 200 }));
    const worker = await connectWorker();
    await worker.query("UPDATE dlq SET next_retry_at = clock_timestamp() WHERE status = 'open'");
    await until("it arrived", async () => (await scene.value("SELECT status FROM runs")) === "processed");
  });

  async function connectWorker(): Promise<Database> {
    const roles = await ensureSqlRoles(scene.sql, { password: passwordOf });
    const worker = open(asRole(scene.url, roles.sql), 2);
    scene.onEnd(async () => {
      await worker.close();
      const superuser = open(scene.superuserUrl, 1);
      await superuser.query(`DROP OWNED BY "${roles.sql}", "${roles.read}"`);
      await superuser.close();
      await dropRoles(server, [roles.sql, roles.read]);
    });
    return worker;
  }
});
