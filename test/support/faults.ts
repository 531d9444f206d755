// The faults that are tried, how often, and how each one's row of the table comes about.
import { inject, it } from "vitest";
import type { TestContext } from "vitest";
import { appendFaultRow, faultTable } from "./fault-table.ts";
import type { FaultRow } from "./fault-table.ts";

/** `short` is part of `npm test`, `normal` is tagged `thorough` and runs in CI; `long` is `npm run test:long`. */
export type Suite = "short" | "normal" | "long";

/** Rounds per suite; 0: not tried there. */
export const faults = {
  gatewayKilled: { fault: "gateway killed (kill -9)", short: 1, normal: 5, long: 100 },
  nodeFrozen: { fault: "one of two nodes frozen (SIGSTOP)", short: 0, normal: 0, long: 3 },
  databaseStopped: { fault: "database stopped (immediate)", short: 1, normal: 0, long: 10 },
  restartInOutage: { fault: "gateway killed in an outage", short: 0, normal: 1, long: 10 },
  postmasterKilled: { fault: "embedded database killed (kill -9)", short: 0, normal: 1, long: 10 },
  backendKilled: { fault: "one backend killed (kill -9)", short: 0, normal: 1, long: 10 },
  lineRefused: { fault: "database line: refused", short: 0, normal: 1, long: 5 },
  lineReset: { fault: "database line: reset", short: 0, normal: 0, long: 5 },
  lineBlackHole: { fault: "database line: black hole", short: 0, normal: 0, long: 5 },
  lineHalfOpen: { fault: "database line: half open", short: 0, normal: 0, long: 5 },
  readOnly: { fault: "database read-only", short: 0, normal: 1, long: 5 },
  outOfConnections: { fault: "database out of connections", short: 0, normal: 0, long: 5 },
  diskFull: { fault: "data folder's disk full", short: 0, normal: 1, long: 5 },
  clockJumps: { fault: "gateway's clock jumps ±1 h", short: 0, normal: 1, long: 5 },
  flood: { fault: "flood, 10× what the ledger takes", short: 0, normal: 0, long: 1 },
} as const satisfies Record<string, { readonly fault: string } & Readonly<Record<Suite, number>>>;

export type FaultName = keyof typeof faults;

/** What a test fills in while it goes on, so that there is a row also when it fails. */
export type FaultRecord = { -readonly [Field in keyof FaultRow]: FaultRow[Field] } & {
  readonly recoveriesMs: number[];
};

/** What this machine does not allow to be tried: the test is skipped, and the table says why. */
export class NotPossibleHere extends Error {}

const setupLimitMs = 300_000;

/** A test of the fault, where the suite tries it; `work` does so in so many rounds, and fills in what it sees. */
export function testFault(
  suite: Suite,
  name: FaultName,
  { promise, roundLimitMs }: { readonly promise: string; readonly roundLimitMs: number },
  work: (record: FaultRecord, rounds: number) => Promise<void>,
): void {
  const { fault, [suite]: rounds } = faults[name];
  if (rounds === 0) return;
  it(
    `${fault}: ${promise}`,
    (context) => recordFault(context, newRecord(name), (record) => work(record, rounds)),
    setupLimitMs + rounds * roundLimitMs,
  );
}

/** There is a row in any case. */
async function recordFault(
  context: TestContext,
  record: FaultRecord,
  work: (record: FaultRecord) => Promise<void>,
): Promise<void> {
  try {
    await work(record);
    record.state = "held";
  } catch (error) {
    if (!(error instanceof NotPossibleHere)) throw error;
    Object.assign(record, { state: "skipped", note: error.message });
    context.skip(error.message);
  } finally {
    await write(record);
  }
}

function newRecord(name: FaultName): FaultRecord {
  return {
    fault: faults[name].fault,
    rounds: 0,
    acknowledged: 0,
    lost: null,
    doubled: null,
    deliveredTwice: null,
    refusedWith5xx: 0,
    recoveriesMs: [],
    note: "",
    state: "failed",
  };
}

async function write(row: FaultRow): Promise<void> {
  console.log(faultTable([row]));
  const path = inject("faultTablePath");
  if (path !== undefined) await appendFaultRow(path, row);
}
