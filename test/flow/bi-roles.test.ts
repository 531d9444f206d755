// What the roles for BI tools see, list and read: in SQL, and through the real drivers of ODBC and JDBC.
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jdbcUrl, odbcLines } from "../../src/cli/database/connection-forms.ts";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { SqlRoleError } from "../../src/ledger/accounts/sql-role-error.ts";
import { findSqlRoleFaults } from "../../src/ledger/accounts/sql-role-faults.ts";
import {
  clientRoleName,
  ensureBiRole,
  ensureSqlRoles,
  sqlRoleNames,
} from "../../src/ledger/accounts/sql-roles.ts";
import { libpqConnection } from "../../src/ledger/connection/database-url.ts";
import type { Database } from "../../src/ledger/connection/database.ts";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import { asRole, dropRoles, one, open, openTestLedger, passwordOf, refusal } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const run = promisify(execFile);
const jar = "/usr/share/java/postgresql.jar";
const hasJdbc = existsSync(jar) && spawnSync("java", ["-version"]).status === 0;
if (!hasJdbc) console.log("libpostgresql-jdbc-java or java is not installed: JDBC is not tried.");
const driver = "PostgreSQL Unicode";
const odbcDrivers = spawnSync("odbcinst", ["-q", "-d", "-n", driver], { encoding: "utf8" });
const hasOdbc = odbcDrivers.status === 0 && odbcDrivers.stdout.includes(driver);
if (!hasOdbc) console.log("unixodbc and odbc-postgresql are not installed: ODBC is not tried.");

const views = [
  ...["attention_v1", "contract", "deliveries_v1", "destinations_hourly_v1", "durations_hourly_v1"],
  ...["figures_daily_v1", "figures_hourly_v1", "leads_v1", "sla_daily_v1", "sources_v1"],
];

describeOnEachServer("Roles for BI tools", (server) => {
  let ledger: TestLedger;
  let roles: { readonly all: string; readonly koeln: string; readonly nobody: string };
  const opened: Database[] = [];
  const as = (role: string): Database => {
    const database = open(asRole(ledger.url, role), 1);
    opened.push(database);
    return database;
  };
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.program.query(
      `INSERT INTO internal.sources (name, managed_by, settings) VALUES ('koeln-web', 'api', '{"client": "koeln", "auth": {"kind": "token"}}'),
         ('bonn-web', 'api', '{"client": "bonn", "auth": {"kind": "token"}}'), ('own', 'api', '{"auth": {"kind": "hmac"}}')`,
    );
    await ledger.hand.query(
      `INSERT INTO runs (source, received_at, status) VALUES ('koeln-web', '2026-07-01T22:30:00Z', 'accepted'),
         ('bonn-web', '2026-07-01T21:30:00Z', 'accepted'), ('own', '2026-07-01T21:31:00Z', 'accepted')`,
    );
    await ledger.hand.query(
      "INSERT INTO dlq (run_id, kind, destination, error_code) SELECT run_id, 'delivery', 'crm', 'x' FROM runs",
    );
    await rollUpKpis(ledger.program);
    const options = { password: passwordOf };
    roles = {
      all: await ensureBiRole(ledger.program, null, options),
      koeln: await ensureBiRole(ledger.program, "koeln", options),
      nobody: await ensureBiRole(ledger.program, "", options),
    };
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await ledger.close();
    await dropRoles(server, Object.values(roles));
  });

  it("list their views and nothing else", async () => {
    for (const [role, schema] of [
      [roles.all, "bi"],
      [roles.koeln, "bi_client"],
    ] as const) {
      const { rows } = await as(role).query<{ name: string }>(
        `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
         WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name`,
      );
      expect(rows.map(({ name }) => name)).toEqual(views.map((view) => `${schema}.${view}`));
      const { rows: schemas } = await as(role).query<{ name: string }>(
        "SELECT nspname AS name FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE') AND nspname NOT IN ('pg_catalog', 'information_schema', 'public')",
      );
      expect(schemas).toEqual([{ name: schema }]);
    }
  });

  it("find them by their plain names, and read each", async () => {
    for (const role of [roles.all, roles.koeln]) {
      const client = new pg.Client({ connectionString: asRole(ledger.url, role) });
      await client.connect();
      for (const view of views) await client.query(`SELECT * FROM ${view} LIMIT 1`);
      await client.end();
    }
  });

  it("read and change nothing else", async () => {
    for (const role of [roles.all, roles.koeln]) {
      for (const text of [
        ...["runs", "audit_events", "dlq", "kpi_daily", "kpi_daily_sources"].map(
          (name) => `SELECT * FROM public.${name}`,
        ),
        ...["sources", "bi_runs", "bi_days", "bi_readers", "settings", "deliveries"].map(
          (name) => `SELECT * FROM internal.${name}`,
        ),
        "SELECT internal.reporting_timezone()",
      ])
        await refusal(as(role).query(text), "42501");
      const writer = open(`${asRole(ledger.url, role)}?options=-c%20default_transaction_read_only%3Doff`, 1);
      opened.push(writer);
      for (const text of [
        "CREATE TEMP TABLE mine (x int)",
        "CREATE TABLE bi.mine (x int)",
        "INSERT INTO public.runs DEFAULT VALUES",
      ])
        await refusal(writer.query(text), "42501");
    }
    await refusal(as(roles.koeln).query("SELECT * FROM bi.leads_v1"), "42501");
    await refusal(as(roles.all).query("SELECT * FROM bi_client.leads_v1"), "42501");
    await refusal(as(roles.koeln).query(`SET ROLE ${pg.escapeIdentifier(roles.all)}`), "42501");
  });

  it("of one client see its rows alone, whatever they ask", async () => {
    for (const [role, schema, expected] of [
      [roles.all, "bi", ["bonn", "koeln", ""]],
      [roles.koeln, "bi_client", ["koeln"]],
      [roles.nobody, "bi_client", [""]],
    ] as const) {
      const database = as(role);
      for (const view of ["leads_v1", "deliveries_v1", "attention_v1", "figures_daily_v1", "sources_v1"]) {
        const { rows } = await database.query<{ client: string }>(
          `SELECT DISTINCT client FROM ${schema}.${view}`,
        );
        expect(new Set(rows.map(({ client }) => client))).toEqual(new Set(expected));
      }
    }
    // An error that a condition causes would tell of rows that are not theirs.
    const { rows } = await as(roles.koeln).query(
      "SELECT source FROM bi_client.leads_v1 WHERE CASE WHEN source = 'bonn-web' THEN 1 / (length(source) - 8) ELSE 1 END > 0",
    );
    expect(rows).toEqual([{ source: "koeln-web" }]);
    // What was taken away is gone at once.
    await ledger.program.query("DELETE FROM internal.bi_readers WHERE role = $1", [roles.nobody]);
    expect((await as(roles.nobody).query("SELECT 1 FROM bi_client.leads_v1")).rows).toEqual([]);
  });

  it("have limits, and follow the reporting time zone", async () => {
    const settings = async (role: string) => {
      const client = new pg.Client({ connectionString: asRole(ledger.url, role) });
      await client.connect();
      const { rows } = await client.query<Record<string, string>>(
        `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS timeout,
           current_setting('default_transaction_read_only') AS "readOnly", current_setting('search_path') AS path,
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS connections,
           (SELECT string_agg(received_on::text, ' ' ORDER BY received_on) FROM leads_v1 WHERE source = 'koeln-web') AS days`,
      );
      await client.end();
      return rows[0];
    };
    const same = { timeout: "5min", readOnly: "on", connections: 20 };
    expect(await settings(roles.all)).toEqual({
      zone: "Europe/Berlin",
      path: "bi",
      days: "2026-07-02",
      ...same,
    });
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/London");
    expect(await settings(roles.all)).toEqual({
      zone: "Europe/London",
      path: "bi",
      days: "2026-07-01",
      ...same,
    });
    expect(await settings(roles.koeln)).toEqual({
      zone: "Europe/London",
      path: "bi_client",
      days: "2026-07-01",
      ...same,
    });
    expect((await findSqlRoleFaults(ledger.program)).otherZone.names).toEqual([]);
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/Berlin");
  });

  it("have names that fit and are no other role's", () => {
    const taken = Object.values(sqlRoleNames("bi_x"));
    for (const client of ["x", "x_sql", "x".repeat(63), ""]) {
      const name = clientRoleName("leadledger", client);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(taken).not.toContain(name);
    }
    expect(clientRoleName("leadledger", "x".repeat(63))).not.toBe(
      clientRoleName("leadledger", "y".repeat(63)),
    );
  });

  it("are made when somebody asks: an owner who may not make roles is told what to run, and the others work without", async () => {
    const fresh = await emptyDatabase(server);
    const administrator = open(fresh.superuserUrl, 1);
    const owner = `test_bi_owner_${String(Date.now())}`;
    const { name } = await one<{ name: string }>(administrator, "SELECT current_database() AS name");
    await administrator.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${passwordOf(owner)}'`);
    await administrator.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    await migrate(asRole(fresh.url, owner));
    const program = open(asRole(fresh.url, owner));
    const names = sqlRoleNames(name);
    const options = { password: passwordOf };
    const saidBy = async (attempt: Promise<unknown>): Promise<string> => {
      const error = await attempt.catch((reason: unknown) => reason);
      if (!(error instanceof SqlRoleError)) throw error;
      expect(error.code).toBe("sql_role_not_allowed");
      return error.sql;
    };
    try {
      await administrator.query(await saidBy(ensureSqlRoles(program, options)));
      await ensureSqlRoles(program, options);
      const sql = await saidBy(ensureBiRole(program, null, options));
      expect(sql).not.toContain(passwordOf(names.bi));
      expect(sql).toContain("CONNECTION LIMIT 20");
      await administrator.query(sql);
      expect(await ensureBiRole(program, null, options)).toBe(names.bi);
      await ensureSqlRoles(program, options);
    } finally {
      await program.close();
      await administrator.close();
      await fresh.drop();
      await dropRoles(server, [names.sql, names.read, names.bi, owner]);
    }
  });

  describe("through a driver", () => {
    const question =
      "SELECT source, received_local, received_on, refused FROM leads_v1 WHERE source = 'koeln-web'";
    const formsOf = (role: string) => ({
      connection: libpqConnection(ledger.url, role, passwordOf(role)),
      readsOnly: true,
      isBi: true,
      serverVersion,
    });
    let serverVersion: number;
    beforeAll(async () => {
      const { version } = await one<{ version: number }>(
        ledger.program,
        "SELECT current_setting('server_version_num')::integer / 10000 AS version",
      );
      serverVersion = version;
    });

    it.skipIf(!hasOdbc)(
      "of ODBC (psqlodbc), by the lines of `db url --odbc`, list the views and read them",
      async () => {
        const folder = await mkdtemp(join(tmpdir(), "leadledger-odbc-"));
        const isql = (input: string): string[] => {
          const { stdout, stderr } = spawnSync("isql", ["LeadLedger", "-b", "-v", "-d|"], {
            input: `${input}\n`,
            encoding: "utf8",
            env: { ...process.env, ODBCINI: join(folder, "odbc.ini") },
          });
          expect(stdout + stderr).not.toContain("ERROR");
          return stdout.split("\n").filter((line) => line !== "");
        };
        try {
          await writeFile(join(folder, "odbc.ini"), `${odbcLines(formsOf(roles.all)).join("\n")}\n`);
          expect(isql("help").map((line) => line.split("|").slice(1, 3).join("."))).toEqual(
            views.map((view) => `bi.${view}`),
          );
          expect(isql(question)).toEqual(["koeln-web|2026-07-02 00:30:00|2026-07-02|0"]);
          const described = isql("help leads_v1").map((line) => line.split("|").slice(3, 7).join(" "));
          expect(described).toContain("run_id 12 text 1024");
          expect(described).toContain("processing_ms 2 numeric 18");
          await writeFile(join(folder, "odbc.ini"), `${odbcLines(formsOf(roles.koeln)).join("\n")}\n`);
          expect(isql("help").map((line) => line.split("|")[1])).toEqual(views.map(() => "bi_client"));
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    );

    it.skipIf(!hasOdbc)("of ODBC, an odd password is understood", async () => {
      const folder = await mkdtemp(join(tmpdir(), "leadledger-odbc-"));
      const password = 'a;b}c%41+d {e} "q" =x\'';
      const superuser = open(ledger.superuserUrl, 1);
      // pgJDBC takes no fewer, and the server of these tests makes one.
      await superuser.query(
        "SELECT set_config(name, '4096', false) FROM pg_settings WHERE name = 'scram_iterations'",
      );
      await superuser.query(
        `ALTER ROLE ${pg.escapeIdentifier(roles.all)} PASSWORD ${pg.escapeLiteral(password)}`,
      );
      try {
        const forms = {
          ...formsOf(roles.all),
          connection: libpqConnection(ledger.url, roles.all, password),
        };
        await writeFile(join(folder, "odbc.ini"), `${odbcLines(forms).join("\n")}\n`);
        const { stdout } = spawnSync("isql", ["LeadLedger", "-b", "-v", "-d|"], {
          input: "SELECT 42\n",
          encoding: "utf8",
          env: { ...process.env, ODBCINI: join(folder, "odbc.ini") },
        });
        expect(stdout.trim()).toBe("42");
        if (hasJdbc) {
          const url = jdbcUrl(forms) ?? "";
          const { stdout: said } = await run("java", ["-cp", jar, listTables, url, "SELECT 42"]);
          expect(said).toContain("row 42");
        }
      } finally {
        await superuser.query(
          `ALTER ROLE ${pg.escapeIdentifier(roles.all)} PASSWORD ${pg.escapeLiteral(passwordOf(roles.all))}`,
        );
        await superuser.close();
        await rm(folder, { recursive: true });
      }
    });

    it.skipIf(!hasJdbc)(
      "of JDBC (pgJDBC), by the URL of `db url --jdbc`, list the views and read them",
      async () => {
        const { stdout } = await run("java", [
          // As a tool on a computer elsewhere: its own zone is what the driver gives the session.
          "-Duser.timezone=America/New_York",
          ...["-cp", jar, listTables, jdbcUrl(formsOf(roles.all)) ?? "", question],
        ]);
        const lines = stdout.trim().split("\n");
        const tables = lines.filter((line) => line.startsWith("table "));
        const expected = views.map((view) => `table bi.${view}`);
        if (serverVersion < 18) expect(tables).toEqual(expected);
        else expect(tables).toEqual(expect.arrayContaining(expected));
        const columns = lines.filter((line) => line.startsWith("column "));
        expect(columns).toContain("column received_on date");
        expect(columns.filter((line) => line.endsWith("without a comment"))).toEqual([]);
        expect(lines.at(-1)).toBe("row koeln-web 2026-07-02 00:30:00 2026-07-02 f");
      },
    );
  });
});

const listTables = join(import.meta.dirname, "../support/ListTables.java");
