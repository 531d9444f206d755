// Sends an error as problem details, in the language of whoever asks.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../domain/error-catalogue.ts";
import { languageOf, problem, problemMediaType } from "./problem.ts";
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
