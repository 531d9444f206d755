import { defineConfig } from "vitest/config";

/** They look at what their own process takes and warns of, so each has one that no other file has used. */
const ownProcess = [
  "test/flow/hostile-connections.test.ts",
  "test/flow/hostile-requests.test.ts",
  "test/flow/api/exports.test.ts",
];

/** They measure how long something takes, beside what hangs, is slow or is large: on a machine that does nothing else. */
const measuring = [
  "test/flow/delivery-hostile.test.ts",
  "test/flow/delivery-pace.test.ts",
  "test/flow/hostile-bodies.test.ts",
];

export default defineConfig({
  test: {
    globalSetup: ["test/support/servers.ts"],
    tags: [
      {
        name: "thorough",
        description:
          "More than ten seconds, under load, or in every combination; `npm test` leaves it out, CI does not.",
      },
    ],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "flow",
          include: ["test/flow/**/*.test.ts", "test/conformance/**/*.test.ts"],
          exclude: [...ownProcess, ...measuring],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "own-process",
          include: ownProcess,
          isolate: true,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "measuring",
          include: measuring,
          // After all others, one after the other.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          globalSetup: ["test/support/fault-table-setup.ts"],
          // Load, faults and their timing want the machine for themselves.
          fileParallelism: false,
          testTimeout: 1_200_000,
          hookTimeout: 120_000,
        },
      },
    ],
    // Under load a page takes longer than the second that is vitest's default.
    expect: { poll: { timeout: 30_000 } },
    // Most of them wait most of the time, and nothing of the program is kept in its modules.
    maxWorkers: 6,
    isolate: false,
  },
});
