import pg from "pg";
import { describe, expect, it } from "vitest";
import { explainFailure } from "../../../src/cli/frame/failure.ts";
import { databaseObstacle, databaseObstacleCodes } from "../../../src/ledger/connection/database-obstacle.ts";

function fromServer(code: string, message = "in the server's language"): Error {
  const error = new pg.DatabaseError(message, message.length, "error");
  error.code = code;
  return error;
}

function fromSystem(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

describe("what stands in the way to the database has a code", () => {
  it.each<[string, Error, string | null]>([
    ["a password that is not accepted", fromServer("28P01"), "database_password_wrong"],
    ["a role that there is not", fromServer("28000", 'role "x" does not exist'), "database_role_refused"],
    ["the same in German", fromServer("28000", "Rolle »x« existiert nicht"), "database_role_refused"],
    [
      "an address that is not let in",
      fromServer("28000", 'no pg_hba.conf entry for host "10.0.0.1"'),
      "database_host_refused",
    ],
    ["the same in German", fromServer("28000", "kein pg_hba.conf-Eintrag für Host"), "database_host_refused"],
    ["no such database", fromServer("3D000"), "database_missing"],
    ["no free connection", fromServer("53300"), "database_connections_exhausted"],
    ["a server that starts", fromServer("57P03"), "database_starting"],
    ["a full disk", fromServer("53100"), "database_disk_full"],
    ["no memory", fromServer("53200"), "database_out_of_memory"],
    ["an error of the disk", fromServer("58030"), "database_io_error"],
    ["a damaged table", fromServer("XX001"), "database_io_error"],
    ["a limit on statements", fromServer("57014"), "database_statement_cancelled"],
    ["a lock", fromServer("55P03"), "database_locked"],
    ["no changes", fromServer("25006"), "database_read_only"],
    ["a right", fromServer("42501"), "database_rights_missing"],
    ["a protocol that broke", fromServer("08P01"), "database_unreachable"],
    ["a mistake in the program", fromServer("42601"), null],
    ["a rule of the ledger", fromServer("LL001"), null],
    ["an unknown host", fromSystem("ENOTFOUND", "getaddrinfo"), "database_host_unknown"],
    ["a name service that is away", fromSystem("EAI_AGAIN", "getaddrinfo"), "database_host_unknown"],
    ["a refused port", fromSystem("ECONNREFUSED", "connect"), "database_unreachable"],
    ["no socket", fromSystem("ENOENT", "connect"), "database_socket_missing"],
    ["a socket of somebody else", fromSystem("EACCES", "connect"), "database_socket_missing"],
    ["a file, which is no socket", fromSystem("ENOENT", "open"), null],
    ["our own port", fromSystem("EACCES", "listen"), null],
    [
      "a certificate of nobody",
      Object.assign(new Error("self-signed"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
      "database_certificate_untrusted",
    ],
    [
      "a certificate for another",
      Object.assign(new Error("altnames"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" }),
      "database_certificate_untrusted",
    ],
    [
      "two versions of TLS",
      Object.assign(new Error("version"), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" }),
      "database_tls_failed",
    ],
    ["no TLS", new Error("The server does not support SSL connections"), "database_tls_unsupported"],
    [
      "no password",
      new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
      "database_password_wrong",
    ],
    ["no answer", new Error("timeout exceeded when trying to connect"), "database_unreachable"],
    ["anything else", new Error("something"), null],
  ])("%s", (_, error, code) => {
    expect(databaseObstacle(error)).toBe(code);
    const { exitCode, code: said, unexpected } = explainFailure(error, "de");
    if (code !== null)
      expect({ exitCode, said, unexpected }).toEqual({ exitCode: 3, said: code, unexpected: false });
  });

  it("each of which is explained in both languages, with what the server said", () => {
    for (const code of databaseObstacleCodes) {
      const [en, de] = (["en", "de"] as const).map((language) =>
        explainFailure(fromServer("53100", "no space left"), language, "db:5432/d"),
      );
      expect(en?.message).toMatch(/^The database's disk is full \(db:5432\/d\)\. [^]*\n\(no space left\)$/);
      expect(de?.message).toMatch(
        /^Die Platte der Datenbank ist voll \(db:5432\/d\)\. [^]*\n\(no space left\)$/,
      );
      expect(code).toMatch(/^database_/);
    }
  });
});
