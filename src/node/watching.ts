// What this node says of itself, so that somebody can be told: written to the ledger when it changes, and now and then so
// that the others see that it is there. While the database is away, that is noted in the data folder and told afterwards.
import { hostname } from "node:os";
import { basename } from "node:path";
import type { ConfigurationFault, NodeCondition } from "../domain/node/node-condition.ts";
import { nodeLimits, saysOtherwise } from "../domain/node/node-condition.ts";
import { recordOutage, reportNode, withdrawNode } from "../ledger/figures/node-reports.ts";
import type { Reporter } from "../ledger/figures/node-reports.ts";
import { followFile } from "../runtime/followed-file.ts";
import type { ConfigurationFile } from "../runtime/followed-file.ts";
import { readDisks } from "../runtime/free-disks.ts";
import { readOutageMemo, removeOutageMemo, writeOutageMemo } from "../runtime/outage-memo.ts";
import type { NodeBase } from "./node-base.ts";

export interface Watching {
  /** What was said last; null: nothing yet. */
  readonly condition: NodeCondition | null;
  /** From listening on: an outage is noted while it lasts. */
  start(port: number): void;
  /** From the first contact with the database on. */
  startReporting(): void;
  /** This node stops, and is not gone. */
  withdraw(): Promise<void>;
}

export interface WatchingDeps {
  /** null: there is none. */
  readonly file: ConfigurationFile | null;
  /** Whether the file was refused when it was applied. */
  readonly isFileRefused: () => boolean;
  /** null: plain HTTP. */
  readonly certificateExpiresAt: () => Date | null;
}

/** A server that is started anew, or a failover that works, is nothing to tell. */
const outageToldFromMs = 10_000;
/** In a row. */
const unansweredMax = 2;

export async function openWatching(base: NodeBase, deps: WatchingDeps): Promise<Watching> {
  const {
    installation,
    background,
    intervals,
    database,
    databaseCircuit,
    clock,
    disk,
    metrics,
    monotonicMs,
  } = base;
  const { dataDir, node } = installation;
  const followed = deps.file === null ? null : await followFile(deps.file);
  const startedAt = new Date().toISOString();
  let port = 0;
  let unanswered = 0;
  let looked: NodeCondition | null = null;
  let said: NodeCondition | null = null;
  let saidAtMs = -Infinity;
  let away: { readonly since: Date; isNoted: boolean } | null = null;

  const reporter = (): Reporter => ({ name: `${hostname()}:${port}`, node });

  async function look(): Promise<NodeCondition> {
    await followed?.look();
    const depth = disk?.store.depth ?? null;
    const waitsSince = depth?.oldestAtMs ?? null;
    return {
      roles: base.roles,
      embedded: installation.embedded !== null,
      spool:
        depth === null
          ? null
          : {
              records: depth.records,
              since: waitsSince === null ? null : new Date(waitsSince).toISOString(),
            },
      disks: await readDisks(dataDir),
      clock_offset_ms: clock.machineOffsetMs === null ? null : Math.round(clock.machineOffsetMs),
      certificate_expires_at: deps.certificateExpiresAt()?.toISOString() ?? null,
      configuration: followed?.fault ?? refusedFile(),
    };
  }

  function refusedFile(): ConfigurationFault | null {
    if (deps.file === null || !deps.isFileRefused()) return null;
    const file = basename(deps.file.path);
    return { reason: "refused", since: startedAt, file, line: null, problem_code: null };
  }

  async function report(): Promise<void> {
    const condition = await look();
    looked = condition;
    const isNew = said === null || saysOtherwise(said, condition);
    if (!isNew && monotonicMs() - saidAtMs < nodeLimits.renewedMs) return;
    await reportNode(database, reporter(), condition);
    said = condition;
    saidAtMs = monotonicMs();
  }

  /** A database that is away when the node starts has been so since then, or since what an earlier process noted. */
  async function watchDatabase(): Promise<void> {
    away ??= await noted();
    await askWhereTasksFail();
    if (!databaseCircuit.isThere) {
      away ??= { since: new Date(), isNoted: false };
      if (away.isNoted || Date.now() - away.since.getTime() < outageToldFromMs) return;
      await writeOutageMemo(dataDir, port, away.since);
      away.isNoted = true;
      return;
    }
    if (away === null) return;
    if (away.isNoted) {
      await recordOutage(database, reporter().name, { since: away.since, until: new Date() });
      await removeOutageMemo(dataDir, port);
    }
    away = null;
  }

  /** Nobody may send leads for hours: then it is the tasks that run into a database that is away. */
  async function askWhereTasksFail(): Promise<void> {
    const isDoubtful = databaseCircuit.isThere && background.failing().length > 0;
    unanswered = isDoubtful && !(await databaseCircuit.ask()) ? unanswered + 1 : 0;
    if (unanswered >= unansweredMax) databaseCircuit.lost(new Error("tasks fail, and it finishes no commit"));
  }

  let hasReadMemo = false;
  async function noted(): Promise<typeof away> {
    if (hasReadMemo) return null;
    hasReadMemo = true;
    const since = await readOutageMemo(dataDir, port);
    return since === null ? null : { since, isNoted: true };
  }

  metrics.gauge(
    "leadledger_database_away_seconds",
    "For how long this node has been without the database; 0: it is there",
    () => (away === null || databaseCircuit.isThere ? 0 : (Date.now() - away.since.getTime()) / 1_000),
  );
  metrics.gauge(
    "leadledger_disk_free_bytes",
    "Room on the disk of the data folder, as it was looked at last; NaN: not yet",
    () => looked?.disks.find(({ place }) => place === "data")?.free_bytes ?? NaN,
  );
  metrics.gauge(
    "leadledger_disk_size_bytes",
    "Size of the disk of the data folder",
    () => looked?.disks.find(({ place }) => place === "data")?.total_bytes ?? NaN,
  );
  metrics.gauge(
    "leadledger_certificate_expires_timestamp_seconds",
    "When the TLS certificate of this node ends, in seconds since 1970; NaN: it has none",
    () => (deps.certificateExpiresAt()?.getTime() ?? NaN) / 1_000,
  );
  metrics.gauge(
    "leadledger_clock_offset_seconds",
    "The clock of this machine minus that of the database",
    () => (clock.machineOffsetMs ?? 0) / 1_000,
  );

  return {
    get condition() {
      return said;
    },
    start(listeningPort) {
      port = listeningPort;
      background.every("outage", intervals.outageMs, watchDatabase);
    },
    startReporting() {
      background.every("node_report", intervals.nodeReportMs, report);
    },
    async withdraw() {
      await withdrawNode(database, reporter());
    },
  };
}
