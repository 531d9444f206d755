// The database goes away under load, in a few of the ways of the long suite.
import { describe } from "vitest";
import { testDatabaseFaults } from "../support/faults-database.ts";
import { useProgram } from "../support/faults-program.ts";

describe("faults of the database and of the line to it", () => {
  const program = useProgram();
  testDatabaseFaults("short", program);
  describe("of every kind", { tags: "thorough" }, () => testDatabaseFaults("normal", program));
});
