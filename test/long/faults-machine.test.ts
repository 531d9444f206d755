import { describe } from "vitest";
import { testMachineFaults } from "../support/faults-machine.ts";
import { useProgram } from "../support/faults-program.ts";

describe("faults of the machine and its surroundings", () => {
  testMachineFaults("long", useProgram());
});
