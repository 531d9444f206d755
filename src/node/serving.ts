// Answers HTTP on this node: leads, health, the API and the dashboard.
import { createContactLinks } from "../runtime/contact-links.ts";
import type { FastifyInstance } from "fastify";
import type { Accounts } from "../accounts/accounts.ts";
import { apiRoutes, identifyBy, limitedApiRoutes } from "../api.ts";
import type { ApiWiring } from "../api.ts";
import { readCurrentAlarms } from "../config/current-alarms.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Evaluator } from "../expressions/evaluator.ts";
import type { HealthTrouble } from "../domain/figures/health-trouble.ts";
import { sessionCookieOf } from "../http/api/accounts/session-cookie.ts";
import { trustProxies } from "../http/forwarded.ts";
import { createServer, renewCertificate } from "../http/server.ts";
import { readStockFigures } from "../ledger/figures/stock-figures.ts";
import { createFreshFigures } from "../runtime/fresh-figures.ts";
import type { HistoryWatch } from "../runtime/history-watch.ts";
import type { FollowedTlsFiles, TlsFiles } from "../runtime/tls-files.ts";
import { spoolFigures } from "../spool/spool.ts";
import type { NodeBase } from "./node-base.ts";
import type { TakingIn } from "./taking-in.ts";

export interface ServingDeps {
  readonly evaluator: Evaluator;
  readonly takingIn: TakingIn;
  readonly history: HistoryWatch;
  readonly accounts: Accounts;
  readonly configuration: Configuration | null;
  /** LEADLEDGER_ADMIN_KEY; null: not set. */
  readonly adminKey: string | null;
  /** null: plain HTTP. */
  readonly certificate: FollowedTlsFiles | null;
  /** When this node stops. */
  readonly stopping: AbortSignal;
}

/** Does not listen yet. */
export function openServer(base: NodeBase, deps: ServingDeps): FastifyInstance {
  const { installation, kinds, background, clock, log, metrics } = base;
  const { takingIn, accounts, configuration, certificate, stopping } = deps;
  const { recorder, sources } = takingIn;
  let liveStreams = 0;
  const wiring: ApiWiring = {
    installation,
    kinds,
    evaluator: deps.evaluator,
    accounts,
    recorder,
    sources,
    log,
    stopping,
    publicUrl: configuration?.publicUrl?.href ?? null,
    onLiveStreams: (more) => {
      liveStreams += more;
    },
    onOperation: () => background.wake("operations"),
    onDue: () => background.wake("poll"),
    // Whoever made a source here sends its first lead at once; the other nodes find it within two seconds.
    onConfiguration: () => background.wake("configuration"),
  };
  metrics.gauge(
    "leadledger_live_streams",
    "Streams of live events that are open on this node",
    () => liveStreams,
  );
  return createServer({
    intake: takingIn.intake,
    reach: {
      publicUrl: configuration?.publicUrl ?? null,
      isTrusted: trustProxies(configuration?.trustProxy ?? []),
    },
    ...(certificate === null ? {} : { tls: certificate.current }),
    log,
    api: {
      routes: apiRoutes(wiring),
      limitedRoutes: limitedApiRoutes(wiring),
      identify: identifyBy({
        database: base.database,
        adminKey: deps.adminKey,
        cookie: sessionCookieOf(installation.keys.fingerprint),
      }),
      documented: true,
      accounts,
      contactLinks: createContactLinks(installation.keys.subkey("contact-link")),
    },
    health: { ...healthOf(base, deps), now: () => new Date(clock.nowMs()) },
  });
}

/** A renewed certificate is served without a restart. */
export function followCertificate(
  { background, intervals, log }: NodeBase,
  server: FastifyInstance,
  certificate: FollowedTlsFiles,
): void {
  const renew = (found: TlsFiles): void => {
    renewCertificate(server, found);
    log("info", "certificate_renewed", { expires: found.expiresAt.toISOString() });
  };
  background.every("certificate", intervals.certificateMs, () => certificate.follow(renew));
}

function healthOf(base: NodeBase, { takingIn: { healthChecks }, history }: ServingDeps) {
  const { database, databaseCircuit, disk, background, metrics, monotonicMs, roles } = base;
  const store = disk?.store ?? null;
  const { installation, kinds } = base;
  const alarmDeps = { database, secretBox: installation.secretBox, kinds };
  const stock = createFreshFigures(
    async () => ({ ...(await readStockFigures(database)), alarms: await readCurrentAlarms(alarmDeps) }),
    monotonicMs,
  );
  metrics.gauge("leadledger_database_reachable", "Whether the database takes what is written: 1 or 0", () =>
    databaseCircuit.isThere ? 1 : 0,
  );
  return {
    recordHealthCheck: (at: string) => healthChecks.record(at),
    troubles: (): HealthTrouble[] => [
      ...(databaseCircuit.isThere && healthChecks.isAnswered ? [] : (["database"] as const)),
      ...(history.hasOpenSetback ? (["database_went_back"] as const) : []),
      ...(store === null || store.depth.records > 0 ? (["spool"] as const) : []),
      ...background.failing(),
    ],
    spool: () => (store === null ? null : spoolFigures(store.depth)),
    canAccept: async () =>
      roles.includes("intake") && (store?.hasRoom === true || (await databaseCircuit.ask())),
    metrics: async () => metrics.text(databaseCircuit.isThere ? await stock.read() : null),
  };
}
