// Nobody makes a lead delivered, an entry settled or a figure true by calling what the ledger calls itself: through each
// role for SQL, each function of ours is tried, as a call and as the trigger of a table that the role owns.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findWrongDays } from "../../src/ledger/figures/wrong-figures.ts";
import { readTimezone } from "../../src/ledger/settings/settings.ts";
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { findSqlRoleFaults } from "../../src/ledger/accounts/sql-role-faults.ts";
import { alignSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import { describeOnEachServer } from "../support/database.ts";
import { one, open, openTestLedger, receiveLead, refusal, story } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

interface Routine {
  readonly routine: string;
  readonly call: string;
  readonly isTrigger: boolean;
  readonly isDefiner: boolean;
  readonly isFixed: boolean;
}

/** What changes by hand call without naming it. They read nothing and tell nothing. */
const granted = [
  "internal.dlq_cause(text,text,text,text)",
  "internal.dlq_stage(text,timestamp with time zone)",
  "internal.ledger_is_own_change()",
];

const routinesSql = `
  SELECT p.oid::regprocedure::text AS routine, p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS "isTrigger",
    p.prosecdef AS "isDefiner",
    p.prosqlbody IS NOT NULL
      OR coalesce('search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig), false)
      OR p.pronamespace = 'internal'::regnamespace AND coalesce(p.proconfig::text LIKE '%search_path=pg_catalog%', false) AS "isFixed",
    format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'CALL' ELSE 'SELECT' END, n.nspname, p.proname,
      (SELECT string_agg('NULL::' || format_type(t, NULL), ', ') FROM unnest(p.proargtypes) AS t)) AS call
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname IN ('public', 'internal') ORDER BY 1`;

describeOnEachServer("What only the ledger calls", (server) => {
  let ledger: TestLedger;
  let superuser: ReturnType<typeof open>;
  let routines: readonly Routine[];
  let runId: string;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    superuser = open(ledger.superuserUrl, 1);
    routines = (await ledger.program.query<Routine & pg.QueryResultRow>(routinesSql)).rows;
    runId = await receiveLead(ledger, ["crm"]);
  });
  afterAll(async () => {
    await superuser.close();
    await ledger.close();
  });

  const roles = () => [
    { role: ledger.roles.sql, database: ledger.hand },
    { role: ledger.roles.read, database: ledger.reader },
  ];

  /** A session that its role made writable, as anybody can. */
  const asWriter = async (
    { pool }: TestLedger["hand"],
    work: (client: pg.PoolClient) => Promise<void>,
  ): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query("SET default_transaction_read_only = off");
      await work(client);
    } finally {
      client.release(true);
    }
  };

  it("is nobody's to execute but its owner's, whatever comes to the ledger later", async () => {
    const { rows } = await ledger.program.query<{ routine: string; grantee: string }>(
      `SELECT p.oid::regprocedure::text AS routine, CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE item.grantee::regrole::text END AS grantee
       FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS item
       WHERE p.pronamespace IN ('public'::regnamespace, 'internal'::regnamespace) AND item.grantee <> p.proowner ORDER BY 1`,
    );
    const sql = pg.escapeIdentifier(ledger.roles.sql);
    expect(rows).toEqual(granted.map((routine) => ({ routine, grantee: sql.replaceAll('"', "") })));
  });

  it("means the same whatever search_path its caller has", () => {
    expect(routines.filter(({ isFixed }) => !isFixed).map(({ routine }) => routine)).toEqual([]);
    expect(routines.length).toBeGreaterThan(50);
  });

  it("is refused as a call to each role", async () => {
    for (const { role, database } of roles()) {
      const allowed = role === ledger.roles.sql ? granted : [];
      await asWriter(database, async (client) => {
        for (const { routine, call, isTrigger } of routines) {
          if (isTrigger || allowed.includes(routine)) continue;
          const outcome = await client.query(call).then(
            () => "done",
            (error: unknown) => (error as pg.DatabaseError).code,
          );
          expect([role, routine, outcome]).toEqual([role, routine, "42501"]);
        }
      });
    }
  });

  // Temporary tables are refused where the database is ours; elsewhere an administrator may leave them, or give the role
  // a schema of its own, so neither is relied upon.
  it.each(["a temporary table", "a table in a schema of its own"])(
    "is refused as the trigger of %s to each role",
    async (kind) => {
      for (const { role, database } of roles()) {
        const schema = kind.startsWith("a temporary") ? "pg_temp" : `of_${randomUUID().slice(0, 8)}`;
        const name = pg.escapeIdentifier(role);
        const databaseName = await one<{ name: string }>(superuser, "SELECT current_database() AS name");
        if (schema === "pg_temp")
          await superuser.query(`GRANT TEMPORARY ON DATABASE ${databaseName.name} TO ${name}`);
        else await superuser.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${name}`);
        await asWriter(database, async (client) => {
          await client.query(`CREATE TABLE ${schema}.mine (run_id uuid, kind text, status text)`);
          for (const { routine, isTrigger } of routines.filter((each) => each.isTrigger)) {
            const trigger = `CREATE TRIGGER mine AFTER INSERT ON ${schema}.mine REFERENCING NEW TABLE AS new_rows
              FOR EACH STATEMENT EXECUTE FUNCTION ${routine}`;
            const outcome = await client.query(trigger).then(
              () => "made",
              (error: unknown) => (error as pg.DatabaseError).code,
            );
            expect([role, routine, isTrigger, outcome]).toEqual([role, routine, true, "42501"]);
          }
        });
        if (schema === "pg_temp")
          await superuser.query(`REVOKE TEMPORARY ON DATABASE ${databaseName.name} FROM ${name}`);
        else await superuser.query(`DROP SCHEMA ${schema} CASCADE`);
      }
    },
  );

  it("delivers no lead for a reader that makes a table with a trigger of ours", async () => {
    const before = await story(ledger, runId);
    await asWriter(ledger.reader, async (client) => {
      await refusal(client.query("CREATE TEMP TABLE forged (LIKE public.dlq)"), "42501");
    });
    expect(await story(ledger, runId)).toEqual(before);
    const { deliveries } = await one<{ deliveries: number }>(
      ledger.program,
      "SELECT count(*) AS deliveries FROM internal.deliveries WHERE run_id = $1",
      [runId],
    );
    expect(deliveries).toBe(1);
  });

  it("is closed to everybody when it is made later, in any schema", async () => {
    await ledger.program.query(
      `CREATE FUNCTION internal.made_later() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog RETURN 1;
       CREATE FUNCTION public.made_later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    );
    try {
      for (const { role } of roles()) {
        const { may } = await one<{ may: boolean }>(
          ledger.program,
          `SELECT has_function_privilege($1, 'public.made_later()', 'EXECUTE')
             OR has_function_privilege($1, 'internal.made_later()', 'EXECUTE') AS may`,
          [role],
        );
        expect(may).toBe(false);
      }
    } finally {
      await ledger.program.query("DROP FUNCTION internal.made_later(), public.made_later()");
    }
  });

  it("is closed again at the next start where a dump was restored without its rights, and doctor says so before", async () => {
    const name = (await one<{ name: string }>(ledger.program, "SELECT current_database() AS name")).name;
    await ledger.program.query(
      `GRANT EXECUTE ON FUNCTION internal.dlq_record_insert(), internal.kpi_rebuild() TO PUBLIC; GRANT TEMPORARY ON DATABASE ${name} TO PUBLIC;
       REVOKE EXECUTE ON FUNCTION internal.ledger_is_own_change() FROM ${pg.escapeIdentifier(ledger.roles.sql)}`,
    );
    const faults = await findSqlRoleFaults(ledger.program);
    expect(faults.executable.names.toSorted()).toEqual([
      "internal.dlq_record_insert()",
      "internal.kpi_rebuild()",
    ]);
    expect(faults.temporary.names).toEqual([ledger.roles.read, ledger.roles.sql].toSorted());
    await alignSqlRoles(ledger.program);
    expect(await findSqlRoleFaults(ledger.program)).toMatchObject({
      executable: { names: [] },
      temporary: { names: [] },
      otherZone: { names: [] },
    });
    await ledger.hand.query("UPDATE runs SET error_code = NULL WHERE run_id = $1", [runId]);
  });

  it("is in danger where everybody may make functions beside it, and doctor says so", async () => {
    await superuser.query("GRANT CREATE ON SCHEMA public TO PUBLIC");
    const { creating } = await findSqlRoleFaults(ledger.program);
    expect(creating.names).toEqual([ledger.roles.read, ledger.roles.sql].toSorted());
    await superuser.query(creating.sql);
    expect((await findSqlRoleFaults(ledger.program)).creating.names).toEqual([]);
  });

  it("warns, with what to run, where the database is not ours and everybody may make temporary tables", async () => {
    const { name } = await one<{ name: string }>(superuser, "SELECT current_database() AS name");
    await superuser.query(
      `ALTER DATABASE ${name} OWNER TO CURRENT_USER; GRANT TEMPORARY ON DATABASE ${name} TO PUBLIC`,
    );
    try {
      await alignSqlRoles(ledger.program);
      const { temporary } = await findSqlRoleFaults(ledger.program);
      expect(temporary.names).toHaveLength(2);
      await superuser.query(temporary.sql);
      expect((await findSqlRoleFaults(ledger.program)).temporary.names).toEqual([]);
    } finally {
      await superuser.query(`ALTER DATABASE ${name} OWNER TO leadledger`);
    }
  });

  // The surroundings at their most generous: a schema of the role's own, temporary tables, read-only switched off, the
  // program's settings set. `may` is what an attempt may end with; nothing in the ledger may have changed afterwards.
  describe("forged otherwise", () => {
    interface Attack {
      readonly name: string;
      readonly statements: (schema: string) => readonly string[];
      /** SQLSTATE of the last statement; null: it may succeed, and does nothing to the ledger. */
      readonly ends: string | null;
    }
    const attacks: readonly Attack[] = [
      {
        name: "operators, functions and types of one's own before those of the system",
        statements: (own) => [
          `CREATE FUNCTION ${own}.always(uuid, uuid) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'`,
          `CREATE FUNCTION ${own}.always(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'`,
          `CREATE OPERATOR ${own}.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = ${own}.always)`,
          `CREATE OPERATOR ${own}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = ${own}.always)`,
          `CREATE OPERATOR ${own}.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = ${own}.always)`,
          `CREATE FUNCTION ${own}.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$SELECT 'on'::text$$`,
          `CREATE FUNCTION ${own}.has_table_privilege(regclass, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
          `SET search_path = ${own}, public, pg_catalog`,
          "UPDATE public.runs SET test = false, error_message = error_message WHERE false",
          "UPDATE public.runs SET status = 'processed' WHERE status OPERATOR(pg_catalog.=) 'accepted'",
        ],
        ends: "refused",
      },
      {
        name: "a rule and a view that write in another's name",
        statements: (own) => [
          `CREATE VIEW ${own}.leads AS SELECT * FROM internal.deliveries`,
          `DELETE FROM ${own}.leads`,
        ],
        ends: "42501",
      },
      {
        name: "a table that inherits from runs",
        statements: (own) => [`CREATE TABLE ${own}.heirs () INHERITS (public.runs)`],
        ends: "42501",
      },
      {
        name: "a foreign key that cascades into the ledger",
        statements: (own) => [
          `CREATE TABLE ${own}.children (run_id uuid REFERENCES public.runs ON DELETE CASCADE)`,
        ],
        ends: "42501",
      },
      {
        name: "a partition that takes runs in",
        statements: (own) => [
          `CREATE TABLE ${own}.whole (LIKE public.runs) PARTITION BY LIST (status)`,
          `ALTER TABLE ${own}.whole ATTACH PARTITION public.runs DEFAULT`,
        ],
        ends: "42501",
      },
      {
        name: "an index with an expression, and statistics, on a table of ours",
        statements: (own) => [
          `CREATE FUNCTION ${own}.expression(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'`,
          `CREATE INDEX ON public.runs (${own}.expression(source))`,
        ],
        ends: "42501",
      },
      {
        name: "a policy on a table of ours",
        statements: () => ["CREATE POLICY mine ON public.runs USING (true)"],
        ends: "42501",
      },
      {
        name: "a function that claims the owner's rights",
        statements: (own) => [
          `CREATE FUNCTION ${own}.owned() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM internal.deliveries'`,
          `ALTER FUNCTION ${own}.owned() OWNER TO leadledger`,
        ],
        ends: "42501",
      },
      {
        name: "an event trigger",
        statements: (own) => [
          `CREATE FUNCTION ${own}.heard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`,
          `CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION ${own}.heard()`,
        ],
        ends: "42501",
      },
      {
        name: "a cast between types of the system",
        statements: (own) => [
          `CREATE FUNCTION ${own}.as_json(text) RETURNS json LANGUAGE sql AS $$SELECT '{}'::json$$`,
          `CREATE CAST (text AS json) WITH FUNCTION ${own}.as_json(text) AS IMPLICIT`,
        ],
        ends: "42501",
      },
      {
        name: "a statement prepared by name, executed as somebody else",
        statements: () => ["PREPARE mine AS DELETE FROM internal.deliveries", "EXECUTE mine"],
        ends: "42501",
      },
      { name: "another role", statements: () => ["SET ROLE leadledger"], ends: "42501" },
      { name: "another user", statements: () => ["SET SESSION AUTHORIZATION leadledger"], ends: "42501" },
      {
        name: "triggers switched off",
        statements: () => ["SET session_replication_role = replica"],
        ends: "42501",
      },
      {
        name: "files of the server",
        statements: () => ["SELECT lo_import('/etc/hostname')"],
        ends: "42501",
      },
      {
        name: "files of the server, copied into a table of one's own",
        statements: (own) => [
          `CREATE TABLE ${own}.lines (line text)`,
          `COPY ${own}.lines FROM '/etc/hostname'`,
        ],
        ends: "42501",
      },
      {
        name: "rows copied into what the leader adds up",
        statements: () => ["COPY internal.kpi_deltas FROM STDIN"],
        ends: "42501",
      },
      {
        name: "a MERGE into deliveries",
        statements: () => [
          "MERGE INTO internal.deliveries d USING public.runs r ON d.run_id = r.run_id WHEN MATCHED THEN DELETE",
        ],
        ends: "42501",
      },
      {
        name: "rights for oneself",
        statements: () => ["GRANT ALL ON public.runs TO CURRENT_USER"],
        // Without any right to grant it is a warning on some servers, an error on others: what counts is what follows.
        ends: null,
      },
      {
        name: "default privileges of the owner",
        statements: () => [
          "ALTER DEFAULT PRIVILEGES FOR ROLE leadledger GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        ],
        ends: "42501",
      },
      {
        name: "the program's settings for all sessions",
        statements: () => ["ALTER ROLE leadledger SET leadledger.events = 'complete'"],
        ends: "42501",
      },
    ];

    it.each(attacks)("by $name, changes nothing", async ({ statements, ends }) => {
      for (const { role, database } of roles()) {
        const own = `own_${randomUUID().slice(0, 8)}`;
        await superuser.query(`CREATE SCHEMA ${own} AUTHORIZATION ${pg.escapeIdentifier(role)}`);
        const before = await wholeLedger();
        await asWriter(database, async (client) => {
          for (const setting of ["actor", "deciding", "events", "operation"])
            await client.query(`SET leadledger.${setting} = '${setting === "events" ? "complete" : "on"}'`);
          const outcome = await inOrder(client, statements(own));
          // A reader may not even try what a role that may write is refused by the rules.
          if (ends === "refused") expect(["LL001", "LL002", "42501"]).toContain(outcome);
          else if (ends !== null) expect([role, outcome]).toEqual([role, ends]);
        });
        await superuser.query(`DROP SCHEMA ${own} CASCADE`);
        expect(await wholeLedger()).toEqual(before);
      }
    });

    const inOrder = async (client: pg.PoolClient, statements: readonly string[]): Promise<string> => {
      for (const [index, statement] of statements.entries()) {
        const code = await client.query(statement).then(
          () => null,
          (error: unknown) => (error as pg.DatabaseError).code ?? "no code",
        );
        if (code !== null && (index === statements.length - 1 || code === "42501")) return code;
        if (code !== null) return `${code} at ${statement}`;
      }
      return "done";
    };

    const wholeLedger = async (): Promise<unknown> => {
      const { rows } = await ledger.program.query(
        `SELECT (SELECT md5(string_agg(r::text, '' ORDER BY run_id)) FROM runs r) AS runs,
           (SELECT md5(string_agg(d::text, '' ORDER BY run_id, destination)) FROM internal.deliveries d) AS deliveries,
           (SELECT md5(string_agg(q::text, '' ORDER BY dlq_id)) FROM dlq q) AS dlq,
           (SELECT md5(string_agg(e::text, '' ORDER BY event_id)) FROM audit_events e) AS events,
           (SELECT count(*) FROM internal.kpi_deltas) AS deltas,
           (SELECT string_agg(relacl::text, '' ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS rights`,
      );
      return rows;
    };
  });

  describe("and what a person may change by hand", () => {
    it("is changed, counted and told as the contract says", async () => {
      const run = await receiveLead(ledger, ["crm"]);
      await ledger.hand.query("INSERT INTO runs (source) VALUES ('trade-fair')");
      await ledger.hand.query(
        "INSERT INTO dlq (run_id, kind, destination, reason) VALUES ($1, 'delivery', 'crm', 'by hand')",
        [run],
      );
      await ledger.hand.query("UPDATE dlq SET status = 'retrying' WHERE run_id = $1", [run]);
      await ledger.hand.query("UPDATE dlq SET status = 'resolved' WHERE run_id = $1", [run]);
      await ledger.hand.query("INSERT INTO audit_events (run_id, event_type) VALUES ($1, 'note')", [run]);
      await ledger.hand.query("INSERT INTO kpi_daily (day, received_count) VALUES ('2010-01-01', 3)");
      const { status } = await one<{ status: string }>(
        ledger.program,
        "SELECT status FROM runs WHERE run_id = $1",
        [run],
      );
      expect(status).toBe("processed");
      expect((await story(ledger, run)).slice(-6)).toEqual([
        ...["dlq_created", "lead_failed", "dlq_retrying", "dlq_resolved", "lead_processed", "note"],
      ]);
      for (const table of ["runs", "audit_events", "dlq", "kpi_daily", "kpi_daily_sources"])
        await ledger.reader.query(`SELECT * FROM ${table}`);
    });

    it("can also be changed by a role that an administrator made, as a member of ours", async () => {
      const member = `member_${randomUUID().slice(0, 8)}`;
      await superuser.query(`CREATE ROLE ${member} IN ROLE ${pg.escapeIdentifier(ledger.roles.sql)}`);
      try {
        await superuser.query(
          `SET SESSION AUTHORIZATION ${member}; INSERT INTO public.dlq (reason) VALUES ('mine')`,
        );
      } finally {
        await superuser.query(`RESET SESSION AUTHORIZATION; DROP ROLE ${member}`);
      }
    });
  });

  it("shows when figures are forged all the same: received, stock, duration and each source's", async () => {
    await rollUpKpis(ledger.program);
    const wrongDays = async () => findWrongDays(ledger.program, await readTimezone(ledger.program), 31);
    expect(await wrongDays()).toEqual([]);
    const { today } = await one<{ today: string }>(
      ledger.program,
      "SELECT max(day)::text AS today FROM kpi_daily",
    );
    for (const forgery of [
      "INSERT INTO internal.kpi_deltas (bucket, dlq_open) VALUES (date_bin('15 min', now(), '2000-01-01'), 1000)",
      "INSERT INTO internal.kpi_deltas (bucket, processing_us) VALUES (date_bin('15 min', now(), '2000-01-01'), 1000)",
      "UPDATE kpi_daily SET received_count = received_count + 1 WHERE day = current_date",
      "UPDATE kpi_daily SET avg_processing_ms = 7777 WHERE day = current_date",
      "UPDATE internal.kpi_daily_sources SET no_destination_count = no_destination_count + 1",
    ]) {
      await ledger.program.query(
        `ALTER TABLE kpi_daily DISABLE TRIGGER USER; SET timezone = 'Europe/Berlin'; ${forgery};
         ALTER TABLE kpi_daily ENABLE TRIGGER USER; RESET timezone`,
      );
      expect([forgery, await wrongDays()]).toEqual([forgery, [today]]);
      await rollUpKpis(ledger.program);
      expect([forgery, await wrongDays()]).toEqual([forgery, [today]]);
      expect(await rebuildKpis(ledger.program, "cli:test")).toEqual([today]);
      expect([forgery, await wrongDays()]).toEqual([forgery, []]);
    }
  });
});
