// POST /webhook/lead and /webhook/lead/{source}: the answers of the contract (DESIGN 2.2).
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isErrorCode } from "../domain/error-catalogue.ts";
import type { IntakeResult } from "../domain/lead.ts";
import type { Intake, IntakeAnswer } from "../intake/intake.ts";
import type { RequestHeaders } from "../intake/request-headers.ts";
import type { RequestBody } from "./request-body.ts";
import { sendProblem } from "./send-problem.ts";

const defaultSource = "unknown";
const sourceNameBytesMax = 255;
const pausedRetryAfterSeconds = 60;
const overloadedRetryAfterSeconds = 2;
const unavailableRetryAfterSeconds = 5;

/** Whether leads are posted to this path. */
export function isWebhook(path: string): boolean {
  return /^\/webhook\/lead(\/[^/]*)?\/?$/.test(path);
}

type LeadRequest = FastifyRequest<{ Params: { source?: string } }>;

export function webhookRoutes(server: FastifyInstance, intake: Intake): void {
  const receive = async (request: LeadRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const sourceName = sourceNameOf(request);
    if (sourceName === null) return sendProblem(request, reply, "source_name_invalid");
    const body = request.body as RequestBody | undefined;
    if (body === "too_large") {
      const limitBytes = intake.bodyLimitBytes(sourceName);
      return sendAnswer(request, reply, { kind: "too_large", limitBytes });
    }
    const rawBody = body ?? Buffer.alloc(0);
    const answer = await intake.receive({ sourceName, headers: leadHeaders(request), rawBody });
    return sendAnswer(request, reply, answer);
  };
  for (const url of ["/webhook/lead", "/webhook/lead/:source"]) {
    server.post<{ Params: { source?: string } }>(url, { config: { takesLeads: true } }, receive);
  }
}

declare module "fastify" {
  interface FastifyContextConfig {
    takesLeads?: boolean;
  }
}

/** The largest body of this request, in bytes; null: it brings no lead. */
export function leadLimitBytes(request: FastifyRequest, intake: Intake): number | null {
  if (request.routeOptions.config.takesLeads !== true) return null;
  return intake.bodyLimitBytes(sourceNameOf(request as LeadRequest) ?? "");
}

/** null: not usable as a name. Header bytes arrive as latin1 and are read as UTF-8. */
function sourceNameOf(request: LeadRequest): string | null {
  const header = request.headers["x-source"];
  const named = Array.isArray(header) ? header.join(", ") : header;
  const name =
    request.params.source ??
    (named === undefined ? defaultSource : Buffer.from(named, "latin1").toString("utf8").trim());
  const bytes = Buffer.byteLength(name);
  return bytes < 1 || bytes > sourceNameBytesMax || /[\p{Cc}\ufffd\p{Cs}]/u.test(name) ? null : name;
}

/** Node joins repeated headers with a comma; a key that has one itself must be told from two keys. */
function leadHeaders({ headers, raw }: LeadRequest): RequestHeaders {
  const keys = `${String(headers["idempotency-key"])}${String(headers["x-idempotency-key"])}`;
  return keys.includes(", ") ? raw.headersDistinct : headers;
}

function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: IntakeAnswer): FastifyReply {
  switch (answer.kind) {
    case "recorded":
      return sendResult(request, reply, answer.result);
    case "denied":
      return sendProblem(request, reply.header("www-authenticate", "Bearer"), answer.code);
    case "too_large":
      return sendProblem(request, reply, "body_too_large", { reason: `at most ${answer.limitBytes} bytes` });
    case "media_type_unsupported":
      return sendProblem(request, reply, "media_type_unsupported");
    case "content_coding_unsupported":
      // RFC 9110 section 15.5.16: the header says what would have been taken.
      return sendProblem(request, reply.header("accept-encoding", "identity"), "content_coding_unsupported");
    case "key_missing":
      return sendProblem(request, reply, "idempotency_key_missing");
    case "key_invalid":
      return sendProblem(request, reply, "idempotency_key_invalid", { reason: answer.message });
    case "rate_limited":
      return sendProblem(request, later(reply, Math.ceil(answer.retryAfterMs / 1_000)), "rate_limited");
    case "paused":
      return sendProblem(request, later(reply, pausedRetryAfterSeconds), "source_paused");
    case "overloaded":
      return sendProblem(request, later(reply, overloadedRetryAfterSeconds), "intake_overloaded");
    case "unavailable":
      return sendProblem(request, later(reply, unavailableRetryAfterSeconds), "ledger_unavailable");
  }
}

function sendResult(request: FastifyRequest, reply: FastifyReply, result: IntakeResult): FastifyReply {
  switch (result.kind) {
    case "accepted":
      return sendJson(reply, 202, `{"status":"accepted","run_id":"${result.runId}"}`);
    case "duplicate":
      return sendJson(
        reply,
        200,
        `{"status":"duplicate","run_id":"${result.runId}","existing_status":"${result.existingStatus}"}`,
      );
    case "refused": {
      const code = isErrorCode(result.errorCode) ? result.errorCode : "json_malformed";
      return sendProblem(request, reply, code, {
        run_id: result.runId,
        dlq_id: result.dlqId,
        reason: result.message,
      });
    }
    case "key_reused":
      return sendProblem(request, reply, "idempotency_key_reused", {
        run_id: result.runId,
        dlq_id: result.dlqId,
      });
  }
}

function sendJson(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("application/json").send(body);
}

function later(reply: FastifyReply, seconds: number): FastifyReply {
  return reply.header("retry-after", Math.max(1, seconds));
}
