// The composition root of the API: which routes there are, what each of them works with, and how callers are told apart.
// The server of a node serves it over HTTP; the command line calls the very same routes in its own process.
import { randomBytes } from "node:crypto";
import Fastify from "fastify";
import type { FastifyError, LightMyRequestResponse } from "fastify";
import { createAccounts } from "./accounts/accounts.ts";
import type { Accounts } from "./accounts/accounts.ts";
import { sessionIdleLimitMs } from "./accounts/sign-in.ts";
import { isApiKey, isToken, tokenHash } from "./accounts/token.ts";
import { alertMailer } from "./alerts/alert-mail.ts";
import { createEvaluator } from "./expressions/evaluator.ts";
import type { Evaluator } from "./expressions/evaluator.ts";
import { previewRequest } from "./kinds/destinations/preview.ts";
import { remoteFields } from "./kinds/destinations/remote-fields.ts";
import { probeDestination } from "./kinds/destinations/probe.ts";
import { checkSource } from "./kinds/sources/check-source.ts";
import { builtInKinds } from "./kinds/kinds.ts";
import type { Kinds } from "./kinds/kinds.ts";
import { errorText } from "./domain/node/log.ts";
import type { Log } from "./domain/node/log.ts";
import { adminKeyPrincipal, bearerToken, isAdminKey } from "./http/api/accounts/admin-key.ts";
import type { Route } from "./http/api/frame/route.ts";
import type { CallsOf } from "./http/api/frame/call-types.ts";
import { alertsRoutes } from "./http/api/alerts/alerts-routes.ts";
import { recipientsRoutes } from "./http/api/alerts/recipients-routes.ts";
import { apiKeyRoutes } from "./http/api/accounts/api-key-routes.ts";
import { deliveriesRoutes } from "./http/api/leads/deliveries-routes.ts";
import { remoteFieldsRoutes } from "./http/api/sources-and-destinations/remote-fields-routes.ts";
import { destinationPreviewRoutes } from "./http/api/sources-and-destinations/destination-preview-routes.ts";
import { newClientRoutes } from "./http/api/sources-and-destinations/new-client-routes.ts";
import { destinationsRoutes } from "./http/api/sources-and-destinations/destinations-routes.ts";
import { conflictRoutes } from "./http/api/attention/conflict-routes.ts";
import { dlqActionRoutes } from "./http/api/attention/dlq-action-routes.ts";
import { dryRunRoutes } from "./http/api/attention/dry-run-routes.ts";
import { operationRoutes } from "./http/api/attention/operation-routes.ts";
import { auditRoutes } from "./http/api/log/audit-routes.ts";
import { dlqRoutes } from "./http/api/attention/dlq-routes.ts";
import { hourlyRoutes } from "./http/api/figures/hourly-routes.ts";
import { kpiRoutes } from "./http/api/figures/kpi-routes.ts";
import { reportRoutes } from "./http/api/figures/report-routes.ts";
import { overviewRoutes } from "./http/api/figures/overview-routes.ts";
import { activityRoutes } from "./http/api/figures/activity-routes.ts";
import type { Identified, Identify } from "./http/api/frame/principal.ts";
import { fromStored } from "./config/stored-configuration.ts";
import { createExports } from "./exchange/exports.ts";
import type { Exports } from "./exchange/exports.ts";
import { errorCodeRoutes } from "./http/api/frame/error-code-routes.ts";
import { exportsRoutes } from "./http/api/import-export/exports-routes.ts";
import { importsRoutes } from "./http/api/import-export/imports-routes.ts";
import { clientsRoutes } from "./http/api/sources-and-destinations/clients-routes.ts";
import { formsRoutes } from "./http/api/sources-and-destinations/forms-routes.ts";
import { quarantineRoutes } from "./http/api/attention/quarantine-routes.ts";
import { registerApi } from "./http/api/register.ts";
import { heldRoutes } from "./http/api/leads/held-routes.ts";
import { repeatRoutes } from "./http/api/leads/repeat-routes.ts";
import { completionRoutes } from "./http/api/leads/completion-routes.ts";
import { contactRoutes } from "./http/api/leads/contact-routes.ts";
import { replayRoutes } from "./http/api/leads/replay-routes.ts";
import { liveRoutes } from "./http/api/log/live-routes.ts";
import { createLiveFeed } from "./http/live/live-feed.ts";
import type { LiveFeed } from "./http/live/live-feed.ts";
import { runRoutes } from "./http/api/leads/run-routes.ts";
import { mapPreviewRoutes } from "./http/api/sources-and-destinations/map-preview-routes.ts";
import { rhythmRoutes } from "./http/api/sources-and-destinations/rhythm-routes.ts";
import { samplesRoutes } from "./http/api/sources-and-destinations/samples-routes.ts";
import type { SessionCookie } from "./http/api/accounts/session-cookie.ts";
import { sessionCookieOf } from "./http/api/accounts/session-cookie.ts";
import { sessionRoutes } from "./http/api/accounts/session-routes.ts";
import { deadMansSwitchRoutes } from "./http/api/settings/dead-mans-switch-routes.ts";
import { mailRoutes } from "./http/api/settings/mail-routes.ts";
import { slaRoutes } from "./http/api/sla/sla-routes.ts";
import { settingsRoutes } from "./http/api/settings/settings-routes.ts";
import { sourcesRoutes } from "./http/api/sources-and-destinations/sources-routes.ts";
import { setbackRoutes } from "./http/api/log/setback-routes.ts";
import { systemRoutes } from "./http/api/figures/system-routes.ts";
import { accountMailRoutes } from "./http/api/accounts/account-mail-routes.ts";
import { userRoutes } from "./http/api/accounts/user-routes.ts";
import { rejectBodySchema } from "./intake/body-schema.ts";
import { createPersonIndex } from "./intake/person-index.ts";
import type { LeadRecorder } from "./intake/record-lead.ts";
import { findSourceIn } from "./intake/find-source.ts";
import { createConflictReader } from "./intake/read-conflict.ts";
import type { ReadConflict } from "./ledger/attention/conflict-entries.ts";
import { createContentHash } from "./intake/content-hash.ts";
import { createImport } from "./intake/import-rows.ts";
import { createRelease } from "./intake/release-quarantined.ts";
import type { KnownSource, SourceDirectory } from "./intake/source-directory.ts";
import { readingOf } from "./kinds/sources/lead-readings.ts";
import { createTestLeads } from "./intake/test-lead.ts";
import { readConfiguration } from "./ledger/configuration/configuration.ts";
import { useApiKey } from "./ledger/accounts/api-keys.ts";
import type { Actor, Database, Queryable } from "./ledger/connection/database.ts";
import { limitedDatabase } from "./ledger/connection/database.ts";
import { listKpiDays } from "./ledger/figures/kpi-daily.ts";
import { eventsAfter, eventsWithIds, latestEventId, missingIds } from "./ledger/log/live-events.ts";
import { readTimezone } from "./ledger/settings/settings.ts";
import { useSession } from "./ledger/accounts/sessions.ts";
import { readMailAccount, sendMail } from "./mail/send-mail.ts";
import type { MailDeps } from "./mail/send-mail.ts";
import { proxyRulesOf } from "./outgoing/proxy.ts";
import type { Installation } from "./runtime/installation.ts";
import { packageVersion } from "./runtime/package-version.ts";

export interface ApiWiring {
  readonly installation: Installation;
  /** Where `installation` is what a limited caller sees: all of it, for what tells nothing to anybody. */
  readonly whole?: Database;
  /** Those under way; absent: of these calls alone. */
  readonly exports?: Exports;
  /** Of sources and destinations; absent: those that there are. */
  readonly kinds?: Kinds;
  /** Of destinations' expressions; absent: one of one's own, which starts when it is asked for something. */
  readonly evaluator?: Evaluator;
  /** Absent: attempts to sign in are remembered by nobody else, and their refusals are not audited. */
  readonly accounts?: Accounts;
  /** Of a node; absent: test leads go into the ledger from here, and whichever node runs delivers them. */
  readonly recorder?: LeadRecorder;
  readonly log?: Log;
  /** Of a node, for what stands in no configuration (open intake). */
  readonly sources?: SourceDirectory;
  /** `public_url`; absent, null: it is not set. */
  readonly publicUrl?: string | null;
  /** An operation has something to do; absent: whoever does operations finds it by itself. */
  readonly onOperation?: () => void;
  /** A delivery is due. */
  readonly onDue?: () => void;
  /** Sources or destinations have changed. */
  readonly onConfiguration?: () => void;
  /** So many more streams of live events are open now, or fewer. */
  readonly onLiveStreams?: (more: 1 | -1) => void;
  /** Ends what answers without an end of its own, and long ones: streams. Absent: nothing stops before the process does. */
  readonly stopping?: AbortSignal;
}

/** Of what is configured at this moment; `sources`: of a node, for what stands in no configuration. */
export function createFindSource(
  { database, secretBox }: Pick<Installation, "database" | "secretBox">,
  kinds: Kinds,
  sources?: SourceDirectory,
): (name: string) => Promise<KnownSource | null> {
  return async (name) =>
    findSourceIn(fromStored(await readConfiguration(database), secretBox, kinds), name, kinds.sources) ??
    sources?.find(name) ??
    null;
}

/** For whoever does operations. */
export function conflictReader(
  installation: Installation,
  kinds: Kinds,
  sources?: SourceDirectory,
): ReadConflict {
  const persons = createPersonIndex(installation.keys.subkey("person-index"));
  return createConflictReader({ persons, findSource: createFindSource(installation, kinds, sources) });
}

/** How many sets of clients are remembered: whoever comes again need not wait until their routes are made. */
const limitedRoutesMax = 50;

/** The calls as they are for who is limited to some clients: made with the database as they see it, and nothing else. */
export function limitedApiRoutes(wiring: ApiWiring): (clients: readonly string[]) => readonly Route[] {
  const made = new Map<string, readonly Route[]>();
  const exports = wiring.exports ?? createExports({ stopping: wiring.stopping ?? neverStopping });
  return (clients) => {
    const name = JSON.stringify(clients);
    const known = made.get(name);
    made.delete(name);
    const routes = known ?? apiRoutes({ ...limitedWiring(wiring, clients), exports });
    made.set(name, routes);
    const [oldest] = made.keys();
    if (made.size > limitedRoutesMax && oldest !== undefined) made.delete(oldest);
    return routes;
  };
}

function limitedWiring(
  { installation, sources: _open, accounts = ownAccounts(installation), ...wiring }: ApiWiring,
  clients: readonly string[],
): ApiWiring {
  const database = limitedDatabase(installation.database, clients);
  return {
    ...wiring,
    installation: { ...installation, database },
    accounts: { ...accounts, database },
    whole: installation.database,
  };
}

/** All calls of the API. */
export function apiRoutes({
  installation,
  kinds = builtInKinds,
  evaluator = createEvaluator(),
  accounts = ownAccounts(installation),
  recorder,
  sources,
  log = () => undefined,
  onOperation = () => undefined,
  onDue = () => undefined,
  onConfiguration = () => undefined,
  publicUrl = null,
  onLiveStreams = () => undefined,
  stopping = neverStopping,
  exports = createExports({ stopping }),
  whole = installation.database,
}: ApiWiring) {
  const { database, secretBox, contentBox, keys, node } = installation;
  const managing = {
    database,
    secretBox,
    random: randomBytes,
    rejectBodySchema,
    rejectExpression: evaluator.reject,
    onChange: onConfiguration,
  };
  const mailDeps: MailDeps = {
    database: whole,
    secretBox,
    publicUrl,
    nowMs: Date.now,
    proxy: proxyRulesOf(process.env),
  };
  const persons = createPersonIndex(keys.subkey("person-index"));
  const sendTest = createTestLeads({
    database,
    persons,
    readingOf: (source) => readingOf(source, kinds.sources),
    recorder: recorder ?? null,
    node,
    log,
  });
  const findSource = createFindSource(installation, kinds, sources);
  const preview = previewRequest(
    kinds.destinations,
    async () => ({ publicUrl, timezone: await readTimezone(database) }),
    evaluator.evaluate,
  );
  return [
    ...systemRoutes({ database, version: packageVersion() }),
    ...setbackRoutes({ database }),
    ...errorCodeRoutes(),
    ...exportsRoutes({ database, exports, persons }),
    ...importsRoutes({ findSource, importRows: createImport({ database, persons, node, onWaiting: onDue }) }),
    ...sessionRoutes(accounts, sessionCookieOf(keys.fingerprint)),
    ...userRoutes(accounts),
    ...accountMailRoutes(accounts, {
      whole,
      publicUrl,
      log,
      now: () => new Date(),
      send: (message) => sendMail(message, mailDeps),
      hasMailAccount: async () => (await readMailAccount(mailDeps)) !== null,
    }),
    ...apiKeyRoutes(accounts),
    ...sourcesRoutes({
      kinds,
      managing,
      sendTest,
      check: (source) => checkSource(kinds.sources, source),
    }),
    ...rhythmRoutes({ database }),
    ...samplesRoutes({ database, secretBox, kinds }),
    ...mapPreviewRoutes({ database, secretBox, kinds }),
    ...destinationsRoutes({
      kinds,
      managing,
      sendTest,
      onDue,
      probe: (destination) => probeDestination(kinds.destinations, destination),
    }),
    ...destinationPreviewRoutes({
      database,
      secretBox,
      kinds,
      preview,
      rejectExpression: evaluator.reject,
    }),
    ...remoteFieldsRoutes({ database, secretBox, kinds, remoteFields: remoteFields(kinds.destinations) }),
    ...newClientRoutes({ kinds, managing }),
    ...deliveriesRoutes({ database, onSwitch: onDue }),
    ...formsRoutes({ kinds }),
    ...clientsRoutes({ database }),
    ...settingsRoutes({ database }),
    ...deadMansSwitchRoutes({ database, secretBox, kinds }),
    ...reportRoutes({
      database,
      secretBox,
      kinds,
      publicUrl,
      now: () => new Date(),
      send: (message) => sendMail(message, mailDeps),
      hasMailAccount: async () => (await readMailAccount(mailDeps)) !== null,
    }),
    ...mailRoutes({
      database,
      secretBox,
      kinds,
      now: () => new Date(),
      send: (message) => sendMail(message, mailDeps),
    }),
    ...alertsRoutes({ database, kinds, whole }),
    ...recipientsRoutes({
      database,
      whole,
      secretBox,
      kinds,
      publicUrl,
      confirmationKey: keys.subkey("alert-confirmation"),
      mail: alertMailer(mailDeps),
    }),
    ...dlqActionRoutes({ database, secretBox, kinds, persons }),
    ...conflictRoutes({ database, readConflict: createConflictReader({ persons, findSource }), onDue }),
    ...dryRunRoutes({
      database,
      secretBox,
      kinds,
      persons,
      preview,
    }),
    ...replayRoutes({ database, onDue }),
    ...contactRoutes({ database }),
    ...completionRoutes({ database, onDue }),
    ...repeatRoutes({ database, persons, findSource, onDue }),
    ...heldRoutes({ database, onDue }),
    ...operationRoutes({ database, persons, onOperation }),
    ...runRoutes({ database, persons, kinds, log }),
    ...dlqRoutes({ database, persons }),
    ...quarantineRoutes({
      database,
      persons,
      box: contentBox,
      findSource,
      release: createRelease({
        database,
        persons,
        node,
        findSource,
        box: contentBox,
        onWaiting: onDue,
        contentHash: createContentHash(keys.subkey("body-hash"), persons),
      }),
    }),
    ...auditRoutes({ database }),
    ...kpiRoutes({ database }),
    ...slaRoutes({ database, kinds }),
    ...hourlyRoutes({ database }),
    ...overviewRoutes({ database, secretBox, kinds }),
    ...activityRoutes({ database }),
    ...liveRoutes({ feed: liveFeed({ database, whole, log, stopping, onLiveStreams }) }),
  ];
}

/** What can be called, by name (`GET /runs/:run_id`); clients take their types from it. */
export type ApiCalls = CallsOf<ReturnType<typeof apiRoutes>[number]>;

function ownAccounts({ database }: Installation): Accounts {
  return createAccounts(
    database,
    () => performance.now(),
    () => undefined,
  );
}

interface LiveFeedWiring extends Required<Pick<ApiWiring, "whole" | "log" | "stopping" | "onLiveStreams">> {
  readonly database: Database;
}

/** Which ids no event has yet is asked of the whole log: those that are somebody else's never come. */
function liveFeed({ database, whole, log, stopping, onLiveStreams }: LiveFeedWiring): LiveFeed {
  return createLiveFeed({
    events: {
      after: (id, limit) => eventsAfter(database, id, limit),
      withIds: (ids) => eventsWithIds(database, ids),
      latestId: () => latestEventId(database),
      missing: (after, until) => missingIds(whole, after, until),
    },
    today: async () => (await listKpiDays(database, 1))[0] ?? null,
    nowMs: () => performance.now(),
    onFailure: (error) => {
      log("warn", "live_events_failed", { error: errorText(error) });
    },
    stopping,
    onCount: onLiveStreams,
  });
}

const neverStopping = new AbortController().signal;

export interface IdentifyDeps {
  readonly database: Queryable;
  /** LEADLEDGER_ADMIN_KEY; null: not set. */
  readonly adminKey: string | null;
  readonly cookie: SessionCookie;
}

/**
 * Who calls over HTTP. Keys and sessions are looked up for every call: what an admin changes about them holds at once, on
 * every node.
 */
export function identifyBy({ database, adminKey, cookie }: IdentifyDeps): Identify {
  return async (request) => {
    const key = bearerToken(request.headers.authorization);
    if (key === null) return identifySession(database, cookie.tokenOf(request));
    if (isAdminKey(key, adminKey)) return adminKeyPrincipal;
    const owner = isApiKey(key) ? await useApiKey(database, tokenHash(key)) : null;
    if (owner === null) return { kind: "refused", code: "unauthenticated" };
    const actor = `key:${owner.keyId}` as const;
    return {
      kind: "known",
      principal: { actor, role: owner.role, clients: owner.clients, by: "key", userId: null },
    };
  };
}

/** A session that has ended is none: a cookie may outlive it, and must not keep anybody from signing in again. */
async function identifySession(database: Queryable, token: string | null): Promise<Identified> {
  const owner =
    token !== null && isToken(token)
      ? await useSession(database, tokenHash(token), sessionIdleLimitMs)
      : null;
  if (owner === null) return { kind: "nobody" };
  const { userId, role, clients } = owner;
  return { kind: "known", principal: { actor: `user:${userId}`, role, clients, by: "session", userId } };
}

export interface LocalApi {
  readonly inject: (request: LocalRequest) => Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface LocalRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
  readonly payloadAsStream?: boolean;
}

const failureHeader = "x-failure";

/**
 * The API without a network: whoever has the database's password may do everything, as `actor`. What nobody expected
 * (the database's errors, too) is thrown, as it would be without an API in between.
 */
export async function openLocalApi(given: ApiWiring, actor: Actor): Promise<LocalApi> {
  const { evaluator = createEvaluator() } = given;
  const wiring = { ...given, evaluator };
  const server = Fastify({ logger: false });
  const failures: unknown[] = [];
  server.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    return reply
      .code(500)
      .header(failureHeader, failures.push(error) - 1)
      .send();
  });
  registerApi(server, {
    routes: apiRoutes(wiring),
    limitedRoutes: limitedApiRoutes(wiring),
    documented: false,
    identify: () =>
      Promise.resolve({
        kind: "known",
        principal: { actor, role: "admin", clients: null, by: "local", userId: null },
      }),
  });
  await server.ready();
  return {
    async inject({ headers, ...request }) {
      const response = await server.inject({
        ...request,
        ...(headers === undefined ? {} : { headers: { ...headers } }),
      });
      const failure = response.headers[failureHeader];
      if (failure !== undefined) throw failures[Number(failure)];
      return response;
    },
    async close() {
      await server.close();
      await evaluator.close();
    },
  };
}
