// What a command and a node say where the database cannot be used, on real servers.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { explainFailure } from "../../src/cli/frame/failure.ts";
import { libpqConnection } from "../../src/ledger/connection/database-url.ts";
import { openInstallation } from "../../src/runtime/installation.ts";
import { testRootKeyHex } from "../support/app.ts";

describe.each(inject("servers"))("on $name", ({ superuserUrl }) => {
  const prefix = `obstacle_${randomBytes(4).toString("hex")}`;
  const [owner, stranger, nobody] = ["owner", "stranger", "nobody"].map((name) => `${prefix}_${name}`) as [
    string,
    string,
    string,
  ];
  const made: string[] = [];
  let admin: pg.Client;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: superuserUrl });
    await admin.connect();
    await admin.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'x'; CREATE ROLE ${stranger} LOGIN PASSWORD 'x';
      CREATE ROLE ${nobody} NOLOGIN PASSWORD 'x'`);
  });
  afterAll(async () => {
    for (const name of made) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });

  async function database(name: string, ...sql: string[]): Promise<string> {
    const full = `${prefix}_${name}`;
    await admin.query(`CREATE DATABASE ${full}`);
    made.push(full);
    for (const each of sql) await admin.query(each.replaceAll("$db", full));
    return full;
  }

  function url(role: string, name: string, parameters = "", password = "x"): string {
    const { host } = new URL(superuserUrl);
    return `postgresql://${role}:${password}@${host}/${name}${parameters}`;
  }

  /** `code (exit code): particulars`; a database that opens is closed again. */
  async function failureOf(databaseUrl: string): Promise<string> {
    try {
      const installation = await openInstallation({
        databaseUrl,
        dataDir: "unused",
        rootKeyHex: testRootKeyHex,
        purpose: "command",
        connectionsMax: 1,
        log: () => undefined,
      });
      await installation.close();
      return "opened";
    } catch (error) {
      const { code, exitCode, message } = explainFailure(error, "de");
      return `${code} (${exitCode}): ${message.slice(message.lastIndexOf("\n(") + 1)}`;
    }
  }

  it("every ordinary obstacle has its code, exit code 3, and what helps", async () => {
    const plain = await database("plain", `ALTER DATABASE $db OWNER TO ${owner}`);
    expect(await failureOf(url(owner, plain))).toBe("opened");
    expect(await failureOf(url(owner, plain, "", "wrong"))).toMatch(/^database_password_wrong \(3\): /);
    expect(await failureOf(url(nobody, plain))).toMatch(/^database_role_refused \(3\): /);
    expect(await failureOf(url(owner, `${prefix}_none`))).toMatch(/^database_missing \(3\): /);
    expect(await failureOf(url(stranger, plain))).toBe(
      `database_owned_by_other (3): (GRANT ${owner} TO ${stranger};)`,
    );
    expect(await failureOf(url(owner, plain, "?options=-c%20default_transaction_read_only%3Don"))).toBe(
      "database_read_only (3): (default_transaction_read_only = on (client))",
    );
    const away = new URL(url(owner, plain));
    away.port = "1";
    expect(await failureOf(away.href)).toMatch(/^database_unreachable \(3\): /);
    away.hostname = "db.invalid";
    expect(await failureOf(away.href)).toMatch(/^database_host_unknown \(3\): /);
    expect(await failureOf("postgresql:///d?host=/nowhere")).toMatch(/^database_socket_missing \(3\): /);
    expect(await failureOf(url(owner, plain, "?sslmode=no-verify"))).toMatch(
      /^database_tls_unsupported \(3\): /,
    );
  });

  it("a right that is missing is named before anything is changed", async () => {
    const closed = await database("closed");
    const grant = `GRANT USAGE, CREATE ON SCHEMA public TO ${owner}; GRANT CREATE ON DATABASE ${closed} TO ${owner};`;
    expect(await failureOf(url(owner, closed))).toBe(`database_schema_not_writable (3): (${grant})`);
    await admin.query(`ALTER DATABASE ${closed} SET default_transaction_read_only = on`);
    expect(await failureOf(url(owner, closed))).toMatch(/^database_read_only \(3\): .*\(database\)/);
    await admin.query(`ALTER DATABASE ${closed} RESET default_transaction_read_only`);

    const inside = new pg.Client({
      connectionString: Object.assign(new URL(superuserUrl), { pathname: `/${closed}` }).href,
    });
    await inside.connect();
    await inside.query(`GRANT CREATE ON SCHEMA public TO ${owner}`);
    expect(await failureOf(url(owner, closed))).toBe(
      `database_create_not_allowed (3): (GRANT CREATE ON DATABASE ${closed} TO ${owner};)`,
    );
    const { rows } = await inside.query("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    expect(rows).toEqual([]);
    await admin.query(`GRANT CREATE ON DATABASE ${closed} TO ${owner}`);
    expect(await failureOf(url(owner, closed))).toBe("opened");
    await inside.query("BEGIN; LOCK TABLE internal.settings");
    expect(await failureOf(url(owner, closed))).toMatch(/^database_locked \(3\): /);
    await inside.end();
  });

  it("db url's URI connects to the same database, also where it has an odd name", async () => {
    const name = `${prefix} ä%2F"b`;
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} OWNER ${owner}`);
    made.push(pg.escapeIdentifier(name));
    const { uri } = libpqConnection(url(owner, encodeURIComponent(name)), owner, "x");
    const client = new pg.Client({ connectionString: uri });
    await client.connect();
    const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
    await client.end();
    expect(rows[0]?.name).toBe(name);
  });
});
