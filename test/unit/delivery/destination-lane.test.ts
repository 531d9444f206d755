import { expect, it } from "vitest";
import { openDestinationLane } from "../../../src/delivery/destination-lane.ts";
import { createLeases } from "../../../src/delivery/leases.ts";
import { createCircuit } from "../../../src/delivery/node-circuit.ts";
import type { FastWork } from "../../../src/delivery/work.ts";
import { heldCharactersMax } from "../../../src/delivery/prefetch.ts";
import { defaultRetry } from "../../../src/domain/destinations/destination.ts";
import type { Sender } from "../../../src/kinds/destinations/sender.ts";
import type { Database } from "../../../src/ledger/connection/database.ts";

const crm = {
  name: "crm",
  kind: "http",
  paused: false,
  timeoutMs: 1_000,
  concurrency: 1,
  retry: defaultRetry,
  limits: [],
  openingHours: [],
};

const work = (number: number): FastWork => ({
  lane: "fast",
  runId: `run-${number}`,
  destination: "crm",
  attempt: 1,
  mayHaveArrived: false,
  test: false,
  revision: null,
  body: "x".repeat(heldCharactersMax / 2),
  bodiless: null,
  leaseUntilMs: Infinity,
});

it("takes new leads on after large ones were given back", () => {
  const database = { query: () => Promise.resolve({ rows: [], rowCount: 0 }) } as unknown as Database;
  const deps = {
    database,
    node: "node",
    leaseMs: 30_000,
    monotonicMs: () => 0,
    nowMs: () => 0,
    random: () => 0,
    log: () => undefined,
  };
  const circuit = createCircuit("crm", { ...deps, configurationRevision: () => 1 });
  const sender = { attempt: () => new Promise(() => undefined) } as unknown as Sender;
  const lane = openDestinationLane(crm, sender, {
    ...deps,
    evaluate: () => Promise.resolve({ kind: "closed" }),
    readingOf: () => {
      throw new Error("nothing is read");
    },
    held: createLeases(deps),
    settlement: { settle: () => Promise.resolve("ended"), skip: () => Promise.resolve("ended") },
    circuit,
    stopSending: new AbortController().signal,
    giveUp: new AbortController().signal,
  });
  expect([lane.reserve(), lane.reserve(), lane.reserve()]).toEqual([true, true, true]);
  for (const number of [1, 2, 3]) lane.take(work(number));
  expect(lane.free).toBe(0);
  circuit.gate.shut();
  lane.obeyGate();
  circuit.gate.free();
  // One is under way.
  expect(lane.free).toBe(3);
});
