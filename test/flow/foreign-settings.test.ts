// What somebody has set for the database or the role changes nothing of what LeadLedger promises.
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { judgeForeignSettings, judgeTables } from "../../src/cli/doctor/doctor-database.ts";
import { beginReadCommitted } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { sessionSettings } from "../../src/ledger/connection/session-settings.ts";
import { readForeignSettings, readOwnSession } from "../../src/ledger/connection/settings-in-force.ts";
import { findTableFaults } from "../../src/ledger/figures/table-faults.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { always, startSink } from "../support/sink.ts";
import { until } from "../support/until.ts";
import { postLead } from "../support/webhook-client.ts";

/** Each as bad as it can be. */
const foreign: Readonly<Record<string, string>> = {
  synchronous_commit: "off",
  default_transaction_isolation: "serializable",
  default_transaction_deferrable: "on",
  statement_timeout: "200ms",
  lock_timeout: "1ms",
  idle_in_transaction_session_timeout: "1ms",
  idle_session_timeout: "300ms",
  array_nulls: "off",
  transform_null_equals: "on",
  standard_conforming_strings: "off",
  escape_string_warning: "off",
  backslash_quote: "off",
  quote_all_identifiers: "on",
  xmlbinary: "hex",
  xmloption: "document",
  gin_fuzzy_search_limit: "1",
  row_security: "off",
  exit_on_error: "on",
  check_function_bodies: "off",
  client_encoding: "LATIN1",
  DateStyle: "German, DMY",
  IntervalStyle: "iso_8601",
  TimeZone: "Asia/Kathmandu",
  bytea_output: "escape",
  extra_float_digits: "-10",
  client_min_messages: "error",
  search_path: "nowhere",
  enable_indexscan: "off",
  enable_indexonlyscan: "off",
  enable_bitmapscan: "off",
  enable_nestloop: "off",
  plan_cache_mode: "force_generic_plan",
};

describeOnEachServer("settings that others made", (server) => {
  let database: FreshDatabase;
  let app: TestApp | null = null;
  let superuser: pg.Client;

  beforeEach(async () => {
    database = await ledgerDatabase(server);
    superuser = new pg.Client({ connectionString: database.superuserUrl });
    await superuser.connect();
  });
  afterEach(async () => {
    await app?.stop();
    app = null;
    await superuser.end();
    await database.drop();
  });

  async function set(name: string, value: string, url = database.url): Promise<void> {
    const known = await superuser.query("SELECT FROM pg_settings WHERE name = $1", [name]);
    if (known.rowCount === 0) return;
    await superuser.query(
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${name} = ${pg.escapeLiteral(value)}`,
    );
  }

  async function setAll(url?: string): Promise<void> {
    for (const [name, value] of Object.entries({ ...foreign, transaction_timeout: "300ms" }))
      await set(name, value, url);
  }

  it("are not those of LeadLedger's own connections, and doctor says what others get", async () => {
    await setAll();
    app = await startTestApp(database);
    expect(await readOwnSession(app.installation.database)).toEqual({
      wrong: [],
      isPooled: false,
      keepsStatements: true,
    });
    const others = await readForeignSettings(database.url);
    expect(others.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["array_nulls", "default_transaction_isolation", "synchronous_commit"]),
    );
    const [warning] = judgeForeignSettings(others).filter(({ check }) => check === "database_settings");
    expect(warning).toMatchObject({ status: "warn" });
    expect(warning?.text.en).toContain("synchronous_commit = off (set for the database; LeadLedger: on)");
    expect(warning?.text.de).toContain(
      "synchronous_commit = off (für die Datenbank eingestellt; LeadLedger: on)",
    );
  });

  it("lose no commit, keep no lead unsettled, and make no repeat a conflict", async () => {
    await setAll();
    const sink = await startSink(always({ kind: "answer", status: 200 }));
    app = await startTestApp(database, {
      sources: [testSource("web")],
      destinations: [testDestination("crm", sink.url)],
    });
    const { url } = app;
    const body = { name: "Müller \\ 'x'", list: [null, "NULL"], email: "mia@example.com" };
    const send = (key: string) => postLead(url, { path: "/webhook/lead/web", key, body });
    const keys = Array.from({ length: 6 }, (_, index) => `lead-${index}`);

    const sentAtMs = Date.now();
    const first = await Promise.all(keys.map(send));
    expect(first.map(({ status }) => status)).toEqual(keys.map(() => 202));
    const { database: ledger } = app.installation;
    await until("all to be delivered and settled", async () => {
      const { rows } = await ledger.query<{ count: number }>(
        "SELECT count(*) FROM public.runs WHERE outcome = 'delivered'",
      );
      return rows[0]?.count === keys.length;
    });
    const repeats = await Promise.all(keys.map(send));
    expect(repeats.map(({ json }) => json["status"])).toEqual(keys.map(() => "duplicate"));
    expect(sink.requests).toHaveLength(keys.length);
    const { rows } = await ledger.query<{ at: Date }>("SELECT max(received_at) AS at FROM public.runs");
    expect(Math.abs((rows[0]?.at.getTime() ?? 0) - sentAtMs)).toBeLessThan(10_000);
    await sink.close();
  });

  it("do not keep an empty database from being migrated", async () => {
    const empty = await emptyDatabase(server);
    try {
      await setAll(empty.url);
      expect((await migrate(empty.url)).length).toBeGreaterThan(10);
      expect(await migrate(empty.url)).toEqual([]);
    } finally {
      await empty.drop();
    }
  });

  it("that only a superuser may change are refused in words, with the SQL that mends them", async () => {
    await set("session_replication_role", "replica");
    await expect(startTestApp(database)).rejects.toMatchObject({
      code: "database_settings_unsuitable",
      message: expect.stringMatching(
        /ALTER ROLE "leadledger" IN DATABASE "test_\w+" SET session_replication_role = 'origin';/,
      ) as string,
    });
  });

  it("keep what is stronger than needed: a commit that waits until the standby shows it", async () => {
    await set("synchronous_commit", "remote_apply");
    app = await startTestApp(database);
    const { database: ledger } = app.installation;
    const { rows } = await ledger.query<{ commit: string }>(
      "SELECT current_setting('synchronous_commit') AS commit",
    );
    expect(rows).toEqual([{ commit: "remote_apply" }]);
  });

  it("leave a fence alone: with default_transaction_read_only leads wait in the spool until it falls", async () => {
    app = await startTestApp(database, { sources: [testSource("web")] });
    const { url, installation } = app;
    const send = (key: string) => postLead(url, { path: "/webhook/lead/web", key, body: { key } });
    await set("default_transaction_read_only", "on");
    await superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    await until("a lead to be kept on disk", async () => (await send("fenced")).json["stored"] === "spool");
    await superuser.query(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} RESET default_transaction_read_only`,
    );
    installation.database.dropIdle();
    await until("leads to be taken by the database", async () => {
      const { status, json } = await send(`after-${Date.now()}`);
      return status === 202 && json["stored"] === undefined;
    });
  });

  it("bring no plain COMMIT: durability and isolation stand in every transaction, also where a pooler forgets the session's", async () => {
    await setAll();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query("SET statement_timeout = 0");
      await client.query(beginReadCommitted);
      const { rows } = await client.query<Record<string, string>>(
        `SELECT current_setting('transaction_isolation') AS isolation, current_setting('synchronous_commit') AS commit,
           current_setting('client_min_messages') AS messages`,
      );
      expect(rows).toEqual([{ isolation: "read committed", commit: "on", messages: "warning" }]);
    } finally {
      await client.end();
    }
  });

  it("are told from what somebody did to the tables: doctor finds those that a crash empties, and triggers switched off", async () => {
    app = await startTestApp(database);
    const { database: ledger } = app.installation;
    expect(judgeTables(await findTableFaults(ledger))).toEqual([]);
    await superuser.query("ALTER TABLE internal.sessions SET UNLOGGED");
    await superuser.query("ALTER TABLE public.dlq DISABLE TRIGGER USER");
    const checks = judgeTables(await findTableFaults(ledger));
    expect(checks).toMatchObject([
      { check: "tables_unlogged", status: "fail" },
      { check: "triggers", status: "fail" },
    ]);
    expect(checks.map(({ text }) => text.en).join()).toMatch(/internal\.sessions.*public\.dlq/);
  });

  it("are named only where the server knows them", async () => {
    const { rows } = await superuser.query<{ name: string }>("SELECT name FROM pg_settings");
    const known = new Set(rows.map(({ name }) => name));
    const unknown = sessionSettings.map(({ name }) => name).filter((name) => !known.has(name));
    expect(unknown).toEqual(server.major < 17 ? ["transaction_timeout"] : []);
  });
});
