// The composition root: the only place where the parts are wired together. Starts a node and stops it again.
import type { AddressInfo } from "node:net";
import { createAccounts } from "./accounts/accounts.ts";
import { apiRoutes, identifyBy } from "./api.ts";
import type { Configuration } from "./config/configuration.ts";
import { fromStored, toStored } from "./config/stored-configuration.ts";
import { createHealthCheckRecorder } from "./intake/health-checks.ts";
import { createDelivery } from "./delivery/delivery.ts";
import { proxyRulesOf } from "./delivery/outgoing/proxy.ts";
import type { HealthTrouble, TaskName } from "./domain/figures/health-trouble.ts";
import type { Log, LogFields } from "./domain/node/log.ts";
import { errorText } from "./domain/node/log.ts";
import { hasAllRoles, nodeRoles } from "./domain/node/node-role.ts";
import type { NodeRole } from "./domain/node/node-role.ts";
import { sessionCookieOf } from "./http/api/accounts/session-cookie.ts";
import { trustProxies } from "./http/forwarded.ts";
import { createServer, renewCertificate } from "./http/server.ts";
import { createDeniedRequests } from "./intake/denied-requests.ts";
import { createContentHash } from "./intake/content-hash.ts";
import { createSenderNotices } from "./intake/sender-notices.ts";
import { createIntake } from "./intake/intake.ts";
import type { NoteRefused } from "./intake/intake.ts";
import { noIntake } from "./intake/no-intake.ts";
import { createPersonIndex } from "./intake/person-index.ts";
import { createQuarantine } from "./intake/quarantine.ts";
import { createRateLimiter } from "./domain/sources/rate-limiter.ts";
import { createLeadRecorder } from "./intake/record-lead.ts";
import { createSourceDirectory } from "./intake/source-directory.ts";
import { changeReportingTimezone } from "./config/change-timezone.ts";
import { judgeTimezone } from "./config/judge-timezone.ts";
import type { TimezoneMisfit } from "./config/judge-timezone.ts";
import { rollUpWaitingKpis } from "./ledger/figures/kpi-daily.ts";
import { applyConfiguration } from "./ledger/configuration/configuration.ts";
import type {
  AllowedRemovals,
  Applied,
  ConfigurationChange,
  NamedPart,
} from "./ledger/configuration/configuration.ts";
import type { Actor, Database } from "./ledger/connection/database.ts";
import { transaction } from "./ledger/connection/database.ts";
import { createDatabaseCircuit } from "./ledger/connection/database-circuit.ts";
import { createDatabaseClock } from "./ledger/connection/database-clock.ts";
import { rollUpDlqCauses } from "./ledger/attention/dlq-causes.ts";
import { tendCircuits } from "./ledger/delivery/circuits.ts";
import { findRemovedWithDeliveries, moveRemovedToDlq } from "./ledger/delivery/deliveries.ts";
import { createIntakeCommit } from "./ledger/intake/intake-commit.ts";
import type { LeaderGuard } from "./ledger/connection/leader.ts";
import { noteTimezoneManager } from "./ledger/settings/settings.ts";
import { releaseResumed } from "./ledger/delivery/held-deliveries.ts";
import { dropExpired } from "./ledger/attention/quarantine.ts";
import { readStockFigures } from "./ledger/figures/stock-figures.ts";
import type { DueWork } from "./ledger/delivery/waiting-work.ts";
import { findWaitingWork } from "./ledger/delivery/waiting-work.ts";
import { createOperationRunner } from "./operations/runner.ts";
import { createBackground } from "./runtime/background.ts";
import { createFollowedConfiguration } from "./runtime/followed-configuration.ts";
import type { Installation } from "./runtime/installation.ts";
import { startLeadership } from "./runtime/leadership.ts";
import type { LeaderTask, LeaderTasks } from "./runtime/leadership.ts";
import { createHistoryWatch } from "./runtime/history-watch.ts";
import { createFreshFigures } from "./runtime/fresh-figures.ts";
import { createMetrics } from "./runtime/metrics.ts";
import { followTlsFiles } from "./runtime/tls-files.ts";
import type { TlsFiles, TlsPaths } from "./runtime/tls-files.ts";
import { createDrain } from "./spool/drain.ts";
import { openStore } from "./spool/open-store.ts";
import { spoolFigures } from "./spool/spool.ts";
import type { SpoolLimits } from "./spool/spool.ts";

export interface AppOptions {
  readonly installation: Installation;
  /** What the file says; null: there is none, the database's configuration holds. */
  readonly configuration: Configuration | null;
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Absent: all. */
  readonly roles?: readonly NodeRole[];
  readonly spoolLimits?: SpoolLimits;
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
  /** What the file says about these was passed over. */
  readonly takenOver: readonly NamedPart[];
  /** Why the file's time zone is no good; null: nothing to say. */
  readonly timezoneMisfit: TimezoneMisfit | null;
  /** Names of the sources and destinations that it goes by. */
  readonly known: { readonly sources: readonly string[]; readonly destinations: readonly string[] };
  /**
   * Finishes what was accepted, hands back leases, and closes the installation; takes `stopLimitMs` at most. May be
   * called more than once.
   */
  stop(): Promise<void>;
}

/** For attempts under way when the process stops; then they are cut off. */
const attemptsStopLimitMs = 8_000;
/** For everything together. */
export const stopLimitMs = 20_000;

/** A dead node's work is taken over within this and one poll. */
const leaseMs = 12_000;
/** What becomes due is claimed when it is due; this is for what others make due, who were promised a second. */
const pollEveryMs = 750;
/** Lets what becomes due one after the other be claimed together. */
const nextPollMinMs = 50;
/** Polls find what is to be recovered as well; this is for when no destination has a free place. */
const recoverEveryMs = 3_000;
/** For tasks that a poll calls when there is something to do. */
const uncalledEveryMs = 10_000;
const copyEveryMs = 5_000;
const clockEveryMs = 10_000;
/** So much of what was confirmed is at most unknown to the data folder when database and node die together. */
const historyEveryMs = 2_000;
/** People were promised figures of the last two seconds. */
const rollUpEveryMs = 1_500;
/** Of differences that are read as well before they are rolled up. */
const causesEveryMs = 10_000;
/** What waited for a circuit to close is made due within it. */
const circuitsEveryMs = 2_000;
const deniedEveryMs = 10_000;
const noticesEveryMs = 2_000;
const quarantineEveryMs = 1_000;
const releaseEveryMs = 1_000;
const quarantineExpiryEveryMs = 60_000;
const sweepEveryMs = 10_000;
const firstContactEveryMs = 1_000;
const drainEveryMs = 500;
/** What waits in the spool when the process stops stays there; a little is brought home before. */
const drainStopLimitMs = 3_000;
const takeOverEveryMs = 10_000;
const certificateEveryMs = 5_000;

const spoolGauges = [
  ["records", "Leads, refused payloads and health checks that wait on disk for the database"],
  ["bytes", "What they take on disk"],
  ["oldest_seconds", "How long the oldest of them has been waiting"],
] as const;

/** `timezoneMisfit`: why the reporting time zone stayed what it was, or, where it is the file's, why it is no good. */
export type AppliedFile = Applied & { readonly timezoneMisfit: TimezoneMisfit | null };

/**
 * Applies the file's configuration as `actor`: all of it, or nothing where it would switch off what it must not. Only a
 * time zone that cannot be one stays away by itself: leads do not depend on it.
 */
export async function applyFile(
  { database, secretBox }: Installation,
  actor: Actor,
  configuration: Configuration,
  allowedRemovals: AllowedRemovals,
): Promise<AppliedFile> {
  const { timezone, missingSections } = configuration;
  const desired = { ...toStored(configuration, secretBox), missingSections };
  const applied = await applyConfiguration(database, actor, desired, allowedRemovals);
  if (applied.kind === "refused") return { ...applied, timezoneMisfit: null };
  const change = timezone === null ? null : await changeReportingTimezone(database, actor, timezone);
  await noteTimezoneManager(database, timezone === null ? "api" : "file");
  if (change?.kind === "unfit") return { ...applied, timezoneMisfit: change.misfit };
  const looksAbbreviated = timezone !== null && /^(?!UTC|GMT)[A-Z]{3,4}$/.test(timezone);
  return { ...applied, timezoneMisfit: looksAbbreviated ? await judgeTimezone(database, timezone) : null };
}

/** `loadConfiguration` asks this. */
export { rejectBodySchema } from "./intake/body-schema.ts";

export { probeDestination } from "./delivery/destinations/probe.ts";

export async function startApp(options: AppOptions): Promise<App> {
  const { installation, configuration, roles = nodeRoles, tls = null } = options;
  const certificate = tls === null ? null : await followTlsFiles(tls);
  const { database, node } = installation;
  const metrics = createMetrics();
  const log: Log = (level, event, fields) => {
    metrics.observe(event, fields ?? {});
    options.log(level, event, fields);
  };
  const monotonicMs = (): number => performance.now();
  const stock = createFreshFigures(() => readStockFigures(database), monotonicMs);
  const clock = createDatabaseClock(database, monotonicMs);
  const isOutage = installation.copy !== null;
  const contact = createDatabaseCircuit({
    ...{ database, isThere: !isOutage, log },
    onFound: () => background.retryFailing(),
  });
  const { dataDir, keys } = installation;
  const opened = await openStore({
    ...{ dataDir, key: keys.subkey("spool"), fingerprint: keys.fingerprint, log },
    ...(options.spoolLimits === undefined ? {} : { limits: options.spoolLimits }),
  });
  const store = opened?.store ?? null;

  const background = createBackground<TaskName>(log);
  const sources = createSourceDirectory(configuration?.openIntake ?? false, (source, fault) => {
    log("error", "schema_unusable", { source, code: fault.code });
  });
  const delivery = createDelivery({
    ...{ database, node, leaseMs, monotonicMs, log },
    random: Math.random,
    senders: { nowMs: () => clock.nowMs(), proxy: proxyRulesOf(options.env ?? {}) },
  });
  const history = createHistoryWatch({
    ...{ database, dataDir, node, log },
    fingerprint: keys.fingerprint,
  });
  const lease = { node, leaseMs };
  const intakeCommit = createIntakeCommit(database, lease);
  const recorder = createLeadRecorder({
    ...{ database, contact, newLeads: intakeCommit, spool: store, lease, monotonicMs, log },
    reserve: (destination) => delivery.reserve(destination),
    onWaiting: () => background.wake("poll"),
    onWritten: (runId) => history.acknowledged(runId),
  });
  const deniedRequests = createDeniedRequests(database, log, {
    isConfigured: sources.isConfigured,
    isThere: () => contact.isThere,
  });
  const onDenied: NoteRefused = (sourceName, code) => {
    deniedRequests.note(sourceName, code);
    const source = sourceName !== null && sources.isConfigured(sourceName) ? sourceName : null;
    log("debug", "request_denied", { source, code });
  };
  const senderNotices = createSenderNotices(database);
  const persons = createPersonIndex(keys.subkey("person-index"));
  const quarantine = createQuarantine({
    ...{ database, persons, log, box: installation.contentBox },
    rateLimiter: createRateLimiter(monotonicMs),
    isConfigured: sources.isConfigured,
    isThere: () => contact.isThere,
  });
  const intake = createIntake({
    ...{ sources, recorder, persons, quarantine },
    contentHash: createContentHash(keys.subkey("body-hash"), persons),
    rateLimiter: createRateLimiter(monotonicMs),
    nowMs: () => clock.nowMs(),
    onNotice: (sourceName, notice) => senderNotices.note(sourceName, notice),
    ...{ onDenied, log },
  });

  let known: App["known"] = { sources: [], destinations: [] };
  const followed = createFollowedConfiguration({
    ...{ database, dataDir, keys },
    use(revision, stored) {
      const parts = fromStored(stored, installation.secretBox);
      sources.replace(parts.sources, parts.destinations);
      // Without destinations delivery has no places, so it reserves, claims and sends nothing.
      if (roles.includes("delivery")) delivery.configure(parts.destinations);
      const names = (named: readonly { readonly name: string }[]): string[] => named.map(({ name }) => name);
      known = { sources: names(parts.sources), destinations: names(parts.destinations) };
      metrics.know(known);
      log("info", "configuration_loaded", {
        revision,
        sources: parts.sources.length,
        destinations: parts.destinations.length,
      });
    },
    onRead: () => background.wake("configuration_copy"),
  });
  let applied: AppliedFile = { kind: "applied", changes: [], takenOver: [], timezoneMisfit: null };
  const meetDatabase = async (): Promise<void> => {
    if (isOutage) await installation.prepare();
    await clock.synchronise();
    if (configuration !== null)
      applied = await applyFile(installation, "system", configuration, "of_written_sections");
    if (applied.kind === "refused") log("error", "configuration_refused", namesOf(applied.removals));
    if (applied.timezoneMisfit !== null) {
      const { found, suggestion } = applied.timezoneMisfit.params;
      log("warn", "timezone_unfit", { timezone: found, suggestion });
    }
    await followed.follow();
  };
  if (installation.copy === null) await meetDatabase();
  else followed.goBy(installation.copy);

  const accounts = createAccounts(database, monotonicMs, log);
  const stopping = new AbortController();
  let liveStreams = 0;
  const healthChecks = createHealthCheckRecorder({
    ...{ contact, log },
    write: (at) => intakeCommit.recordHealthCheck(at),
    keep: (at) => store?.keepHealthCheck(at) ?? Promise.resolve(false),
  });
  const server = createServer({
    intake: roles.includes("intake") ? intake : noIntake(onDenied),
    reach: {
      publicUrl: configuration?.publicUrl ?? null,
      isTrusted: trustProxies(configuration?.trustProxy ?? []),
    },
    ...(certificate === null ? {} : { tls: certificate.current }),
    log,
    api: {
      routes: apiRoutes({
        ...{ installation, accounts, recorder, sources, log, stopping: stopping.signal },
        onLiveStreams: (open) => {
          liveStreams = open;
        },
        onOperation: () => background.wake("operations"),
        onDue: () => background.wake("poll"),
        // Whoever made a source here sends its first lead at once; the other nodes find it within two seconds.
        onConfiguration: () => background.wake("configuration"),
      }),
      identify: identifyBy({
        ...{ database, adminKey: options.adminKey ?? null },
        cookie: sessionCookieOf(keys.fingerprint),
      }),
      documented: true,
      accounts,
    },
    health: {
      recordHealthCheck: (at) => healthChecks.record(at),
      troubles: (): HealthTrouble[] => [
        ...(contact.isThere && healthChecks.isAnswered ? [] : (["database"] as const)),
        ...(history.hasOpenSetback ? (["database_went_back"] as const) : []),
        ...(store === null || store.depth.records > 0 ? (["spool"] as const) : []),
        ...background.failing(),
      ],
      spool: () => (store === null ? null : spoolFigures(store.depth)),
      canAccept: async () => roles.includes("intake") && (store?.hasRoom === true || (await contact.ask())),
      metrics: async () => metrics.text(contact.isThere ? await stock.read() : null),
      now: () => new Date(clock.nowMs()),
    },
  });
  metrics.gauge(
    "leadledger_intake_queue_leads",
    "Leads, and health checks among them, that wait for the database",
    () => recorder.queueLength,
  );
  metrics.gauge(
    "leadledger_live_streams",
    "Streams of live events that are open on this node",
    () => liveStreams,
  );
  metrics.gauge("leadledger_database_reachable", "Whether the database takes what is written: 1 or 0", () =>
    contact.isThere ? 1 : 0,
  );
  for (const [name, help] of spoolGauges) {
    metrics.gauge(`leadledger_spool_${name}`, help, () =>
      store === null ? 0 : spoolFigures(store.depth)[name],
    );
  }
  try {
    await server.listen({ host: options.host, port: options.port });
  } catch (error) {
    // Whoever tries another port must find the spool's folder free.
    await opened?.close();
    throw error;
  }

  if (certificate !== null) {
    const renew = (found: TlsFiles): void => {
      renewCertificate(server, found);
      log("info", "certificate_renewed", { expires: found.expiresAt.toISOString() });
    };
    background.every("certificate", certificateEveryMs, () => certificate.follow(renew));
  }

  const drain =
    store === null
      ? null
      : createDrain({
          ...{ database, store, contact, log, lease: { node, leaseMs } },
          onWaiting: () => background.wake("poll"),
        });
  let leader: LeaderTasks | null = null;
  const operations = createOperationRunner({ database, node, log });
  const rollUp: LeaderTask = (guard) => rollUpWaitingKpis(database, guard);

  /** What the drain does otherwise: a database that was lost is found again. */
  const seekDatabase = async (): Promise<void> => {
    if (!contact.isThere && (await contact.ask())) contact.found();
  };

  let due: readonly DueWork[] = [];
  /** What others left to this node, or ordered or changed. It calls the tasks for that and waits for none of them. */
  const poll = async (): Promise<number | null> => {
    const askedAtMs = monotonicMs();
    const work = await findWaitingWork(database, delivery.ready(), pollEveryMs);
    const probeInMs = delivery.follow(work, askedAtMs);
    due = work.due;
    if (work.configurationRevision !== followed.revision) background.wake("configuration");
    if (work.operations) background.wake("operations");
    if (due.length > 0) background.wake("claim");
    const soon = [work.nextDueInMs ?? Infinity, (probeInMs ?? 0) > 0 ? (probeInMs ?? 0) : Infinity];
    const nextInMs = Math.min(...soon);
    return nextInMs === Infinity ? null : Math.max(nextInMs, nextPollMinMs);
  };
  const claim = (): Promise<void> => {
    const found = due;
    due = [];
    return delivery.claim(found);
  };

  background.every("denied_requests", deniedEveryMs, () => deniedRequests.flush());
  /** Everything that needs the database, from the first contact on. */
  const startTasks = (): void => {
    background.every("configuration", uncalledEveryMs, () => followed.follow());
    background.every("configuration_copy", copyEveryMs, () => followed.copy());
    background.every("poll", pollEveryMs, poll);
    background.every("history", historyEveryMs, () => history.look());
    background.every("clock", clockEveryMs, () => clock.synchronise());
    background.every("spool", drainEveryMs, () => drain?.run() ?? seekDatabase());
    if (opened !== null) background.every("spool_take_over", takeOverEveryMs, () => opened.takeOver());
    if (roles.includes("delivery")) {
      background.every("leases", leaseMs / 4, () => delivery.renewLeases());
      background.every("claim", uncalledEveryMs, claim);
      background.every("recover", recoverEveryMs, () => delivery.recover());
    }
    background.every("sender_notices", noticesEveryMs, () => senderNotices.flush());
    background.every("quarantine", quarantineEveryMs, () => quarantine.flush());
    background.every("refused_sign_ins", deniedEveryMs, () => accounts.refusals.flush());
    if (roles.includes("leader")) {
      leader = startLeadership(background, { database, node, leaseMs, monotonicMs, log });
      background.every("operations", uncalledEveryMs, () => operations.run());
      leader.every("kpi_roll_up", rollUpEveryMs, rollUp);
      leader.every("circuits", circuitsEveryMs, (guard) => tendCircuits(database, guard));
      leader.every("dlq_causes", causesEveryMs, (guard) => rollUpDlqCauses(database, guard));
      leader.every("held_deliveries", releaseEveryMs, async (guard) => {
        if ((await releaseResumed(database, guard)) > 0) background.wake("poll");
      });
      leader.every("quarantine_expiry", quarantineExpiryEveryMs, (guard) => dropExpired(database, guard));
      leader.every("removed_destinations", sweepEveryMs, (guard) =>
        sweepRemovedDestinations(database, guard),
      );
    }
  };
  if (isOutage) {
    background.untilDone("first_contact", firstContactEveryMs, async () => {
      await meetDatabase();
      startTasks();
    });
  } else startTasks();

  async function stop(): Promise<void> {
    log("info", "stopping");
    stopping.abort();
    await server.close();
    await recorder.drained();
    drain?.finishWithin(drainStopLimitMs);
    operations.stop();
    await delivery.stop(attemptsStopLimitMs);
    await background.stop();
    if (quarantine.waiting > 0) await seekDatabase();
    await deniedRequests.flush();
    await quarantine.flush();
    if (contact.isThere) {
      await drain?.run();
      await senderNotices.flush();
      await history.look();
      await accounts.refusals.flush();
      await leader?.ifLeading(rollUp);
      await leader?.resign();
    }
    log("info", "stopped");
  }

  async function stopAndClose(): Promise<void> {
    try {
      await within(stopLimitMs, stop());
    } catch (error) {
      log("error", "stop_failed", { error: errorText(error) });
    }
    quarantine.tellLost();
    const waiting = store?.depth.records ?? 0;
    if (waiting > 0) log("warn", "spool_waiting", { records: waiting });
    await opened?.close();
    await installation.close();
  }

  const { port } = server.server.address() as AddressInfo;
  log("info", "started", {
    host: options.host,
    port,
    ...(hasAllRoles(roles) ? {} : { roles: roles.join(",") }),
  });
  let stopped: Promise<void> | null = null;
  return {
    ...{ scheme: tls === null ? "http" : "https", host: options.host, port, roles },
    get changes() {
      return applied.kind === "applied" ? applied.changes : [];
    },
    get refusedRemovals() {
      return applied.kind === "refused" ? applied.removals : [];
    },
    get takenOver() {
      return applied.kind === "applied" ? applied.takenOver : [];
    },
    get timezoneMisfit() {
      return applied.timezoneMisfit;
    },
    get certificateExpiresAt() {
      return certificate?.current.expiresAt ?? null;
    },
    get known() {
      return known;
    },
    stop: () => (stopped ??= stopAndClose()),
  };
}

function namesOf(changes: readonly ConfigurationChange[]): LogFields {
  const of = (wanted: ConfigurationChange["part"]): string =>
    changes.flatMap(({ part, name }) => (part === wanted ? [name] : [])).join(", ");
  return { sources: of("source"), destinations: of("destination") };
}

/** A node that had not heard of the removal yet may have accepted leads for it. */
async function sweepRemovedDestinations(database: Database, guard: LeaderGuard): Promise<void> {
  for (const destination of await findRemovedWithDeliveries(database)) {
    await transaction(database, "system", async (client) => {
      await guard(client);
      await moveRemovedToDlq(client, destination);
    });
  }
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
