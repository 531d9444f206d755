// Which names can be the reporting time zone: those that PostgreSQL and this process read alike.
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { judgeTimezone } from "../../src/config/judge-timezone.ts";
import { readTimezone } from "../../src/ledger/settings/settings.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

describeOnEachServer("The reporting time zone", (server) => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger(server);
  });
  afterAll(() => ledger.close());

  it.each([
    ...[
      "Europe/Berlin",
      "Europe/Vienna",
      "Europe/Zurich",
      "Europe/Kyiv",
      "Europe/Kiev",
      "Europe/London",
      "UTC",
      "GMT",
    ],
    ...[
      "Etc/UTC",
      "Etc/GMT+5",
      "Etc/GMT-3",
      "EST5EDT",
      "America/New_York",
      "America/St_Johns",
      "Asia/Kolkata",
    ],
    ...[
      "Asia/Calcutta",
      "Asia/Kathmandu",
      "Pacific/Chatham",
      "Pacific/Apia",
      "Africa/Casablanca",
      "Australia/Lord_Howe",
    ],
  ])("can be %s", async (name) => {
    expect(await judgeTimezone(ledger.program, name)).toBeNull();
  });

  it.each([
    ["europe/berlin", "Europe/Berlin"],
    ["EUROPE/BERLIN", "Europe/Berlin"],
    ["europe/kyiv", "Europe/Kyiv"],
    ["utc", "UTC"],
    ["etc/gmt-3", "Etc/GMT-3"],
    ["BST", "Europe/London"],
    ["IST", "Asia/Kolkata"],
    ["PST", "America/Los_Angeles"],
    ["US/Pacific-New", "America/Los_Angeles"],
    ["CEST", "Europe/Berlin"],
    ["MEZ", "Europe/Berlin"],
    ["Berlin", "Europe/Berlin"],
    ["new york", "America/New_York"],
    ["UTC+1", null],
    ["+01:00", null],
    ["<+01>-1", null],
    ["CET-1CEST,M3.5.0,M10.5.0/3", null],
    ["Etc/Unknown", null],
    ["localtime", null],
    ["posix/Europe/Berlin", null],
    [" Europe/Berlin", "Europe/Berlin"],
    ["", null],
  ])("cannot be %j; meant is %j", async (name, suggestion) => {
    expect(await judgeTimezone(ledger.program, name)).toEqual({
      code: "timezone_unknown",
      params: { found: name, suggestion },
    });
    expect(await changeReportingTimezone(ledger.program, "cli:test", name)).toMatchObject({ kind: "unfit" });
    expect(await readTimezone(ledger.program)).toBe("Europe/Berlin");
  });

  it.each([
    ["CET", "Europe/Berlin", "2000-03-26"],
    ["MET", "Europe/Berlin", "2000-03-26"],
    ["WET", "Europe/Lisbon", "2000-03-26"],
    ["EET", "Europe/Athens", "2000-03-26"],
  ])("cannot be %s, which PostgreSQL takes for a fixed offset; meant is %s", async (name, suggestion, on) => {
    expect(await changeReportingTimezone(ledger.program, "cli:test", name)).toEqual({
      kind: "unfit",
      misfit: { code: "timezone_read_differently", params: { found: name, suggestion, on } },
    });
    expect(await readTimezone(ledger.program)).toBe("Europe/Berlin");
  });

  it("says where the time zone data of both differ, where nothing else is meant", async () => {
    // As after a change of law that one of the two does not know yet.
    const database: typeof ledger.program = {
      ...ledger.program,
      query: ((text: string, values: unknown[]) =>
        ledger.program.query(
          text.replace(
            "at AT TIME ZONE $1",
            "at AT TIME ZONE CASE WHEN at < '2026-11-01' THEN $1 ELSE 'UTC' END",
          ),
          values,
        )) as typeof ledger.program.query,
    };
    expect(await judgeTimezone(database, "Europe/Berlin")).toEqual({
      code: "timezone_read_differently",
      params: { found: "Europe/Berlin", suggestion: null, on: "2026-11-14" },
    });
  });
});
