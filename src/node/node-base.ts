// What everything else in a node stands on: its log and figures, the database and whether it is there, the clock, the
// leads on disk, and the tasks that run beside each other.
import type { NodeRole } from "../domain/node/node-role.ts";
import type { TaskName } from "../domain/figures/health-trouble.ts";
import type { Log } from "../domain/node/log.ts";
import type { Kinds } from "../kinds/kinds.ts";
import type { DatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import { createDatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import type { DatabaseClock } from "../ledger/connection/database-clock.ts";
import { createDatabaseClock } from "../ledger/connection/database-clock.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { Background } from "../runtime/background.ts";
import { createBackground } from "../runtime/background.ts";
import type { Installation } from "../runtime/installation.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { createMetrics } from "../runtime/metrics.ts";
import type { OpenStore } from "../spool/open-store.ts";
import { openStore } from "../spool/open-store.ts";
import type { SpoolLimits } from "../spool/spool.ts";
import type { TaskIntervals } from "./task-intervals.ts";

export interface NodeBase {
  readonly installation: Installation;
  /** Of sources and destinations. */
  readonly kinds: Kinds;
  readonly database: Database;
  readonly roles: readonly NodeRole[];
  /** Bears every event to the log and counts it for /metrics. */
  readonly log: Log;
  readonly metrics: Metrics;
  readonly monotonicMs: () => number;
  readonly clock: DatabaseClock;
  readonly databaseCircuit: DatabaseCircuit;
  readonly background: Background<TaskName>;
  readonly intervals: TaskIntervals;
  /** null: leads cannot be kept on disk. */
  readonly disk: OpenStore | null;
  /** What this node holds it holds so long; a dead node's work is taken over within this and one poll. */
  readonly lease: { readonly node: string; readonly leaseMs: number };
}

export interface NodeBaseOptions {
  readonly installation: Installation;
  /** Of sources and destinations. */
  readonly kinds: Kinds;
  readonly roles: readonly NodeRole[];
  readonly spoolLimits: SpoolLimits | undefined;
  /** Absent: `defaultLeaseMs`. */
  readonly leaseMs: number | undefined;
  readonly intervals: TaskIntervals;
  readonly log: Log;
}

/** A dead node's work is taken over within 15 s: this and one look for what is to be recovered. */
const defaultLeaseMs = 12_000;

export async function openNodeBase(options: NodeBaseOptions): Promise<NodeBase> {
  const { installation, kinds, roles, spoolLimits: limits, leaseMs = defaultLeaseMs, intervals } = options;
  const { database, dataDir, keys, node } = installation;
  const metrics = createMetrics();
  const log: Log = (level, event, fields) => {
    metrics.observe(event, fields ?? {});
    options.log(level, event, fields);
  };
  const monotonicMs = (): number => performance.now();
  const background = createBackground<TaskName>(log);
  const databaseCircuit = createDatabaseCircuit({
    database,
    isThere: installation.copy === null,
    onFound: () => background.retryFailing(),
    log,
  });
  const key = keys.subkey("spool");
  const { fingerprint } = keys;
  const disk = await openStore({
    dataDir,
    key,
    fingerprint,
    log,
    ...(limits === undefined ? {} : { limits }),
  });
  return {
    installation,
    kinds,
    database,
    roles,
    log,
    metrics,
    monotonicMs,
    clock: createDatabaseClock(database, monotonicMs),
    databaseCircuit,
    background,
    intervals,
    disk,
    lease: { node, leaseMs },
  };
}

/** What the drain does otherwise: a database that was lost is found again. */
export async function seekDatabase({ databaseCircuit }: NodeBase): Promise<void> {
  if (!databaseCircuit.isThere && (await databaseCircuit.ask())) databaseCircuit.found();
}
