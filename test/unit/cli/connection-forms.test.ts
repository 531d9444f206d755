// A connection as an ODBC data source and as a JDBC URL, whatever its names and passwords hold.
import { describe, expect, it } from "vitest";
import { jdbcUrl, odbcLines } from "../../../src/cli/database/connection-forms.ts";
import { libpqConnection } from "../../../src/ledger/connection/database-url.ts";

const odd = 'a;b}c%41+d {e} "q" =x&\'ü';

function forms(url: string, password = odd) {
  return {
    connection: libpqConnection(url, "leadledger_bi", password),
    readsOnly: true,
    isBi: true,
    serverVersion: 17,
  };
}

describe("A connection", () => {
  it("as an ODBC data source keeps an odd password, and says that only what may be read is listed", () => {
    const lines = odbcLines(forms("postgresql://owner:x@db.example:5433/leads"));
    expect(lines).toContain("Servername=db.example");
    expect(lines).toContain("Port=5433");
    expect(lines).toContain("AB=0x10");
    const password = lines.find((line) => line.startsWith("Password="))?.slice("Password=".length) ?? "";
    expect(password).toMatch(/^[\w.~!*'()%-]+$/);
    expect(decodeURIComponent(password)).toBe(odd);
  });

  it("as a JDBC URL keeps odd passwords and names of databases", () => {
    const url = jdbcUrl(forms("postgresql://owner:x@[::1]:5433/my%20%22CRM%22")) ?? "";
    const { host, pathname, searchParams } = new URL(url.slice("jdbc:".length));
    expect(host).toBe("[::1]:5433");
    expect(decodeURIComponent(pathname)).toBe('/my "CRM"');
    expect(Object.fromEntries(searchParams)).toEqual({
      user: "leadledger_bi",
      password: odd,
      readOnly: "true",
      hideUnprivilegedObjects: "true",
    });
  });

  it("keeps encryption, in both", () => {
    const encrypted = forms("postgresql://owner:x@db.example/leads?sslmode=no-verify");
    expect(odbcLines(encrypted)).toContain("SSLmode=require");
    expect(jdbcUrl(encrypted)).toContain("sslmode=require");
    const options = forms("postgresql://owner:x@db.example/leads?options=-c%20geqo%3Doff");
    expect(odbcLines(options)).toContain("pqopt={options='-c geqo=off'}");
    expect(jdbcUrl(options)).toContain("options=-c+geqo%3Doff");
  });

  it("by a socket of the file system has no JDBC URL", () => {
    expect(jdbcUrl(forms("postgresql://owner:x@%2Fvar%2Frun%2Fpostgresql/leads"))).toBeNull();
  });

  it("of a role that reads payloads describes them as wide as they can be", () => {
    const lines = odbcLines({ ...forms("postgresql://owner:x@db.example/leads"), isBi: false });
    expect(lines).toContain("MaxLongVarcharSize=262144");
  });
});
