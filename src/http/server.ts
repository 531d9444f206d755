// The HTTP server: route table, limits, and errors in one shape.
import { createServer as createHttpServer } from "node:http";
import type { Socket } from "node:net";
import Fastify from "fastify";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../domain/error-catalogue.ts";
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import type { Intake } from "../intake/intake.ts";
import { createExchanges } from "./exchanges.ts";
import { healthRoutes, takePlainHealthCheck } from "./health-routes.ts";
import type { HealthParts } from "./health-routes.ts";
import { createLeadRequests } from "./lead-requests.ts";
import { problem, problemMediaType } from "./problem.ts";
import { readRequestBody } from "./request-body.ts";
import { sendProblem } from "./send-problem.ts";
import { isWebhook, takePlainLead, webhookRoutes } from "./webhook-routes.ts";

export interface HttpParts {
  readonly intake: Intake;
  readonly health: HealthParts;
  /** Addresses and networks of reverse proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  readonly log: Log;
}

/** For requests that are not leads; a lead's body has the limit of its source. */
const otherBodyMaxBytes = 1024 * 1024;
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 15_000;
const keepAliveTimeoutMs = 72_000;
const headersMaxBytes = 16 * 1024;
const httpLimits = {
  requestTimeout: requestTimeoutMs,
  headersTimeout: headersTimeoutMs,
  keepAliveTimeout: keepAliveTimeoutMs,
  maxHeaderSize: headersMaxBytes,
  requireHostHeader: false,
};
const pathParameterMaxCharacters = 2_048;

export function createServer(parts: HttpParts): FastifyInstance {
  const exchanges = createExchanges();
  const leads = createLeadRequests(parts.intake, parts.log);
  let stopping = false;
  const server = Fastify({
    logger: false,
    serverFactory: (answerByRoute) =>
      createHttpServer(httpLimits, (request, response) => {
        // While the process stops every answer ends its connection, which Fastify sees to.
        const isTaken =
          !stopping &&
          (takePlainLead(leads, request, response) || takePlainHealthCheck(parts.health, request, response));
        if (!isTaken) answerByRoute(request, response);
      }),
    // A base URL that ends with a slash makes "//webhook/lead": no reason to lose a lead.
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: pathParameterMaxCharacters,
    },
    trustProxy: parts.trustProxy.length === 0 ? false : [...parts.trustProxy],
    // Requests that come in while the process stops are still answered; the connection is closed after them.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    clientErrorHandler: (error, socket) => {
      exchanges.whenAnswered(socket, () => answerUnreadable(error, socket));
    },
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, parts.log),
  });
  server.server.on("request", exchanges.begin);
  // An expectation that is not known may be ignored (RFC 9110 section 10.1.1), and the lead is taken.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  // RFC 9112 section 3.2; Node would answer without a word.
  server.addHook("onRequest", (request, reply, next) => {
    if (request.headers.host !== undefined || request.raw.httpVersion === "1.0") next();
    else void sendProblem(request, reply, "request_malformed", { reason: "the header Host is missing" });
  });

  // The body stays bytes: signatures are over bytes, and what cannot be read is kept as bytes.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (request, stream, done) => {
    if (request.routeOptions.config.takesLeads === true) done(null);
    else readRequestBody(stream, otherBodyMaxBytes, done);
  });
  server.addHook("preClose", (done) => {
    stopping = true;
    done();
  });

  server.setErrorHandler((error: FastifyError, request, reply) =>
    answerError(error, request, reply, parts.log),
  );
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const allowed = (["GET", "POST"] as const).find(
      (method) => server.hasRoute({ url: path, method }) || (method === "POST" && isWebhook(path)),
    );
    if (allowed === undefined) return sendProblem(request, reply, "not_found");
    return sendProblem(request, reply.header("allow", allowed), "method_not_allowed");
  });

  healthRoutes(server, parts.health);
  webhookRoutes(server, leads);
  return server;
}

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
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
      log("error", "request_failed", { method: request.method, error: errorText(error) });
      return sendProblem(request, reply, "internal_error");
    }
  }
}

// What is not HTTP has no request to answer: the answer is written to the socket, and the connection ends.
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const code: ErrorCode =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "headers_too_large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "request_timeout"
        : "request_malformed";
  const { status, body } = problem(code, "en");
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${reasonPhrases[status] ?? "Bad Request"}\r\nContent-Type: ${problemMediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

const reasonPhrases: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};
