// What doctor says about the roles for SQL.
import { expect, it } from "vitest";
import { judgeSqlRoles } from "../../../src/cli/doctor/doctor-sql-roles.ts";
import type { SqlRoleFaults } from "../../../src/ledger/accounts/sql-role-faults.ts";

const nothing = { names: [], sql: "" };
const sound: SqlRoleFaults = {
  executable: nothing,
  creating: nothing,
  temporary: nothing,
  otherZone: nothing,
};
const fault = { names: ["a", "b", "c", "d"], sql: "REVOKE …;" };

it("says that all is well, once", () => {
  expect(judgeSqlRoles(sound).map(({ check, status }) => [check, status])).toEqual([["sql_roles", "ok"]]);
});

it.each([
  ["executable", "sql_functions", "fail"],
  ["creating", "sql_schema", "fail"],
  ["temporary", "sql_temporary", "warn"],
  ["otherZone", "sql_timezone", "warn"],
] as const)(
  "names what is wrong (%s), with the SQL that mends it, in both languages",
  (kind, check, status) => {
    const [found, ...others] = judgeSqlRoles({ ...sound, [kind]: fault });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ check, status });
    for (const language of ["en", "de"] as const) {
      expect(found?.text[language]).toContain("a, b, c");
      expect(found?.advice?.[language]).toContain(fault.sql);
    }
  },
);
