// What somebody should look at of what a node says of itself: disks, clock, spool, gone nodes; ends of credentials; PostgreSQL.
import { describe, expect, it } from "vitest";
import { expiryAlarm } from "../../../src/domain/figures/expiry.ts";
import { knownFaults } from "../../../src/domain/figures/postgresql-faults.ts";
import { diskSeverity, nodeAlarms, saysOtherwise } from "../../../src/domain/node/node-condition.ts";
import type { NodeCondition, NodeRow } from "../../../src/domain/node/node-condition.ts";

const now = new Date("2026-11-30T12:00:00Z");
const after = (ms: number): Date => new Date(now.getTime() + ms);
const well: NodeCondition = {
  roles: ["intake", "delivery", "leader"],
  embedded: false,
  spool: { records: 0, since: null },
  disks: [{ place: "data", free_bytes: 50e9, total_bytes: 100e9 }],
  clock_offset_ms: 20,
  certificate_expires_at: null,
  configuration: null,
};
const row = (name: string, change: Partial<NodeCondition> = {}, held: Partial<NodeRow> = {}): NodeRow => ({
  name,
  since: after(-3_600_000),
  held_until: after(40_000),
  condition: { ...well, ...change },
  ...held,
});
const told = (rows: readonly NodeRow[]) =>
  nodeAlarms(rows, now).map((alarm) => [alarm.code, alarm.severity, "node" in alarm ? alarm.node : null]);

describe("a node", () => {
  it("that is well is nothing to tell", () => {
    expect(told([row("a")])).toEqual([]);
  });

  it.each<[string, Partial<NodeCondition>, readonly (readonly [string, string])[]]>([
    ["leads that came a moment ago", { spool: { records: 2, since: after(-29_000).toISOString() } }, []],
    [
      "leads that wait",
      { spool: { records: 2, since: after(-31_000).toISOString() } },
      [["spool_in_use", "warning"]],
    ],
    [
      "leads that wait for long",
      { spool: { records: 2, since: after(-16 * 60_000).toISOString() } },
      [["spool_in_use", "error"]],
    ],
    ["a clock that is a little off", { clock_offset_ms: -4_900 }, []],
    ["a clock that is off", { clock_offset_ms: -5_100 }, [["clock_off", "warning"]]],
    ["a clock that is far off", { clock_offset_ms: 3_600_000 }, [["clock_off", "error"]]],
    ["a clock that was not measured", { clock_offset_ms: null }, []],
    [
      "two disks",
      {
        disks: [
          { place: "data", free_bytes: 9e9, total_bytes: 100e9 },
          { place: "spool", free_bytes: 1e6, total_bytes: 1e9 },
        ],
      },
      [
        ["disk_nearly_full", "warning"],
        ["disk_nearly_full", "error"],
      ],
    ],
  ])("says of %s", (_what, change, expected) => {
    expect(told([row("a", change)])).toEqual(expected.map(([code, severity]) => [code, severity, "a"]));
  });

  it("that is gone is told of by one that was there all the time, and with leads on its disk it is an error", () => {
    const gone = { held_until: after(-1_000) };
    const waits = { spool: { records: 3, since: after(-70_000).toISOString() } };
    expect(told([row("a"), row("b", {}, gone), row("c", waits, gone)])).toEqual([
      ["node_gone", "warning", "b"],
      ["node_gone", "error", "c"],
    ]);
    expect(nodeAlarms([row("a"), row("b", {}, gone)], now)).toMatchObject([
      { since: after(-61_000), spooled: 0 },
    ]);
  });

  it("is not taken for gone when the database was away from all of them", () => {
    const back = row("a", {}, { since: after(-2_000) });
    expect(told([back, row("b", {}, { held_until: after(-600_000) })])).toEqual([]);
    expect(told([row("b", {}, { held_until: after(-600_000) })])).toEqual([]);
  });

  it("writes again when what it says has changed, not when figures moved", () => {
    const disk = (free: number) => ({
      ...well,
      disks: [{ place: "data", free_bytes: free, total_bytes: 100e9 } as const],
    });
    expect(saysOtherwise(well, disk(49e9))).toBe(false);
    expect(saysOtherwise(well, disk(9e9))).toBe(true);
    expect(saysOtherwise(well, { ...well, clock_offset_ms: -30 })).toBe(false);
    expect(saysOtherwise(well, { ...well, clock_offset_ms: 7_000 })).toBe(true);
    const waits = (records: number): NodeCondition => ({
      ...well,
      spool: { records, since: now.toISOString() },
    });
    expect(saysOtherwise(well, waits(1))).toBe(true);
    expect(saysOtherwise(waits(1), waits(2))).toBe(false);
  });
});

it.each([
  [100e9, 11e9, null],
  [100e9, 9e9, "warning"],
  [100e9, 1.9e9, "error"],
  [4e12, 30e9, null],
  [4e12, 20e9, "warning"],
  [4e12, 2e9, "error"],
  [2e9, 1.2e9, null],
  [2e9, 1e9, "warning"],
  [2e9, 2e8, "error"],
] as const)("a disk of %d bytes of which %d are free: %s", (total, free, severity) => {
  expect(diskSeverity({ place: "data", free_bytes: free, total_bytes: total })).toBe(severity);
});

const dayMs = 86_400_000;
it.each([
  [14.1, null, false],
  [13.9, "warning", false],
  [3.1, "warning", false],
  [2.9, "error", false],
  [-1, "error", true],
  [-8, null, true],
] as const)("credentials that end in %d days: %s", (days, severity, isOver) => {
  const alarms = expiryAlarm({ of: "api_key", name: "crm", managed_by: null }, after(days * dayMs), now);
  expect(alarms).toMatchObject(severity === null ? [] : [{ severity, is_over: isOver, name: "crm" }]);
});

it.each([
  [180_004, "18.6", "2026-08-13"],
  [180_006, null, null],
  [180_007, null, null],
  [150_018, "15.20", "2026-08-13"],
  [150_000, "15.20", "2023-02-09"],
  [170_011, "17.12", "2026-11-12"],
  [190_000, null, null],
])("of PostgreSQL %d the faults are mended in %s, known since %s", (version, fixedIn, since) => {
  expect(knownFaults(version)).toEqual(
    fixedIn === null ? null : expect.objectContaining({ fixed_in: fixedIn, known_since: since }),
  );
});
