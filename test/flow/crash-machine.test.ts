// A full disk and a clock that jumps, once each; more of them in the long suite.
import { describe } from "vitest";
import { testMachineFaults } from "../support/faults-machine.ts";
import { useProgram } from "../support/faults-program.ts";

describe("faults of the machine and its surroundings", { tags: "thorough" }, () => {
  testMachineFaults("normal", useProgram());
});
