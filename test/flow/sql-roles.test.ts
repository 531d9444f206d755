// What the roles that `db url` hands out can do, and above all what they cannot.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { SqlRoleError } from "../../src/ledger/accounts/sql-role-error.ts";
import { ensureSqlRoles, sqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import {
  allowTemporary,
  asRole,
  dropRoles,
  one,
  open,
  openTestLedger,
  passwordOf,
  receiveLead,
  refusal,
  story,
} from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const view = "kpi_daily_sources";
const tables = ["runs", "audit_events", "dlq", "kpi_daily", view];
const notTheirs = [
  ...["deliveries", "sources", "destinations", "settings", "leader", "kpi_deltas", "kpi_daily_sources"],
  ...["users", "sessions", "api_keys", "setup_links"],
].map((name) => `internal.${name}`);

describeOnEachServer("Roles for SQL", (server) => {
  let ledger: TestLedger;
  let runId: string;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    runId = await receiveLead(ledger, ["crm"]);
  });
  afterAll(() => ledger.close());

  it("have exactly the rights of the contract", async () => {
    const { rows } = await ledger.program.query(
      `SELECT grantee, table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS rights
       FROM information_schema.role_table_grants WHERE grantee = ANY ($1) GROUP BY 1, 2 ORDER BY 1, 2`,
      [[ledger.roles.sql, ledger.roles.read]],
    );
    const { sql, read } = ledger.roles;
    expect(rows).toEqual(
      [
        { grantee: read, table_name: "audit_events", rights: "SELECT" },
        { grantee: read, table_name: "dlq", rights: "SELECT" },
        { grantee: read, table_name: "kpi_daily", rights: "SELECT" },
        { grantee: read, table_name: "kpi_daily_clients", rights: "SELECT" },
        { grantee: read, table_name: "kpi_daily_sources", rights: "SELECT" },
        { grantee: read, table_name: "runs", rights: "SELECT" },
        { grantee: read, table_name: "sla_daily", rights: "SELECT" },
        { grantee: sql, table_name: "audit_events", rights: "INSERT SELECT" },
        { grantee: sql, table_name: "dlq", rights: "INSERT SELECT UPDATE" },
        { grantee: sql, table_name: "kpi_daily", rights: "INSERT SELECT UPDATE" },
        { grantee: sql, table_name: "kpi_daily_clients", rights: "SELECT" },
        { grantee: sql, table_name: "kpi_daily_sources", rights: "SELECT" },
        { grantee: sql, table_name: "runs", rights: "INSERT SELECT UPDATE" },
        { grantee: sql, table_name: "sla_daily", rights: "SELECT" },
      ].filter((row) => [...tables, "kpi_daily_clients", "sla_daily"].includes(row.table_name)),
    );
    const { rows: roles } = await ledger.program.query(
      `SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls) AS excess,
         count(m.*)::int AS memberships
       FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid WHERE rolname = ANY ($1)`,
      [[sql, read]],
    );
    expect(roles).toEqual([{ excess: false, memberships: 0 }]);
  });

  it("read their tables by their plain names, whatever search_path the database has", async () => {
    for (const { pool } of [ledger.hand, ledger.reader]) {
      // Not as the program connects, which sets a path of its own.
      const client = new pg.Client({ connectionString: pool.options.connectionString });
      await client.connect();
      try {
        expect((await client.query("SHOW search_path")).rows).toEqual([{ search_path: "public" }]);
        for (const table of tables) await client.query(`SELECT * FROM ${table} LIMIT 1`);
      } finally {
        await client.end();
      }
    }
  });

  it("let a reader change nothing, also after it switched read-only off", async () => {
    await refusal(ledger.reader.query("INSERT INTO runs DEFAULT VALUES"), "25006");
    const url = `${ledger.reader.pool.options.connectionString ?? ""}?options=-c%20default_transaction_read_only%3Doff`;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const text of [
        "INSERT INTO runs DEFAULT VALUES",
        "UPDATE runs SET error_code = 'x'",
        "UPDATE dlq SET note = 'x'",
        "INSERT INTO audit_events (event_type) VALUES ('x')",
        "INSERT INTO kpi_daily (day) VALUES ('2010-01-01')",
        "CREATE TEMP TABLE mine (x int)",
      ]) {
        await refusal(client.query(text), "42501");
      }
    } finally {
      await client.end();
    }
  });

  it.each([
    ...notTheirs.map((table) => `SELECT * FROM ${table}`),
    ...notTheirs.map((table) => `DELETE FROM ${table}`),
    ...tables.map((table) => `DELETE FROM ${table}`),
    ...tables.filter((table) => table !== view).map((table) => `TRUNCATE ${table}`),
    ...notTheirs.map((table) => `TRUNCATE ${table}`),
    ...tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER ALL`),
    ...tables.map((table) => `ALTER TABLE ${table} ADD COLUMN x int`),
    ...tables.map((table) => `DROP ${table === view ? "VIEW" : "TABLE"} ${table}`),
    "UPDATE audit_events SET payload = '{}'",
    "COPY runs TO PROGRAM 'cat'",
    "COPY runs FROM PROGRAM 'echo'",
    "COPY runs TO '/tmp/leadledger-must-not-be'",
    "SELECT pg_read_file('/etc/hostname')",
    "SET session_replication_role = replica",
    "SET ROLE leadledger",
    "SET SESSION AUTHORIZATION leadledger",
    "CREATE TABLE public.mine (x int)",
    "CREATE TABLE internal.mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "CREATE TEMP VIEW mine AS SELECT 1 AS x",
    "CREATE TEMP SEQUENCE mine",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW mine AS SELECT 1 AS x",
    "INSERT INTO internal.kpi_daily_sources SELECT * FROM internal.kpi_daily_sources",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE TRIGGER mine BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION internal.ledger_keeps_rows()",
    "CREATE RULE mine AS ON INSERT TO runs DO INSTEAD NOTHING",
    "CREATE ROLE mine",
    "SELECT internal.ledger_decide(ARRAY[gen_random_uuid()])",
    "SELECT internal.ledger_open_work(gen_random_uuid())",
    "SELECT internal.ledger_settle_delivered(ARRAY[gen_random_uuid()], '{crm}', '{1}', '{null}', 'n1')",
    "SELECT internal.kpi_roll_up()",
    "SELECT internal.kpi_rebuild()",
    "SELECT internal.kpi_change_timezone('UTC')",
    "SELECT * FROM internal.kpi_count_days('2020-01-01', '2020-01-02')",
    "SELECT nextval('audit_events_event_id_seq')",
    "SELECT setval('dlq_dlq_id_seq', 1)",
  ])("may not: %s", async (text) => {
    await refusal(ledger.hand.query(text), "42501");
  });

  describe("however the session is prepared", () => {
    const prepared = async (
      preparation: string,
      work: (client: pg.PoolClient) => Promise<void>,
    ): Promise<void> => {
      const client = await ledger.hand.pool.connect();
      try {
        await client.query(preparation);
        await work(client);
      } finally {
        client.release(true);
      }
    };

    it("a forged operation opens neither erasure nor correction nor counted days", async () => {
      for (const operation of ["erasure", "correction", "kpi"]) {
        await prepared(
          `SET leadledger.operation = '${operation}'; SET leadledger.deciding = 'on'; SET leadledger.actor = 'system'`,
          async (client) => {
            await refusal(
              client.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [runId]),
              "LL001",
            );
            await refusal(client.query("UPDATE runs SET test = true WHERE run_id = $1", [runId]), "LL002");
            await refusal(
              client.query(
                "INSERT INTO kpi_daily (day) VALUES ((now() AT TIME ZONE 'Europe/Berlin')::date) ON CONFLICT DO NOTHING",
              ),
              "LL006",
            );
          },
        );
      }
    });

    it("a forged word that events are complete spares none of them: its own, and those that its changes cause", async () => {
      const before = await ledger.program.query("SELECT 1 FROM audit_events");
      const forged = (type: string) =>
        `INSERT INTO audit_events (run_id, event_time, event_type, actor, salt, payload_digest, digest)
         VALUES ('${runId}', '2001-01-01', '${type}', 'system', '\\x00', '\\x00', '\\x00')`;
      await prepared(
        "SET leadledger.events = 'complete'; SET leadledger.actor = 'system'",
        async (client) => {
          await client.query(forged("note"));
          await client.query("INSERT INTO dlq (run_id) VALUES ($1)", [runId]);
          await client.query("UPDATE runs SET error_message = 'looked at' WHERE run_id = $1", [runId]);
        },
      );
      // Not even the program's role, unless it says so.
      await ledger.program.query(forged("copied"));
      const told = await ledger.program.query<{ event_type: string; actor: string; real: boolean }>(
        `SELECT event_type, actor, event_time > clock_timestamp() - interval '1 minute'
           AND length(salt) = 16 AND payload_digest = sha256(salt || convert_to(payload::text, 'UTF8'))
           AND digest = sha256(internal.audit_envelope(event_id, run_id, event_time, event_type, actor) || payload_digest) AS real
         FROM audit_events ORDER BY event_id OFFSET $1`,
        [before.rowCount],
      );
      const actor = `db:${ledger.roles.sql}`;
      expect(told.rows).toEqual([
        { event_type: "note", actor, real: true },
        { event_type: "dlq_created", actor, real: true },
        { event_type: "run_changed", actor, real: true },
        { event_type: "copied", actor: "system", real: true },
      ]);
    });

    it("temporary tables, types and functions that shadow ours change nothing", async () => {
      await allowTemporary(ledger);
      const before = await ledger.program.query("SELECT 1 FROM audit_events");
      await prepared(
        `CREATE TEMP TABLE runs (run_id uuid, status text, refused boolean, test boolean);
         CREATE TEMP TABLE audit_events (run_id uuid, event_time timestamptz);
         CREATE TEMP TABLE deliveries (run_id uuid, destination text);
         CREATE TEMP TABLE dlq (run_id uuid, dlq_id bigint, reopened_from bigint, status text, kind text);
         CREATE TEMP TABLE destinations AS SELECT 'crm' AS name, 'external' AS kind, false AS sends;
         CREATE FUNCTION pg_temp.has_table_privilege(name, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
         CREATE FUNCTION pg_temp.ledger_actor() RETURNS text LANGUAGE sql AS $$SELECT 'system'$$;
         CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$SELECT '2001-01-01'::timestamptz$$;
         CREATE TYPE pg_temp.text AS ENUM ('forged');
         CREATE TYPE pg_temp.timestamptz AS ENUM ('forged');
         SET search_path = pg_temp, public, pg_catalog;
         SET leadledger.actor = 'system'`,
        async (client) => {
          await refusal(
            client.query("UPDATE public.runs SET status = 'processed' WHERE run_id = $1", [runId]),
            "LL001",
          );
          await client.query("INSERT INTO public.dlq (run_id) VALUES ($1)", [runId]);
          await client.query("INSERT INTO public.audit_events (run_id, event_type) VALUES ($1, 'note')", [
            runId,
          ]);
        },
      );
      const told = await ledger.program.query<{ actor: string; real: boolean }>(
        `SELECT actor, event_time > clock_timestamp() - interval '1 minute'
           AND payload_digest = sha256(salt || convert_to(payload::text, 'UTF8'))
           AND digest = sha256(internal.audit_envelope(event_id, run_id, event_time, event_type, actor) || payload_digest) AS real
         FROM audit_events ORDER BY event_id OFFSET $1`,
        [before.rowCount],
      );
      expect(told.rows).toEqual([
        { actor: `db:${ledger.roles.sql}`, real: true },
        { actor: `db:${ledger.roles.sql}`, real: true },
      ]);
      expect((await story(ledger, runId)).slice(-2)).toEqual(["dlq_created", "note"]);
    });
  });

  it("see the times and days of the reporting time zone, and follow when it changes", async () => {
    const zones = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const { pool } of [ledger.hand, ledger.reader]) {
        const client = new pg.Client({ connectionString: pool.options.connectionString });
        await client.connect();
        const { rows } = await client.query<{ zone: string; day: string }>(
          "SELECT current_setting('TimeZone') AS zone, '2026-07-01T22:30:00Z'::timestamptz::date::text AS day",
        );
        await client.end();
        found.push(...rows.map(({ zone, day }) => `${zone} ${day}`));
      }
      return found;
    };
    expect(await zones()).toEqual(["Europe/Berlin 2026-07-02", "Europe/Berlin 2026-07-02"]);
    expect(await changeReportingTimezone(ledger.program, "cli:test", "Europe/London")).toEqual({
      kind: "changed",
      from: "Europe/Berlin",
    });
    expect(await zones()).toEqual(["Europe/London 2026-07-01", "Europe/London 2026-07-01"]);
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/Berlin");
  });

  it("are the same when they are ensured again, by several nodes at once", async () => {
    const names = await Promise.all(
      Array.from({ length: 4 }, () => ensureSqlRoles(ledger.program, { password: passwordOf })),
    );
    expect(names).toEqual(Array.from({ length: 4 }, () => ledger.roles));
    await ledger.hand.query("SELECT 1 FROM runs");
  });

  it("lose what somebody granted them beyond the contract", async () => {
    const name = pg.escapeIdentifier(ledger.roles.sql);
    await ledger.program.query(
      `GRANT DELETE ON runs TO ${name}; GRANT SELECT (name) ON internal.sources TO ${name}`,
    );
    await ensureSqlRoles(ledger.program, { password: passwordOf });
    await refusal(ledger.hand.query("SELECT name FROM internal.sources"), "42501");
    await refusal(ledger.hand.query("DELETE FROM runs"), "42501");
    await ledger.hand.query("SELECT 1 FROM runs");
  });

  it("have a new password at once when the root key changes, and the old one is worth nothing", async () => {
    const password = (role: string) => `another-${passwordOf(role)}`;
    await ensureSqlRoles(ledger.program, { password });
    const url = asRole(ledger.url, ledger.roles.read, password(ledger.roles.read));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.end();
    const old = new pg.Client({ connectionString: asRole(ledger.url, ledger.roles.read) });
    await refusal(old.connect(), "28P01");
    await ensureSqlRoles(ledger.program, { password: passwordOf });
  });

  describe("where the program's role may not make roles", () => {
    it("say what an administrator has to run, and work once that was run", async () => {
      const fresh = await emptyDatabase(server);
      const administrator = open(fresh.superuserUrl, 1);
      const owner = `test_owner_${String(Date.now())}`;
      const { name } = await one<{ name: string }>(administrator, "SELECT current_database() AS name");
      await administrator.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${passwordOf(owner)}'`);
      await administrator.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
      await migrate(asRole(fresh.url, owner));
      const program = open(asRole(fresh.url, owner));
      const names = sqlRoleNames(name);
      try {
        const error = await ensureSqlRoles(program, { password: passwordOf }).catch(
          (reason: unknown) => reason,
        );
        if (!(error instanceof SqlRoleError)) throw error;
        expect(error.code).toBe("sql_role_not_allowed");
        expect(error.message).toContain(error.sql);
        expect(error.sql).not.toContain(passwordOf(names.sql));
        await administrator.query(error.sql);
        expect(await ensureSqlRoles(program, { password: passwordOf })).toEqual(names);
        const hand = open(asRole(fresh.url, names.sql), 1);
        await hand.query("INSERT INTO runs DEFAULT VALUES");
        await hand.close();
        const wrong = ensureSqlRoles(program, { password: (role) => `wrong-${passwordOf(role)}` });
        await expect(wrong).rejects.toMatchObject({ code: "sql_role_not_allowed" });
      } finally {
        await program.close();
        await administrator.close();
        await fresh.drop();
        await dropRoles(server, [names.sql, names.read, owner]);
      }
    });

    it("are refused while they have more rights than the contract gives", async () => {
      const superuser = open(ledger.superuserUrl, 1);
      const name = pg.escapeIdentifier(ledger.roles.sql);
      try {
        await superuser.query(`GRANT pg_execute_server_program TO ${name}; ALTER ROLE ${name} CREATEDB`);
        const error = await ensureSqlRoles(ledger.program, { password: passwordOf }).catch(
          (reason: unknown) => reason,
        );
        if (!(error instanceof SqlRoleError)) throw error;
        await superuser.query(error.sql);
        await ensureSqlRoles(ledger.program, { password: passwordOf });

        await superuser.query("GRANT CREATE ON SCHEMA public TO PUBLIC");
        const open_ = await ensureSqlRoles(ledger.program, { password: passwordOf }).catch(
          (reason: unknown) => reason,
        );
        if (!(open_ instanceof SqlRoleError)) throw open_;
        await superuser.query(open_.sql);
        await ensureSqlRoles(ledger.program, { password: passwordOf });
      } finally {
        await superuser.close();
      }
    });
  });

  it("have names that fit, for every name of a database", () => {
    expect(sqlRoleNames("leadledger")).toEqual({
      sql: "leadledger_sql",
      read: "leadledger_read",
      bi: "leadledger_bi",
    });
    expect(sqlRoleNames('my "CRM"')).toEqual({
      sql: 'leadledger_my "CRM"_sql',
      read: 'leadledger_my "CRM"_read',
      bi: 'leadledger_my "CRM"_bi',
    });
    const long = sqlRoleNames("ä".repeat(31));
    expect(Buffer.byteLength(long.read)).toBeLessThanOrEqual(63);
    expect(long.sql).not.toBe(sqlRoleNames("ö".repeat(31)).sql);
  });
});
