import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkDatabaseUrl,
  DatabaseUrlError,
  libpqConnection,
} from "../../../src/ledger/connection/database-url.ts";

const folder = mkdtempSync(join(tmpdir(), "leadledger-url-"));
afterAll(() => rmSync(folder, { recursive: true }));
const certificate = join(import.meta.dirname, "../../support/tls");

function troubleOf(url: string): string {
  try {
    checkDatabaseUrl(url);
    return "none";
  } catch (error) {
    return error instanceof DatabaseUrlError ? error.code : String(error);
  }
}

describe("db url says the same connection as DATABASE_URL, in words that libpq 15 reads", () => {
  const uriOf = (url: string): string => libpqConnection(url, "r ö", "p@/:w").uri;
  const who = "r%20%C3%B6:p%40%2F%3Aw";

  it.each([
    ["postgresql://u:p@h:5433/d", `postgresql://${who}@h:5433/d`],
    ["postgres://u:p@h/d", `postgresql://${who}@h:5432/d`],
    // Without a name, the database is named like the user of DATABASE_URL; libpq would take the role's name.
    ["postgresql://u:p@h", `postgresql://${who}@h:5432/u`],
    ["postgresql://h/?user=u", `postgresql://${who}@h:5432/u`],
    ["postgresql://h/d?user=u&password=p", `postgresql://${who}@h:5432/d`],
    ["postgresql:///d?host=/run/pg&port=5433", `postgresql://${who}@/d?host=%2Frun%2Fpg&port=5433`],
    ["postgresql://u@/d?host=/run/pg", `postgresql://${who}@/d?host=%2Frun%2Fpg&port=5432`],
    ["postgresql://u:p@%2Frun%2Fpg/d", `postgresql://${who}@/d?host=%2Frun%2Fpg&port=5432`],
    ["postgresql://h1/d?host=h2&port=5433", `postgresql://${who}@h2:5433/d`],
    ["postgresql://u:p@[::1]:5433/d", `postgresql://${who}@[::1]:5433/d`],
    ["postgresql:///d", `postgresql://${who}@localhost:5432/d`],
    // node-pg leaves %2F in a name of a database as it is; libpq would read a slash.
    ["postgresql://u:p@h/my%2Fdb", `postgresql://${who}@h:5432/my%252Fdb`],
    ["postgresql://u:p@h/ä%20b", `postgresql://${who}@h:5432/%C3%A4%20b`],
    // What only one of the two knows.
    [
      "postgresql://h/d?user=u&hostaddr=10.0.0.1&dbname=x&schema=s&pgbouncer=true&max=3",
      `postgresql://${who}@h:5432/d`,
    ],
    [
      "postgresql://u@h/d?options=-c%20jit%3Doff&connect_timeout=5",
      `postgresql://${who}@h:5432/d?options=-c%20jit%3Doff&connect_timeout=5`,
    ],
    ["postgresql://u@h/d?sslmode=disable", `postgresql://${who}@h:5432/d?sslmode=disable`],
    ["postgresql://u@h/d?sslmode=no-verify", `postgresql://${who}@h:5432/d?sslmode=require`],
    ["postgresql://u@h/d?ssl=no-verify", `postgresql://${who}@h:5432/d?sslmode=require`],
    [
      "postgresql://u@h/d?uselibpqcompat=true&sslmode=require",
      `postgresql://${who}@h:5432/d?sslmode=require`,
    ],
    [
      "postgresql://u@h/d?sslnegotiation=direct&sslmode=no-verify",
      `postgresql://${who}@h:5432/d?sslmode=require`,
    ],
  ])("%s", (url, expected) => {
    expect(uriOf(url)).toBe(expected);
  });

  it.each([
    "sslmode=prefer",
    "sslmode=require",
    "sslmode=verify-ca",
    "sslmode=verify-full",
    "ssl=true",
    "x=y",
  ])("checking the server with %s exactly where node-pg does", (parameters) => {
    const root = join(certificate, "crm.test.cert.pem");
    const { searchParams } = new URL(uriOf(`postgresql://u@h/d?${parameters}&sslrootcert=${root}`));
    expect(Object.fromEntries(searchParams)).toEqual({ sslmode: "verify-full", sslrootcert: root });
  });

  it("the host's name with the words of libpq", () => {
    const root = join(certificate, "crm.test.cert.pem");
    const { searchParams } = new URL(
      uriOf(`postgresql://u@h/d?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${root}`),
    );
    expect(Object.fromEntries(searchParams)).toEqual({ sslmode: "verify-ca", sslrootcert: root });
  });

  it("and each part apart", () => {
    expect(libpqConnection("postgresql://u@[::1]/d", "r", "p")).toMatchObject({
      host: "::1",
      port: 5432,
      database: "d",
      user: "r",
      password: "p",
      sslmode: null,
    });
  });
});

describe("DATABASE_URL is refused before anything is connected", () => {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it.each([
    ["postgresql://u:p@h1:5432,h2:5432/d", "database_url_several_hosts"],
    ["postgresql://u:p@h1,h2/d?target_session_attrs=read-write", "database_url_several_hosts"],
    ["postgresql:///d?host=h1,h2", "database_url_several_hosts"],
    ["postgresql://u:a,b@h/d", "none"],
    ["postgresql://u:p#x@h/d", "database_url_malformed"],
    ["postgresql://h:99999/d", "database_url_malformed"],
    ["postgresql://h/d?port=abc", "database_url_malformed"],
    ["postgresql://[::1/d", "database_url_malformed"],
    ["postgresql://h/d?sslmode=on", "database_url_sslmode_unknown"],
    ["postgresql://h/d?sslrootcert=/nowhere/ca.crt", "database_tls_file_unreadable"],
    ["postgresql://h/d?sslmode=verify-full&sslkey=/nowhere/key", "database_tls_file_unreadable"],
    [`postgresql://h/d?sslrootcert=${file("no.crt", "no certificate")}`, "database_tls_file_malformed"],
    [`postgresql://h/d?sslkey=${file("no.key", "")}`, "database_tls_file_malformed"],
    ["postgresql://h/d?uselibpqcompat=true&sslmode=verify-ca", "database_url_malformed"],
    ["postgresql://u:p%zz@h/d", "none"],
  ])("%s: %s", (url, code) => {
    expect(troubleOf(url)).toBe(code);
  });

  it("in words that do not repeat its password", () => {
    for (const url of [
      "postgresql://u:geheim#x@h/d",
      "postgresql://u:geheim@h:99999/d",
      "postgresql://u:geheim@a,b/d",
    ])
      expect(() => checkDatabaseUrl(url)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining("geheim") as string }) as Error,
      );
  });
});

/** The system's own psql, where there is one: it reads the URI and says what it made of it, without a server. */
const hasPsql = ((): boolean => {
  try {
    return execFileSync("psql", ["--version"], { encoding: "utf8" }).includes("psql");
  } catch {
    return false;
  }
})();

it.runIf(hasPsql)("psql reads every URI that db url prints", () => {
  for (const url of [
    "postgresql://u:p@127.0.0.1:1/d?schema=x&pgbouncer=true&sslmode=no-verify",
    "postgresql://u@/d?host=/nowhere&port=1",
    "postgresql://u@[::1]:1/a%2Fb?options=-c%20jit%3Doff",
  ]) {
    const { uri } = libpqConnection(url, "r ö", "p@/:w");
    const said = ((): string => {
      try {
        return execFileSync("psql", [uri, "-c", "SELECT 1"], { encoding: "utf8", stdio: "pipe" });
      } catch (error) {
        return (error as { stderr: string }).stderr;
      }
    })();
    // Nobody listens there: that it gets so far means that it has read everything.
    expect([uri, said]).toEqual([
      uri,
      expect.stringMatching(
        /^psql: error: connection to server .*port 1|^psql: error: connection to server on socket "\/nowhere\/\.s\.PGSQL\.1"/,
      ),
    ]);
  }
});
