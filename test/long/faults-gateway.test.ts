import { describe } from "vitest";
import { testGatewayFaults } from "../support/faults-gateway.ts";
import { useProgram } from "../support/faults-program.ts";

describe("faults of the program itself", () => {
  testGatewayFaults("long", useProgram());
});
