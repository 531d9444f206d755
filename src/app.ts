// The composition root: the only place where all that runs in a node is wired together. Starts a node and stops it again.
import type { AddressInfo } from "node:net";
import { createAccounts } from "./accounts/accounts.ts";
import type { AlertTimings } from "./domain/alerts/alert-rules.ts";
import type { Configuration } from "./config/configuration.ts";
import { createEvaluator } from "./expressions/evaluator.ts";
import type { TimezoneMisfit } from "./config/judge-timezone.ts";
import type { Log } from "./domain/node/log.ts";
import { createLeadReadings } from "./kinds/sources/lead-readings.ts";
import { builtInKinds } from "./kinds/kinds.ts";
import type { Kinds } from "./kinds/kinds.ts";
import { errorText } from "./domain/node/log.ts";
import { hasAllRoles, nodeRoles } from "./domain/node/node-role.ts";
import type { NodeRole } from "./domain/node/node-role.ts";
import type { ClientFault } from "./ledger/configuration/client-fault.ts";
import type { ConfigurationChange, NamedPart } from "./ledger/configuration/configuration.ts";
import { openAlerting } from "./node/alerting.ts";
import { openCompleting } from "./node/completing.ts";
import { openConfiguration, startConfiguring } from "./node/configuring.ts";
import type { KnownNames } from "./node/configuring.ts";
import { openDelivery, startDelivering } from "./node/delivering.ts";
import { openDraining } from "./node/draining.ts";
import { startLeading, stopLeading } from "./node/leading.ts";
import { createReporting } from "./node/reporting.ts";
import { openNodeBase, seekDatabase } from "./node/node-base.ts";
import { followCertificate, openServer } from "./node/serving.ts";
import { openTakingIn, startTakingIn } from "./node/taking-in.ts";
import { openWatching } from "./node/watching.ts";
import { createContactLinks } from "./runtime/contact-links.ts";
import { followSurroundings } from "./node/surroundings.ts";
import { taskIntervals } from "./node/task-intervals.ts";
import type { TaskIntervals } from "./node/task-intervals.ts";
import { proxyRulesOf } from "./outgoing/proxy.ts";
import { createOperationRunner } from "./operations/runner.ts";
import { conflictReader } from "./api.ts";
import type { ConfigurationFile } from "./runtime/followed-file.ts";
import { createHistoryWatch } from "./runtime/history-watch.ts";
import type { FailureRateLimits } from "./domain/destinations/failure-rate.ts";
import type { Installation } from "./runtime/installation.ts";
import type { LeaderTasks } from "./runtime/leadership.ts";
import { followTlsFiles } from "./runtime/tls-files.ts";
import type { TlsPaths } from "./runtime/tls-files.ts";
import type { SpoolLimits } from "./spool/spool.ts";

export interface AppOptions {
  readonly installation: Installation;
  /** Of sources and destinations; absent: those that there are. */
  readonly kinds?: Kinds;
  /** What the file says; null: there is none, the database's configuration holds. */
  readonly configuration: Configuration | null;
  /** Where that came from; absent or null: nobody looks whether it is changed. */
  readonly configurationFile?: ConfigurationFile | null;
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Absent: all. */
  readonly roles?: readonly NodeRole[];
  readonly spoolLimits?: SpoolLimits;
  /** How long a node holds what it is sending, and leadership, without renewing it; absent: 12 s. */
  readonly leaseMs?: number;
  /** How often tasks run again; what is absent: as `taskIntervals` says. */
  readonly intervals?: Partial<TaskIntervals>;
  /** When a destination that fails is left alone as a whole; absent: `failureRateLimits`. */
  readonly failureRate?: FailureRateLimits;
  /** How long alarms stand before somebody is told; what is absent: as `alertTimings` says. */
  readonly alertTimings?: Partial<AlertTimings>;
  /** How long attempts that are under way may go on when the node stops; absent: 8 s. */
  readonly attemptsStopLimitMs?: number;
  /** LEADLEDGER_ADMIN_KEY; null: not set. */
  readonly adminKey?: string | null;
  /** Absent or null: plain HTTP. */
  readonly tls?: TlsPaths | null;
  /** Names the proxies that destinations are reached through; absent: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export interface App {
  readonly scheme: "http" | "https";
  /** null: plain HTTP. */
  readonly certificateExpiresAt: Date | null;
  readonly host: string;
  readonly port: number;
  readonly roles: readonly NodeRole[];
  /** What applying the file changed; nothing yet where the database is out of reach. */
  readonly changes: readonly ConfigurationChange[];
  /** What the file would have switched off although it lacks that whole section, so that nothing of it was applied. */
  readonly refusedRemovals: readonly ConfigurationChange[];
  /** Why the file was not applied; null: no lead of one client would have gone to another. */
  readonly clientFault: ClientFault | null;
  /** What the file says about these was passed over. */
  readonly takenOver: readonly NamedPart[];
  /** Why the file's time zone is no good; null: nothing to say. */
  readonly timezoneMisfit: TimezoneMisfit | null;
  readonly known: KnownNames;
  /**
   * Finishes what was accepted, hands back leases, and closes the installation; takes `stopLimitMs` at most. May be
   * called more than once.
   */
  stop(): Promise<void>;
}

/** For attempts under way when the process stops; then they are cut off. */
const defaultAttemptsStopLimitMs = 8_000;
/** For everything together. */
export const stopLimitMs = 20_000;
/** What waits in the spool when the process stops stays there; a little is brought home before. */
const drainStopLimitMs = 3_000;

export type { AppliedFile } from "./node/configuring.ts";
export { applyFile } from "./node/configuring.ts";

/** `loadConfiguration` asks this. */
export { rejectBodySchema } from "./intake/body-schema.ts";

export { probeDestination } from "./kinds/destinations/probe.ts";

export async function startApp(options: AppOptions): Promise<App> {
  const { installation, configuration, kinds = builtInKinds, roles = nodeRoles, tls = null } = options;
  const { database, dataDir, keys, node } = installation;
  const certificate = tls === null ? null : await followTlsFiles(tls);
  const base = await openNodeBase({
    installation,
    kinds,
    roles,
    spoolLimits: options.spoolLimits,
    leaseMs: options.leaseMs,
    intervals: { ...taskIntervals, ...options.intervals },
    log: options.log,
  });
  const { background, intervals, clock, databaseCircuit, disk, log, monotonicMs } = base;
  const stopping = new AbortController();

  const history = createHistoryWatch({ database, dataDir, node, log, fingerprint: keys.fingerprint });
  const readings = createLeadReadings(kinds.sources);
  const surroundings = followSurroundings(
    database,
    configuration?.publicUrl?.href ?? null,
    createContactLinks(keys.subkey("contact-link")),
  );
  const evaluator = createEvaluator();
  const delivery = await openDelivery(
    base,
    options.env ?? {},
    readings,
    surroundings.current,
    evaluator.evaluate,
    options.failureRate,
  );
  const takingIn = openTakingIn(base, {
    openIntake: configuration?.openIntake ?? false,
    reserve: (destination) => delivery.reserve(destination),
    onWritten: (runId) => history.acknowledged(runId),
  });
  const configuring = openConfiguration(base, configuration, {
    sources: takingIn.sources,
    readings,
    delivery,
  });
  const watching = await openWatching(base, {
    file: options.configurationFile ?? null,
    isFileRefused: () => configuring.isFileRefused,
    certificateExpiresAt: () => certificate?.current.expiresAt ?? null,
  });
  const completing = openCompleting(base, {
    sources: takingIn.sources,
    persons: takingIn.persons,
    revision: () => configuring.followed.revision,
    env: options.env ?? {},
    stopping: stopping.signal,
  });
  if (installation.copy === null) await configuring.meetDatabase();
  else configuring.followed.goBy(installation.copy);
  const accounts = createAccounts(database, monotonicMs, log);
  const operations = createOperationRunner({
    database,
    node,
    log,
    readConflict: conflictReader(installation, kinds, takingIn.sources),
  });
  const draining = openDraining(base);
  let leader: LeaderTasks | null = null;
  const server = openServer(base, {
    evaluator,
    takingIn,
    history,
    accounts,
    configuration,
    adminKey: options.adminKey ?? null,
    certificate,
    stopping: stopping.signal,
  });
  try {
    await server.listen({ host: options.host, port: options.port });
  } catch (error) {
    // Whoever tries another port must find the spool's folder free.
    await disk?.close();
    throw error;
  }
  if (certificate !== null) followCertificate(base, server, certificate);
  const { port } = server.server.address() as AddressInfo;
  watching.start(port);
  const ownAddress = { scheme: tls === null ? "http" : "https", host: options.host, port } as const;

  /** Everything that needs the database, from the first contact on. */
  const startTasks = (): void => {
    startConfiguring(base, configuring, surroundings);
    startDelivering(base, delivery, () => configuring.followed.revision);
    background.every("history", intervals.historyMs, () => history.look());
    background.every("clock", intervals.clockMs, () => clock.synchronise());
    completing.start();
    draining.start();
    watching.startReporting();
    startTakingIn(base, takingIn);
    background.every("refused_sign_ins", intervals.refusedSignInsMs, () => accounts.refusals.flush());
    if (!roles.includes("leader")) return;
    background.every("operations", intervals.uncalledMs, () => operations.run());
    leader = startLeading(
      base,
      openAlerting(base, {
        timings: options.alertTimings,
        publicUrl: configuration?.publicUrl?.href ?? null,
        env: options.env ?? {},
        stopping: stopping.signal,
      }),
      { ownAddress, env: options.env ?? {}, hasReported: () => watching.condition !== null },
      createReporting(base, {
        publicUrl: configuration?.publicUrl?.href ?? null,
        proxy: proxyRulesOf(options.env ?? {}),
        stopping: stopping.signal,
      }),
    );
  };
  if (installation.copy === null) startTasks();
  else {
    background.untilDone("first_contact", intervals.firstContactMs, async () => {
      await configuring.meetDatabase();
      startTasks();
    });
  }

  async function stop(): Promise<void> {
    log("info", "stopping");
    stopping.abort();
    await server.close();
    await takingIn.recorder.drained();
    draining.finishWithin(drainStopLimitMs);
    operations.stop();
    await delivery.stop(options.attemptsStopLimitMs ?? defaultAttemptsStopLimitMs);
    await evaluator.close();
    await background.stop();
    await completing.close();
    if (takingIn.quarantine.waiting > 0) await seekDatabase(base);
    await takingIn.deniedRequests.flush("all");
    await takingIn.quarantine.flush();
    if (databaseCircuit.isThere) {
      await draining.run();
      await takingIn.senderNotices.flush();
      await history.look();
      await accounts.refusals.flush();
      await watching.withdraw();
      if (leader !== null) await stopLeading(base, leader);
    }
    log("info", "stopped");
  }

  async function stopAndClose(): Promise<void> {
    try {
      await within(stopLimitMs, stop());
    } catch (error) {
      log("error", "stop_failed", { error: errorText(error) });
    }
    await evaluator.close();
    takingIn.quarantine.tellLost();
    const lost = {
      refused_sign_ins: accounts.refusals.waiting,
      sender_notices: takingIn.senderNotices.waiting,
    };
    if (lost.refused_sign_ins + lost.sender_notices > 0) log("warn", "counts_lost", lost);
    const waiting = disk?.store.depth.records ?? 0;
    if (waiting > 0) log("warn", "spool_waiting", { records: waiting });
    await disk?.close();
    await installation.close();
  }

  const { host } = options;
  log("info", "started", { host, port, ...(hasAllRoles(roles) ? {} : { roles: roles.join(",") }) });
  let stopped: Promise<void> | null = null;
  return {
    scheme: tls === null ? "http" : "https",
    host,
    port,
    roles,
    get changes() {
      return configuring.applied.kind === "applied" ? configuring.applied.changes : [];
    },
    get refusedRemovals() {
      return configuring.applied.kind === "refused" ? configuring.applied.removals : [];
    },
    get clientFault() {
      return configuring.applied.kind === "across_clients" ? configuring.applied.fault : null;
    },
    get takenOver() {
      return configuring.applied.kind === "applied" ? configuring.applied.takenOver : [];
    },
    get timezoneMisfit() {
      return configuring.applied.timezoneMisfit;
    },
    get certificateExpiresAt() {
      return certificate?.current.expiresAt ?? null;
    },
    get known() {
      return configuring.known;
    },
    stop: () => (stopped ??= stopAndClose()),
  };
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not stopped within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
