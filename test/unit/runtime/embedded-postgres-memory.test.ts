import { totalmem } from "node:os";
import { describe, expect, it } from "vitest";
import { machineMemoryBytes, sharedBuffersMb } from "../../../src/runtime/embedded-postgres-memory.ts";

const gibibyte = 1024 ** 3;

describe("The memory of the embedded PostgreSQL", () => {
  it.each([
    [0.5, 128],
    [1, 128],
    [2, 256],
    [4, 512],
    [7.77, 994],
    [8, 1_024],
    [64, 1_024],
  ])("on a machine with %d GB is %d MB", (gibibytes, mebibytes) => {
    expect(sharedBuffersMb(gibibytes * gibibyte)).toBe(mebibytes);
  });

  it("goes by the machine's memory, or by a limit that is lower", () => {
    expect(machineMemoryBytes()).toBeGreaterThan(0);
    expect(machineMemoryBytes()).toBeLessThanOrEqual(totalmem());
  });
});
