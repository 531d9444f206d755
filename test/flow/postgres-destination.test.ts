// A destination of kind `postgres` on real servers: what becomes of a lead, and what each refusal means.
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { failureCodes } from "../../src/domain/destinations/outcome.ts";
import { ExactNumber } from "../../src/domain/values/exact-json.ts";
import type { Outcome } from "../../src/domain/destinations/outcome.ts";
import { open } from "../../src/kinds/destinations/postgres/transport.ts";
import type { PostgresDestination } from "../../src/kinds/destinations/postgres/fields.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { DeliveryMessage, Sender } from "../../src/kinds/destinations/sender.ts";
import { describeOnOneServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { message, neverAborted } from "../support/http-destination.ts";
import { startInstalledPostgres } from "../support/installed-postgres.ts";
import { isPgBouncerInstalled, startPgBouncer } from "../support/pgbouncer.ts";
import { postgresDestination } from "../support/postgres-destination.ts";
import { startTlsFront } from "../support/tls-front.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";

const columns = "run_id uuid PRIMARY KEY, source text, received_at timestamptz, lead jsonb, data jsonb";
const runId = "01900000-0000-7000-8000-000000000001";

describeOnOneServer("A PostgreSQL table as destination", (server) => {
  let database: FreshDatabase;
  let admin: pg.Client;
  const senders: Sender[] = [];
  beforeAll(async () => {
    database = await emptyDatabase(server);
    admin = new pg.Client({ connectionString: database.superuserUrl });
    await admin.connect();
    await admin.query(`GRANT CREATE ON SCHEMA public TO leadledger`);
  });
  afterEach(async () => {
    for (const sender of senders.splice(0)) await sender.close();
    await admin.query(
      "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO leadledger",
    );
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  function sender(own: Partial<PostgresDestination> = {}, url = database.url): Sender {
    const made = open(postgresDestination(url, own), { nowMs: Date.now });
    senders.push(made);
    return made;
  }
  async function make(sql: string): Promise<void> {
    await admin.query(`${sql}; GRANT ALL ON ALL TABLES IN SCHEMA public TO leadledger`);
  }
  async function deliver(to: Sender, sent: DeliveryMessage): Promise<Outcome> {
    return (await to.attempt(sent, neverAborted)).outcome;
  }
  async function rows(sql: string): Promise<readonly unknown[]> {
    return (await admin.query<Record<string, unknown>>(sql)).rows;
  }

  it("has the lead as a row, with every number as it was written and every character", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const sent = message(runId, '{"name":"Jörg \\"𝔊\\" O\'Neil","gclid":9007199254740993,"budget":1.10}');
    expect(await deliver(sender(), sent)).toEqual({ kind: "delivered", httpStatus: null });
    expect(
      await rows(
        "SELECT run_id, source, received_at, data->>'gclid' AS gclid, data->>'budget' AS budget, data->>'name' AS name, lead->>'name' AS who FROM leads",
      ),
    ).toEqual([
      {
        run_id: runId,
        source: "website",
        received_at: new Date("2026-07-15T12:00:00Z"),
        gclid: "9007199254740993",
        budget: "1.10",
        name: `Jörg "𝔊" O'Neil`,
        who: `Jörg "𝔊" O'Neil`,
      },
    ]);
  });

  it("has columns of other types, and names that must be quoted", async () => {
    await admin.query(`CREATE SCHEMA "Büro 1"; GRANT USAGE ON SCHEMA "Büro 1" TO leadledger`);
    await admin.query(
      `CREATE TABLE "Büro 1"."Leads; ""x""" (run_id text UNIQUE, source varchar(9), received_at text, lead json, data text);
       GRANT INSERT, SELECT (run_id) ON "Büro 1"."Leads; ""x""" TO leadledger`,
    );
    const to = sender({ schema: "Büro 1", table: 'Leads; "x"' });
    expect(await to.probe()).toMatchObject({ reachable: true });
    expect(await deliver(to, message(runId))).toMatchObject({ kind: "delivered" });
    expect(await rows(`SELECT run_id, data FROM "Büro 1"."Leads; ""x"""`)).toEqual([
      { run_id: runId, data: '{"name":"Erika"}' },
    ]);
    await admin.query(`DROP SCHEMA "Büro 1" CASCADE`);
  });

  it("has the columns that a map names, each by its type, and no number rounded", async () => {
    await make(
      `CREATE TABLE leads (run_id uuid PRIMARY KEY, "E-Mail" text, budget numeric, wants boolean, phones jsonb, gclid bigint, none text DEFAULT 'x')`,
    );
    const map = { "E-Mail": "/lead/email", budget: "/data/budget" };
    const to = sender({ map });
    const mapped = {
      "E-Mail": "erika@example.com",
      budget: new ExactNumber("12345678901234567890.10"),
      wants: true,
      phones: ["+491701234567"],
      gclid: new ExactNumber("9007199254740993"),
      none: null,
    };
    expect(await to.probe()).toMatchObject({ reachable: true });
    expect(await deliver(to, { ...message(runId), mapped })).toMatchObject({ kind: "delivered" });
    expect(await rows(`SELECT "E-Mail", budget::text, wants, phones, gclid::text, none FROM leads`)).toEqual([
      { ...mapped, budget: "12345678901234567890.10", gclid: "9007199254740993" },
    ]);
    expect(await sender({ map: { ...map, gone: "/lead/name" } }).probe()).toMatchObject({
      code: "destination_configuration",
    });
  });

  it("has it once, however often it is sent, and says so", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const to = sender();
    await deliver(to, message(runId));
    expect(await deliver(to, message(runId))).toEqual({
      kind: "delivered",
      httpStatus: null,
      receipt: { duplicate: "same_delivery" },
    });
    expect(await rows("SELECT FROM leads")).toHaveLength(1);
  });

  it("has it once although the answer was lost on the way", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const line = await startTcpProxy(Number(new URL(database.url).port));
    const through = new URL(database.url);
    through.port = String(line.port);
    const to = sender({ timeoutMs: 1_000 }, through.href);
    await deliver(to, message());
    await line.set("half_open");
    expect(await deliver(to, message(runId))).toMatchObject({
      code: "destination_timeout",
      class: "transient",
    });
    await line.set("pass");
    expect(await deliver(to, message(runId))).toMatchObject({ receipt: { duplicate: "same_delivery" } });
    expect(await rows(`SELECT FROM leads WHERE run_id = '${runId}'`)).toHaveLength(1);
    await line.close();
  });

  it("has a changed lead in the same row, and never an older change over a newer one", async () => {
    await make(`CREATE TABLE leads (${columns}, revision integer NOT NULL DEFAULT 0)`);
    const to = sender();
    const revised = (revision: number): DeliveryMessage => ({
      ...message(runId, `{"v":${revision}}`),
      revision,
    });
    const outcomes = [];
    for (const sent of [
      message(runId, '{"v":0}'),
      revised(2),
      revised(1),
      revised(2),
      message(runId, '{"v":0}'),
    ])
      outcomes.push(await deliver(to, sent));
    const arrived = { kind: "delivered", httpStatus: null };
    const wasThere = { ...arrived, receipt: { duplicate: "same_delivery" } };
    expect(outcomes).toEqual([arrived, arrived, wasThere, wasThere, wasThere]);
    expect(await rows("SELECT revision, data->>'v' AS v FROM leads")).toEqual([{ revision: 2, v: "2" }]);
  });

  it("empties what a change no longer has, to what the table says of a row without it", async () => {
    const own = "run_id uuid PRIMARY KEY, mail text, phone text, rating integer DEFAULT 5, place jsonb";
    await make(`CREATE TABLE leads (${own}, revision integer NOT NULL DEFAULT 0)`);
    const map = {
      mail: "/lead/email",
      phone: "/lead/phones/0",
      rating: "/data/rating",
      "place.town": "/lead/town",
    };
    const to = sender({ map });
    const full = { mail: "a@b.example", phone: "+49301234567", rating: 3, place: { town: "Ulm" } };
    await deliver(to, { ...message(runId), mapped: full });
    await deliver(to, { ...message(runId), revision: 1, mapped: { mail: "c@d.example" } });
    expect(await rows("SELECT mail, phone, rating, place, revision FROM leads")).toEqual([
      { mail: "c@d.example", phone: null, rating: 5, place: null, revision: 1 },
    ]);
    expect(await to.probe()).toMatchObject({ reachable: true });
  });

  const planted = "Geheimrat Planted";
  it.each([
    ["the table is missing", "SELECT", {}, "destination_configuration", "42P01"],
    ["the schema is missing", "SELECT", { schema: "nowhere" }, "destination_configuration", "42P01"],
    [
      "a column was renamed",
      "CREATE TABLE leads (run_id uuid PRIMARY KEY, origin text)",
      {},
      "destination_configuration",
      "42703",
    ],
    [
      "run_id is no key",
      `CREATE TABLE leads (${columns.replace("PRIMARY KEY", "")})`,
      {},
      "destination_configuration",
      "42P10",
    ],
    [
      "a column has a type that no lead fits",
      `CREATE TABLE leads (${columns.replace("data jsonb", "data date")})`,
      {},
      "destination_rejected",
      "22007",
    ],
    [
      "a column that no lead fills must have a value",
      `CREATE TABLE leads (${columns}, owner text NOT NULL)`,
      {},
      "destination_configuration",
      "owner",
    ],
    [
      "a check says no",
      `CREATE TABLE leads (${columns}, CONSTRAINT sane CHECK (source = 'x'))`,
      {},
      "destination_rejected",
      "sane",
    ],
    [
      "another key is taken",
      `CREATE TABLE leads (${columns}, who text GENERATED ALWAYS AS (data->>'name') STORED, CONSTRAINT one UNIQUE (who)); INSERT INTO leads VALUES ('01900000-0000-7000-8000-000000000002', 'x', now(), '{}', '{"name":"${planted}"}')`,
      {},
      "destination_rejected",
      "one",
    ],
    [
      "a value is too long",
      `CREATE TABLE leads (${columns.replace("source text", "source varchar(3)")})`,
      {},
      "destination_rejected",
      "22001",
    ],
    [
      "a trigger says no",
      `CREATE TABLE leads (${columns}); CREATE FUNCTION veto() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', NEW.data; END $$; CREATE TRIGGER veto BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION veto()`,
      {},
      "destination_rejected",
      "P0001",
    ],
    [
      "a deadlock was broken",
      `CREATE TABLE leads (${columns}); CREATE FUNCTION veto() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE deadlock_detected; END $$; CREATE TRIGGER veto BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION veto()`,
      {},
      "destination_error",
      "40P01",
    ],
    [
      "the password is wrong",
      `CREATE TABLE leads (${columns})`,
      { password: "wrong-password" },
      "destination_auth",
      "28P01",
    ],
    [
      "it offers no TLS",
      `CREATE TABLE leads (${columns})`,
      { tls: "verify" },
      "destination_tls",
      "offers no TLS",
    ],
  ] as const)(
    "where %s, says what is to be done and nothing of the lead",
    async (_case, sql, own, code, named) => {
      await make(sql);
      const outcome = await deliver(sender(own), message(runId, `{"name":"${planted}"}`));
      expect(outcome).toMatchObject({ kind: "failed", code });
      const said = outcome.kind === "failed" ? outcome.message : "";
      expect(said).toContain(named);
      expect(said).not.toContain(planted);
      expect(failureCodes).toContain(code);
    },
  );

  it("where rights are missing, or the database, says so", async () => {
    await admin.query(`CREATE TABLE leads (${columns})`);
    const outcome = await deliver(sender(), message());
    expect(outcome).toMatchObject({ code: "destination_configuration", class: "needs_configuration" });
    const url = new URL(database.url);
    url.pathname = "/nowhere";
    expect(await deliver(sender({}, url.href), message())).toMatchObject({
      code: "destination_configuration",
    });
  });

  it.each([
    ["is as it must be", `CREATE TABLE leads (${columns})`, { reachable: true }],
    ["is missing", "SELECT", { reachable: false, code: "destination_configuration" }],
    [
      "lacks a column",
      "CREATE TABLE leads (run_id uuid PRIMARY KEY)",
      { reachable: false, code: "destination_configuration" },
    ],
    [
      "has no key",
      `CREATE TABLE leads (${columns.replace("PRIMARY KEY", "")})`,
      { reachable: false, code: "destination_configuration" },
    ],
  ])("is tried out without a row being made: the table %s", async (_case, sql, expected) => {
    await make(sql);
    expect(await sender().probe()).toMatchObject(expected);
    const [{ there } = { there: null }] = (await rows("SELECT to_regclass('public.leads') AS there")) as {
      there: string | null;
    }[];
    if (there !== null) expect(await rows("SELECT FROM leads")).toEqual([]);
  });

  it("is tried out with the rights of the user, too", async () => {
    await admin.query(`CREATE TABLE leads (${columns})`);
    expect(await sender().probe()).toMatchObject({ reachable: false, code: "destination_configuration" });
    await admin.query("GRANT INSERT, SELECT (run_id) ON leads TO leadledger");
    expect(await sender().probe()).toMatchObject({ reachable: true });
  });

  it("takes many leads at once, over no more connections than deliveries", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const to = sender({ concurrency: 3 });
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => deliver(to, message())));
    for (let i = 0; i < 5; i += 1) outcomes.push(await deliver(to, message()));
    expect(outcomes.every(({ kind }) => kind === "delivered")).toBe(true);
    const [{ n } = { n: 0 }] = (await rows(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'LeadLedger' AND datname = current_database()",
    )) as { n: number }[];
    expect(n).toBeLessThanOrEqual(3);
  });

  it("notices that the server has dropped an idle connection, and makes another", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const to = sender();
    await deliver(to, message());
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'LeadLedger' AND datname = current_database()",
    );
    await until("the connection to be gone", async () => (await deliver(to, message())).kind === "delivered");
  });

  it("is believed by its certificate and its name alone", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const front = await startTlsFront(Number(new URL(database.url).port), "agreed");
    const resolve = () => Promise.resolve(["127.0.0.1"]);
    const outcome = async (hostname: string, deps: Partial<SenderDeps>) => {
      const url = new URL(database.url);
      url.host = `${hostname}:${front.port}`;
      const to = open(postgresDestination(url.href, { tls: "verify" }), {
        nowMs: Date.now,
        resolve,
        ...deps,
      });
      senders.push(to);
      return deliver(to, message());
    };
    const { ca } = front;
    expect(await outcome("crm.test", { ca })).toMatchObject({ kind: "delivered" });
    expect(await outcome("other.test", { ca })).toMatchObject({ code: "destination_tls" });
    expect(await outcome("127.0.0.1", { ca })).toMatchObject({ code: "destination_tls" });
    expect(await outcome("crm.test", {})).toMatchObject({ code: "destination_tls" });
    await front.stop();
  });

  it.runIf(isPgBouncerInstalled)("can be behind a pooler in transaction mode", async () => {
    await make(`CREATE TABLE leads (${columns})`);
    const pooler = await startPgBouncer(database.url);
    const to = sender({}, pooler.through(database.url));
    expect(await to.probe()).toMatchObject({ reachable: true });
    const sent = Array.from({ length: 12 }, () => message());
    const outcomes = await Promise.all([...sent, ...sent].map((each) => deliver(to, each)));
    expect(outcomes.filter(({ kind }) => kind === "delivered")).toHaveLength(24);
    expect(await rows("SELECT FROM leads")).toHaveLength(12);
    const elsewhere = pooler.through(database.url).replace(/[^/]*$/, "nowhere");
    expect(await deliver(sender({}, elsewhere), message())).toMatchObject({
      code: "destination_configuration",
    });
    await pooler.close();
  });
});

describe("A PostgreSQL that is killed in the midst of leads", () => {
  it("has each of them once in the end", { tags: ["thorough"] }, async ({ skip }) => {
    const server = await startInstalledPostgres(20);
    if (server === null) return skip("no PostgreSQL is installed");
    const admin = new pg.Client({ connectionString: server.server.superuserUrl });
    admin.on("error", () => undefined);
    await admin.connect();
    await admin.query(`CREATE TABLE leads (${columns}); GRANT ALL ON leads TO leadledger`);
    const url = new URL(server.server.ownerUrl);
    url.pathname = "/postgres";
    const to = open(postgresDestination(url.href, { timeoutMs: 2_000 }), { nowMs: Date.now });
    const sent = Array.from({ length: 200 }, () => message());
    const waiting = [...sent];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        if ((await to.attempt(next, neverAborted)).outcome.kind === "failed") waiting.push(next);
    };
    const lanes = Promise.all([lane(), lane(), lane(), lane()]);
    await until("some are in", () => waiting.length < 150);
    await server.stopImmediately();
    await server.startAgain();
    await lanes;
    await to.close();
    const reader = new pg.Client({ connectionString: server.server.superuserUrl });
    await reader.connect();
    const { rows } = await reader.query<{ run_id: string }>("SELECT run_id FROM leads");
    await reader.end();
    expect(new Set(rows.map((row) => row.run_id))).toEqual(new Set(sent.map((each) => each.runId)));
    expect(rows).toHaveLength(200);
    await server.stop();
  });
});
