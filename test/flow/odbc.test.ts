// What a BI tool sees through ODBC, with the settings that the documentation gives.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger, passwordOf } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const driver = "PostgreSQL Unicode";
const hasOdbc = spawnSync("isql", ["--version"]).status === 0 && isRegistered();
if (!hasOdbc) console.log("unixodbc and odbc-postgresql are not installed: ODBC is not tried.");

function isRegistered(): boolean {
  const { stdout } = spawnSync("odbcinst", ["-q", "-d", "-n", driver], { encoding: "utf8" });
  return stdout.includes(driver);
}

/** The lines of the documented DSN that are neither address nor credentials. */
function documentedSettings(): string {
  const page = readFileSync(join(import.meta.dirname, "../../docs/en/audit-dlq-kpi.md"), "utf8");
  const dsn = /```ini\n\[LeadLedger\]\n([^`]*)```/.exec(page)?.[1] ?? "";
  const lines = dsn
    .split("\n")
    .filter((line) => line !== "" && !/^(?:Driver|Servername|Port|Database|Username|Password)=/.test(line));
  expect(lines.length).toBeGreaterThan(3);
  return lines.join(";");
}

describeOnEachServer("Over ODBC", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
    await ledger.hand.query(
      "INSERT INTO runs (source, received_at) VALUES ('fair', '2026-07-01T22:30:00Z'), ('fair', '2026-07-01T21:30:00Z')",
    );
    await rollUpKpis(ledger.program);
  });
  afterAll(() => ledger.close());

  const isql = (statement: string, settings = documentedSettings()): string[] => {
    const { hostname, port, pathname } = new URL(ledger.url);
    const connection = [
      ...[`Driver=${driver}`, `Servername=${hostname}`, `Port=${port}`, `Database=${pathname.slice(1)}`],
      ...[`Username=${ledger.roles.read}`, `Password=${passwordOf(ledger.roles.read)}`, settings],
    ].join(";");
    const done = spawnSync("isql", ["-k", connection, "-b", "-v", "-d|"], {
      input: `${statement}\n`,
      encoding: "utf8",
    });
    expect(done.stderr + done.stdout).not.toContain("ERROR");
    return done.stdout.split("\n").filter((line) => line !== "");
  };

  it.skipIf(!hasOdbc)("a lead half past midnight lies on the day on which it is counted", async () => {
    const days = "SELECT received_at, CAST(received_at AS date) FROM runs ORDER BY 1";
    expect(isql(days)).toEqual(["2026-07-01 23:30:00|2026-07-01", "2026-07-02 00:30:00|2026-07-02"]);
    expect(isql("SELECT day, received_count FROM kpi_daily_sources ORDER BY 1")).toEqual([
      ...["2026-07-01|1", "2026-07-02|1"],
    ]);
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/London");
    expect(isql(days)).toEqual(["2026-07-01 22:30:00|2026-07-01", "2026-07-01 23:30:00|2026-07-01"]);
    await changeReportingTimezone(ledger.program, "cli:test", "Europe/Berlin");
  });

  it.skipIf(!hasOdbc)("payloads are described as wide as they can be, not as 255 characters", () => {
    const widthOfPayload = (settings: string): number => {
      const described = isql("help audit_events", settings).find((line) => line.includes("|payload|"));
      return Number(described?.split("|")[6]);
    };
    expect(widthOfPayload("ReadOnly=1")).toBe(255);
    expect(widthOfPayload(documentedSettings())).toBe(262_144);
  });

  it("tools that ask which tables may be read are shown those and no others", async () => {
    const { rows } = await ledger.reader.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      ...["audit_events", "dlq", "kpi_daily", "kpi_daily_clients", "kpi_daily_sources", "runs", "sla_daily"],
    ]);
  });
});
