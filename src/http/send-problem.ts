// Sends an error as problem details, in the language of whoever asks.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import { languageOf } from "../domain/errors/accept-language.ts";
import { problem, problemMediaType } from "./problem.ts";
import type { ProblemExtras } from "./problem.ts";

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ErrorCode,
  extras?: ProblemExtras,
): FastifyReply {
  const { status, body } = problem(code, languageOf(request.headers["accept-language"]), extras);
  return reply.code(status).type(problemMediaType).send(JSON.stringify(body));
}

/** The same where there is no Fastify in between; headers that were set before are kept. */
export function writeProblem(
  request: IncomingMessage,
  response: ServerResponse,
  code: ErrorCode,
  extras?: ProblemExtras,
): void {
  const { status, body } = problem(code, languageOf(request.headers["accept-language"]), extras);
  const text = JSON.stringify(body);
  response
    .writeHead(status, { "Content-Type": problemMediaType, "Content-Length": Buffer.byteLength(text) })
    .end(text);
}
