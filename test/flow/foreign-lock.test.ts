// A run that a person or a worker of one's own has locked in SQL holds up nobody else's lead.
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findRunOfArrival } from "../../src/ledger/log/arrival-ids.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { always, startSink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

describeOnEachServer("a run locked in SQL", (server) => {
  let database: FreshDatabase;
  let app: TestApp | null = null;
  let person: pg.Client;

  beforeEach(async () => {
    database = await ledgerDatabase(server);
    person = new pg.Client({ connectionString: database.url });
    await person.connect();
  });
  afterEach(async () => {
    await app?.stop();
    await person.end();
    await database.drop();
  });

  async function lock(runId: string): Promise<void> {
    await person.query("BEGIN");
    await person.query("SELECT 1 FROM runs WHERE run_id = $1 FOR UPDATE", [runId]);
  }

  it("keeps only its own repeats waiting: they are kept in the spool and find their run later, the others are answered", async () => {
    app = await startTestApp(database, { sources: [testSource("web")] });
    const { url } = app;
    const send = (key: string) => postLead(url, { path: "/webhook/lead/web", key, body: { key } });
    const keys = Array.from({ length: 8 }, (_, index) => `lead-${index}`);
    const first = await Promise.all(keys.map(send));
    await lock(String(first[3]?.json["run_id"]));

    const repeats = await Promise.all(keys.map(send));

    expect(repeats.map(({ status }) => status)).toEqual(keys.map((key) => (key === "lead-3" ? 202 : 200)));
    expect(repeats[3]?.json).toMatchObject({ stored: "spool" });
    await person.query("ROLLBACK");
    const { database: ledger } = app.installation;
    await until(
      "the repeat to be with its run",
      async () =>
        (await findRunOfArrival(ledger, String(repeats[3]?.json["run_id"]))) === first[3]?.json["run_id"],
    );
    expect((await send("lead-3")).json).toEqual({
      status: "duplicate",
      run_id: first[3]?.json["run_id"],
      existing_status: "processed",
    });
  });

  it("keeps only its own delivery from being settled, and that one is sent once", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const answer = always({ kind: "answer", status: 200 });
    const sink = await startSink(async (request) => {
      await held;
      return answer(request);
    });
    app = await startTestApp(database, {
      sources: [testSource("web")],
      destinations: [testDestination("crm", sink.url)],
    });
    const { url } = app;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        postLead(url, { path: "/webhook/lead/web", key: `lead-${index}`, body: { index } }),
      ),
    );
    const locked = String(answers[3]?.json["run_id"]);
    await lock(locked);
    release();

    const processed = async (): Promise<number> => {
      const { rows } = await person.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM runs WHERE status = 'processed'",
      );
      return rows[0]?.count ?? 0;
    };
    await until("the seven others to be processed", async () => (await processed()) === 7);
    await person.query("ROLLBACK");
    await until("the one that was locked to be processed", async () => (await processed()) === 8);
    expect(sink.requests.filter(({ id }) => id === `${locked}:crm`)).toHaveLength(1);
    await sink.close();
  });
});
