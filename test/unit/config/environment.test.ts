import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../../src/config/environment.ts";

const key = "0123456789abcdef".repeat(4);

describe("the environment", () => {
  it("may be empty: everything has a default", () => {
    expect(readEnvironment({})).toEqual({
      ok: true,
      environment: {
        databaseUrl: null,
        dataDir: "./data",
        port: 8080,
        host: "127.0.0.1",
        configPath: "./leadledger.yaml",
        logLevel: "info",
        adminKey: null,
        tls: null,
        rootKeyHex: null,
      },
    });
  });

  it("gives every value of the contract", () => {
    const env = {
      DATABASE_URL: "postgresql://u:p@a.example:5432,b.example:5432/leads?target_session_attrs=read-write",
      LEADLEDGER_DATA_DIR: "/var/lib/leadledger",
      PORT: "0",
      HOST: "::",
      LEADLEDGER_CONFIG: "/etc/leadledger.yaml",
      LOG_LEVEL: "debug",
      LEADLEDGER_ADMIN_KEY: "k".repeat(32),
      LEADLEDGER_TLS_CERT: "/etc/tls/cert.pem",
      LEADLEDGER_TLS_KEY: "/etc/tls/key.pem",
      LEADLEDGER_KEY: key,
    };
    expect(readEnvironment(env)).toEqual({
      ok: true,
      environment: {
        databaseUrl: env.DATABASE_URL,
        dataDir: "/var/lib/leadledger",
        port: 0,
        host: "::",
        configPath: "/etc/leadledger.yaml",
        logLevel: "debug",
        adminKey: env.LEADLEDGER_ADMIN_KEY,
        tls: { certPath: env.LEADLEDGER_TLS_CERT, keyPath: env.LEADLEDGER_TLS_KEY },
        rootKeyHex: key,
      },
    });
  });

  it.each(["PORT", "HOST", "LOG_LEVEL", "LEADLEDGER_DATA_DIR", "LEADLEDGER_CONFIG"])(
    "treats an empty %s as not set",
    (variable) => {
      expect(readEnvironment({ [variable]: "" })).toEqual(readEnvironment({}));
    },
  );

  it.each(["DATABASE_URL", "LEADLEDGER_KEY", "LEADLEDGER_ADMIN_KEY"])(
    "refuses an empty %s, because a secret that failed to arrive must not go unnoticed",
    (variable) => {
      expect(readEnvironment({ [variable]: "" })).toMatchObject({
        ok: false,
        problems: [{ variable, code: "env_empty" }],
      });
    },
  );

  it.each([
    ["DATABASE_URL", "host=hunter2 dbname=x", "env_database_url"],
    ["DATABASE_URL", "mysql://root:hunter2@db/x", "env_database_url"],
    ["PORT", "http-hunter2", "env_port"],
    ["PORT", "65536", "env_port"],
    ["PORT", "-1", "env_port"],
    ["PORT", "80.5", "env_port"],
    ["HOST", "127.0.0.1:8080", "env_host"],
    ["HOST", "127.0.0.256", "env_host"],
    ["HOST", "http://hunter2", "env_host"],
    ["LOG_LEVEL", "verbose", "env_log_level"],
    ["LEADLEDGER_ADMIN_KEY", "hunter2", "env_admin_key"],
    ["LEADLEDGER_ADMIN_KEY", `hunter2 ${"ü".repeat(32)}`, "env_admin_key"],
    ["LEADLEDGER_KEY", key.slice(1), "env_key"],
    ["LEADLEDGER_KEY", `${key.slice(1)}g`, "env_key"],
  ])("refuses %s=%s without repeating it", (variable, value, code) => {
    const read = readEnvironment({ [variable]: value });
    expect(read).toMatchObject({ ok: false, problems: [{ variable, code }] });
    expect(JSON.stringify(read)).not.toMatch(/hunter2|789abcdef/);
  });

  it.each([
    ["LEADLEDGER_TLS_CERT", "LEADLEDGER_TLS_KEY"],
    ["LEADLEDGER_TLS_KEY", "LEADLEDGER_TLS_CERT"],
  ])("refuses %s without %s: the server would speak in the clear", (given, missing) => {
    const read = readEnvironment({ [given]: "/etc/tls/file.pem", [missing]: "" });
    expect(read).toMatchObject({ ok: false, problems: [{ variable: missing, code: "env_tls_half" }] });
  });

  it("reports everything at once, in the language asked for", () => {
    const read = readEnvironment({ PORT: "x", LOG_LEVEL: "inof", LEADLEDGER_KEY: "1" }, "de");
    expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^PORT muss eine ganze Zahl/),
      expect.stringMatching(/^LOG_LEVEL muss eines von .*Meinten Sie „info“\?$/),
      expect.stringMatching(/^LEADLEDGER_KEY muss aus 64/),
    ]);
  });
});
