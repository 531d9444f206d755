// The HTTP server: route table, limits, and errors in one shape.
import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerOptions } from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import Fastify from "fastify";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { CommitInDoubtError } from "../ledger/connection/commit-in-doubt.ts";
import { LockHeldError } from "../ledger/connection/held-lock.ts";
import { databaseTrouble, holdsNul, isDatabaseAway } from "../ledger/connection/postgres-error.ts";
import type { Intake } from "../intake/intake.ts";
import { registerApi } from "./api/register.ts";
import type { ApiDeps } from "./api/register.ts";
import { limitConnections } from "./connection-limit.ts";
import { dashboardSections, serveDashboard } from "./dashboard.ts";
import { codeOfUnreadable, endConnection } from "./end-connection.ts";
import { createExchanges } from "./exchanges.ts";
import { healthRoutes, takePlainHealthCheck } from "./health-routes.ts";
import type { HealthDeps } from "./health-routes.ts";
import { defaultHttpLimits } from "./http-limits.ts";
import type { HttpLimits } from "./http-limits.ts";
import { createLeadRequests } from "./lead-requests.ts";
import { createBodyReader } from "./request-body.ts";
import { directReach, withoutBasePath } from "./reach.ts";
import type { Reach } from "./reach.ts";
import { serveHttp2 } from "./http2.ts";
import type { Http2Connections } from "./http2.ts";
import { rejectFraming } from "./request-framing.ts";
import { sendProblem, writeProblem } from "./send-problem.ts";
import type { ContactLinks } from "../runtime/contact-links.ts";
import { contactPages } from "./contact-page.ts";
import { setupPages } from "./setup-page.ts";
import {
  beginningOf,
  isWebhook,
  noteUnread as noteUnreadLead,
  takePlainLead,
  webhookRoutes,
} from "./webhook-routes.ts";
import type { UnreadRequest } from "./webhook-routes.ts";

export interface HttpDeps {
  readonly intake: Intake;
  readonly health: HealthDeps;
  /** Absent: leads and health checks alone. */
  readonly api?: ApiDeps & { readonly accounts: Accounts; readonly contactLinks: ContactLinks };
  /** Absent: directly. */
  readonly reach?: Reach;
  /** PEM; absent: plain HTTP. */
  readonly tls?: TlsMaterial;
  readonly log: Log;
  readonly limits?: Partial<HttpLimits>;
}

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** For requests that are not leads; a lead's body has the limit of its source. */
const otherBodyMaxBytes = 1024 * 1024;
const databaseRetryAfterSeconds = 5;
const pathParameterMaxCharacters = 2_048;

export function createServer(deps: HttpDeps): FastifyInstance {
  const limits = { ...defaultHttpLimits, ...deps.limits };
  const exchanges = createExchanges();
  const readBody = createBodyReader(limits.bodiesUnderWayMaxBytes);
  const noteUnread = ({ method, url, headers }: IncomingMessage, code: ErrorCode): void =>
    noteUnreadLead(deps.intake.noteRefused, { method, url, xSource: headers["x-source"] }, code);
  const { reach = directReach } = deps;
  const leads = createLeadRequests(deps.intake, readBody, deps.log, reach);
  const basePath = reach.publicUrl?.path ?? "";
  const stripBasePath = withoutBasePath(basePath, new Set(dashboardSections));
  let stopping = false;
  let http2: Http2Connections | null = null;
  const server = Fastify({
    logger: false,
    serverFactory: (answerByRoute) => {
      const answerPlainOrByRoute: RequestListener = (request, response) => {
        // While the process stops every answer ends its connection, which Fastify sees to.
        const isTaken =
          !stopping &&
          (takePlainLead(leads, request, response) || takePlainHealthCheck(deps.health, request, response));
        if (!isTaken) answerByRoute(request, response);
      };
      const http = nodeServer(limits, deps.tls, (request, response) => {
        const { socket } = request;
        if (exchanges.isBrokenOff(socket)) return;
        stripBasePath(request);
        const fault = rejectFraming(request, limits.headersMaxCount);
        if (fault !== null) {
          noteUnread(request, fault);
          exchanges.breakOff(socket, () => endConnection(socket, fault));
          return;
        }
        answerPlainOrByRoute(request, response);
      });
      if (deps.tls !== undefined) {
        http2 = serveHttp2(http as unknown as HttpsServer, {
          limits,
          answer(request, response) {
            stripBasePath(request);
            answerPlainOrByRoute(request, response);
          },
          refuse(request, response, code) {
            stripBasePath(request);
            noteUnread(request, code);
            writeProblem(request, response, code);
          },
          onUse: exchanges.meet,
        });
      }
      http.maxHeadersCount = limits.headersMaxCount + 1;
      http.timeout = limits.silenceTimeoutMs;
      return http;
    },
    // A base URL that ends with a slash makes "//webhook/lead": no reason to lose a lead.
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: pathParameterMaxCharacters,
    },
    // Requests that come in while the process stops are still answered; the connection is closed after them.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    clientErrorHandler: (error, socket) => {
      const code = codeOfUnreadable(error);
      exchanges.breakOff(socket, (latest) => {
        // One whose body is cut off is told by whoever reads that body.
        const isUnknown = latest === "none" || latest === "whole";
        const begun = isUnknown && code !== null ? beginningIn(error) : null;
        if (begun !== null && code !== null) noteUnreadLead(deps.intake.noteRefused, begun, code);
        endConnection(socket, latest === "cut_off_answered" ? null : code);
      });
    },
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => {
      noteUnread(request.raw, "request_malformed");
      void answerError(error, request, reply, deps.log);
    },
  });
  server.server.on("request", exchanges.begin);
  const uses = {
    meet: exchanges.meet,
    lastOfUse: (socket: Socket) => (http2?.isAwaited(socket) === true ? null : exchanges.lastOfUse(socket)),
  };
  limitConnections(server.server, uses, limits.connectionsMax, (socket) => {
    if (http2?.has(socket) === true) {
      http2.dismiss(socket);
      return;
    }
    exchanges.breakOff(socket, (latest) => {
      // Who has begun a request is told; an idle connection is closed without a word, as when its time is over.
      const hasBegun = latest === "cut_off" || (latest === "none" && socket.bytesRead > 0);
      endConnection(socket, hasBegun ? "request_timeout" : null);
    });
  });
  // An expectation that is not known may be ignored (RFC 9110 section 10.1.1), and the lead is taken.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  // RFC 9112 section 3.2; Node would answer without a word.
  server.addHook("onRequest", (request, reply, next) => {
    if (request.headers.host !== undefined || request.raw.httpVersion === "1.0") next();
    else {
      noteUnread(request.raw, "request_malformed");
      void sendProblem(request, reply, "request_malformed", { reason: "the header Host is missing" });
    }
  });

  // The body stays bytes: signatures are over bytes, and what cannot be read is kept as bytes.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (request, stream, done) => {
    if (request.routeOptions.config.takesLeads === true) done(null);
    else readBody(stream, otherBodyMaxBytes, done);
  });
  server.addHook("preClose", (done) => {
    stopping = true;
    http2?.stop();
    done();
  });

  server.setErrorHandler((error: FastifyError, request, reply) =>
    answerError(error, request, reply, deps.log),
  );
  // Asking the router instead would make it read the path as the pattern of a route, regular expressions included.
  const methodByPath = new Map<string, string>();
  server.addHook("onRoute", ({ url, method }) => {
    if (typeof method === "string" && method !== "HEAD") methodByPath.set(url, method);
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    // A lead for a source that nobody set up is here, too.
    const allowed = isWebhook(path) && request.method !== "POST" ? "POST" : methodByPath.get(path);
    if (allowed === undefined) return sendProblem(request, reply, "not_found");
    noteUnread(request.raw, "method_not_allowed");
    return sendProblem(request, reply.header("allow", allowed), "method_not_allowed");
  });

  healthRoutes(server, deps.health);
  webhookRoutes(server, leads, deps.intake.noteRefused);
  if (deps.api !== undefined) {
    registerApi(server, { ...deps.api, reach });
    setupPages(server, deps.api.accounts);
    contactPages(server, { database: deps.api.accounts.database, links: deps.api.contactLinks });
    serveDashboard(server, basePath);
  }
  return server;
}

function beginningIn(error: Error & { readonly rawPacket?: unknown }): UnreadRequest | null {
  return Buffer.isBuffer(error.rawPacket) ? beginningOf(error.rawPacket) : null;
}

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  // Before the codes of requests: a broken line to the database bears the same one as a broken line to a client.
  if (isDatabaseAway(error)) {
    log("warn", "request_failed", {
      code: "database_unavailable",
      method: request.method,
      error: errorText(error),
    });
    reply.header("Retry-After", String(databaseRetryAfterSeconds));
    return sendProblem(request, reply, "database_unavailable");
  }
  const busy = troubleOfDatabase(error);
  if (busy !== null) {
    log("warn", "request_failed", { code: busy, method: request.method, error: errorText(error) });
    reply.header("Retry-After", String(databaseRetryAfterSeconds));
    return sendProblem(request, reply, busy);
  }
  if (holdsNul(error)) {
    const reason = "a text in it has the character NUL (U+0000), which the database does not take";
    return sendProblem(request, reply, "request_invalid", { reason });
  }
  switch (error.code) {
    case "ECONNRESET":
      // The sender went away in the middle of the body: nobody reads this, and nothing was stored.
      return sendProblem(request, reply, "request_malformed");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return sendProblem(request, reply, "media_type_unsupported");
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return sendProblem(request, reply, "request_malformed");
    default: {
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
        return sendProblem(request, reply, "request_malformed");
      }
      log("error", "request_failed", {
        code: "internal_error",
        method: request.method,
        error: errorText(error),
      });
      return sendProblem(request, reply, "internal_error");
    }
  }
}

/** What the database answers with although it is there. */
function troubleOfDatabase(error: unknown): "commit_unconfirmed" | "database_locked" | null {
  if (error instanceof CommitInDoubtError) return error.code;
  return error instanceof LockHeldError || databaseTrouble(error) === "locked" ? "database_locked" : null;
}

/** New connections meet the new certificate; those that are open go on with the old one. */
export function renewCertificate(server: FastifyInstance, material: TlsMaterial): void {
  if (server.server instanceof HttpsServer) server.server.setSecureContext(material);
}

function nodeServer(limits: HttpLimits, tls: TlsMaterial | undefined, answer: RequestListener): Server {
  if (tls === undefined) return createHttpServer(nodeOptions(limits), answer);
  const handshakeTimeout = limits.handshakeTimeoutMs;
  return createHttpsServer(
    {
      ...nodeOptions(limits),
      ...tls,
      minVersion: "TLSv1.2",
      handshakeTimeout,
      ALPNProtocols: ["h2", "http/1.1"],
    },
    answer,
  );
}

function nodeOptions(limits: HttpLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.lateCheckEveryMs,
    maxHeaderSize: limits.headersMaxBytes,
    requireHostHeader: false,
  };
}
