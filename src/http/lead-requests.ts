// POST /webhook/lead and /webhook/lead/{source}: reads the body, asks intake, and answers as the contract says
// (DESIGN 2.2). Works on node's own request and response, because most requests come here without a router.
import type { IncomingMessage, ServerResponse } from "node:http";
import { isErrorCode } from "../domain/error-catalogue.ts";
import type { ErrorCode } from "../domain/error-catalogue.ts";
import type { IntakeResult } from "../domain/lead.ts";
import type { Log } from "../domain/log.ts";
import { errorText } from "../domain/log.ts";
import type { Intake, IntakeAnswer } from "../intake/intake.ts";
import type { RequestHeaders } from "../intake/request-headers.ts";
import { readRequestBody } from "./request-body.ts";
import { writeProblem } from "./send-problem.ts";

export interface LeadRequests {
  /** Answers one request. `sourceInPath`: as it stands in the path, decoded; null: the header X-Source names it. */
  receive(request: IncomingMessage, response: ServerResponse, sourceInPath: string | null): void;
}

const defaultSource = "unknown";
const sourceNameBytesMax = 255;
const pausedRetryAfterSeconds = 60;
const overloadedRetryAfterSeconds = 2;
const unavailableRetryAfterSeconds = 5;

export function createLeadRequests(intake: Intake, log: Log): LeadRequests {
  return {
    receive(request, response, sourceInPath) {
      const sourceName = sourceNameOf(sourceInPath, request.headers["x-source"]);
      const limitBytes = intake.bodyLimitBytes(sourceName ?? "");
      readRequestBody(request, limitBytes, (error, body) => {
        if (error !== null || body === undefined) {
          // The sender went away in the middle of the body: nobody reads this, and nothing was stored.
          writeProblem(request, response, "request_malformed");
        } else if (sourceName === null) {
          writeProblem(request, response, "source_name_invalid");
        } else if (body === "too_large") {
          sendAnswer(request, response, { kind: "too_large", limitBytes });
        } else {
          const lead = { sourceName, headers: leadHeaders(request), rawBody: body };
          intake.receive(lead).then(
            (answer) => sendAnswer(request, response, answer),
            (failure: unknown) => {
              log("error", "request_failed", { method: "POST", error: errorText(failure) });
              writeProblem(request, response, "internal_error");
            },
          );
        }
      });
    },
  };
}

/** null: not usable as a name. Header bytes arrive as latin1 and are read as UTF-8. */
function sourceNameOf(sourceInPath: string | null, header: string | string[] | undefined): string | null {
  const named = Array.isArray(header) ? header.join(", ") : header;
  const name =
    sourceInPath ??
    (named === undefined ? defaultSource : Buffer.from(named, "latin1").toString("utf8").trim());
  if (/^[\x20-\x7e]{1,255}$/.test(name)) return name;
  const bytes = Buffer.byteLength(name);
  return bytes < 1 || bytes > sourceNameBytesMax || /[\p{Cc}\ufffd\p{Cs}]/u.test(name) ? null : name;
}

/** Node joins repeated headers with a comma; a key that has one itself must be told from two keys. */
function leadHeaders(request: IncomingMessage): RequestHeaders {
  const { headers } = request;
  const mayBeRepeated =
    mentionsComma(headers["idempotency-key"]) || mentionsComma(headers["x-idempotency-key"]);
  return mayBeRepeated ? request.headersDistinct : headers;
}

function mentionsComma(value: string | string[] | undefined): boolean {
  return value !== undefined && value.includes(", ");
}

function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: IntakeAnswer): void {
  switch (answer.kind) {
    case "recorded":
      return sendResult(request, response, answer.result);
    case "denied":
      response.setHeader("WWW-Authenticate", "Bearer");
      return writeProblem(request, response, answer.code);
    case "too_large":
      return writeProblem(request, response, "body_too_large", {
        reason: `at most ${answer.limitBytes} bytes`,
      });
    case "media_type_unsupported":
      return writeProblem(request, response, "media_type_unsupported");
    case "content_coding_unsupported":
      // RFC 9110 section 15.5.16: the header says what would have been taken.
      response.setHeader("Accept-Encoding", "identity");
      return writeProblem(request, response, "content_coding_unsupported");
    case "key_missing":
      return writeProblem(request, response, "idempotency_key_missing");
    case "key_invalid":
      return writeProblem(request, response, "idempotency_key_invalid", { reason: answer.message });
    case "rate_limited":
      return sendLater(request, response, "rate_limited", Math.ceil(answer.retryAfterMs / 1_000));
    case "paused":
      return sendLater(request, response, "source_paused", pausedRetryAfterSeconds);
    case "overloaded":
      return sendLater(request, response, "intake_overloaded", overloadedRetryAfterSeconds);
    case "unavailable":
      return sendLater(request, response, "ledger_unavailable", unavailableRetryAfterSeconds);
  }
}

function sendResult(request: IncomingMessage, response: ServerResponse, result: IntakeResult): void {
  switch (result.kind) {
    case "accepted":
      return sendJson(response, 202, `{"status":"accepted","run_id":"${result.runId}"}`);
    case "duplicate":
      return sendJson(
        response,
        200,
        `{"status":"duplicate","run_id":"${result.runId}","existing_status":"${result.existingStatus}"}`,
      );
    case "refused": {
      const code = isErrorCode(result.errorCode) ? result.errorCode : "json_malformed";
      return writeProblem(request, response, code, {
        run_id: result.runId,
        dlq_id: result.dlqId,
        reason: result.message,
      });
    }
    case "key_reused":
      return writeProblem(request, response, "idempotency_key_reused", {
        run_id: result.runId,
        dlq_id: result.dlqId,
      });
  }
}

/** `body` is ASCII. */
function sendJson(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length })
    .end(body, "latin1");
}

function sendLater(
  request: IncomingMessage,
  response: ServerResponse,
  code: ErrorCode,
  seconds: number,
): void {
  response.setHeader("Retry-After", Math.max(1, seconds));
  writeProblem(request, response, code);
}
