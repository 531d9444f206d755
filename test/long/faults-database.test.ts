import { describe } from "vitest";
import { testDatabaseFaults } from "../support/faults-database.ts";
import { useProgram } from "../support/faults-program.ts";

describe("faults of the database and of the line to it", () => {
  testDatabaseFaults("long", useProgram());
});
