// What people were promised of a running node follows from how often its tasks run. Tests of a node wait for what comes of
// it, however long a busy machine takes; that it comes in time is seen here.
import { expect, it } from "vitest";
import { taskIntervals } from "../../../src/node/task-intervals.ts";

it.each([
  [
    "what others make due is attempted, and a stop or a new configuration heard of, within a second",
    "pollMs",
  ],
  ["held deliveries go on within a second of their release", "heldDeliveriesMs"],
  ["a change follows the attempt that was under way within a second", "waitingRevisionsMs"],
  ["a lead that comes as an id is asked for within a second", "completionsMs"],
  ["what was turned away is kept within a second", "quarantineMs"],
  ["the spool is emptied within a second of the database's return", "drainMs"],
] as const)("%s", (_promise, name) => {
  expect(taskIntervals[name]).toBeLessThanOrEqual(1_000);
});

it.each([
  ["figures are of the last two seconds", "kpiRollUpMs"],
  ["what waited for a destination is due two seconds after that takes leads again", "circuitsMs"],
  ["denied requests are counted within two seconds", "deniedRequestsMs"],
] as const)("%s", (_promise, name) => {
  expect(taskIntervals[name]).toBeLessThanOrEqual(2_000);
});
